package practice

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/fixture"
	"pushdesk/powerbi/practice/tenant"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/storage/failure"
)

// A service in a folder is the same after it was closed and started again.
func TestReopen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "practice")
	c := newClock()
	b := newHarness(t, Options{Dir: dir, Now: c.now})
	path, id := b.stock("basicFIFO")
	gone, _ := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(300))
	b.want(200, "POST", gone+"/tables/Stock/rows", fixture.StockRows(3))
	b.want(200, "DELETE", gone, nil)
	b.want(200, "PUT", path+"/tables/Stock", `{"name":"Stock","columns":[{"name":"Depot","dataType":"String"},{"name":"New","dataType":"Boolean"}]}`)
	b.want(200, "POST", path+"/tables/Stock/rows", `{"rows":[{"Depot":"Luik","New":true}]}`)
	if err := b.s.SetRole(FinanceWorkspace, AppViewer, RoleMember); err != nil {
		t.Fatal(err)
	}
	before, err := b.s.Rows(b.group, id, "Stock")
	if err != nil {
		t.Fatal(err)
	}
	old := b.s
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}

	again := newHarness(t, Options{Dir: dir, Now: c.now})
	if fmt.Sprint(again.s.Credentials()) != fmt.Sprint(old.Credentials()) {
		t.Error("the credentials changed")
	}
	again.token = b.token // tokens of before are still good
	again.want(200, "GET", path, nil)
	again.want(404, "GET", gone, nil)
	after, err := again.s.Rows(b.group, id, "Stock")
	if err != nil || fmt.Sprintf("%s", after) != fmt.Sprintf("%s", before) {
		t.Errorf("%d rows, %v, want %d", len(after), err, len(before))
	}
	if string(after[300]) != `{"Depot":"Luik","New":true}` || string(after[0]) != `{"Depot":"Gent","New":null}` {
		t.Errorf("rows %s, %s", after[0], after[300])
	}
	state := again.s.State().Tenants[0].Workspaces[1]
	if state.Roles[AppViewer] != RoleMember {
		t.Errorf("roles: %v", state.Roles)
	}
	files, err := filepath.Glob(filepath.Join(dir, tenant.RowsFolder, "*", "*"))
	if err != nil || len(files) != 1 {
		t.Errorf("files of rows: %v, %v", files, err)
	}
}

// What the last hour held still counts after a restart.
func TestReopenKeepsTheHour(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	opts := Options{Dir: dir, Now: c.now, Behavior: faults.Behavior{Limits: traffic.Limits{RowsPerHour: 100}}}
	b := newHarness(t, opts)
	path, _ := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(90))
	b.s.Close()
	c.add(20 * time.Minute)
	again := newHarness(t, opts)
	if wait := refusedFor(t, again.do("POST", path+"/tables/Stock/rows", fixture.StockRows(11))); wait != 40*time.Minute {
		t.Errorf("wait %v", wait)
	}
	again.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(10))
}

// A killed process may leave rows that the state does not know, and a state file
// that was never put in place.
func TestOrphans(t *testing.T) {
	dir := t.TempDir()
	b := newHarness(t, Options{Dir: dir})
	path, id := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(3))
	b.s.Close()
	orphan := filepath.Join(dir, tenant.RowsFolder, tenant.NewGUID())
	mine := filepath.Join(dir, tenant.RowsFolder, "notes of mine")
	for _, d := range []string{orphan, mine} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	again := newHarness(t, Options{Dir: dir})
	if n, err := again.s.CountRows(again.group, id, "Stock"); n != 3 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	if _, err := os.Stat(orphan); !os.IsNotExist(err) {
		t.Errorf("the orphan: %v", err)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Errorf("somebody's folder: %v", err)
	}
}

func TestBrokenState(t *testing.T) {
	for name, text := range map[string]string{"no JSON": "{", "empty": "", "newer": `{"version":99}`, "no users": `{"version":1}`,
		"no key": `{"version":1,"signingKey":"x","users":[{}]}`, "a gap": `{"version":1,"users":[{}],"apps":[null]}`,
		"a dataset outside": `{"version":1,"users":[{}],"workspaces":[{"datasets":[{"id":"../.."}]}]}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, tenant.StateFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := Start(Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "practice state") {
			t.Errorf("%s: %v, %v", name, s, err)
		}
		if _, err := Start(Options{Dir: dir}); !failure.HasCode(err, "practice-state-unreadable") {
			t.Errorf("%s: not explained: %v", name, err)
		} else if f, _ := failure.From(err); f.Sentence == "" || f.Remedy == "" || !strings.Contains(f.Details, tenant.StateFile) {
			t.Errorf("%s: %+v", name, f)
		}
		// What could not be read is still there, and the folder is free again.
		if data, err := os.ReadFile(filepath.Join(dir, tenant.StateFile)); err != nil || string(data) != text {
			t.Errorf("%s: the file is %q, %v", name, data, err)
		}
		os.Remove(filepath.Join(dir, tenant.StateFile))
		s, err := Start(Options{Dir: dir})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s.Close()
	}
}

func TestFolderIsLockedAndPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, err := Start(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if other, err := Start(Options{Dir: dir}); !errors.Is(err, ErrInUse) {
		t.Errorf("a second service: %v, %v", other, err)
	}
	if _, err := os.Stat(filepath.Join(dir, endpointFile)); err != nil {
		t.Errorf("the first one's endpoint: %v", err)
	}
	if runtime.GOOS == "windows" {
		return // permissions are another matter there
	}
	for name, want := range map[string]os.FileMode{"": 0o700, tenant.StateFile: 0o600, endpointFile: 0o600, lockFile: 0o600, "ca.pem": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v, want %v", name, info.Mode().Perm(), err, want)
		}
	}
}

func TestDiskRefusesRows(t *testing.T) {
	dir := t.TempDir()
	b := newHarness(t, Options{Dir: dir})
	path, id := b.stock("None")
	file := filepath.Join(dir, tenant.RowsFolder, id, "0.rows")
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	if r := b.want(500, "POST", path+"/tables/Stock/rows", fixture.StockRows(3)); r.code() != "GeneralException" {
		t.Errorf("answer %s", r.body)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(3))
	if n, _ := b.s.CountRows(b.group, id, "Stock"); n != 3 {
		t.Errorf("%d rows", n)
	}
}
