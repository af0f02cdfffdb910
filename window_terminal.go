//go:build terminal

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"

	"pushdesk/storage/failure"
)

// twin is the program with the window, as the package for Windows has it: above the
// folder of this one, which is for terminals.
const twin = "Pushdesk.exe"

// openWindow starts the program that has the window and does not wait for it.
func openWindow(context.Context) error {
	own, err := os.Executable()
	if err == nil {
		err = exec.CommandContext(context.Background(), filepath.Join(filepath.Dir(filepath.Dir(own)), twin)).Start()
	}
	if err != nil {
		return failure.New(failure.Usage, "no-window", "This program is the one for terminals: it has no window of its own, and the one beside it did not start.",
			"Start "+twin+", or give a command.").Because(err).WithDetails("%v", err)
	}
	return nil
}
