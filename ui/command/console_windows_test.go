package command

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage"
	"pushdesk/ui/command/cli"
)

// patience is how long a test waits for what a program in a console does.
const patience = 2 * time.Minute

var (
	kernel32     = windows.NewLazySystemDLL("kernel32.dll")
	free         = kernel32.NewProc("FreeConsole")
	alloc        = kernel32.NewProc("AllocConsole")
	attach       = kernel32.NewProc("AttachConsole")
	setInput     = kernel32.NewProc("SetConsoleCP")
	setOutput    = kernel32.NewProc("SetConsoleOutputCP")
	typeKeys     = kernel32.NewProc("WriteConsoleInputW")
	readCells    = kernel32.NewProc("ReadConsoleOutputCharacterW")
	startThread  = kernel32.NewProc("CreateRemoteThread")
	tellsProgram = windows.NewLazySystemDLL("kernelbase.dll").NewProc("CtrlRoutine")
	ofConsole    = kernel32.NewProc("GetConsoleWindow")
	postTo       = windows.NewLazySystemDLL("user32.dll").NewProc("PostMessageW")
)

// console is a console of Windows, which this test has for itself.
type console struct {
	t       *testing.T
	in, out *os.File
}

// newConsole makes a console with a code page, such as the 850 of western Europe.
func newConsole(t *testing.T, codePage uintptr) *console {
	t.Helper()
	_, _, _ = free.Call()
	if ok, _, err := alloc.Call(); ok == 0 {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _, _ = free.Call() })
	heard := make(chan os.Signal, 10) // what is pressed in the console comes here too
	signal.Notify(heard, os.Interrupt)
	t.Cleanup(func() { signal.Stop(heard) })
	for _, set := range []*windows.LazyProc{setInput, setOutput} {
		if ok, _, err := set.Call(codePage); ok == 0 {
			t.Fatalf("code page %d: %v", codePage, err)
		}
	}
	c := &console{t: t}
	for name, file := range map[string]**os.File{"CONIN$": &c.in, "CONOUT$": &c.out} {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		*file = f
	}
	return c
}

// start starts a command line of the program in the console.
func (c *console) start(x *terminal, args ...string) (p *exec.Cmd, ended chan int) {
	c.t.Helper()
	p = exec.Command(os.Getenv(programVariable), args...)
	p.Env = append(os.Environ(), storage.HomeVariable+"="+x.home)
	for name, value := range x.env {
		p.Env = append(p.Env, name+"="+value)
	}
	p.Stdin, p.Stdout, p.Stderr = c.in, c.out, c.out
	return p, startProcess(c.t, p)
}

// startProcess starts a program, whose exit code comes from the channel.
func startProcess(t *testing.T, p *exec.Cmd) (ended chan int) {
	t.Helper()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	ended = make(chan int, 1)
	go func() { _ = p.Wait(); ended <- p.ProcessState.ExitCode() }()
	t.Cleanup(func() { _ = p.Process.Kill() })
	return ended
}

// screen is what stands in the console.
func (c *console) screen() string {
	c.t.Helper()
	var info windows.ConsoleScreenBufferInfo
	if err := windows.GetConsoleScreenBufferInfo(windows.Handle(c.out.Fd()), &info); err != nil {
		c.t.Fatal(err)
	}
	var lines []string
	row := make([]uint16, info.Size.X)
	for y := range info.CursorPosition.Y + 1 {
		var n uint32
		if ok, _, err := readCells.Call(c.out.Fd(), uintptr(unsafe.Pointer(&row[0])), uintptr(len(row)), uintptr(uint32(uint16(y))<<16), uintptr(unsafe.Pointer(&n))); ok == 0 {
			c.t.Fatal(err)
		}
		lines = append(lines, strings.TrimRight(windows.UTF16ToString(row[:n]), " "))
	}
	return strings.Join(lines, "\n")
}

// shows waits until words stand in the console.
func (c *console) shows(words string) {
	c.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		s := c.screen()
		if strings.Contains(strings.ReplaceAll(s, "\n", ""), words) || strings.Contains(s, words) {
			return
		}
		if time.Now().After(end) {
			c.t.Fatalf("the console does not show %q:\n%s", words, s)
		}
	}
}

// types presses the keys of a text, a line of it with Enter.
func (c *console) types(text string) {
	c.t.Helper()
	type key struct {
		kind, _        uint16
		down           int32
		times, virtual uint16
		scan           uint16
		unit           uint16
		state          uint32
	}
	for _, unit := range windows.StringToUTF16(text) {
		if unit == 0 {
			break
		}
		virtual := uint16(0)
		if unit == '\r' {
			virtual = windows.VK_RETURN
		}
		for _, down := range []int32{1, 0} {
			k := key{kind: 1, down: down, times: 1, virtual: virtual, unit: unit}
			var n uint32
			if ok, _, err := typeKeys.Call(c.in.Fd(), uintptr(unsafe.Pointer(&k)), 1, uintptr(unsafe.Pointer(&n))); ok == 0 {
				c.t.Fatal(err)
			}
		}
	}
}

// exit waits until a program has ended and returns its exit code.
func (c *console) exit(_ *exec.Cmd, ended chan int) int {
	c.t.Helper()
	return waitExit(c.t, ended, c.screen)
}

func waitExit(t *testing.T, ended chan int, said func() string) int {
	t.Helper()
	select {
	case code := <-ended:
		return code
	case <-time.After(patience):
		t.Fatalf("it does not end:\n%s", said())
		return 0
	}
}

// TestProgramInConsoles: what is printed and what is typed keeps its letters, whatever the
// console's code page; a secret that is typed is not shown.
func TestProgramInConsoles(t *testing.T) {
	for _, codePage := range []uintptr{850, 1252} {
		x := program(t)
		path := filepath.Join(t.TempDir(), "Umsätze Köln.csv")
		if err := os.WriteFile(path, []byte("Straße;Größe\r\nÄußere Weberstraße;3\r\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		c := newConsole(t, codePage)
		if code := c.exit(c.start(x, "inspect", path)); code != cli.ExitDone {
			t.Fatalf("exit code %d:\n%s", code, c.screen())
		}
		for _, word := range []string{"Umsätze Köln.csv", "Straße", "Größe"} {
			if s := c.screen(); !strings.Contains(s, word) {
				t.Errorf("code page %d: no %q in\n%s", codePage, word, s)
			}
		}
		if t.Failed() || codePage != 850 {
			continue
		}
		const passphrase = "Zwölf große Füße über Köln"
		p, ended := c.start(x, "vault", "create")
		c.shows("assphrase")
		c.types(passphrase + "\r")
		c.shows("Type it again")
		c.types(passphrase + "\r")
		if code := c.exit(p, ended); code != cli.ExitDone {
			t.Fatalf("exit code %d:\n%s", code, c.screen())
		}
		if s := c.screen(); strings.Contains(s, "Füße") {
			t.Errorf("the passphrase is shown:\n%s", s)
		}
		x.env[cli.VaultVariable] = passphrase
		s, k := practiceService(t) // the vault opens with what was typed
		x.stdin = k.ClientSecret
		x.want(cli.ExitDone, addArgs(s, k, "In the vault")...)
	}
}

// TestProgramIsInterrupted: Ctrl+C, Ctrl+Break and closing the console stop a run that is
// sending; what is in progress comes to its end, and the rest is sent when it is resumed.
func TestProgramIsInterrupted(t *testing.T) {
	const rows = 100_000
	path := filepath.Join(t.TempDir(), "rows.csv")
	var text strings.Builder
	text.WriteString("Number\r\n")
	for i := range rows {
		text.WriteString(strconv.Itoa(i) + "\r\n")
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, press := range map[string]func(t *testing.T, pid int){
		"Ctrl+C": func(t *testing.T, _ int) {
			if err := windows.GenerateConsoleCtrlEvent(windows.CTRL_C_EVENT, 0); err != nil {
				t.Fatal(err)
			}
		},
		"Ctrl+Break": func(t *testing.T, pid int) {
			if underWine() {
				tell(t, pid, windows.CTRL_BREAK_EVENT)
			} else if err := windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, 0); err != nil {
				t.Fatal(err)
			}
		},
		"the console is closed": closeConsole,
	} {
		t.Run(name, func(t *testing.T) {
			x := program(t)
			s, k := practiceService(t)
			x.stdin = k.ClientSecret
			x.want(cli.ExitDone, addArgs(s, k, "Stopped "+name)...)
			t.Cleanup(func() { x.run("connection", "remove", "Stopped "+name) })
			hold := make(chan struct{})
			held := s.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 1, Times: -1, Hold: hold})
			var ended chan int
			said := func() string { return "" }
			args := []string{"send", path, "--connection", "Stopped " + name, "--dataset", "D", "--table", "T", "--create", "--yes"}
			var p *exec.Cmd
			if !strings.Contains(name, "closed") {
				c := newConsole(t, 850)
				said = c.screen
				p, ended = c.start(x, args...)
			} else {
				out, err := os.Create(filepath.Join(t.TempDir(), "said"))
				if err != nil {
					t.Fatal(err)
				}
				defer out.Close()
				said = func() string {
					text, _ := os.ReadFile(out.Name())
					return string(text)
				}
				p = exec.Command(os.Getenv(programVariable), args...)
				p.Env = append(os.Environ(), storage.HomeVariable+"="+x.home)
				p.Stdout, p.Stderr = out, out
				p.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_CONSOLE}
				ended = startProcess(t, p)
			}
			for end := time.Now().Add(patience); s.Faults().Struck(held) == 0; time.Sleep(20 * time.Millisecond) {
				select {
				case code := <-ended:
					t.Fatalf("it ended with %d:\n%s", code, said())
				default:
				}
				if time.Now().After(end) {
					t.Fatalf("nothing is sent:\n%s", said())
				}
			}
			press(t, p.Process.Pid)
			for end := time.Now().Add(patience); !strings.Contains(said(), "Stopping"); time.Sleep(20 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("it does not stop:\n%s", said())
				}
			}
			close(hold)
			if code := waitExit(t, ended, said); code != cli.ExitStopped {
				t.Errorf("exit code %d:\n%s", code, said())
			}
			s.Faults().Clear()
			x.want(cli.ExitDone, "runs", "list", "--json")
			var list struct {
				Runs []struct{ RunID, Status string }
			}
			x.document(&list)
			if len(list.Runs) != 1 {
				t.Fatalf("%d runs", len(list.Runs))
			}
			if n, err := s.CountRows(practice.Workspace, "D", "T"); err != nil || n == 0 || n == rows {
				t.Errorf("%d rows are in the table, %v", n, err)
			}
			x.want(cli.ExitDone, "runs", "resume", list.Runs[0].RunID, "--json")
			if n, err := s.CountRows(practice.Workspace, "D", "T"); err != nil || n != rows {
				t.Errorf("%d rows are in the table, %v", n, err)
			}
		})
	}
}

// underWine reports whether this Windows is Wine.
func underWine() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}

// tell tells a program of an event of its console in the way that Windows takes, by a
// thread in it: Wine 8 tells of Ctrl+C alone.
func tell(t *testing.T, pid int, event uintptr) {
	t.Helper()
	p, err := windows.OpenProcess(windows.PROCESS_ALL_ACCESS, false, uint32(pid))
	if err != nil {
		t.Fatal(err)
	}
	defer windows.CloseHandle(p) //nolint:errcheck // only to tell
	if h, _, err := startThread.Call(uintptr(p), 0, 0, tellsProgram.Addr(), event, 0, 0); h == 0 {
		t.Fatal(err)
	}
}

// closeConsole closes the console of a program, as a click on its cross does.
func closeConsole(t *testing.T, pid int) {
	t.Helper()
	if underWine() {
		tell(t, pid, windows.CTRL_CLOSE_EVENT)
		return
	}
	_, _, _ = free.Call()
	if ok, _, err := attach.Call(uintptr(pid)); ok == 0 {
		t.Fatal(err)
	}
	window, _, _ := ofConsole.Call()
	_, _, _ = free.Call()
	if window == 0 {
		t.Fatal("the console has no window")
	}
	const closing = 0x10 // WM_CLOSE
	if ok, _, err := postTo.Call(window, closing, 0, 0); ok == 0 {
		t.Fatal(err)
	}
}
