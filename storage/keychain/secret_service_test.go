//go:build keychain && linux

package keychain

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The situations in which a Linux desktop can be. Each runs in a process of its
// own, on a bus of its own, with a keyring of its own, and without a display: a
// locked keyring then answers with an error instead of asking a person.
var situations = map[string]func(*testing.T){
	"works":          works,
	"locked":         locked,
	"never set up":   neverSetUp,
	"nobody answers": nobodyAnswers,
	"no bus":         noBus,
	"frozen":         frozen,
	"ends":           ends,
}

const situation = "PUSHDESK_TEST_SITUATION"

func TestSituations(t *testing.T) {
	if name := os.Getenv(situation); name != "" {
		situations[name](t)
		return
	}
	for name := range situations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, err := os.MkdirTemp("", "keyring") // short, for the sockets in it
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(folder) })
			args := []string{"--", os.Args[0], "-test.run=^TestSituations$", "-test.v"}
			if name == "nobody answers" {
				args = append([]string{"--config-file=" + bareBus(t, folder)}, args...)
			}
			c := exec.Command("dbus-run-session", args...)
			c.Env = append(environment(), situation+"="+name, "HOME="+folder, "XDG_DATA_HOME="+folder+"/data", "XDG_CACHE_HOME="+folder+"/cache",
				"XDG_CONFIG_HOME="+folder+"/config", "XDG_RUNTIME_DIR="+folder)
			out, err := c.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: TestSituations") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// environment is that of this process without its screen and its bus.
func environment() (list []string) {
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GNOME_KEYRING_CONTROL", "SSH_AUTH_SOCK":
		default:
			list = append(list, v)
		}
	}
	return list
}

// bareBus is a bus that can start no service.
func bareBus(t *testing.T, folder string) string {
	t.Helper()
	path := filepath.Join(folder, "bus.conf")
	text := `<busconfig><type>session</type><listen>unix:tmpdir=` + folder + `</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const password = "for these tests only"

// startKeyring starts a keyring. With unlock it has one open collection.
func startKeyring(t *testing.T, unlock bool) *os.Process {
	t.Helper()
	c := exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets")
	if unlock {
		c.Args = append(c.Args, "--unlock")
		c.Stdin = strings.NewReader(password)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		out, err := exec.Command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets").CombinedOutput()
		if err == nil && strings.Contains(string(out), "true") {
			return c.Process
		}
		if time.Now().After(deadline) {
			t.Fatalf("the keyring does not start: %v %s", err, out)
		}
	}
}

func works(t *testing.T) {
	startKeyring(t, true)
	roundTrip(t, New(""))
	concurrent(t, New(""))
	if _, err := New("").Set(t.Context(), id, secret); err != nil {
		t.Fatal(err)
	}
	sealedAndMoved(t)
	out, err := exec.Command("secret-tool", "lookup", "service", service, "username", id).Output()
	if err != nil || string(out) != "1"+secret {
		t.Errorf("the system's own tool finds %q, %v", out, err)
	}
}

// sealedAndMoved keeps a large secret under a key in the real keychain, and brings
// everything into a vault and back.
func sealedAndMoved(t *testing.T) {
	s := New(t.TempDir())
	large := strings.Repeat("certificate ", 500)
	if p, err := s.SetSealed(t.Context(), otherID, []byte(large)); err != nil || p != PlaceSealed {
		t.Fatalf("%s %v", p, err)
	}
	if err := s.CreateVault(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	for _, to := range []Place{PlaceVault, PlaceKeychain} {
		moved, err := s.Move(t.Context(), []string{id, otherID}, to, nil)
		if err != nil || moved[0].Err != nil || moved[1].Err != nil {
			t.Fatalf("%v %v", moved, err)
		}
		got, err := s.GetSealed(t.Context(), otherID)
		if small, errSmall := s.Get(t.Context(), id); err != nil || errSmall != nil || string(got) != large || small != secret {
			t.Errorf("to %s: %v, %v", to, err, errSmall)
		}
	}
	nothingInTheClear(t, s.home)
}

func locked(t *testing.T) {
	startKeyring(t, true)
	home := t.TempDir()
	if _, err := New(home).SetSealed(t.Context(), otherID, []byte("large")); err != nil {
		t.Fatal(err)
	}
	s := New("")
	if _, err := s.Set(t.Context(), id, secret); err != nil {
		t.Fatal(err)
	}
	lock(t, "login")
	_, sealed := New(home).GetSealed(t.Context(), otherID)
	if reason(t, sealed) != ReasonLocked {
		t.Errorf("a sealed file under a locked keychain: %v", sealed)
	}
	_, get := s.Get(t.Context(), id)
	place, set := s.Set(t.Context(), id, "another")
	for _, err := range []error{get, set, s.Delete(t.Context(), id), s.Probe(t.Context())} {
		unavailable(t, err, ReasonLocked)
	}
	if got := s.Where(t.Context(), id); got != PlaceLocked || place != PlaceNone {
		t.Errorf("%q %q", got, place)
	}
}

// lock closes a collection of the keyring. secret-tool has a command for that, but
// its version 0.20 crashes.
func lock(t *testing.T, collection string) {
	t.Helper()
	out, err := exec.Command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
		"org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/collection/"+collection).CombinedOutput()
	if err != nil || !strings.Contains(string(out), collection) {
		t.Fatalf("%v %s", err, out)
	}
}

func neverSetUp(t *testing.T) {
	startKeyring(t, false)
	heldOnly(t, ReasonNoRing)
}

func nobodyAnswers(t *testing.T) { heldOnly(t, ReasonMissing) }

func noBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "no bus"))
	heldOnly(t, ReasonMissing)
}

// heldOnly is what happens where there is no keychain to put anything into.
func heldOnly(t *testing.T, reason Reason) {
	t.Helper()
	s := New("")
	unavailable(t, s.Probe(t.Context()), reason)
	if got := s.Where(t.Context(), id); got != PlaceMissing {
		t.Errorf("%q", got)
	}
	if place, err := s.Set(t.Context(), id, secret); err != nil || place != PlaceSession || s.Where(t.Context(), id) != PlaceSession {
		t.Errorf("%q, %v", place, err)
	}
	if got, err := s.Get(t.Context(), id); err != nil || got != secret {
		t.Errorf("%q, %v", got, err)
	}
	_, err := New("").Get(t.Context(), id)
	unavailable(t, err, reason)
	if err := s.Delete(t.Context(), id); err != nil {
		t.Error(err)
	}
}

// frozen is a keyring that takes calls and does not answer, and then wakes up and
// carries them out.
func frozen(t *testing.T) {
	p := startKeyring(t, true)
	s := New("")
	if _, err := s.Set(t.Context(), id, "old"); err != nil {
		t.Fatal(err)
	}
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	place, err := s.Set(ctx, id, secret)
	unavailable(t, err, ReasonSilent)
	if place != PlaceNone || s.Where(ctx, id) != PlaceSilent {
		t.Errorf("%q", place)
	}
	if err := p.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(t.Context(), id); err != nil || got != "old" {
		t.Errorf("%q, %v; a store that was given up came through", got, err)
	}
}

// ends is a keyring that goes away and comes back.
func ends(t *testing.T) {
	p := startKeyring(t, true)
	s := New("")
	if _, err := s.Set(t.Context(), id, secret); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(p.Kill(), waitFor(p)); err != nil {
		t.Fatal(err)
	}
	startKeyring(t, true)
	if got, err := s.Get(t.Context(), id); err != nil || got != secret {
		t.Errorf("%q, %v", got, err)
	}
}

func waitFor(p *os.Process) error {
	_, err := p.Wait()
	return err
}
