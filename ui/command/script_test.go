package command

import (
	"context"
	"encoding/json"
	"os"
	"os/signal"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"pushdesk/storage"
	"pushdesk/ui/command/cli"
)

// TestMain lets the scripts of testdata/script run pushdesk as a program.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pushdesk": func() {
		interrupt := make(chan os.Signal, 2)
		signal.Notify(interrupt, os.Interrupt)
		os.Exit(Main(context.Background(), os.Args[1:], cli.World{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv,
			OpenWindow: func(context.Context) error { return nil }, Interrupt: interrupt, Version: "test"}))
	}})
}

// TestScripts runs the scripts, which show what the commands are for. They have two
// commands of their own: await waits until a file is there, and runid sets the variable
// RUN to the ID of the newest run.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv(storage.HomeVariable, filepath.Join(e.WorkDir, "home"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await": func(ts *testscript.TestScript, _ bool, args []string) {
				for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
					if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
						return
					}
					if time.Now().After(end) {
						ts.Fatalf("%s is not there", args[0])
					}
				}
			},
			"runid": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Check(ts.Exec("pushdesk", "runs", "list", "--json"))
				ts.Setenv("RUN", newestRun(ts))
			},
		},
	})
}

// newestRun is the ID of the first run in the list on standard output.
func newestRun(ts *testscript.TestScript) string {
	var list struct{ Runs []struct{ RunID string } }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &list))
	if len(list.Runs) == 0 {
		ts.Fatalf("there are no runs")
	}
	return list.Runs[0].RunID
}
