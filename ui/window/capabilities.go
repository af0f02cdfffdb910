package window

import (
	"fyne.io/fyne/v2"
)

// What a page may also be.
type (
	// dropper takes files dropped on the window.
	dropper interface{ Dropped(paths []string) }
	// busy names, while work is under way that closing would stop, the question
	// to ask first; "" is none.
	busy interface{ Busy() (question string) }
	// closer has something to tidy away before the window closes.
	closer interface{ Closing() }
	// commander adds entries to the File menu. Shortcuts only work there while an
	// input has the keyboard.
	commander interface{ Commands() []*fyne.MenuItem }
)
