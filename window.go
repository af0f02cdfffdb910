//go:build !terminal

package main

import (
	"context"
	"errors"
	"os"
	"runtime"

	fyneapp "fyne.io/fyne/v2/app"

	"pushdesk/storage"
	"pushdesk/ui/app"
	"pushdesk/ui/window"
)

func openWindow(ctx context.Context) error {
	if err := window.Display(runtime.GOOS, os.Getenv); err != nil {
		return err
	}
	plain := fyneapp.NewWithID("app.pushdesk")
	home, err := storage.Home()
	if err != nil {
		window.ShowFailure(plain, err)
		return err
	}
	a := window.Keep(plain, home)
	defer a.Close()
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
