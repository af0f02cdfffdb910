package storage

import (
	"fmt"
	"os"
	"path/filepath"
)

// HomeVariable names the environment variable that moves everything the program keeps.
const HomeVariable = "PUSHDESK_HOME"

// Home gives the folder everything is kept in: PUSHDESK_HOME, else the folder
// "pushdesk" in the user's configuration folder. A missing one is made for this
// user alone (0700). Its errors are *HomeError.
func Home() (string, error) {
	home := os.Getenv(HomeVariable)
	if home == "" {
		config, err := os.UserConfigDir()
		if err != nil {
			return "", &HomeError{Err: err}
		}
		home = filepath.Join(config, "pushdesk")
	}
	home, err := filepath.Abs(home)
	if err != nil {
		return "", &HomeError{Path: home, Err: err}
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		return "", &HomeError{Path: home, Err: err}
	}
	return home, nil
}

// HomeError says that the folder for the program's files cannot be used.
type HomeError struct {
	Path string // empty when the system does not say where it would be
	Err  error
}

func (e *HomeError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("find the folder for the program's files: %v", e.Err)
	}
	return fmt.Sprintf("make the folder for the program's files: %v", e.Err)
}

func (e *HomeError) Unwrap() error { return e.Err }

// Sentence says what happened.
func (e *HomeError) Sentence() string {
	if e.Path == "" {
		return "This computer does not say where programs keep their files."
	}
	return fmt.Sprintf("The folder %s, where Pushdesk keeps its files, cannot be made.", e.Path)
}

// Remedy says what to do next.
func (e *HomeError) Remedy() string {
	return "Set the environment variable " + HomeVariable + " to a folder that you may write to, and start again."
}

// Who says who can fix it.
func (e *HomeError) Who() string { return "you" }

// Details are for support.
func (e *HomeError) Details() string { return "Cause: " + e.Err.Error() }
