package workbook

import (
	"strings"
	"unicode"
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
	Drawn       = format.Drawn       // bars and lines are drawn around the values
)

// NoComment says that every line of a text file is a row.
const NoComment = format.NoComment

// TextForm is how a text file is read.
type TextForm = format.TextForm

// Encodings are the encodings of text files that can be chosen.
var Encodings = charset.All

// EncodingName is what people call an encoding.
func EncodingName(name string) string { return charset.Name(name) }

// Delimiter is what stands between the values of a text file.
type Delimiter = format.Delimiter

// mostDelimiter is how many bytes a delimiter may have.
const mostDelimiter = 12

// DelimiterOf returns the delimiter that is chosen by its characters or by a word: tab, none,
// fixed, table. In several characters \t stands for a tab.
func DelimiterOf(word string) (d Delimiter, ok bool) {
	switch d = Delimiter(word); d {
	case NoDelimiter, FixedWidth, Drawn:
		return d, true
	case "tab":
		return "\t", true
	}
	d = Delimiter(strings.ReplaceAll(word, `\t`, "\t"))
	letters := !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
	if d == "" || len(d) > mostDelimiter || d.Single() == 0 && letters || strings.ContainsAny(string(d), "\"\r\n") || !utf8.ValidString(word) {
		return "", false
	}
	return d, true
}

// WordOf is the word or the characters by which a delimiter is chosen, see DelimiterOf.
func WordOf(d Delimiter) string {
	if d == "\t" {
		return "tab"
	}
	return strings.ReplaceAll(string(d), "\t", `\t`)
}

// QuoteOf returns the quotation mark that is chosen by a character, or by the word none.
func QuoteOf(word string) (mark rune, ok bool) {
	if word == "none" {
		return NoQuote, true
	}
	if mark, size := utf8.DecodeRuneInString(word); size > 0 && size == len(word) {
		return mark, true
	}
	return 0, false
}
