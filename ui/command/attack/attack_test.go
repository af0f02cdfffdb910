//go:build unix

package attack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pushdesk/storage"
	"pushdesk/ui/command/cli"
)

// Without -attacks a part of each table is tried, in the same minute as everything else.
var long = flag.Bool("attacks", false, "try every attack")

const (
	mostMemory    = 200 << 20
	mostProcessor = 20               // seconds
	mostOutput    = 4 << 20          // bytes
	patience      = 2 * time.Second  // without working, before the first Ctrl+C, and between it and the second
	mostPatience  = 60 * time.Second // however much it works
	mostEnding    = 30 * time.Second // after the second; a busy computer is slow to start and to end it
)

// program is the built program.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("The attacks run the built program: none of them is short.")
		os.Exit(0)
	}
	dir, err := os.MkdirTemp("", "attack")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program = filepath.Join(dir, "pushdesk")
	build := exec.CommandContext(context.Background(), "go", "build", "-tags", "ci,migrated_fynedo", "-o", program, "pushdesk")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	code := 1
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
	} else {
		code = m.Run()
	}
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// result is what became of one command line.
type result struct {
	args        []string
	code        int
	out, err    string
	cut         bool // it said more than anybody reads
	interrupted int
	killed      bool
	signal      syscall.Signal
	memory      int64
}

// capped keeps the first bytes of what is said.
type capped struct {
	bytes.Buffer
	cut bool
}

func (c *capped) Write(p []byte) (int, error) {
	if room := mostOutput - c.Len(); room < len(p) {
		c.cut = true
		c.Buffer.Write(p[:max(room, 0)])
		return len(p), nil
	}
	return c.Buffer.Write(p)
}

// run runs one command line, and ends it as a person would who has no patience.
func run(t testing.TB, home string, env []string, args ...string) result {
	t.Helper()
	return ended(t, os.Interrupt, home, env, args...)
}

// ended does the same with any signal.
func ended(t testing.TB, by os.Signal, home string, env []string, args ...string) result {
	t.Helper()
	r := result{args: args}
	c := exec.CommandContext(context.Background(), "sh", append([]string{"-c", fmt.Sprintf(`ulimit -t %d; exec "$0" "$@"`, mostProcessor), program}, args...)...)
	c.Env = append(append(os.Environ(), storage.HomeVariable+"="+home, "LC_ALL=C.UTF-8"), env...)
	c.Dir = t.TempDir()
	var out, said capped
	c.Stdout, c.Stderr = &out, &said
	c.WaitDelay = time.Second
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- c.Wait() }()
	var err error
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	seen, worked, began := int64(0), 0, time.Now()
	last := began // when it worked last, or was told to end
	for running := true; running; {
		select {
		case err = <-over:
			running = false
			continue
		case <-ticks.C:
		}
		seen = max(seen, peak(c.Process.Pid))
		now := time.Now()
		if w := work(c.Process.Pid); w > worked && r.interrupted == 0 {
			worked, last = w, now
		}
		switch waited := now.Sub(last); {
		case r.interrupted == 0 && waited < patience && now.Sub(began) < mostPatience, r.interrupted == 1 && waited < patience, r.interrupted > 1 && waited < mostEnding:
			continue
		case r.interrupted > 1:
			r.killed = true
			_ = c.Process.Kill()
		default:
			r.interrupted++
			_ = c.Process.Signal(by)
		}
		last = now
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		t.Fatal(err)
	}
	r.code, r.out, r.err, r.cut = c.ProcessState.ExitCode(), out.String(), said.String(), out.cut || said.cut
	if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		r.signal = status.Signal()
	}
	r.memory = maxRSS(c.ProcessState.SysUsage())
	if own := ownPeak(); r.memory <= own && seen > 0 { // a new process begins with the peak of the one that started it
		r.memory = seen
	}
	return r
}

// maxRSS is the peak of memory in bytes.
func maxRSS(usage any) int64 {
	u, ok := usage.(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "linux" {
		return u.Maxrss << 10
	}
	return u.Maxrss
}

func ownPeak() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return maxRSS(&u)
}

// peak is the peak of a running process, where the system tells; else 0.
func peak(pid int) (n int64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	if _, after, ok := bytes.Cut(text, []byte("VmHWM:")); ok {
		if _, err := fmt.Sscan(string(after), &n); err != nil {
			return 0
		}
	}
	return n << 10
}

// work is the processor time of a running process in ticks, where the system tells; else 0.
func work(pid int) int {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(line[bytes.LastIndexByte(line, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return user + system
}

var (
	panics = regexp.MustCompile(`(?m)^panic: |^fatal error: |^goroutine \d+ \[|runtime error: `)
	coded  = regexp.MustCompile(`"(code|reason)": ?"[a-z0-9-]+"`)
)

// survived checks what every attack must leave whole: the program ends by itself or when
// it is told to, within its limits, without a panic, without a secret in what it says, and
// with an error that has a code.
func survived(t testing.TB, what string, r result, secrets ...string) {
	t.Helper()
	all := r.out + r.err
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: %q: %s\n%.1500s", what, r.args, fmt.Sprintf(format, args...), all)
	}
	switch {
	case r.killed:
		fail("it did not end after two Ctrl+C")
	case r.signal == syscall.SIGINT && all == "": // it had not begun yet
	case r.signal != 0:
		fail("it was ended by %v", r.signal)
	case r.memory > mostMemory:
		fail("it took %d MB", r.memory>>20)
	case r.cut:
		fail("it said more than %d bytes", mostOutput)
	case panics.MatchString(all):
		fail("it panicked")
	case r.code < 0 || r.code > 10:
		fail("exit code %d", r.code)
	case r.code != 0 && r.interrupted < 2 && !coded.MatchString(all):
		fail("exit code %d and no code of an error", r.code)
	}
	for _, s := range secrets {
		if len(s) > 8 && strings.Contains(all, s) {
			fail("a secret is in what it said")
		}
	}
	if bad := obeyed(all); bad != "" {
		fail("%s would be obeyed by a terminal", bad)
	}
}

// obeyed returns what of a text a terminal would obey.
func obeyed(s string) string {
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x61c || r >= 0xe0000 && r <= 0xe007f {
			return fmt.Sprintf("%U", r)
		}
	}
	return ""
}

// attack is one of a table.
type attack struct {
	name string
	run  func(t *testing.T)
}

// try runs the attacks of a table: all of them, or every n-th.
func try(t *testing.T, nth int, list []attack) {
	t.Helper()
	if *long {
		nth = 1
	}
	// They wait more than they work, except for the processor of two at a time.
	free := make(chan struct{}, 4)
	var group sync.WaitGroup
	for i, a := range list {
		if i%nth != 0 {
			continue
		}
		free <- struct{}{}
		group.Go(func() {
			defer func() { <-free }()
			t.Run(a.name, a.run)
		})
	}
	group.Wait()
	t.Logf("%d of %d attacks", (len(list)+nth-1)/nth, len(list))
}

// reply is what a command says with --json, as far as attacks look at it.
type reply struct {
	RunID                                             string
	RowsSent, RowsConfirmed, RowsUnknown, RowsNotSent int64
}

func (r result) reply() (got reply, ok bool) {
	return got, json.Unmarshal([]byte(r.out), &got) == nil
}

// withoutSecret reports whether a connection was added, and said to have no secret.
func withoutSecret(r result) bool {
	return r.code == cli.ExitConnection && strings.Contains(r.err, "was added without a secret")
}

func write(t testing.TB, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
