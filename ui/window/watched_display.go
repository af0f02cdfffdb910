//go:build display

package window

import (
	"context"
	"fmt"
	"os"

	"pushdesk/ui/window/windowtest"
)

// watched lets the tests of the real window see what stands where on it.
func (w *Window) watched() {
	w.work.Go(func(ctx context.Context) {
		if err := windowtest.Serve(ctx, w.win, w.dropped); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	})
}
