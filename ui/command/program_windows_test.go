package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danieljoos/wincred"

	"pushdesk/assets"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage"
	"pushdesk/ui/command/cli"
)

// What .ci/windows sets for the tests of this file.
const (
	programVariable       = "PUSHDESK_PROGRAM"        // the program for terminals
	windowProgramVariable = "PUSHDESK_WINDOW_PROGRAM" // the program with the window
	shareVariable         = "PUSHDESK_SHARE"          // a folder of another computer, as in \\server\share
)

var (
	killedRows    = flag.Int("killed-rows", 250_000, "rows of the run that is killed three times")
	killedAnytime = flag.Bool("killed-anytime", false, "kill it whatever it does: what was on its way and never came is waited for, minutes each time")
)

// program returns a terminal whose commands are carried out by the program itself.
func program(t *testing.T) *terminal {
	t.Helper()
	path := os.Getenv(programVariable)
	if path == "" {
		t.Skip(programVariable + " names no program: run these tests with make test-windows")
	}
	home := filepath.Join(t.TempDir(), "Größe 1 & mehr")
	return &terminal{t: t, home: home, env: map[string]string{}, program: path, outside: []string{}}
}

// start starts a command line of the program and does not wait for it.
func (x *terminal) start(out *bytes.Buffer, args ...string) *exec.Cmd {
	x.t.Helper()
	c := exec.Command(os.Getenv(programVariable), args...)
	c.Env = append(os.Environ(), storage.HomeVariable+"="+x.home)
	for name, value := range x.env {
		c.Env = append(c.Env, name+"="+value)
	}
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(x.stdin), out, out
	if err := c.Start(); err != nil {
		x.t.Fatal(err)
	}
	return c
}

// addArgs are the arguments that add a connection to a practice service.
func addArgs(s *practice.Service, k practice.Credential, name string) []string {
	return []string{"connection", "add", "--name", name, "--cloud", "custom", "--authority-url", s.LoginURL(), "--api-url", s.APIURL(), "--resource", s.Resource(),
		"--ca-file", s.CAFile(), "--tenant", k.TenantID, "--client", k.ClientID, "--workspace", practice.Workspace, "--secret-stdin"}
}

func practiceService(t *testing.T) (*practice.Service, practice.Credential) {
	t.Helper()
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, ok := s.Credential(practice.AppPractice)
	if !ok {
		t.Fatal("no app")
	}
	return s, k
}

// TestProgramSends does the main job: the sample is inspected and sent, and the receipt
// accounts for every row. Answers and remarks go to pipes of their own.
func TestProgramSends(t *testing.T) {
	x := program(t)
	path := filepath.Join(t.TempDir(), "Umsätze & Löhne (Köln).xlsx")
	if err := os.WriteFile(path, assets.Sample, 0o600); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "inspect", path, "--json")
	var inspected struct {
		SchemaVersion int `json:"schemaVersion"`
	}
	x.document(&inspected)
	x.want(cli.ExitDone, "inspect", "file:///"+strings.ReplaceAll(filepath.ToSlash(path), " ", "%20"))
	x.want(cli.ExitDone, "inspect", strings.ToUpper(path[:1])+path[1:]+`"`) // the quote that "C:\Folder\" leaves
	began := time.Now()
	x.want(cli.ExitDone, "send", path, "--practice", "--json")
	if a := x.account(); a.RowsSent != 480 {
		t.Errorf("%d rows sent", a.RowsSent)
	}
	x.want(cli.ExitDone, "runs", "list")
	x.says("480")
	// Times are those of the zone that the system is set to; for .ci/windows that is one of its own.
	if _, offset := time.Now().Zone(); underWine() && offset > -4*3600 {
		t.Errorf("the zone is %d s from UTC", offset)
	}
	shown := slices.ContainsFunc([]time.Duration{0, time.Minute, 2 * time.Minute}, func(d time.Duration) bool {
		return strings.Contains(x.stdout, began.Add(d).Format("15:04"))
	})
	if !shown {
		t.Errorf("it began at %s:\n%s", began.Format("15:04"), x.stdout)
	}
	x.want(cli.ExitMissing, "inspect", filepath.Join(filepath.Dir(path), "missing.xlsx"))
	x.want(cli.ExitUsage, "inspect", "--nonsense")
	x.want(cli.ExitDone, "completion", "powershell")
	x.says("Register-ArgumentCompleter")
	x.want(cli.ExitDone, "version", "--json")
	var v struct{ Version, Go, System string }
	x.document(&v)
	if v.System != "windows" || v.Version == "" || !strings.HasPrefix(v.Go, "go") {
		t.Errorf("%+v", v)
	}
}

// TestProgramWithTheWindow: given a command, the program with the window answers as the one
// for terminals does.
func TestProgramWithTheWindow(t *testing.T) {
	x := program(t)
	if x.program = os.Getenv(windowProgramVariable); x.program == "" {
		t.Skip(windowProgramVariable + " names no program")
	}
	x.want(cli.ExitDone, "version", "--json")
	var v struct{ Fyne string }
	if x.document(&v); v.Fyne == "" {
		t.Errorf("it has no window:\n%s", x.stdout)
	}
	x.want(cli.ExitUsage, "inspect", "--nonsense")
	x.says("--nonsense")
}

// TestProgramPaths: folders of other computers, homes beyond the 260 letters that Windows
// once allowed, and names that Windows keeps for devices.
func TestProgramPaths(t *testing.T) {
	x := program(t)
	x.home = filepath.Join(t.TempDir(), strings.Repeat("Größe & Maß ", 10)+"x", strings.Repeat("Köln ", 30)+"x")
	folder := t.TempDir()
	if share := os.Getenv(shareVariable); share != "" {
		folder = filepath.Join(share, "Berichte 2026")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder) //nolint:errcheck // the share goes after the tests
		x.want(cli.ExitDone, "team", "create", "Finance", "--folder", filepath.Join(folder, "team"), "--tenant", "contoso.onmicrosoft.com")
		x.want(cli.ExitDone, "team", "show")
		x.says(folder)
		t.Cleanup(func() { x.run("team", "leave") })
	} else {
		t.Log(shareVariable + " names no folder of another computer")
	}
	path := filepath.Join(folder, "Umsätze.xlsx")
	if err := os.WriteFile(path, assets.Sample, 0o600); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "send", path, "--practice", "--json")
	if a := x.account(); a.RowsSent != 480 {
		t.Errorf("%d rows sent", a.RowsSent)
	}
	long := `\\?\` + path
	if rest, ok := strings.CutPrefix(path, `\\`); ok {
		long = `\\?\UNC\` + rest
	}
	for _, form := range []string{long, filepath.ToSlash(path), "file:" + filepath.ToSlash(path)} {
		x.want(cli.ExitDone, "inspect", form)
	}
	for _, device := range []string{"CON", "NUL", "COM7", "aux.xlsx", `\\.\COM7`} {
		if code := x.run("inspect", device); code != cli.ExitData && code != cli.ExitMissing {
			t.Errorf("%s: exit code %d\n%s", device, code, x.stderr)
		}
	}
	s, k := practiceService(t)
	x.stdin = k.ClientSecret
	x.want(cli.ExitDone, addArgs(s, k, "CON")...)
	defer x.run("connection", "remove", "CON")
	x.want(cli.ExitUsage, "connection", "export", "CON", "--to", filepath.Join(folder, "CON.json"))
	x.says("reserves the name for a device", "Choose another name")
	x.want(cli.ExitUsage, "connection", "export", "CON", "--to", filepath.Join(folder, "export."))
	x.want(cli.ExitDone, "connection", "export", "CON", "--to", filepath.Join(folder, "Größe.json"))
	x.want(cli.ExitDone, "connection", "test", "CON", "--report", filepath.Join(folder, "Größe.md"))
}

// stored are the names of the entries of Credential Manager that are ours.
func stored(t *testing.T) (names []string) {
	t.Helper()
	list, err := wincred.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if strings.HasPrefix(c.TargetName, "app.pushdesk.connections:") {
			names = append(names, c.TargetName)
		}
	}
	return names
}

// TestProgramConnectionLife adds, tests, changes and removes a connection. Its secret is
// in Credential Manager meanwhile, and in no file; it comes from a file as Windows
// PowerShell writes it.
func TestProgramConnectionLife(t *testing.T) {
	x := program(t)
	s, k := practiceService(t)
	before := len(stored(t))
	wide := []byte{0xff, 0xfe}
	for _, c := range []byte(k.ClientSecret + "\r\n") {
		wide = append(wide, c, 0)
	}
	x.stdin = string(wide)
	x.want(cli.ExitDone, addArgs(s, k, "Größe EU")...)
	x.want(cli.ExitDone, "connection", "show", "Größe EU")
	x.says("System keychain")
	if n := len(stored(t)); n != before+1 {
		t.Errorf("Credential Manager has %d entries of ours, before %d", n, before)
	}
	x.want(cli.ExitDone, "connection", "list")
	x.says("Größe EU")
	x.want(cli.ExitDone, "connection", "test", "Größe EU", "--json")
	x.stdin = "not~the.right_secret-0123456789abcdefgh\r\n"
	x.want(cli.ExitConnection, "connection", "rotate", "Größe EU", "--secret-stdin")
	x.says("secret is wrong")
	x.stdin = k.ClientSecret + "\r\n"
	x.want(cli.ExitDone, "connection", "rotate", "Größe EU", "--secret-stdin")
	x.want(cli.ExitDone, "connection", "test", "Größe EU")
	for _, folder := range []string{x.home, filepath.Join(os.Getenv("APPDATA"), "pushdesk"), filepath.Join(os.Getenv("APPDATA"), "fyne")} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil //nolint:nilerr // what is gone holds nothing
			}
			data, err := os.ReadFile(path)
			if err == nil && strings.Contains(string(data), k.ClientSecret) {
				t.Errorf("the secret is in %s", path)
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
	x.want(cli.ExitDone, "connection", "remove", "Größe EU")
	if n := len(stored(t)); n != before {
		t.Errorf("Credential Manager has %d entries of ours after all was removed, before %d", n, before)
	}
	x.want(cli.ExitDone, "connection", "list")
	if strings.Contains(x.stdout, "Größe EU") {
		t.Error(x.stdout)
	}
}

// TestProgramIsKilledThreeTimes ends a run without warning after a fifth, two fifths and
// three fifths of its rows, while replies are lost, and resumes it each time: no row is
// lost or doubled.
func TestProgramIsKilledThreeTimes(t *testing.T) {
	x := program(t)
	s, k := practiceService(t)
	x.stdin = k.ClientSecret
	x.want(cli.ExitDone, addArgs(s, k, "Killed")...)
	path := filepath.Join(t.TempDir(), "many rows.csv")
	var text strings.Builder
	text.WriteString("Number,Name\r\n")
	for i := range *killedRows {
		fmt.Fprintf(&text, "%d,row %d\r\n", i, i)
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	count := func() int64 {
		n, err := s.CountRows(practice.Workspace, "D", "T")
		if err != nil {
			return 0 // there is no table yet
		}
		return n
	}
	// quiet reports whether no batch has come for a moment: what is asked meanwhile is held.
	quiet := func() bool {
		last := time.Time{}
		for _, r := range s.Requests() {
			if r.Operation == faults.OpRows && r.Time.Add(r.Duration).After(last) {
				last = r.Time.Add(r.Duration)
			}
		}
		return time.Since(last) > time.Second
	}
	// posted are the batches that came, in words.
	posted := func() string {
		var all strings.Builder
		for _, r := range s.Requests() {
			if r.Operation == faults.OpRows || r.Operation == faults.OpQuery {
				fmt.Fprintf(&all, "%s %s +%s: %d, %d rows, struck %t\n", r.Time.Format("15:04:05.000"), r.Operation, r.Duration.Round(time.Millisecond), r.Status, r.Rows, r.Struck)
			}
		}
		return all.String()
	}
	limit := 5 * time.Minute
	if *killedAnytime {
		limit = 10 * time.Minute
	}
	args := []string{"send", path, "--connection", "Killed", "--dataset", "D", "--table", "T", "--create", "--yes", "--json"}
	for kill := range 3 {
		before, goal := count(), int64(*killedRows*(kill+1)/5)
		lost := 0
		if !*killedAnytime { // the goal may be reached already, by batches that were lost
			lost = s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: max(1, int((goal-before)/powerbi.MaxRowsPerRequest)), Times: -1, CutAfter: true})
		}
		var out bytes.Buffer
		c := x.start(&out, args...)
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		t.Cleanup(func() { _ = c.Process.Kill() }) // else it would hold its folder
		end, hold := time.Now().Add(limit), make(chan struct{})
		wait := func(what string, holds func() bool) {
			t.Helper()
			for ; !holds(); time.Sleep(2 * time.Millisecond) {
				select {
				case err := <-ended:
					t.Fatalf("kill %d: it ended with %v before %s:\n%s", kill+1, err, what, out.String())
				default:
				}
				if time.Now().After(end) {
					t.Fatalf("kill %d: not %s, with %d rows:\n%s\n%s", kill+1, what, count(), out.String(), posted())
				}
			}
		}
		if *killedAnytime {
			wait("enough rows were stored", func() bool { return count() >= goal })
		} else {
			wait("replies were lost", func() bool { return s.Faults().Struck(lost) > 0 })
			asked := s.Faults().Add(faults.Fault{Operation: faults.OpQuery, Times: -1, Hold: hold})
			wait("it looks for what became of them", func() bool { return s.Faults().Struck(asked) > 0 && quiet() })
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-ended
		s.Faults().Clear()
		close(hold)
		x.want(cli.ExitDone, "runs", "list", "--json")
		var list struct{ Runs []struct{ RunID string } }
		x.document(&list)
		if len(list.Runs) != 1 {
			t.Fatalf("kill %d: %d runs", kill+1, len(list.Runs))
		}
		args = []string{"runs", "resume", list.Runs[0].RunID, "--json"}
		t.Logf("killed with %d of %d rows in the table", count(), *killedRows)
	}
	code := x.run(args...)
	if code != cli.ExitDone && !(*killedAnytime && code == cli.ExitUnproven) { // what never came was sent again, which is said
		t.Fatalf("exit code %d\n%s\n%s", code, x.stdout, x.stderr)
	}
	rows, err := s.Rows(practice.Workspace, "D", "T")
	if err != nil {
		t.Fatal(err)
	}
	seen := make([]int, *killedRows)
	for _, r := range rows {
		var row struct{ Number int }
		if err := json.Unmarshal(r, &row); err != nil || row.Number >= len(seen) {
			t.Fatalf("%s: %v", r, err)
		}
		seen[row.Number]++
	}
	for i, n := range seen {
		if n != 1 {
			t.Fatalf("row %d is in the table %d times", i, n)
		}
	}
	t.Logf("%d rows in the table, each once", len(rows))
}

// desktopVariable makes the test program start Pushdesk as Windows' desktop does.
const desktopVariable = "PUSHDESK_TEST_DESKTOP"

// TestStartedFromTheDesktop: a program that was started with a double click, that is by
// explorer.exe, runs. cobra ends such programs unless it is told not to.
func TestStartedFromTheDesktop(t *testing.T) {
	if path := os.Getenv(desktopVariable); path != "" {
		out, err := exec.CommandContext(context.Background(), path, "version").CombinedOutput()
		fmt.Printf("%s\n%v\n", out, err)
		return
	}
	x := program(t)
	own, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	explorer := filepath.Join(t.TempDir(), "explorer.exe")
	if err := os.WriteFile(explorer, own, 0o700); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), explorer, "-test.run=^TestStartedFromTheDesktop$")
	c.Env = append(os.Environ(), desktopVariable+"="+os.Getenv(windowProgramVariable), storage.HomeVariable+"="+x.home)
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Commit") || strings.Contains(string(out), "command line tool") {
		t.Errorf("%v\n%s", err, out)
	}
}
