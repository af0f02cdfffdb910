package storage

import (
	"fmt"
	"os"
	"path/filepath"

	"pushdesk/storage/failure"
)

// HomeVariable names the environment variable that moves everything the program keeps.
const HomeVariable = "PUSHDESK_HOME"

// Home returns the folder everything is kept in: PUSHDESK_HOME, else the folder
// "pushdesk" in the user's configuration folder. A missing one is made for this
// user alone. Its errors are *HomeError.
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
	if err := makePrivate(home); err != nil {
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

// Failure is the error in words. Its code is "home-unusable": a front end adds how to
// choose another folder.
func (e *HomeError) Failure() *failure.Error {
	sentence := fmt.Sprintf("The folder %s, where Pushdesk stores its files, cannot be created.", e.Path)
	if e.Path == "" {
		sentence = "This computer does not say where programs store their files."
	}
	return failure.New(failure.Unexpected, "home-unusable", sentence,
		"Let Pushdesk store its files in a folder that you may write to, and start it again.").Because(e.Err).WithDetails("Cause: %v", e.Err)
}
