//go:build display

package windowtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/storage"
)

// Socket names the environment variable with the path of the socket.
const Socket = "PUSHDESK_WINDOW_SOCKET"

// Question is what a test may ask; each gets a Screen as the answer.
type Question struct {
	// Drop lets files fall on the window, which no tool can do from outside.
	Drop []string
	// WrongThread draws from a goroutine that must not, to see that Fyne notices.
	WrongThread bool
}

// Serve answers on the socket of the environment, if there is one, until ctx ends.
func Serve(ctx context.Context, w fyne.Window, drop func([]fyne.URI)) error {
	path := os.Getenv(Socket)
	if path == "" {
		return nil
	}
	l, err := net.Listen(network(path))
	if err != nil {
		return fmt.Errorf("listen for the tests: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		c, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("listen for the tests: %w", err)
		}
		if err := answer(ctx, c, w, drop); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "answer the tests:", err)
		}
	}
}

// tcp begins the socket of a program that is asked over the loopback address: Wine has no
// sockets in folders.
const tcp = "tcp:"

// network returns the kind and the address of a socket.
func network(socket string) (kind, address string) {
	if address, ok := strings.CutPrefix(socket, tcp); ok {
		return "tcp", address
	}
	return "unix", socket
}

func answer(ctx context.Context, c net.Conn, w fyne.Window, drop func([]fyne.URI)) error {
	defer c.Close()
	var q Question
	if err := json.NewDecoder(c).Decode(&q); err != nil {
		return err
	}
	if q.WrongThread {
		canvas.Refresh(w.Content())
	}
	seen := make(chan Screen, 1)
	fyne.Do(func() {
		if len(q.Drop) > 0 {
			var uris []fyne.URI
			for _, path := range q.Drop {
				uris = append(uris, storage.NewFileURI(path))
			}
			drop(uris)
		}
		seen <- ScreenOf(w)
	})
	select {
	case <-ctx.Done():
		return ctx.Err()
	case s := <-seen:
		return json.NewEncoder(c).Encode(s)
	}
}
