//go:build linux || darwin

package file_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pushdesk/connection/file"
	"pushdesk/storage"
)

// other runs a test of this file as a program of its own, with what it is to do in
// the environment.
func other(test, what, path string) *exec.Cmd {
	c := exec.Command(os.Args[0], "-test.run=^"+test+"$", "-test.v")
	c.Env = append(os.Environ(), "PUSHDESK_TEST_AS="+what, "PUSHDESK_TEST_PATH="+path)
	return c
}

// inside tells what this program is to do when it was started by other.
func inside() (what, path string) {
	return os.Getenv("PUSHDESK_TEST_AS"), os.Getenv("PUSHDESK_TEST_PATH")
}

const eachProgram = 40

// patient does something once more while the other program does not give the lock away: on
// a busy machine that can last longer than a change waits.
func patient(t *testing.T, do func() error) {
	t.Helper()
	for {
		err := do()
		if err == nil {
			return
		}
		if _, held := errors.AsType[*storage.LockedError](err); !held {
			t.Fatal(err)
		}
	}
}

// Two programs add and change connections at the same time. Nothing of either is lost.
func TestTwoProgramsAtOnce(t *testing.T) {
	if what, path := inside(); what != "" {
		s := open(t, path)
		for i := range eachProgram {
			c := sound()
			c.Name = fmt.Sprintf("%s %d", what, i)
			patient(t, func() (err error) { c, err = s.Add(c); return err })
			c.Notes = "changed"
			patient(t, func() error { _, err := s.Update(c); return err })
			patient(t, func() error { return s.Touch(c.ID) })
		}
		return
	}
	path := filepath.Join(t.TempDir(), "connections.json")
	type ended struct {
		out []byte
		err error
	}
	done := make(chan ended)
	for _, who := range []string{"left", "right"} {
		go func() {
			out, err := other("TestTwoProgramsAtOnce", who, path).CombinedOutput()
			done <- ended{out, err}
		}()
	}
	for range 2 {
		if e := <-done; e.err != nil {
			t.Errorf("%v\n%s", e.err, e.out)
		}
	}
	s := open(t, path)
	list := s.List()
	if len(list) != 2*eachProgram || len(s.Notices()) != 0 {
		t.Errorf("%d connections, %q", len(list), s.Notices())
	}
	for _, c := range list {
		if c.Notes != "changed" || c.Used.IsZero() {
			t.Errorf("a change was lost: %+v", c)
		}
	}
}

// A program is killed again and again while it writes. The file is always whole,
// and holds what was said to be saved.
func TestKilledWhileWriting(t *testing.T) {
	if what, path := inside(); what != "" {
		s := open(t, path)
		for i := 0; ; i++ {
			c := add(t, s, fmt.Sprintf("%s %d", what, i))
			fmt.Printf("saved %s\n", c.Name)
		}
	}
	path := filepath.Join(t.TempDir(), "connections.json")
	s := open(t, path)
	first := sound()
	first.Name, first.Notes = "First", strings.Repeat("A long note. ", 8_000) // so that writing takes its time
	if _, err := s.Add(first); err != nil {
		t.Fatal(err)
	}
	var saved []string
	for round := range 6 {
		c := other("TestKilledWhileWriting", fmt.Sprintf("round %d", round), path)
		out, err := c.StdoutPipe()
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "saved "); ok {
				if saved = append(saved, name); strings.HasSuffix(name, fmt.Sprint(" ", 2+round)) {
					_ = c.Process.Kill()
				}
			}
		}
		if err := c.Wait(); err == nil {
			t.Fatal("the program ended by itself")
		}
		s := open(t, path)
		names := strings.Split(namesOf(s.List()), "|")
		for _, name := range saved {
			if !slices.Contains(names, name) {
				t.Errorf("%q is lost", name)
			}
		}
		if len(s.Notices()) != 0 {
			t.Errorf("the file was damaged: %q", s.Notices())
		}
		add(t, s, fmt.Sprintf("After %d", round)) // the dead program's lock holds nobody up
	}
}

// A disk that is full when the file is written leaves file and list as they were,
// and says so. The limit on the size of files holds for a whole program.
func TestDiskFull(t *testing.T) {
	if _, path := inside(); path != "" {
		s := open(t, path)
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: 4096, Max: 4096}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		c, err := s.Find("One")
		if err != nil {
			t.Fatal(err)
		}
		changed := c
		changed.Notes = strings.Repeat("x", 8192)
		two := sound()
		two.Name, two.Notes = "Two", changed.Notes
		_, added := s.Add(two)
		_, updated := s.Update(changed)
		for _, err := range []error{added, updated} {
			var e *storage.FileError
			if !errors.As(err, &e) || !e.Full || !strings.Contains(e.Failure().Remedy, "still there") {
				t.Errorf("%v", err)
			}
		}
		if got, err := s.Find("One"); err != nil || !got.Equal(c) || len(s.List()) != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		return
	}
	s, path := newStore(t)
	add(t, s, "One")
	before := contentOf(t, path)
	if out, err := other("TestDiskFull", "full", path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if contentOf(t, path) != before {
		t.Error("the file was changed")
	}
	if got, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".~*")); err != nil || len(got) != 0 {
		t.Errorf("left behind: %v, %v", got, err)
	}
	if _, err := file.Open(path); err != nil {
		t.Error(err)
	}
}
