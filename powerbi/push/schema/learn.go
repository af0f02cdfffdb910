package schema

import (
	"context"
	"errors"
	"fmt"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Source says where the columns of a table are known from.
type Source string

const (
	FromService  Source = "service"  // it told them, which it rarely does
	FromComputer Source = "computer" // remembered
	FromRows     Source = "rows"     // guessed from rows of the table
	FromMapping  Source = "mapping"  // a mapping says them
)

// Learned is what is known of the columns of a table.
type Learned struct {
	Columns []powerbi.Column
	Source  Source
	Note    string // for a person, when the columns are a guess
}

// NoSchemaError is a table whose columns cannot be found out.
type NoSchemaError struct {
	Table string
	Err   error // why no rows could be read; nil when there are none
}

func (e *NoSchemaError) Error() string {
	return fmt.Sprintf("the columns of the table %q are not known", e.Table)
}
func (e *NoSchemaError) Unwrap() error { return e.Err }

// Failure is the error in words.
func (e *NoSchemaError) Failure() *failure.Error {
	f := failure.New(failure.Usage, "columns-unknown",
		fmt.Sprintf("The columns of the table “%s” are not known: Power BI does not tell them, and the table has no rows to guess from.", e.Table),
		"Enter the columns as they are in Power BI, or create the dataset with this program.")
	if e.Err == nil {
		return f
	}
	why := history.Explain(e.Err)
	f.Sentence = fmt.Sprintf("The columns of the table “%s” are not known: Power BI does not tell them, and its rows could not be read. %s", e.Table, why.Sentence)
	return f.Because(e.Err).WithDetails("%s", why.Details)
}

// sampleSize is how many rows a guess is made from.
const sampleSize = 1000

// Learn finds out the columns of an existing table: from the service where
// it tells them, from what this computer remembers (known may be nil), or from a
// sample of rows. What the service tells is remembered; a guess is not.
func Learn(ctx context.Context, api Service, known *Known, apiURL string, t history.Table) (Learned, error) {
	tables, err := api.Tables(ctx, t.WorkspaceID, t.DatasetID)
	if err != nil {
		return Learned{}, err
	}
	table, err := powerbi.FindTable(tables, t.Table)
	if err != nil {
		return Learned{}, err
	}
	if len(table.Columns) > 0 {
		l := Learned{Columns: table.Columns, Source: FromService}
		if known != nil {
			return l, known.Keep(apiURL, t.DatasetID, Entry{Table: table, Whole: true})
		}
		return l, nil
	}
	if known != nil {
		if columns, ok := known.Columns(apiURL, t.DatasetID, table.Name); ok {
			return Learned{Columns: columns, Source: FromComputer}, nil
		}
	}
	rows, err := api.SampleRows(ctx, t.WorkspaceID, t.DatasetID, table.Name, sampleSize)
	if err != nil && !errors.Is(err, powerbi.ErrTruncated) {
		return Learned{}, &NoSchemaError{table.Name, err}
	}
	if len(rows) == 0 {
		return Learned{}, &NoSchemaError{table.Name, nil}
	}
	return Learned{Columns: mapping.GuessColumns(rows), Source: FromRows,
		Note: fmt.Sprintf("The types are a guess from %s of the table: Power BI does not tell them. Check them, above all whole and decimal numbers.", humanize.Count(len(rows), "row"))}, nil
}
