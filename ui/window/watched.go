//go:build !display

package window

// watched does nothing: only programs built for the tests of the real window can
// be looked into from outside.
func (w *Window) watched() {}
