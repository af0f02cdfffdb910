package connection

import (
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"pushdesk/storage/text"
)

// NameKey returns the same for names that a person would read as the same: capitals,
// spaces and the way accents are written make no difference.
func NameKey(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text.Name(name))))
}
