// Pushdesk keeps named Power BI connections, proves that they work, and sends
// spreadsheet rows into push datasets. Without arguments it opens its window;
// with arguments it runs one command.
package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/term"

	"pushdesk/storage"
	"pushdesk/storage/text"
	"pushdesk/ui/command"
	"pushdesk/ui/command/cli"
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

// commit is the one that the program was built from; make sets it.
var commit string

func main() {
	storage.KeepMemoryPrivate()
	errs, ended := connectOutput()
	code := command.Main(context.Background(), os.Args[1:], world(errs))
	ended(code)
	os.Exit(code)
}

// world is the real outside: this terminal, this environment, this screen.
func world(errs io.Writer) cli.World {
	interrupt := make(chan os.Signal, 2)
	signal.Notify(interrupt, os.Interrupt, syscall.SIGTERM)
	w := cli.World{
		Interrupt: interrupt, EndNow: func() { os.Exit(1) },
		In: os.Stdin, Out: os.Stdout, Err: errs,
		Terminal:   term.IsTerminal(int(os.Stderr.Fd())),
		Getenv:     os.Getenv,
		OpenWindow: openWindow,
		Version:    version(),
		Commit:     commit,
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
