package keychain

import (
	"errors"
	"fmt"
	"testing"

	"golang.org/x/sys/windows"
)

// german is an error as a German Windows words it.
type german struct{ error }

func (german) Error() string   { return "Eine angegebene Anmeldesitzung ist nicht vorhanden." }
func (g german) Unwrap() error { return g.error }

// TestCredentialManagerInEveryLanguage: errors are known by their numbers.
func TestCredentialManagerInEveryLanguage(t *testing.T) {
	for number, want := range map[error]Reason{windows.ERROR_NO_SUCH_LOGON_SESSION: ReasonMissing, windows.ERROR_ACCESS_DENIED: ReasonRefused} {
		var got *Unavailable
		if err := explain("store the secret", german{fmt.Errorf("write: %w", number)}, ""); !errors.As(err, &got) || got.Reason != want {
			t.Errorf("%v: %v, want %s", number, err, want)
		}
	}
}
