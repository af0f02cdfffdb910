package connection

import (
	"fmt"

	"pushdesk/storage/failure"
)

// Finding is something that is wrong, or looks wrong, with what was typed.
type Finding struct {
	Field    Field
	Level    Level
	Sentence string // what it is
	Remedy   string // what to do
}

// Level reports whether a finding may be ignored.
type Level string

const (
	LevelWarn Level = "warn" // it may work all the same
	LevelFail Level = "fail" // it cannot work
)

// Failing returns a finding about what cannot work; args are for the remedy.
func Failing(sentence, remedy string, args ...any) *Finding {
	return &Finding{Level: LevelFail, Sentence: sentence, Remedy: fmt.Sprintf(remedy, args...)}
}

// Warning returns a finding about what looks wrong; args are for the remedy.
func Warning(sentence, remedy string, args ...any) *Finding {
	return &Finding{Level: LevelWarn, Sentence: sentence, Remedy: fmt.Sprintf(remedy, args...)}
}

// InvalidError says that a connection, or a setting, cannot be used as it is.
type InvalidError struct{ Finding Finding }

// Invalid returns the error for what is wrong with a field.
func Invalid(field Field, f *Finding) error {
	bad := *f
	bad.Field = field
	return &InvalidError{Finding: bad}
}

func (e *InvalidError) Error() string { return e.Finding.Sentence }

// Failure says it in words.
func (e *InvalidError) Failure() *failure.Error {
	return failure.New(failure.Usage, "connection-invalid", e.Finding.Sentence, e.Finding.Remedy).WithDetails("Field: %s", e.Finding.Field)
}
