package account

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/storage/failure"
)

const importMarker = "MARKER-of-an-import"

func csvFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "team.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func planned(t *testing.T, a *Accounts, text string, o file.ImportOptions) ImportPlan {
	t.Helper()
	p, err := a.PlanImport(t.Context(), csvFile(t, text), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// As many connections as a file may hold are planned, and what is imported of them is
// one step.
func TestTheLargestImport(t *testing.T) {
	a := openInMemory(t)
	var b strings.Builder
	b.WriteString("name,tenant,client,secret\n")
	for i := range file.ImportLimit {
		fmt.Fprintf(&b, "Depot %d,11111111-2222-4333-8444-555555555555,66666666-7777-4888-9999-%012d,%s-%d\n", i, i, importMarker, i)
	}
	p := planned(t, a, b.String(), file.ImportOptions{})
	if p.Count(ImportNew) != file.ImportLimit || p.Secrets() != file.ImportLimit || len(a.Connections.List()) != 0 {
		t.Fatalf("%d new, %d with secrets", p.Count(ImportNew), p.Secrets())
	}
	const some = 1000
	p.Rows = p.Rows[:some] // the secrets of all would take a while
	hides(t, importMarker, p.Rows[0], p.Rows[:2], p)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if done, err := a.Import(stopped, p, file.ExistingSkip); !errors.Is(err, context.Canceled) || done.Added != 0 || len(a.Connections.List()) != 0 {
		t.Errorf("%+v, %v", done, err)
	}
	done, err := a.Import(t.Context(), p, file.ExistingSkip)
	if err != nil || done.Added != some || done.Secrets != some || len(done.Warnings) != 1 || !strings.Contains(done.Warnings[0], "Delete it") {
		t.Fatalf("%+v, %v", done, err)
	}
	c, err := a.Connections.Find("Depot 77")
	if err != nil || kept(t, a, c.ID) != importMarker+"-77" {
		t.Errorf("%+v, %v", c, err)
	}
	if again := planned(t, a, b.String(), file.ImportOptions{}); again.Count(ImportThere) != some {
		t.Errorf("%d are there", again.Count(ImportThere))
	}
	if _, err := a.PlanImport(t.Context(), csvFile(t, b.String()+"One more,contoso.com,66666666-7777-4888-9999-ffffffffffff,\n"), file.ImportOptions{}); err == nil {
		t.Error("one more than the limit")
	}
}

// What a file says of a connection that is there: left out, taken over, or kept beside.
func TestImportOfWhatIsThere(t *testing.T) {
	const head, ids = "name,tenant,client,secret,notes\n", ",11111111-2222-4333-8444-555555555555,66666666-7777-4888-9999-aaaaaaaaaaaa,"
	a := openInMemory(t)
	if _, err := a.Import(t.Context(), planned(t, a, head+"Sales"+ids+"old-secret,first\nBad,x,y,z,\n", file.ImportOptions{}), file.ExistingSkip); err != nil {
		t.Fatal(err)
	}
	again := planned(t, a, head+"sales"+ids+"new-secret,second\n", file.ImportOptions{})
	find := func(name string) (connection.Connection, string) {
		t.Helper()
		c, err := a.Connections.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		return c, kept(t, a, c.ID)
	}
	done, err := a.Import(t.Context(), again, file.ExistingSkip)
	if c, secret := find("Sales"); err != nil || done.Skipped != 1 || c.Notes != "first" || secret != "old-secret" {
		t.Errorf("%+v, %v: %+v", done, err, c)
	}
	done, err = a.Import(t.Context(), again, file.ExistingBoth)
	if c, secret := find("Sales 2"); err != nil || done.Added != 1 || secret != "new-secret" {
		t.Errorf("%+v, %v: %+v", done, err, c)
	}
	done, err = a.Import(t.Context(), again, file.ExistingUpdate)
	if c, secret := find("Sales"); err != nil || done.Updated != 1 || c.Notes != "second" || secret != "new-secret" {
		t.Errorf("%+v, %v: %+v", done, err, c)
	}
	if len(a.Connections.List()) != 2 {
		t.Errorf("%+v", a.Connections.List())
	}
}

// What is missing is judged of the connection that there is after the import: the one that
// was there has its secret, the one that is kept beside it has none.
func TestWhatAnImportLeavesMissing(t *testing.T) {
	const head, ids = "name,tenant,client,secret\n", ",11111111-2222-4333-8444-555555555555,66666666-7777-4888-9999-aaaaaaaaaaaa,"
	a := openInMemory(t)
	if _, err := a.Import(t.Context(), planned(t, a, head+"Sales"+ids+"a-secret\n", file.ImportOptions{}), file.ExistingSkip); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		row, says string
		existing  file.Existing
	}{
		{"Sales" + ids, "", file.ExistingSkip},
		{"Sales" + ids, "", file.ExistingUpdate},
		{"Sales" + ids, "client secret", file.ExistingBoth},
		{"Sales" + ids + "another", "", file.ExistingBoth},
		{"Depots,contoso.com,77777777-7777-4888-9999-aaaaaaaaaaaa,", "client secret", file.ExistingUpdate},
		{"Bad,x,y,", "", file.ExistingBoth},
	} {
		if got := planned(t, a, head+x.row+"\n", file.ImportOptions{}).Rows[0].Missing(x.existing); got != x.says {
			t.Errorf("%s, %s: missing %q, want %q", x.row, x.existing, got, x.says)
		}
	}
}

// A file of somebody else cannot lead a stored secret to its own addresses.
func TestImportLeadsNoSecretElsewhere(t *testing.T) {
	a := openInMemory(t)
	given := connection.SecretCredential(importMarker)
	saved, err := a.Add(t.Context(), connection.Connection{Name: "Sales", Cloud: connection.CloudPublic, TenantID: "contoso.com", ClientID: "66666666-7777-4888-9999-aaaaaaaaaaaa"}, &given)
	if err != nil {
		t.Fatal(err)
	}
	const text = "name,tenant,client,cloud,login url,api url\nSales,contoso.com,66666666-7777-4888-9999-aaaaaaaaaaaa,custom,https://login.example,https://api.example\n"
	if p := planned(t, a, text, file.ImportOptions{}); p.Count(ImportWrong) != 1 || !strings.Contains(p.Rows[0].Says, "custom addresses") {
		t.Errorf("%+v", p.Rows)
	}
	p := planned(t, a, text, file.ImportOptions{AllowCustom: true})
	done, err := a.Import(t.Context(), p, file.ExistingUpdate)
	if err != nil || done.Updated != 0 || done.Skipped != 1 || len(done.Warnings) != 1 || !strings.Contains(done.Warnings[0], "other addresses") {
		t.Errorf("%+v, %v", done, err)
	}
	if c, err := a.Connections.Find("Sales"); err != nil || !c.Equal(saved.Connection) {
		t.Errorf("%+v, %v", c, err)
	}
	if done, err = a.Import(t.Context(), p, file.ExistingBoth); err != nil || done.Added != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	if c, err := a.Connections.Find("Sales 2"); err != nil || kept(t, a, c.ID) != "" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestImportOfNoFile(t *testing.T) {
	a := openInMemory(t)
	for _, path := range []string{filepath.Join(t.TempDir(), "none.csv"), t.TempDir()} {
		_, err := a.PlanImport(t.Context(), path, file.ImportOptions{})
		if f, ok := failure.From(err); !ok || f.Kind != failure.Data || !strings.Contains(f.Sentence, path) || f.Remedy == "" || f.Details == "" {
			t.Errorf("%v", err)
		}
	}
}

// What a plan says of an import is what the import then does, whatever becomes of the
// connections that are there.
func TestImportDoesWhatItSays(t *testing.T) {
	const head = "name,tenant,client,notes,dataset\n"
	row := func(n int, name, rest string) string {
		return fmt.Sprintf("%s,contoso.com,66666666-7777-4888-9999-%012d,%s\n", name, n, rest)
	}
	for existing, want := range map[file.Existing][3]int{file.ExistingSkip: {1, 0, 3}, file.ExistingUpdate: {1, 2, 1}, file.ExistingBoth: {4, 0, 0}} {
		a := openInMemory(t)
		if _, err := a.Import(t.Context(), planned(t, a, head+row(1, "Same", "a,")+row(2, "Notes", "a,")+row(3, "Dataset", "a,"), file.ImportOptions{}), existing); err != nil {
			t.Fatal(err)
		}
		p := planned(t, a, head+row(1, "Same", "a,")+row(2, "Notes", "b,")+row(3, "Dataset", "a,Orders")+row(4, "New", "a,"), file.ImportOptions{})
		would := p.Would(existing)
		done, err := a.Import(t.Context(), p, existing)
		if got := [3]int{would.Added, would.Updated, would.Skipped}; err != nil || got != want || got != [3]int{done.Added, done.Updated, done.Skipped} {
			t.Errorf("%s: %v, %+v, %v", existing, got, done, err)
		}
		if says := p.Rows[0].Remark(existing); strings.Contains(says, "changes nothing") == (existing == file.ExistingBoth) {
			t.Errorf("%s: %q", existing, says)
		}
	}
}
