package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"pushdesk/connection"
)

// ImportState is what becomes of one connection of a file.
type ImportState string

const (
	ImportNew   ImportState = "new"
	ImportThere ImportState = "there" // a connection like it is there already
	ImportWrong ImportState = "wrong" // it cannot be kept as it is
)

// ImportRow is one connection of a file, before anything is written.
type ImportRow struct {
	Row    int
	Name   string
	State  ImportState
	Secret bool   // the file holds its client secret
	Says   string // what is wrong, or which connection is there; "" when all is well

	from connection.Imported
	twin connection.Connection
}

// ImportPlan is what an import would do.
type ImportPlan struct {
	Path    string
	Rows    []ImportRow
	Remarks []string // whole sentences about what is not used
}

// Count counts the rows of a state.
func (p ImportPlan) Count(s ImportState) (n int) {
	for _, r := range p.Rows {
		if r.State == s {
			n++
		}
	}
	return n
}

// Secrets counts the client secrets that the file holds.
func (p ImportPlan) Secrets() (n int) {
	for _, r := range p.Rows {
		if r.Secret {
			n++
		}
	}
	return n
}

// PlanImport reads a CSV or JSON file with connections and writes nothing.
func (d *Desk) PlanImport(_ context.Context, path string, o connection.ImportOptions) (ImportPlan, error) {
	f, err := os.Open(path)
	if err != nil {
		return ImportPlan{}, &ImportFileError{Path: path, Err: err}
	}
	defer f.Close()
	const most = 32 << 20
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return ImportPlan{}, &ImportFileError{Path: path, Err: err}
	}
	list, remarks, err := connection.ReadImport(text, o)
	if err != nil {
		return ImportPlan{}, err
	}
	plan := ImportPlan{Path: path, Remarks: remarks}
	there := d.Connections.List()
	for _, i := range list {
		r := ImportRow{Row: i.Row, Name: i.Connection.Name, State: ImportNew, Secret: i.Secret() != "", from: i}
		for _, level := range []connection.Level{connection.LevelFail, connection.LevelWarn} {
			for _, f := range i.Findings {
				if f.Level == level && r.Says == "" {
					r.Says = f.Sentence + " " + f.Remedy
				}
			}
		}
		twin, found := i.Twin(there)
		switch {
		case i.Wrong():
			r.State = ImportWrong
		case found:
			r.State, r.twin, r.Says = ImportThere, twin, fmt.Sprintf("“%s” is there already.", twin.Name)
		}
		plan.Rows = append(plan.Rows, r)
	}
	return plan, nil
}

// ImportResult is what an import did.
type ImportResult struct {
	Added, Updated, Skipped int
	Warnings                []string // whole sentences
}

// Import keeps what a plan holds. Rows that are wrong are left out; existing says
// what becomes of connections that are there already. It stops at the first
// connection that cannot be written; those before it are kept, and the result
// tells how many.
func (d *Desk) Import(ctx context.Context, p ImportPlan, existing connection.Existing) (ImportResult, error) {
	var done ImportResult
	for _, r := range p.Rows {
		if ctx.Err() != nil {
			return done, fmt.Errorf("import connections: %w", ctx.Err())
		}
		if r.State == ImportWrong || r.State == ImportThere && existing == connection.ExistingSkip {
			done.Skipped++
			continue
		}
		saved, err := d.importOne(ctx, r, existing)
		if err != nil {
			return done, fmt.Errorf("import row %d: %w", r.Row, err)
		}
		if r.State == ImportThere && existing == connection.ExistingUpdate {
			done.Updated++
		} else {
			done.Added++
		}
		done.Warnings = append(done.Warnings, saved.Warnings...)
	}
	if p.Secrets() > 0 {
		done.Warnings = append(done.Warnings, fmt.Sprintf("The file %s holds client secrets that anybody can read: delete it.", p.Path))
	}
	return done, nil
}

func (d *Desk) importOne(ctx context.Context, r ImportRow, existing connection.Existing) (Saved, error) {
	var given *connection.Credential
	if r.Secret {
		c := connection.SecretCredential(r.from.Secret())
		given = &c
	}
	if r.State == ImportThere && existing == connection.ExistingUpdate {
		return d.Edit(ctx, r.from.Over(r.twin), given)
	}
	c := r.from.Connection
	saved, err := d.Add(ctx, c, given)
	var taken *connection.NameTakenError
	for n := 2; errors.As(err, &taken) && n < 1000; n++ {
		c.Name = fmt.Sprintf("%s %d", r.Name, n)
		saved, err = d.Add(ctx, c, given)
	}
	return saved, err
}

// ImportFileError says that a file with connections cannot be read.
type ImportFileError struct {
	Path string
	Err  error
}

func (e *ImportFileError) Error() string { return fmt.Sprintf("read the connections: %v", e.Err) }
func (e *ImportFileError) Unwrap() error { return e.Err }

// Sentence says what happened.
func (e *ImportFileError) Sentence() string {
	if errors.Is(e.Err, os.ErrNotExist) {
		return fmt.Sprintf("There is no file %s.", e.Path)
	}
	return fmt.Sprintf("The file %s cannot be read.", e.Path)
}

// Remedy says what to do next.
func (e *ImportFileError) Remedy() string {
	return "Choose a CSV or JSON file with connections."
}

// Who says who can fix it.
func (e *ImportFileError) Who() string { return "you" }

// Details are for support.
func (e *ImportFileError) Details() string { return "Cause: " + e.Err.Error() }
