//go:build keychain && linux

package command

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTwoPeopleWithKeychains is TestTwoPeople with two real keychains: each person has a
// bus and a keyring of their own, and every command is a program of its own.
func TestTwoPeopleWithKeychains(t *testing.T) {
	twoPeople(t, realColleague(t, "Dana"), realColleague(t, "Bob"))
}

// TestThreePeopleWithKeychains is TestThreePeopleTwoTeams with three of them.
func TestThreePeopleWithKeychains(t *testing.T) {
	threePeople(t, realColleague(t, "Dana"), realColleague(t, "Bob"), realColleague(t, "Cy"))
}

// realColleague starts a bus with a keyring that is open.
func realColleague(t *testing.T, name string) colleague {
	t.Helper()
	folder, err := os.MkdirTemp("", "ring") // short, for the sockets in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address=1")
	bus.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+folder)
	out, err := bus.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Process.Kill(); _ = bus.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	outside := []string{"DBUS_SESSION_BUS_ADDRESS=" + strings.TrimSpace(address), "XDG_RUNTIME_DIR=" + folder, "HOME=" + folder, "XDG_DATA_HOME=" + filepath.Join(folder, "data"),
		"XDG_CACHE_HOME=" + filepath.Join(folder, "cache"), "XDG_CONFIG_HOME=" + filepath.Join(folder, "config"), "DISPLAY=", "WAYLAND_DISPLAY="}
	ring := exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock")
	ring.Env, ring.Stdin = append(os.Environ(), outside...), strings.NewReader("for these tests only")
	if err := ring.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ring.Process.Kill(); _ = ring.Wait() })
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		ask := exec.Command("secret-tool", "store", "--label=probe", "pushdesk", "probe")
		ask.Env, ask.Stdin = append(os.Environ(), outside...), strings.NewReader("probe")
		if ask.Run() == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the keyring does not start")
		}
	}
	return colleague{name, t.TempDir(), map[string]string{}, outside}
}
