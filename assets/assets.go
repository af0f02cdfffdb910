// Package assets holds what ships inside the program: the icon and the sample
// workbook with which a new user sends the first rows.
package assets

import _ "embed"

//go:generate go run sample_generate.go
//go:generate go run icon_generate.go

// Icon is the program's icon as SVG.
//
//go:embed icon.svg
var Icon []byte

// SampleName is the file name under which the sample workbook is saved.
const SampleName = "Harbour coffee orders.xlsx"

// Sample is a small workbook of orders with every kind of column an analyst
// meets: codes with leading zeros, dates, money, percentages, yes/no and blanks.
//
//go:embed sample.xlsx
var Sample []byte
