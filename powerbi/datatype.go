package powerbi

import (
	"slices"
	"strings"

	"pushdesk/storage/humanize"
)

// DataType is the type of a column in a push dataset.
// Source: learn.microsoft.com, "Push dataset properties"; the desktop data types page.
type DataType string

const (
	Int64    DataType = "Int64"    // whole numbers, 64 bits, without the smallest and the largest
	Double   DataType = "Double"   // IEEE 754; no NaN, no infinity
	Decimal  DataType = "Decimal"  // fixed: 4 decimals, at most ±922,337,203,685,477.5807
	Boolean  DataType = "Boolean"  // true or false
	DateTime DataType = "DateTime" // years 1900 to 9999, steps of 1/300 s, no zone
	String   DataType = "String"   // at most MaxStringLength characters
)

// DataTypes lists the types a column may have, in the order they are offered.
var DataTypes = []DataType{String, Int64, Double, Decimal, Boolean, DateTime}

var labels = map[DataType]string{
	String: "Text", Int64: "Whole number", Double: "Decimal number", Decimal: "Fixed decimal", Boolean: "True/false", DateTime: "Date and time",
}

// Label returns the type as an analyst calls it: "Whole number". A type that is not
// known is itself.
func (t DataType) Label() string {
	if label := labels[t]; label != "" {
		return label
	}
	return string(t)
}

// Both returns both names of the type: "Whole number (Int64)". It is written wherever
// a person may choose a type next, because each front end accepts either.
func (t DataType) Both() string { return t.Label() + " (" + string(t) + ")" }

// otherNames are further names of types that people write.
var otherNames = map[string]DataType{
	"whole": Int64, "integer": Int64, "int": Int64, "date/time": DateTime, "date": DateTime, "true or false": Boolean, "bool": Boolean,
}

// ParseDataType reads a type by its name (Int64), by its label (Whole number), by both or
// by another name that people write (date/time), in any case.
func ParseDataType(s string) (t DataType, ok bool) {
	s = strings.TrimSpace(s)
	if t, ok = otherNames[strings.ToLower(s)]; ok {
		return t, true
	}
	i := slices.IndexFunc(DataTypes, func(t DataType) bool {
		return strings.EqualFold(s, string(t)) || strings.EqualFold(s, t.Label()) || strings.EqualFold(s, t.Both())
	})
	if i < 0 {
		return "", false
	}
	return DataTypes[i], true
}

// TypeNames lists the types for a person who has to write one.
func TypeNames() string {
	names := make([]string, len(DataTypes))
	for i, t := range DataTypes {
		names[i] = t.Both()
	}
	return humanize.List(names)
}
