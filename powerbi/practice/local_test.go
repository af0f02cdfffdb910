package practice

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/fixture"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/storage"
)

// TestMain lets this program also be the other process of a test: it opens the
// service of a folder, says where it is, and keeps it until its input ends.
func TestMain(m *testing.M) {
	dir := os.Getenv("PRACTICE_TEST_OPEN")
	if dir == "" {
		os.Exit(m.Run())
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	l, err := Open(ctx, dir)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println(l.APIURL(), l.Service() != nil)
	io.Copy(io.Discard, os.Stdin)
	l.Close()
}

// TestTakenOver: a service that takes the place of another one keeps its limits and its clock
// for who had joined that one, whichever process runs it.
func TestTakenOver(t *testing.T) {
	small := faults.Default()
	small.Limits.RowsPerHour = 7
	for name, elsewhere := range map[string]*faults.Behavior{"here": nil, "elsewhere": {}, "elsewhere, with its own": {NoQueries: true}} {
		dir, want := t.TempDir(), int64(7)
		first, err := Start(Options{Dir: dir, Behavior: small})
		if err != nil {
			t.Fatal(err)
		}
		l := openHere(t, dir)
		if err := errors.Join(l.Forward(t.Context(), time.Hour), l.Ping(t.Context()), first.Close()); err != nil {
			t.Fatal(err)
		}
		if elsewhere != nil {
			next, err := Start(Options{Dir: dir, Behavior: *elsewhere})
			if err != nil {
				t.Fatal(err)
			}
			defer next.Close()
			if elsewhere.NoQueries {
				want = faults.Default().Limits.RowsPerHour
			}
		}
		again, err := OpenAfter(t.Context(), dir, l)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		acts, err := again.at.look(t.Context())
		if err != nil || acts.behavior.Limits.RowsPerHour != want || acts.ahead != time.Hour {
			t.Errorf("%s: %v, %+v", name, err, acts)
		}
	}
}

// process is another process that has the service of a folder open.
type process struct {
	cmd     *exec.Cmd
	in      io.Closer
	url     string
	started bool // it runs the service itself
}

func openElsewhere(t *testing.T, dir string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.CommandContext(context.Background(), exe)}
	p.cmd.Env = append(os.Environ(), "PRACTICE_TEST_OPEN="+dir)
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.in.Close(); p.cmd.Process.Kill(); p.cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if n, _ := fmt.Sscan(line, &p.url, &p.started); n != 2 {
		t.Fatalf("the other process said %q, %v", line, err)
	}
	return p
}

func openHere(t *testing.T, dir string) *Local {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	l, err := Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// benchOf makes a client for a local service as the program does: from what
// Local tells.
func harnessOf(t *testing.T, l *Local) *harness {
	t.Helper()
	b := &harness{t: t, s: &Service{host: web.Host{Address: strings.TrimPrefix(l.APIURL(), "https://")}, caPEM: l.CAPEM()}}
	b.hc = clientOf(t, b.s)
	res, err := b.msal(l.Credentials()[0]).AcquireTokenByCredential(context.Background(), []string{l.Resource() + "/.default"})
	if err != nil {
		t.Fatal(err)
	}
	b.token = res.AccessToken
	groups := decode[struct{ Value []api.Group }](t, b.want(200, "GET", "/groups", nil).body)
	b.group = groups.Value[0].ID
	return b
}

// One process starts the service, the other joins it, and both see one state.
func TestSecondProcessJoins(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "practice")
	first := openElsewhere(t, dir)
	if !first.started {
		t.Fatal("the first process did not start the service")
	}
	l := openHere(t, dir)
	if l.Service() != nil || l.APIURL() != first.url || l.LoginURL() != first.url {
		t.Fatalf("joined %v at %s, want the one at %s", l.Service(), l.APIURL(), first.url)
	}
	b := harnessOf(t, l)
	path, _ := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(5))

	// The first ends: the service is gone, and a later Open starts it anew.
	first.in.Close()
	if err := first.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := l.Ping(context.Background()); err == nil {
		t.Error("the service still answers")
	}
	l2 := openHere(t, dir)
	if l2.Service() == nil {
		t.Fatal("joined a service that has ended")
	}
	b2 := harnessOf(t, l2)
	if r := b2.query(path, `EVALUATE ROW("n", COUNTROWS('Stock'))`, false); !strings.Contains(r.body, `"[n]":5`) {
		t.Errorf("rows after the change of process: %s", r.body)
	}
	if p := openElsewhere(t, dir); p.started {
		t.Error("a third process started a second service")
	}
}

// A process that is killed leaves its endpoint behind; the lock tells that it is
// gone.
func TestKilledProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "practice")
	first := openElsewhere(t, dir)
	l := openHere(t, dir)
	b := harnessOf(t, l)
	path, id := b.stock("None")
	stop := make(chan struct{})
	sent := make(chan int64)
	go func() { // rows keep coming while it is killed
		var n int64
		for {
			r, err := b.try("POST", "/v1.0/myorg"+path+"/tables/Stock/rows", fixture.StockRows(50))
			if err != nil || r.status != 200 {
				sent <- n
				return
			}
			if n += 50; n == 500 {
				close(stop)
			}
		}
	}()
	<-stop
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	first.cmd.Wait()
	accepted := <-sent
	if _, err := os.Stat(filepath.Join(dir, endpointFile)); err != nil {
		t.Fatalf("the killed process left no endpoint: %v", err)
	}
	l2 := openHere(t, dir)
	if l2.Service() == nil {
		t.Fatal("joined a killed process")
	}
	n, err := l2.Service().CountRows(b.group, id, "Stock")
	if err != nil || n < accepted || n > accepted+50 || n%50 != 0 {
		t.Errorf("%d rows after the kill, %d were accepted; %v", n, accepted, err)
	}
}

func TestOpenAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wait sync.WaitGroup
	locals := make([]*Local, 8)
	for i := range locals {
		wait.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			l, err := Open(ctx, dir)
			if err != nil {
				t.Error(err)
				return
			}
			locals[i] = l
		})
	}
	wait.Wait()
	services := 0
	for _, l := range locals {
		if l == nil {
			t.FailNow()
		}
		if l.Service() != nil {
			services++
		}
		if l.APIURL() != locals[0].APIURL() || len(l.Credentials()) != len(locals[0].Credentials()) {
			t.Errorf("at %s, want %s", l.APIURL(), locals[0].APIURL())
		}
	}
	if services != 1 {
		t.Errorf("%d services", services)
	}
	for _, l := range locals {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, endpointFile)); !os.IsNotExist(err) {
		t.Errorf("the endpoint after closing: %v", err)
	}
}

// Open gives up with its context when the one who has the lock never answers.
func TestOpenGivesUp(t *testing.T) {
	dir := t.TempDir()
	s, err := Start(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, text := range map[string]string{"no endpoint": "", "nonsense": "{", "no certificate": `{"url":"` + s.host.URL() + `"}`, "nobody there": `{"url":"https://127.0.0.1:1"}`} {
		os.Remove(filepath.Join(dir, endpointFile))
		if text != "" {
			if err := os.WriteFile(filepath.Join(dir, endpointFile), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Millisecond)
		if l, err := Open(ctx, dir); err == nil || !strings.Contains(err.Error(), "join the practice service") {
			t.Errorf("%s: %v, %v", name, l, err)
		}
		cancel()
	}
}

// pinged asks a service whether it answers.
func pinged(hc *http.Client, address string) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address+"/practice/ping", nil)
	if err != nil {
		return err
	}
	resp, err := hc.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

func TestStartRefusesOtherAddresses(t *testing.T) {
	for _, listen := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "127.0.0.1", "127.0.0.1:99999"} {
		if s, err := Start(Options{Listen: listen}); err == nil {
			s.Close()
			t.Errorf("%s was accepted", listen)
		}
	}
	for _, listen := range []string{"127.0.0.1:0", "localhost:0"} {
		s, err := Start(Options{Listen: listen})
		if err != nil {
			t.Fatal(err)
		}
		if err := pinged(clientOf(t, s), s.APIURL()); err != nil {
			t.Errorf("%s: %v", listen, err)
		}
		s.Close()
	}
}

// Nothing is left of a service in memory, and nobody else's certificate is taken
// for its own.
func TestCertificateAndCleanUp(t *testing.T) {
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	data, err := os.ReadFile(s.CAFile())
	if err != nil || string(data) != string(s.CAPEM()) {
		t.Errorf("the CA file: %v", err)
	}
	if strings.Contains(string(data), "PRIVATE") {
		t.Error("the CA file holds a key")
	}
	if err := pinged(clientOf(t, other), s.APIURL()); err == nil {
		t.Error("a client of another service trusts this one")
	}
	hc := clientOf(t, s)
	if err := pinged(hc, strings.Replace(s.APIURL(), "127.0.0.1", "localhost", 1)); err != nil {
		t.Errorf("as localhost: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(s.CAFile())); !os.IsNotExist(err) {
		t.Errorf("the temporary folder: %v", err)
	}
}

// Open without a deadline does not wait forever for a process that holds the folder
// and never answers.
func TestOpenHasALimit(t *testing.T) {
	before := joinLimit
	joinLimit = 100 * time.Millisecond
	t.Cleanup(func() { joinLimit = before })
	dir := t.TempDir()
	lock, err := storage.TryLock(filepath.Join(dir, lockFile))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lock.Unlock() })
	done := make(chan error, 1)
	go func() {
		_, err := Open(context.Background(), dir)
		done <- err
	}()
	select {
	case err := <-done:
		if !errors.Is(err, errNoAnswer) {
			t.Errorf("%v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("Open still waits")
	}
}

// Joining a service and leaving it again touches neither its lock nor its endpoint.
func TestJoiningLeavesTheLock(t *testing.T) {
	dir := t.TempDir()
	s, err := Start(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			l, err := Open(t.Context(), dir)
			if err != nil || l.Service() != nil {
				t.Errorf("%+v, %v", l, err)
			} else if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if other, err := Start(Options{Dir: dir}); !errors.Is(err, ErrInUse) {
		t.Errorf("a second service: %v, %v", other, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, lockFile)); err != nil {
		t.Errorf("the lock file that others may wait for: %v", err)
	}
	again, err := Start(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}
