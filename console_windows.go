package main

import (
	"bytes"
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// connectOutput returns where the program says what went wrong, and what to do when it
// has ended. A program with a window has no console on Windows: with a command it joins
// the one that it was started from, and without one a message says why it did not open.
func connectOutput() (errs io.Writer, ended func(code int)) {
	if connected(windows.STD_ERROR_HANDLE) || len(os.Args) > 1 && joinConsole() {
		return os.Stderr, func(int) {}
	}
	said := &bytes.Buffer{}
	return said, func(code int) {
		if code != 0 && said.Len() > 0 {
			showMessage(said.String())
		}
	}
}

// connected reports whether somebody listens to one of the standard handles.
func connected(which uint32) bool {
	h, err := windows.GetStdHandle(which)
	if err != nil || h == 0 || h == windows.InvalidHandle {
		return false
	}
	_, err = windows.GetFileType(h)
	return err == nil
}

var attachConsole = windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")

// joinConsole makes the console of the program that started this one its own, as far as
// the output does not go elsewhere.
func joinConsole() bool {
	const parent = ^uintptr(0)
	in, out := connected(windows.STD_INPUT_HANDLE), connected(windows.STD_OUTPUT_HANDLE)
	if ok, _, _ := attachConsole.Call(parent); ok == 0 {
		return false
	}
	open := func(name string, file **os.File) error {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err == nil {
			*file = f
		}
		return err
	}
	if !in {
		_ = open("CONIN$", &os.Stdin)
	}
	if !out {
		_ = open("CONOUT$", &os.Stdout)
	}
	return open("CONOUT$", &os.Stderr) == nil
}

func showMessage(text string) {
	words, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return
	}
	title, err := windows.UTF16PtrFromString("Pushdesk")
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, words, title, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}
