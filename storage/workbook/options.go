package workbook

import (
	"unicode/utf8"

	"pushdesk/storage/workbook/internal/charset"
	"pushdesk/storage/workbook/internal/format"
)

// Options say how to open a file. The zero value is right for nearly every file.
type Options = format.Options

// NoQuote says that the fields of a text file are not enclosed in anything: a quotation
// mark is a letter like any other.
const NoQuote = format.NoQuote

// Delimiters of text files that are none.
const (
	NoDelimiter = format.NoDelimiter // every line is one value
	FixedWidth  = format.FixedWidth  // the values stand below each other, padded with spaces
)

// NoComment says that every line of a text file is a row.
const NoComment = format.NoComment

// TextForm is how a text file is read.
type TextForm = format.TextForm

// Encodings are the encodings of text files that can be chosen.
var Encodings = charset.All

// EncodingName is what people call an encoding.
func EncodingName(name string) string { return charset.Name(name) }

// MarkOf returns the delimiter, or the quotation mark, that is chosen by a character or by a
// word: tab, none, fixed.
func MarkOf(word string, quote bool) (mark rune, ok bool) {
	switch {
	case word == "none" && quote:
		return NoQuote, true
	case word == "none":
		return NoDelimiter, true
	case word == "fixed" && !quote:
		return FixedWidth, true
	case (word == "tab" || word == `\t`) && !quote:
		return '\t', true
	}
	if mark, size := utf8.DecodeRuneInString(word); size > 0 && size == len(word) {
		return mark, true
	}
	return 0, false
}
