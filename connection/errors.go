package connection

import "pushdesk/storage/failure"

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
