package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage"
	"pushdesk/ui/command/cli"
)

// terminal runs commands as a person would, each in a new program with the same
// home and environment.
type terminal struct {
	t         *testing.T
	home      string
	apart     bool // this home is given to the commands, and not to the whole process
	env       map[string]string
	stdin     string
	lines     []string          // what a person types when asked; nobody is asked when it is nil
	hidden    []string          // and what is typed unseen
	interrupt chan os.Signal    // Ctrl+C; nil: nobody presses it
	hears     func(said string) // is told all that was said so far, at each line
	outside   []string          // runs each command as a program of its own in this environment; nil: in this program
	program   string            // that program, in place of this one
	stdout    string            // of the last command
	stderr    string
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	home := t.TempDir()
	t.Setenv(storage.HomeVariable, home)
	return &terminal{t: t, home: home, env: map[string]string{}}
}

// apart is a terminal of a test that runs beside others. Programs that it starts itself, and
// what asks for the home of the process, do not know its home.
func apart(t *testing.T) *terminal {
	t.Helper()
	t.Parallel()
	return &terminal{t: t, home: t.TempDir(), env: map[string]string{}, apart: true}
}

// run runs one command line and gives its exit code.
func (x *terminal) run(args ...string) int {
	x.t.Helper()
	return x.runUntil(context.Background(), args...)
}

func (x *terminal) runUntil(ctx context.Context, args ...string) int {
	x.t.Helper()
	if x.outside != nil {
		return x.runOutside(args...)
	}
	var out bytes.Buffer
	errs := &heard{tell: x.hears}
	ask := func(from *[]string) func(string) (string, error) {
		if *from == nil {
			return nil
		}
		return func(prompt string) (string, error) {
			fmt.Fprint(errs, prompt)
			if len(*from) == 0 {
				return "", io.EOF
			}
			next := (*from)[0]
			*from = (*from)[1:]
			return next, nil
		}
	}
	var home string
	if x.apart {
		home = x.home
	}
	code := Main(ctx, args, cli.World{
		Home:    home,
		AskLine: ask(&x.lines), AskSecret: ask(&x.hidden),
		In: strings.NewReader(x.stdin), Out: &out, Err: errs,
		Getenv:     func(name string) string { return x.env[name] },
		OpenWindow: func(context.Context) error { return nil },
		Version:    "test",
		Interrupt:  x.interrupt,
	})
	x.stdin, x.stdout, x.stderr = "", out.String(), errs.String()
	x.fitsSchema(args, code)
	return code
}

// runOutside runs one command line in a program of its own: see TestChild.
func (x *terminal) runOutside(args ...string) int {
	x.t.Helper()
	var out, errs bytes.Buffer
	c := exec.Command(os.Args[0], "-test.run=^TestChild$")
	if x.program != "" {
		c = exec.Command(x.program, args...)
	}
	c.Env = append(append(os.Environ(), x.outside...), "PUSHDESK_TEST_CHILD="+strings.Join(args, "\x1f"), storage.HomeVariable+"="+x.home)
	for name, value := range x.env {
		c.Env = append(c.Env, name+"="+value)
	}
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(x.stdin), &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		x.t.Fatal(err)
	}
	x.stdin, x.stdout, x.stderr = "", out.String(), errs.String()
	return c.ProcessState.ExitCode()
}

// heard is what a command says, which is listened to while the command runs.
type heard struct {
	tell func(said string)
	said bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	n, err := h.said.Write(p)
	if h.tell != nil {
		h.tell(h.said.String())
	}
	return n, err
}

func (h *heard) String() string { return h.said.String() }

// want runs a command that must end with an exit code.
func (x *terminal) want(code int, args ...string) {
	x.t.Helper()
	if got := x.run(args...); got != code {
		x.t.Fatalf("pushdesk %s: exit code %d, want %d\n%s\n%s", strings.Join(args, " "), got, code, x.stdout, x.stderr)
	}
}

// document decodes what the last command printed, which must be one document.
func (x *terminal) document(into any) {
	x.t.Helper()
	d := json.NewDecoder(strings.NewReader(x.stdout))
	if err := d.Decode(into); err != nil {
		x.t.Fatalf("standard output is not JSON: %v\n%s\n%s", err, x.stdout, x.stderr)
	}
	if d.More() {
		x.t.Fatalf("standard output holds more than one document:\n%s", x.stdout)
	}
}

// says checks that words stand in what the last command printed.
func (x *terminal) says(words ...string) {
	x.t.Helper()
	for _, w := range words {
		if !strings.Contains(x.stdout+x.stderr, w) {
			x.t.Errorf("nothing says %q:\n%s\n%s", w, x.stdout, x.stderr)
		}
	}
}

// tempFile writes a file into a folder of the test.
func tempFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// service starts a practice service and adds a connection to it as one of its
// ready-made apps. The secret is in the environment, as on a scheduler.
func (x *terminal) service(app string) (*practice.Service, practice.Credential) {
	x.t.Helper()
	s, err := practice.Start(practice.Options{})
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { _ = s.Close() })
	k, ok := s.Credential(app)
	if !ok {
		x.t.Fatalf("no app %q", app)
	}
	x.env[cli.SecretVariable] = k.ClientSecret
	x.add(s, "Local", k.TenantID, k.ClientID)
	return s, k
}

func (x *terminal) add(s *practice.Service, name, tenant, client string) {
	x.t.Helper()
	x.want(cli.ExitDone, "connection", "add", "--name", name, "--cloud", "custom", "--authority-url", s.LoginURL(), "--api-url", s.APIURL(),
		"--resource", s.Resource(), "--ca-file", s.CAFile(), "--tenant", tenant, "--client", client)
}

// sales writes a workbook like those that finance departments send around: a
// defined table with padded headers, money formats, dates and codes.
func sales(t *testing.T, rows int) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Sheet1"
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	money, day := 44, 14 // built-in number formats
	moneyStyle, err := f.NewStyle(&excelize.Style{NumFmt: money})
	check(err)
	dayStyle, err := f.NewStyle(&excelize.Style{NumFmt: day})
	check(err)
	check(f.SetSheetRow(sheet, "A1", &[]any{"Segment", " Units Sold ", "  Gross Sales ", "Date", "Month Number", "Year", "Paid", "Postcode"}))
	start := time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		check(f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+2), &[]any{
			[]string{"Government", "Midmarket", "Channel Partners"}[i%3], 1618.5 + float64(i), 32370.0 + float64(i)/4,
			start.AddDate(0, 0, i%365), i%12 + 1, fmt.Sprint(2013 + i%2), i%2 == 0, fmt.Sprintf("%05d", i)}))
	}
	check(f.SetColStyle(sheet, "C", moneyStyle))
	check(f.SetCellStyle(sheet, "C2", fmt.Sprintf("C%d", rows+1), moneyStyle))
	check(f.SetCellStyle(sheet, "D2", fmt.Sprintf("D%d", rows+1), dayStyle))
	check(f.AddTable(sheet, &excelize.Table{Range: fmt.Sprintf("A1:H%d", rows+1), Name: "financials"}))
	path := filepath.Join(t.TempDir(), "Sales 2014.xlsx")
	check(f.SaveAs(path))
	return path
}

// passes makes the runs so far longer ago.
func (x *terminal) passes(d time.Duration) {
	x.t.Helper()
	h, err := history.Open(filepath.Join(x.home, "runs"))
	if err != nil {
		x.t.Fatal(err)
	}
	_, err = h.DB().Exec("UPDATE runs SET begun = begun - ?", d.Nanoseconds())
	if err := errors.Join(err, h.Close()); err != nil {
		x.t.Fatal(err)
	}
}
