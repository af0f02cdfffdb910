//go:build display

package windowtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A test of the real window reads like this:
//
//	p := Start(t, Options{})
//	p.Press("New connection")
//	p.Fill("Name", "Sales EU")
//	p.Press("Save")
//	p.WaitFor("Sales EU is saved.")
//
// Where a thing stands is asked from the program (ScreenOf); the pointer and the
// keys are the screen's own. Nothing waits a fixed time: every step waits for what
// it needs, and a picture of the window is kept when that never comes.

// What .ci/window and .ci/windows set.
const (
	binaryVariable   = "PUSHDESK_BINARY"   // the program, built with the tag display
	picturesVariable = "PUSHDESK_PICTURES" // the folder for pictures of failures
	wineVariable     = "PUSHDESK_WINE"     // the program is one for Windows: what starts it
)

// patience is how long a step waits for what it needs. Without a graphics card a
// page may take a second to be drawn, and the machine may be busy.
var patience = 20 * time.Second

func init() {
	if wine() != "" {
		patience *= 6
	}
}

// wine is what starts a program for Windows; "" when the tests are of this system.
func wine() string { return os.Getenv(wineVariable) }

// outside is a path as the program under test knows it.
func outside(path string) string {
	if wine() == "" {
		return path
	}
	return "Z:" + strings.ReplaceAll(path, "/", `\`)
}

// Options say how the program is started.
type Options struct {
	Home          string   // PUSHDESK_HOME; empty is a new, empty folder
	Theme         string   // light or dark; empty is light
	Width, Height int      // of the window; 0 is 1180 x 760
	Page          string   // the page to open first
	Env           []string // more of the environment, as NAME=VALUE
}

// Program is the running program.
type Program struct {
	t       testing.TB
	Home    string
	command *exec.Cmd
	ended   chan struct{} // closed when the process has ended
	err     error         // how it ended
	log     *os.File
	socket  string
	window  string // its ID on the screen
	clicks  int    // on buttons, options and rows: what is typed into is reached with Tab

	forgiven bool // the log has a thread error on purpose
}

// threadError begins what Fyne says when the window is touched by a goroutine
// other than its own.
const threadError = "Error in Fyne call thread"

// Start starts the program and waits until its window is drawn. When the test
// ends the program is closed, and its log must be clean.
func Start(t testing.TB, o Options) *Program {
	t.Helper()
	binary := os.Getenv(binaryVariable)
	if binary == "" {
		t.Fatalf("%s is not set: run these tests with .ci/window", binaryVariable)
	}
	own, err := os.MkdirTemp("", "pushdesk-window-") // short: a socket's path has at most 107 letters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(own) })
	p := &Program{t: t, Home: o.Home, socket: filepath.Join(own, "sight"), ended: make(chan struct{})}
	if p.Home == "" {
		p.Home = filepath.Join(own, "home")
	}
	if o.Theme == "" {
		o.Theme = "light"
	}
	if o.Width == 0 {
		o.Width, o.Height = 1180, 760
	}
	for _, name := range []string{"config", "cache", "person"} {
		if err := os.Mkdir(filepath.Join(own, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if p.log, err = os.Create(filepath.Join(own, "log")); err != nil {
		t.Fatal(err)
	}
	p.command = exec.Command(binary)
	search := func() []string { return []string{"--pid", strconv.Itoa(p.command.Process.Pid)} }
	if wine() != "" {
		p.command = exec.Command(wine(), binary)
		search = func() []string { return []string{"--name", "(^| - )Pushdesk$"} } // the title, and not that of a console
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		p.socket = tcp + free.Addr().String()
		_ = free.Close()
	}
	p.command.Dir = own // away from FyneApp.toml, which could switch the thread checks off
	p.command.Stdout, p.command.Stderr = p.log, p.log
	p.command.Env = append(os.Environ(),
		"PUSHDESK_HOME="+outside(p.Home), "PUSHDESK_PAGE="+o.Page, Socket+"="+p.socket,
		"FYNE_SCALE=1", "FYNE_THEME="+o.Theme,
		"HOME="+filepath.Join(own, "person"), "XDG_CONFIG_HOME="+filepath.Join(own, "config"), "XDG_CACHE_HOME="+filepath.Join(own, "cache"))
	p.command.Env = append(p.command.Env, o.Env...)
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.err = p.command.Wait(); close(p.ended) }()
	t.Cleanup(p.end)
	p.until("the window is there", func() bool {
		out, err := exec.Command("xdotool", append([]string{"search", "--onlyvisible"}, search()...)...).Output()
		p.window, _, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
		return err == nil && p.window != ""
	})
	p.Resize(o.Width, o.Height)
	return p
}

// Resize gives the window a size.
func (p *Program) Resize(width, height int) {
	p.t.Helper()
	p.tool("xdotool", "windowmove", p.window, "0", "0", "windowsize", p.window, strconv.Itoa(width), strconv.Itoa(height))
	p.until(fmt.Sprintf("the window is %d x %d", width, height), func() bool {
		s := p.Screen()
		return int(s.Width) == width && int(s.Height) == height
	})
}

// Screen is what is on the window now.
func (p *Program) Screen() Screen {
	p.t.Helper()
	return p.ask(Question{})
}

// Drop lets files fall on the window. It is the one thing that is not done with
// the screen's own pointer: no tool can.
func (p *Program) Drop(paths ...string) {
	p.t.Helper()
	p.ask(Question{Drop: paths})
}

// ask waits for an answer, also while the program is just starting.
func (p *Program) ask(q Question) Screen {
	p.t.Helper()
	end := time.Now().Add(patience)
	for {
		s, err := p.askOnce(q)
		if err == nil {
			return s
		}
		select {
		case <-p.ended:
			p.t.Fatalf("the program has ended (%v) and said:\n%s", p.err, p.said())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(end) {
			p.t.Fatalf("the program does not answer: %v\n%s", err, p.said())
		}
	}
}

func (p *Program) askOnce(q Question) (s Screen, err error) {
	kind, address := network(p.socket)
	c, err := net.DialTimeout(kind, address, time.Second)
	if err != nil {
		return s, err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return s, err
	}
	if err := json.NewEncoder(c).Encode(q); err != nil {
		return s, err
	}
	return s, json.NewDecoder(c).Decode(&s)
}

// until waits for a condition and fails the test, with a picture, when it never holds.
func (p *Program) until(what string, holds func() bool) {
	p.t.Helper()
	end := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(end) {
			p.fail("waited in vain until %s", what)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// fail ends the test with what is on the screen, in words and as a picture.
func (p *Program) fail(format string, args ...any) {
	p.t.Helper()
	words := "(the program does not answer)"
	if s, err := p.askOnce(Question{}); err == nil {
		words = s.Words()
	}
	where := p.keepPicture()
	p.t.Fatalf("%s\npicture: %s\nthe screen says:\n%s\nthe log says:\n%s", fmt.Sprintf(format, args...), where, words, p.said())
}

// keepPicture photographs the whole screen for whoever looks into a failure.
func (p *Program) keepPicture() string {
	dir := os.Getenv(picturesVariable)
	if dir == "" {
		dir = os.TempDir()
	}
	path := filepath.Join(dir, strings.NewReplacer("/", "-", " ", "_").Replace(p.t.Name())+".png")
	if out, err := exec.Command("import", "-window", "root", path).CombinedOutput(); err != nil {
		return fmt.Sprintf("none (%v: %s)", err, out)
	}
	return path
}

// Picture photographs the window.
func (p *Program) Picture(path string) {
	p.t.Helper()
	p.tool("import", "-window", p.window, path)
}

func (p *Program) said() string {
	data, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// tool runs a program that handles the screen.
func (p *Program) tool(name string, args ...string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	var problem bytes.Buffer
	c.Stderr = &problem
	if err := c.Run(); err != nil {
		p.fail("%s %s: %v %s", name, strings.Join(args, " "), err, problem.String())
	}
}

// Close closes the program as the system does at the end of a session, and fails
// the test when it does not end well.
func (p *Program) Close() {
	p.t.Helper()
	if wine() != "" {
		select {
		case <-p.ended:
		default:
			p.Key("ctrl+q") // Windows has no signal that asks a program to close
		}
	} else if err := p.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Errorf("close the program: %v", err)
	}
	select {
	case <-p.ended:
	case <-time.After(patience):
		_ = p.command.Process.Signal(syscall.SIGQUIT) // it then says what it was at
		<-p.ended
		p.t.Error("the program does not close")
	}
}

// end closes the program if the test did not, and judges its log.
func (p *Program) end() {
	if p.t.Failed() {
		p.keepPicture()
	}
	p.Close()
	if p.err != nil {
		p.t.Errorf("the program ended with %v and said:\n%s", p.err, p.said())
	}
	log := p.said()
	for _, bad := range []string{threadError, "panic:", "DATA RACE"} {
		if strings.Contains(log, bad) && !(p.forgiven && bad == threadError) {
			p.t.Errorf("the log says %q:\n%s", bad, log)
		}
	}
	p.log.Close()
}
