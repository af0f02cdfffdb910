package workbook

import (
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
