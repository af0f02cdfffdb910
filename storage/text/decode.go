package text

import (
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Decode is a text that another program has written, as UTF-8 without the mark at its
// beginning. A mark says that it is UTF-16: Windows PowerShell writes that when the output
// of a program is sent to a file. A text without a mark stays as it is.
func Decode(data []byte) string {
	plain, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	if err != nil {
		return string(data)
	}
	return string(plain)
}
