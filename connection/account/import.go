package account

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/connection/network"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
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
	Changes  []ImportChange // of ImportThere: what the file would change

	from  file.Imported
	twin  connection.Connection // of ImportThere
	place string                // where its secret is
}

// ImportChange is a field that an import would change.
type ImportChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
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

// plainSecrets counts the client secrets that anybody can read in the file.
func (p ImportPlan) plainSecrets() (n int) {
	for _, r := range p.Rows {
		if r.from.Secret() != "" {
			n++
		}
	}
	return n
}

// authorityPath is where the CA file is kept that an export holds as text: a name made of its
// content.
func (a *Accounts) authorityPath(ca string) string {
	sum := sha256.Sum256([]byte(ca))
	return filepath.Join(a.options.Home, "authorities", hex.EncodeToString(sum[:8])+".pem")
}

// keepAuthorities writes the CA files that an export holds as text.
func (a *Accounts) keepAuthorities(p ImportPlan) error {
	for i := range p.Rows {
		r := &p.Rows[i]
		if r.from.CA() == "" || r.State == ImportWrong {
			continue
		}
		folder := filepath.Join(a.options.Home, "authorities")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return &storage.FileError{Path: folder, Err: err}
		}
		if err := storage.WriteFile(r.from.Connection.CAFile, []byte(r.from.CA()+"\n")); err != nil {
			return err
		}
	}
	return nil
}

// PlanImport reads a CSV or JSON file with connections and writes nothing.
func (a *Accounts) PlanImport(ctx context.Context, path string, o file.ImportOptions) (ImportPlan, error) {
	f, err := storage.OpenRegular(path)
	if err != nil {
		return ImportPlan{}, cannotRead(failure.Data, "import-file", path, "Choose a CSV or JSON file with connections.", err)
	}
	defer f.Close()
	const most = 32 << 20
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return ImportPlan{}, cannotRead(failure.Data, "import-file", path, "Choose a CSV or JSON file with connections.", err)
	}
	if o.Keys.Identity == nil {
		if own, err := key.Load(ctx, a.Secrets); err == nil { // without one there is nothing to open
			o.Keys.Identity = own.Identity()
		}
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
		if i.CA() != "" {
			i.Connection.CAFile = a.authorityPath(i.CA())
		}
		r := ImportRow{Row: i.Row, Name: i.Connection.Name, State: ImportNew, Secret: !i.Given().Empty(), Findings: i.Findings, from: i}
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
			r.Changes = changesOf(twin, i.Over(twin))
		}
		if c := i.Connection; c.Cloud == connection.CloudCustom && r.State != ImportThere { // changes of what is there are listed
			r.Says = strings.TrimSpace(r.Says + " " + customAddresses(c, i.CA() != ""))
		}
		plan.Rows = append(plan.Rows, r)
	}
	var twins []connection.Connection
	for _, r := range plan.Rows {
		if r.State == ImportThere {
			twins = append(twins, r.twin)
		}
	}
	places := a.SecretPlaces(ctx, twins)
	for i, r := range plan.Rows {
		plan.Rows[i].place = places[r.twin.ID]
	}
	return plan, nil
}

// customAddresses says where a connection would send its secret and its rows.
func customAddresses(c connection.Connection, withCA bool) string {
	says := fmt.Sprintf("It signs in at %s and sends to %s", cmp.Or(c.LoginURL, "no address"), cmp.Or(c.APIURL, "no address"))
	if c.Resource != "" {
		says += ", as " + c.Resource
	}
	switch {
	case withCA:
		says += ", and trusts the certificates in the file"
	case c.CAFile != "":
		says += ", and trusts " + c.CAFile
	}
	return says + "."
}

// What becomes of a row.
type importDoes string

const (
	importAdds    importDoes = "adds"
	importUpdates importDoes = "updates"
	importSkips   importDoes = "skips"
)

// Writes reports whether an import adds or changes a connection for a row.
func (r ImportRow) Writes(existing file.Existing) bool {
	return r.does(existing, r.from.Redirects(r.twin), r.Changes) != importSkips
}

// does says what an import makes of a row; redirects and changes are of the connection that
// is there.
func (r ImportRow) does(existing file.Existing, redirects bool, changes []ImportChange) importDoes {
	switch {
	case r.State == ImportWrong, r.State == ImportThere && existing == file.ExistingSkip:
		return importSkips
	case r.State == ImportThere && existing == file.ExistingUpdate:
		if redirects || !r.Secret && len(changes) == 0 {
			return importSkips
		}
		return importUpdates
	}
	return importAdds
}

// Would counts what an import would add, update and skip, and the client secrets that it
// would store.
func (p ImportPlan) Would(existing file.Existing) (r ImportResult) {
	for _, row := range p.Rows {
		switch row.does(existing, row.from.Redirects(row.twin), row.Changes) {
		case importAdds:
			r.Added++
		case importUpdates:
			r.Updated++
		case importSkips:
			r.Skipped++
		}
		if row.Secret && row.Writes(existing) {
			r.Secrets++
		}
	}
	return r
}

// Remark says what is wrong with a row, or what would become of it.
func (r ImportRow) Remark(existing file.Existing) string {
	says := r.Says
	switch {
	case r.State != ImportThere:
	case existing == file.ExistingBoth:
		says += " It is kept, and another one is added."
	case existing == file.ExistingUpdate && r.from.Redirects(r.twin):
		says += " It is not changed: the file would send its stored secret to other addresses."
	case len(r.Changes) == 0 && !r.Secret:
		says += " The file changes nothing in it."
	}
	return says
}

// Missing says what the connection lacks to sign in after the import: "" when it has all.
// One that is kept beside another has nothing of that one's.
func (r ImportRow) Missing(existing file.Existing) string {
	c := r.from.Connection
	if r.State == ImportWrong || r.Secret || c.Credential == connection.CredentialPractice || c.Reference != (connection.Reference{}) {
		return ""
	}
	if r.State == ImportThere && existing != file.ExistingBoth && StateOfSecret(r.place) != SecretMissing {
		return ""
	}
	if r.from.Sealed {
		return noun(c.Credential) + ", which is sealed for others"
	}
	return noun(c.Credential)
}

// changesOf lists the fields that differ between a connection and what an import makes
// of it.
func changesOf(from, to connection.Connection) (list []ImportChange) {
	for _, f := range []struct{ name, from, to string }{
		{"name", from.Name, to.Name}, {"cloud", string(from.Cloud), string(to.Cloud)}, {"tenantId", from.TenantID, to.TenantID}, {"clientId", from.ClientID, to.ClientID},
		{"credential", string(from.Credential), string(to.Credential)}, {"workspace", from.Workspace, to.Workspace}, {"dataset", from.Dataset, to.Dataset}, {"table", from.Table, to.Table}, {"environment", string(from.Environment), string(to.Environment)},
		{"tags", strings.Join(from.Tags, ", "), strings.Join(to.Tags, ", ")}, {"notes", from.Notes, to.Notes}, {"expires", string(from.Expires), string(to.Expires)},
		{"account", from.Account, to.Account}, {"secretReference", from.Reference.String(), to.Reference.String()},
		{"loginUrl", from.LoginURL, to.LoginURL}, {"apiUrl", from.APIURL, to.APIURL}, {"resource", from.Resource, to.Resource}, {"caFile", from.CAFile, to.CAFile},
	} {
		if f.from != f.to {
			list = append(list, ImportChange{f.name, f.from, f.to})
		}
	}
	return list
}

// ImportResult is what an import did.
type ImportResult struct {
	Added, Updated, Skipped int

	Written  []connection.Connection // those added and updated
	Secrets  int                     // client secrets that were stored
	Unstored []connection.Connection // of Written: the file has a secret for them that was not stored
	Warnings []string                // whole sentences
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
	if err := a.keepAuthorities(p); err != nil {
		return ImportResult{}, err
	}
	var saved []connection.Connection
	var secrets []connection.Credential // of the same
	learned := map[string][]shared.Table{}
	err := a.Connections.Batch(func(b *file.Batch) error {
		for _, r := range p.Rows {
			c, written, err := done.take(b, r, existing)
			if err != nil {
				return fmt.Errorf("import row %d: %w", r.Row, err)
			}
			if written {
				done.Written = append(done.Written, c)
				learned[c.ID] = r.from.Tables()
			}
			if written && r.Secret {
				saved, secrets = append(saved, c), append(secrets, r.from.Given())
			}
		}
		return nil
	})
	if err != nil {
		return ImportResult{}, err
	}
	for _, c := range done.Written {
		if a.options.Learn != nil && len(learned[c.ID]) > 0 {
			a.options.Learn(c, learned[c.ID])
		}
	}
	err = a.keepImported(ctx, &done, saved, secrets)
	if p.plainSecrets() > 0 {
		remedy := "Delete it."
		if err != nil || len(done.Unstored) > 0 { // it is the only place where they are
			remedy = "Delete it once all of them are stored."
		}
		done.Warnings = append(done.Warnings, fmt.Sprintf("The file %s holds client secrets that anybody can read. %s", p.Path, remedy))
	}
	return done, err
}

// take brings one row into a batch and counts what became of it.
func (done *ImportResult) take(b *file.Batch, r ImportRow, existing file.Existing) (c connection.Connection, written bool, err error) {
	switch {
	case r.State == ImportThere && existing == file.ExistingUpdate:
		now, err := b.Find(r.twin.ID)
		if err != nil {
			return c, false, err
		}
		redirects := r.from.Redirects(now)
		if redirects {
			done.Warnings = append(done.Warnings, fmt.Sprintf("“%s” was not changed: the file would send its stored secret to other addresses. Import the row as another connection, or edit this one.", now.Name))
		}
		if r.does(existing, redirects, changesOf(now, r.from.Over(now))) == importSkips {
			done.Skipped++
			return c, false, nil
		}
		done.Updated++
		next := r.from.Over(now)
		if connection.NameKey(next.Name) != connection.NameKey(now.Name) {
			next.Name = b.FreeName(next.Name, "")
		}
		c, err = b.Update(next)
		return c, true, err
	case !r.Writes(existing):
		done.Skipped++
		return c, false, nil
	}
	done.Added++
	c = readyMade(r.from.Connection)
	c.Name = b.FreeName(c.Name, "")
	c, err = b.Add(c)
	return c, true, err
}

// keepImported stores the secrets of imported connections. One that is refused
// does not keep the others out; a keychain that does not answer is not asked again.
func (a *Accounts) keepImported(ctx context.Context, done *ImportResult, saved []connection.Connection, secrets []connection.Credential) error {
	session := 0
	var ids []string
	defer func() { a.newCredentials(ids...) }()
	for i, c := range saved {
		if ctx.Err() != nil {
			done.Unstored = append(done.Unstored, saved[i:]...)
			return fmt.Errorf("import connections: %d of %d client secrets were not stored: %w", len(saved)-i, len(saved), ctx.Err())
		}
		place, err := a.keepCredential(ctx, c, secrets[i])
		if keychain.Silent(err) {
			done.Unstored = append(done.Unstored, saved[i:]...)
			done.Warnings = append(done.Warnings, fmt.Sprintf("%s %s not stored, of %s. Once it answers, import the file again and update the connections.",
				sentence(err), humanize.Count(len(saved)-i, "client secret was", "client secrets were"), humanize.ListSome(names(saved[i:]), 8)))
			break
		}
		switch {
		case err != nil:
			done.Unstored = append(done.Unstored, c)
			done.Warnings = append(done.Warnings, fmt.Sprintf("The client secret of %q was not stored: %s", c.Name, sentence(err)))
			continue
		case place == keychain.PlaceSession && a.Secrets.Choice() != keychain.PlaceSession:
			session++
		}
		done.Secrets++
		ids = append(ids, c.ID)
	}
	if session > 0 {
		done.Warnings = append(done.Warnings, fmt.Sprintf("%d client secrets are kept in memory until this program is closed. They are not stored. %s", session, a.whyNowhere(ctx)))
	}
	return nil
}

// names are what connections are called, in quotes.
func names(list []connection.Connection) (all []string) {
	for _, c := range list {
		all = append(all, "“"+c.Name+"”")
	}
	return all
}

// Unready returns why connections cannot sign in, by ID. A keychain that does not answer is
// waited for once: from then on only what does not need it is looked at.
func (a *Accounts) Unready(ctx context.Context, list []connection.Connection) map[string]error {
	all := map[string]error{}
	over, cancel := context.WithTimeout(ctx, 0) // nothing is waited for
	defer cancel()
	silent := false
	for _, c := range list {
		asks := ctx
		if silent && c.Credential != connection.CredentialPractice {
			asks = over
		}
		if _, _, err := a.Credential(asks, c); err != nil {
			all[c.ID] = err
			silent = silent || keychain.Silent(err)
		}
	}
	return all
}
