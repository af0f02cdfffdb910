package account

import (
	"context"
	"fmt"
	"io"
	"os"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/connection/network"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
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
	// Findings are all that is wrong, or looks wrong, with the fields of the row.
	Findings []connection.Finding

	from file.Imported
	twin connection.Connection
}

// Format writes the row and nothing secret, whatever the verb.
func (r ImportRow) Format(w fmt.State, _ rune) {
	_, _ = fmt.Fprintf(w, "row %d: %s: %s", r.Row, r.Name, r.State)
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
func (a *Accounts) PlanImport(_ context.Context, path string, o file.ImportOptions) (ImportPlan, error) {
	f, err := os.Open(path)
	if err != nil {
		return ImportPlan{}, cannotRead(failure.Data, "import-file", path, "Choose a CSV or JSON file with connections.", err)
	}
	defer f.Close()
	const most = 32 << 20
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return ImportPlan{}, cannotRead(failure.Data, "import-file", path, "Choose a CSV or JSON file with connections.", err)
	}
	list, remarks, err := file.ReadImport(text, o)
	if err != nil {
		return ImportPlan{}, err
	}
	plan := ImportPlan{Path: path, Remarks: remarks}
	there := file.NewDuplicates(a.Connections.List())
	for _, i := range list {
		if f := network.CheckAuthorities(connection.FieldCAFile, i.Connection.CAFile); f != nil {
			i.Findings = append(i.Findings, *f)
		}
		r := ImportRow{Row: i.Row, Name: i.Connection.Name, State: ImportNew, Secret: i.Secret() != "", Findings: i.Findings, from: i}
		for _, level := range []connection.Level{connection.LevelFail, connection.LevelWarn} {
			for _, f := range i.Findings {
				if f.Level == level && r.Says == "" {
					r.Says = f.Sentence + " " + f.Remedy
				}
			}
		}
		twin, found := there.Of(i)
		switch {
		case i.Wrong():
			r.State = ImportWrong
		case found:
			r.State, r.twin, r.Says = ImportThere, twin, fmt.Sprintf("“%s” already exists.", twin.Name)
		}
		plan.Rows = append(plan.Rows, r)
	}
	return plan, nil
}

// ImportResult is what an import did.
type ImportResult struct {
	Added, Updated, Skipped int
	Secrets                 int      // client secrets that were stored
	Warnings                []string // whole sentences
}

// Import keeps what a plan holds. Rows that are wrong are left out; existing says
// what becomes of connections that are there already. The connections are written
// in one step, all or none, and then their secrets. When ctx ends before all of
// these are stored, the result tells how many were.
func (a *Accounts) Import(ctx context.Context, p ImportPlan, existing file.Existing) (ImportResult, error) {
	if err := ctx.Err(); err != nil {
		return ImportResult{}, fmt.Errorf("import connections: %w", err)
	}
	var done ImportResult
	var saved []connection.Connection
	var secrets []connection.Credential // of the same
	err := a.Connections.Batch(func(b *file.Batch) error {
		for _, r := range p.Rows {
			c, written, err := done.take(b, r, existing)
			if err != nil {
				return fmt.Errorf("import row %d: %w", r.Row, err)
			}
			if written && r.Secret {
				saved, secrets = append(saved, c), append(secrets, connection.SecretCredential(r.from.Secret()))
			}
		}
		return nil
	})
	if err != nil {
		return ImportResult{}, err
	}
	err = a.keepImported(ctx, &done, saved, secrets)
	if p.Secrets() > 0 {
		done.Warnings = append(done.Warnings, fmt.Sprintf("The file %s holds client secrets that anybody can read. Delete it.", p.Path))
	}
	return done, err
}

// take brings one row into a batch and counts what became of it.
func (done *ImportResult) take(b *file.Batch, r ImportRow, existing file.Existing) (c connection.Connection, written bool, err error) {
	switch {
	case r.State == ImportWrong, r.State == ImportThere && existing == file.ExistingSkip:
		done.Skipped++
		return c, false, nil
	case r.State == ImportThere && existing == file.ExistingUpdate:
		now, err := b.Find(r.twin.ID)
		if err != nil {
			return c, false, err
		}
		if r.from.Redirects(now) {
			done.Skipped++
			done.Warnings = append(done.Warnings, fmt.Sprintf("“%s” was not changed: the file would send its stored secret to other addresses. Import the row as another connection, or edit this one.", now.Name))
			return c, false, nil
		}
		done.Updated++
		c, err = b.Update(r.from.Over(now))
		return c, true, err
	}
	done.Added++
	c = readyMade(r.from.Connection)
	c.Name = b.FreeName(c.Name)
	c, err = b.Add(c)
	return c, true, err
}

// keepImported stores the secrets of imported connections. One that is refused
// does not keep the others out.
func (a *Accounts) keepImported(ctx context.Context, done *ImportResult, saved []connection.Connection, secrets []connection.Credential) error {
	session := 0
	for i, c := range saved {
		if ctx.Err() != nil {
			return fmt.Errorf("import connections: %d of %d client secrets were not stored: %w", len(saved)-i, len(saved), ctx.Err())
		}
		place, err := a.keepCredential(ctx, c, secrets[i])
		switch {
		case err != nil:
			done.Warnings = append(done.Warnings, fmt.Sprintf("The client secret of %q was not stored: %s", c.Name, sentence(err)))
			continue
		case place == keychain.PlaceSession && a.Secrets.Choice() != keychain.PlaceSession:
			session++
		}
		done.Secrets++
	}
	if session > 0 {
		done.Warnings = append(done.Warnings, fmt.Sprintf("%d client secrets are kept in memory until this program is closed. They are not stored. %s", session, a.whyNowhere(ctx)))
	}
	return nil
}
