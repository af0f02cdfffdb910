//go:build !linux

// Package teamtest helps the tests of other packages with folders of teams.
package teamtest

import "testing"

// Hang skips the test: only on Linux a folder can be made to hang.
func Hang(t testing.TB, _ string) (resume func()) {
	t.Helper()
	t.Skip("only on Linux a folder can be made to hang")
	return nil
}
