package command

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

// leaves calls f with each command that is no group.
func leaves(f func(words []string, cmd *cobra.Command)) {
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
		if cmd.Runnable() && len(cmd.Commands()) == 0 {
			f(strings.Fields(cmd.CommandPath())[1:], cmd)
		}
	}
	walk(newRoot(&cli.Env{World: cli.World{Out: io.Discard, Err: io.Discard, In: strings.NewReader(""), Getenv: func(string) string { return "" }}}))
}

// TestMissingArguments is situation L9: what a command lacks is named as missing, and a slip
// in a flag is answered with the flag that was meant, by every command, also with --json (L3).
func TestMissingArguments(t *testing.T) {
	x := apart(t)
	tried := 0
	leaves(func(words []string, cmd *cobra.Command) {
		x.want(cli.ExitUsage, append(words, "--jsno")...)
		x.says("Did you mean --json?")
		x.want(cli.ExitUsage, append(words, "--json", "--no-such-flag-at-all")...)
		var d struct {
			SchemaVersion int
			Reason        string
			Error         cli.Problem
		}
		if x.document(&d); d.SchemaVersion == 0 || d.Reason != cli.ReasonUsage || !strings.Contains(d.Error.Sentence, "--no-such-flag-at-all") {
			t.Errorf("%v: %s", words, x.stdout)
		}
		if argument := regexp.MustCompile(`^[a-z-]+ \[?[A-Za-z]`); !argument.MatchString(cmd.Use) || strings.Contains(cmd.Use, " [") {
			return
		}
		x.want(cli.ExitUsage, words...)
		if said := x.stdout + x.stderr; strings.Contains(said, "not found") || strings.Contains(said, "no such") || !strings.Contains(said, "Name") && !strings.Contains(said, "Give") && !strings.Contains(said, "--") {
			t.Errorf("%v: %s", words, said)
		}
		tried++
	})
	if tried < 15 {
		t.Errorf("only %d commands want an argument", tried)
	}
	x.want(cli.ExitUsage, "help", "send", "bogus")
	x.says(`There is no help about "send bogus"`)
	x.want(cli.ExitUsage, "send", "x.csv", "--practice", "--limit", "many")
	if x.says("--limit"); strings.Contains(x.stderr, "strconv") {
		t.Errorf("%s", x.stderr)
	}
}

// TestTheWindowTakesNoFlags: what has no effect without a command is refused (L3, L4).
func TestTheWindowTakesNoFlags(t *testing.T) {
	x := newTerminal(t)
	for _, flag := range []string{"--json", "--quiet", "--log-times"} {
		x.want(cli.ExitUsage, flag)
		x.says(flag + " has no effect here")
		x.service(practice.AppPractice)
		x.want(cli.ExitUsage, "connection", "edit", "Local", flag) // nothing is to be changed
		x.says("Nothing is to be changed")
		x = newTerminal(t)
	}
}

// TestNamesThatANewcomerTries is situation L10, beside TestThePracticeConnectionCanBeSeen and
// TestStandardInput: a sample file, short IDs of runs, and the last run.
func TestNamesThatANewcomerTries(t *testing.T) {
	x := newTerminal(t)
	t.Chdir(t.TempDir())
	for _, name := range []string{"sample", "sample.xlsx", "Sample"} {
		x.want(cli.ExitDone, "inspect", name, "--json")
		x.says("the sample workbook is used")
	}
	x.want(cli.ExitDone, "mapping", "init", "sample")
	x.says("tables:")
	x.want(cli.ExitDone, "send", "sample", "--practice", "--json")
	a := x.account()
	if a.RowsSent != 480 {
		t.Errorf("%+v", a)
	}
	for _, id := range []string{"last", a.RunID[:8], a.RunID[len(a.RunID)-6:]} {
		x.want(cli.ExitDone, "runs", "show", id, "--json")
		if b := x.account(); b.RunID != a.RunID {
			t.Errorf("%q is %s", id, b.RunID)
		}
	}
	// A file of the name is that file.
	if err := os.WriteFile("sample", []byte("A,B\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "send", "sample", "--practice", "--json")
	if a := x.account(); a.RowsSent != 1 {
		t.Errorf("%+v", a)
	}
	x.want(cli.ExitMissing, "send", "sample.csv", "--practice")
	// Standard input is - for each command that reads a file.
	for _, line := range [][]string{{"inspect", "-", "--json"}, {"inspect", "-", "--cells"}, {"mapping", "init", "-"}, {"send", "-", "--practice", "--dry-run"}} {
		x.stdin = "Depot,Units\nGent,1\n"
		x.want(cli.ExitDone, line...)
		x.says("Units")
	}
	if left, _ := os.ReadDir(filepath.Join(x.home, "input")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// TestAdviceIsForTheCommandAtHand is situation L5: a command advises no flag that it has not,
// unless it says whose flag it is.
func TestAdviceIsForTheCommandAtHand(t *testing.T) {
	x := apart(t)
	path := tempFile(t, "stock.csv", []byte("Depot,Units\nGent,1\nMons,2\nLuik,3\n"))
	x.want(cli.ExitDone, "send", path, "--practice", "--json")
	id := x.account().RunID
	advised := func(line ...string) {
		t.Helper()
		code := x.run(line...)
		said := x.stdout + x.stderr
		if code == cli.ExitDone {
			t.Fatalf("%v: %s", line, said)
		}
		cmd, _, err := newRoot(&cli.Env{World: cli.World{Getenv: func(string) string { return "" }}}).Find(line)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(said, -1) {
			if cmd.Flags().Lookup(name[2:]) == nil && cmd.InheritedFlags().Lookup(name[2:]) == nil && !strings.Contains(said, "pushdesk send") {
				t.Errorf("%v advises %s:\n%s", line, name, said)
			}
		}
	}
	advised("runs", "again", id)
	x.says("--yes to add them once more")
	if err := os.WriteFile(path, []byte("Depot,Units,Note\nGent,1,x\nMons,2,y\nLuik,3,z\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	advised("runs", "again", id, "--yes")
	if err := os.WriteFile(path, []byte("Depot,Units\nGent,1\nMons,many\nLuik,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	advised("runs", "again", id, "--yes")
	x.says("Flags of pushdesk send")
}

// TestThePracticeAuthorityIsInTheHome is situation L13, and says what other clients have to
// set.
func TestThePracticeAuthorityIsInTheHome(t *testing.T) {
	x := newTerminal(t)
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, t.TempDir())
	}
	if code := x.runUntil(ended(), "practice", "--json"); code != cli.ExitDone {
		t.Fatalf("%d: %s", code, x.stderr)
	}
	var d struct{ CAFile string }
	if x.document(&d); !strings.HasPrefix(d.CAFile, x.home) {
		t.Errorf("%s is not in %s", d.CAFile, x.home)
	}
	if list, err := os.ReadDir(os.TempDir()); err != nil || len(list) > 0 {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := os.Stat(d.CAFile); err == nil {
		t.Error("it stays")
	}
	x.runUntil(ended(), "practice")
	x.says("Other clients: trust the CA file", "instance discovery")
	x.want(cli.ExitDone, "practice", "--help")
	x.says("knownAuthorities", "instance_discovery=False", "disableInstanceDiscovery", "DisableInstanceDiscovery")
}

// TestHelpIsComplete is situation L14: every path of the practice service with its fields,
// examples for schedulers, and what must exist on the Microsoft side.
func TestHelpIsComplete(t *testing.T) {
	x := apart(t)
	x.want(cli.ExitDone, "help", "practice-paths")
	control, err := os.ReadFile(filepath.Join("..", "..", "powerbi", "practice", "control.go"))
	if err != nil {
		t.Fatal(err)
	}
	paths := regexp.MustCompile(`case "([A-Z]+) ([a-z-]+)":`).FindAllStringSubmatch(string(control), -1)
	if len(paths) < 10 {
		t.Fatalf("%d paths", len(paths))
	}
	for _, p := range paths {
		x.says("`" + p[1] + " /practice/" + p[2] + "`")
	}
	for _, field := range regexp.MustCompile("`json:\"([A-Za-z]+)\"`").FindAllStringSubmatch(string(control), -1) {
		x.says("`" + field[1] + "`")
	}
	var fields func(of reflect.Type)
	fields = func(of reflect.Type) {
		for i := range of.NumField() {
			f := of.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" || name == "" {
				continue
			}
			x.says("`" + name + "`")
			if f.Type.Kind() == reflect.Struct {
				fields(f.Type)
			}
		}
	}
	fields(reflect.TypeFor[faults.Behavior]())
	fields(reflect.TypeFor[faults.Fault]())
	operations, err := os.ReadFile(filepath.Join("..", "..", "powerbi", "practice", "faults", "operation.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range regexp.MustCompile(`Op[A-Za-z]+ +Operation = "([a-z-]+)"`).FindAllStringSubmatch(string(operations), -1) {
		if op[1] != string(faults.OpControl) && op[1] != string(faults.OpUnknown) {
			x.says("`" + op[1] + "`")
		}
	}
	x.want(cli.ExitDone, "help", "schedule")
	x.says("cron", "schtasks", "systemd", "help entra", "--on-drift", "PUSHDESK_HOME")
	// What the page types is understood.
	for _, flag := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(x.stdout, -1) {
		known := false
		leaves(func(_ []string, cmd *cobra.Command) { known = known || cmd.Flags().Lookup(flag[2:]) != nil })
		if !known && flag != "--json" && flag != "--quiet" && flag != "--log-times" && flag != "--help" {
			t.Errorf("there is no flag %s", flag)
		}
	}
	x.want(cli.ExitDone, "help", "entra")
	x.says("Dataset.ReadWrite.All", "Service principals can")
	x.want(cli.ExitDone, "--help")
	x.says("help entra", "schedule", "practice-paths")
}
