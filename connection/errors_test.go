package connection_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"pushdesk/connection"
)

// Every error of the package has words for a person and a text for a log.
func TestErrorsExplain(t *testing.T) {
	cause := errors.New("the cause")
	for _, e := range []interface {
		error
		Sentence() string
		Remedy() string
		Who() string
		Details() string
	}{
		&connection.NotFoundError{Name: "X", Near: []string{"XY"}},
		&connection.NameTakenError{Name: "X"},
		&connection.InvalidError{Finding: connection.Validate(connection.Connection{}, "", false)[0]},
		&connection.ChangedError{Name: "X"},
		&connection.NewerFileError{Path: "p", Version: 2},
		&connection.BusyError{Path: "p", Err: cause},
		&connection.FileError{Path: "p", Err: cause},
		&connection.CAError{Path: "p", Err: cause},
		&connection.EntraError{Host: "h", Code: 7000215},
	} {
		text := e.Error()
		if text == "" || strings.HasSuffix(text, ".") || unicode.IsUpper([]rune(text)[0]) {
			t.Errorf("%T: %q", e, text)
		}
		for _, s := range []string{e.Sentence(), e.Remedy()} {
			if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") || !unicode.IsUpper([]rune(strings.TrimLeft(s, "“"))[0]) {
				t.Errorf("%T: %q", e, s)
			}
		}
		if e.Who() == "" || e.Details() == "" {
			t.Errorf("%T: %q %q", e, e.Who(), e.Details())
		}
	}
}
