//go:build !windows

package main

import (
	"io"
	"os"
)

// connectOutput returns where the program says what went wrong, and what to do when it
// has ended.
func connectOutput() (errs io.Writer, ended func(code int)) { return os.Stderr, func(int) {} }
