// Pushdesk keeps named Power BI connections, proves that they work, and sends
// spreadsheet rows into push datasets. Without arguments it opens its window;
// with arguments it runs one command.
package main

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	fyneapp "fyne.io/fyne/v2/app"
	"golang.org/x/term"

	"pushdesk/storage"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/command"
	"pushdesk/ui/command/cli"
	"pushdesk/ui/window"
)

// manifest describes the program to the tool that packages it, and holds the one
// place where its version is written.
//
//go:embed FyneApp.toml
var manifest string

func version() string {
	for line := range strings.Lines(manifest) {
		if name, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(name) == "Version" {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return "unknown"
}

func main() {
	storage.KeepMemoryPrivate()
	os.Exit(command.Main(context.Background(), os.Args[1:], world()))
}

// world is the real outside: this terminal, this environment, this screen.
func world() cli.World {
	interrupt := make(chan os.Signal, 2)
	signal.Notify(interrupt, os.Interrupt, syscall.SIGTERM)
	w := cli.World{
		Interrupt: interrupt, EndNow: func() { os.Exit(1) },
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Terminal:   term.IsTerminal(int(os.Stderr.Fd())),
		Getenv:     os.Getenv,
		OpenWindow: openWindow,
		Version:    version(),
		Width: func() int {
			width, _, err := term.GetSize(int(os.Stderr.Fd()))
			if err != nil {
				return 0
			}
			return width
		},
	}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		if state, err := term.GetState(int(os.Stdin.Fd())); err == nil { // a question for a secret switches the echo off
			w.EndNow = func() { _ = term.Restore(int(os.Stdin.Fd()), state); os.Exit(1) }
		}
		w.AskSecret = func(prompt string) (string, error) {
			fmt.Fprint(os.Stderr, text.Visible(prompt))
			secret, err := term.ReadPassword(int(os.Stdin.Fd()))
			fmt.Fprintln(os.Stderr)
			return string(secret), err
		}
		w.AskLine = func(prompt string) (string, error) {
			fmt.Fprint(os.Stderr, text.Visible(prompt))
			return bufio.NewReader(os.Stdin).ReadString('\n')
		}
	}
	return w
}

func openWindow(ctx context.Context) error {
	if err := window.Display(runtime.GOOS, os.Getenv); err != nil {
		return err
	}
	a := fyneapp.NewWithID("app.pushdesk")
	d, err := app.Open(app.Options{})
	if err != nil {
		window.ShowFailure(a, err)
		return err
	}
	w := window.New(a, d, version())
	// The same signal makes Fyne close the window.
	stop := context.AfterFunc(ctx, func() { _ = w.Close() })
	err = w.ShowAndRun()
	stop()
	return errors.Join(err, w.Close(), d.Close())
}
