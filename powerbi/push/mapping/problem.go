package mapping

import (
	"slices"

	"pushdesk/powerbi"
)

// Severity reports whether a value cannot be sent as it is, or only deserves a word.
type Severity string

const (
	SeverityError Severity = "error" // the policy decides what happens
	SeverityNote  Severity = "note"  // it is sent, or null is; for the reader to know
)

// Problem is something about one value, or one row when Column is empty.
type Problem struct {
	Row      int      `json:"row"`     // in the sheet, from 1
	Address  string   `json:"address"` // of the cell, such as C12
	Column   string   `json:"column"`  // of the target table
	Value    string   `json:"value"`   // as the file holds it, shortened
	Rule     string   `json:"rule"`    // what is wrong; the same words for the same thing
	Advice   string   `json:"advice"`
	Severity Severity `json:"severity"`
}

// Policy says what happens to rows with problems of SeverityError.
type Policy string

const (
	PolicyStop  Policy = "stop"  // nothing is sent while there are any
	PolicySkip  Policy = "skip"  // such a row is left out
	PolicyBlank Policy = "blank" // null is sent for such a value
)

// PolicyChoice is a policy as a person is offered it.
type PolicyChoice struct {
	Policy       Policy
	Short        string // what is done, in a list of all
	Title, About string
}

// Policies are all policies, the safe one first.
var Policies = []PolicyChoice{
	{PolicyStop, "stop", "Send nothing", "Correct the file or the columns first. This is the safe way."},
	{PolicySkip, "skip those rows", "Leave such rows out", "They are listed in the receipt."},
	{PolicyBlank, "send those values as blank", "Send blank for such values", "The rows are sent, with a blank instead of the value."},
}

// Valid reports whether p is one of Policies.
func (p Policy) Valid() bool {
	return slices.ContainsFunc(Policies, func(c PolicyChoice) bool { return c.Policy == p })
}

// rule is the reason why a value is a problem; 0 is none.
type rule uint8

const (
	ruleNone rule = iota
	ruleNotWhole
	ruleIntRange
	ruleNotNumber
	ruleNumberMark
	ruleNotFinite
	ruleDoubleRange
	ruleDecimalPlaces
	ruleDecimalRange
	ruleNotBoolean
	ruleNotDate
	ruleDateAmbiguous
	ruleZone
	ruleUnit
	ruleNumberNotDate
	ruleTimeNotDate
	ruleDateRange
	ruleDateNotNumber
	ruleDurationNotNumber
	ruleTooLong
	ruleTooManyDigits
	ruleType

	firstNote // the rules from here on are notes: the value is sent

	ruleErrorValue
	ruleUncalculated
	ruleRounded
	rulePrecision
	ruleNoise
	ruleLeadingZeros
	ruleNothing
	ruleFakeLeapDay
	ruleTruncated
	ruleBrokenText
	ruleUncompared

	ruleCount
)

func (r rule) note() bool { return r > firstNote }

// bad reports whether a value with this rule is not sent.
func (r rule) bad() bool { return r != ruleNone && r < firstNote }

// noted returns r, or the note if nothing is wrong and it holds.
func (r rule) noted(note rule, holds bool) rule {
	if r == ruleNone && holds {
		return note
	}
	return r
}

func (r rule) severity() Severity {
	if r.note() {
		return SeverityNote
	}
	return SeverityError
}

type ruleWords struct{ rule, advice string }

var words = [ruleCount]ruleWords{
	ruleNotWhole:          {"Not a whole number", "Choose the type " + powerbi.Double.Both() + " for this column, or round the value in the file."},
	ruleIntRange:          {"Too large for a whole number", "Choose the type " + powerbi.String.Both() + " for this column; it keeps every digit."},
	ruleNotNumber:         {"Not a number", "Correct the value, or choose the type " + powerbi.String.Both() + " for this column."},
	ruleNumberMark:        {"It is not clear which mark is the decimal mark", "Say for this column whether a point or a comma is the decimal mark."},
	ruleNotFinite:         {"Not a finite number", "Correct the value; Power BI cannot store infinity or a missing number as a number."},
	ruleDoubleRange:       {"Too large for a decimal number", "Correct the value, or choose the type " + powerbi.String.Both() + " for this column."},
	ruleDecimalPlaces:     {"More than four decimals", "Choose the type " + powerbi.Double.Both() + " for this column, or round the value in the file."},
	ruleDecimalRange:      {"Too large for a fixed decimal number", "Choose the type " + powerbi.Double.Both() + " for this column."},
	ruleNotBoolean:        {"Neither true nor false", "Use TRUE and FALSE, or 1 and 0, or choose the type " + powerbi.String.Both() + " for this column."},
	ruleNotDate:           {"Not a date", "Correct the value, or choose the type " + powerbi.String.Both() + " for this column."},
	ruleDateAmbiguous:     {"It is not clear which part is the day and which the month", "Say for this column whether the day or the month comes first."},
	ruleZone:              {"A time of another time zone than the column's", "Convert the times to UTC, or choose the type " + powerbi.String.Both() + " for this column."},
	ruleUnit:              {"An amount in another currency or unit than the column's", "Correct the value, or choose the type " + powerbi.String.Both() + " for this column."},
	ruleNumberNotDate:     {"A number without a date format", "Give the cells a date format in the file, or choose a number type for this column."},
	ruleTimeNotDate:       {"A time without a day", "Choose the type " + powerbi.String.Both() + " for this column, or add the day in the file."},
	ruleDateRange:         {"A date outside the years 1900 to 9999", "Correct the date, or choose the type " + powerbi.String.Both() + " for this column."},
	ruleDateNotNumber:     {"A date, not a number", "Choose the type " + powerbi.DateTime.Both() + " for this column."},
	ruleDurationNotNumber: {"A duration", "Choose the type " + powerbi.Double.Both() + " to send hours, or " + powerbi.String.Both() + " to send it as text."},
	ruleTooLong:           {"Longer than 4,000 characters", "Shorten the text in the file, or let this column be cut at 4,000 characters."},
	ruleTooManyDigits:     {"A number with too many digits to write out", "Correct the value in the file."},
	ruleType:              {"The column has a type that Power BI does not know", "Choose one of the types offered for this column."},

	ruleErrorValue:   {"The cell shows an error; it is sent as blank", "Correct the formula in the file if the value matters."},
	ruleUncalculated: {"The formula was never calculated; it is sent as blank", "Open the file in Excel, save it, and send it again."},
	ruleRounded:      {"More than 15 digits: the program that wrote the file had already rounded the number", "Keep such numbers as text in the file if every digit matters."},
	rulePrecision:    {"A whole number with more digits than the type keeps", "Choose the type " + powerbi.Int64.Both() + " or " + powerbi.String.Both() + " for this column if every digit matters."},
	ruleNoise:        {"Digits after the fifteenth are rounding errors and are left out", "Nothing needs to be done; the value is what Excel shows."},
	ruleLeadingZeros: {"The leading zeros are lost in a number", "Choose the type " + powerbi.String.Both() + " for this column to keep them."},
	ruleNothing:      {"The text says that there is no value; it is sent as blank", "Choose the type " + powerbi.String.Both() + " for this column to send the text."},
	ruleFakeLeapDay:  {"29 February 1900 did not exist; a neighbouring day is sent", "Check this date in the file."},
	ruleTruncated:    {"Cut at 4,000 characters", "Shorten the text in the file if its end matters."},
	ruleBrokenText:   {"The text holds characters that could not be read; they are sent as \ufffd", "Check the encoding of the file."},
	ruleUncompared:   {"The value cannot be compared with a condition; the row is not sent", "Correct the value in the file, or change the condition."},
}
