package keychain

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"testing"

	"github.com/zalando/go-keyring"
)

// What the systems say when there is no keychain, or a locked one, and what
// becomes of it. The texts are those that were seen.
func TestWhatSystemsSay(t *testing.T) {
	noBus := []error{&exec.Error{Name: "dbus-launch", Err: exec.ErrNotFound}}
	if runtime.GOOS != "darwin" {
		noBus = append(noBus, fmt.Errorf("start a bus: %w", &exec.ExitError{}))
	}
	for reason, list := range map[Reason][]error{
		ReasonMissing: append(noBus,
			&net.OpError{Op: "dial", Net: "unix", Err: errors.New("no such file")},
			errors.New("The name org.freedesktop.secrets was not provided by any .service files"),
			errors.New("The name is not activatable"),
			errors.New("dbus: couldn't determine address of session bus"),
			errors.New("dbus: connection closed by user"),
			errors.New("unsupported platform: plan9"),
			errors.New("A specified logon session does not exist. It may already have been terminated.")),
		ReasonNoRing: {
			errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"),
			errors.New("Object does not exist at path “/org/freedesktop/secrets/collection/login”")},
		ReasonLocked: {
			errors.New("failed to unlock correct collection '/org/freedesktop/secrets/collection/login'"),
			errors.New("Cannot get secret of a locked object")},
		ReasonRefused: {
			errors.New("org.freedesktop.DBus.Error.AccessDenied"),
			errors.New(`An AppArmor policy prevents this sender from sending this message`),
			errors.New("Access is denied.")},
		ReasonTooLong: {fmt.Errorf("x: %w", keyring.ErrSetDataTooBig)},
		ReasonOther:   {errors.New("something new")},
	} {
		for _, said := range list {
			t.Run(said.Error(), func(t *testing.T) {
				s := newStore(&failing{said}, "")
				ctx := t.Context()
				unavailable(t, s.Probe(ctx), reason)
				_, err := s.Get(ctx, id)
				e := unavailable(t, err, reason)
				none := reason == ReasonMissing || reason == ReasonNoRing
				if e.None() != none {
					t.Errorf("none: %v", e.None())
				}
				want := map[Reason]Place{ReasonMissing: PlaceMissing, ReasonNoRing: PlaceMissing, ReasonLocked: PlaceLocked, ReasonRefused: PlaceRefused, ReasonTooLong: PlaceUnknown, ReasonOther: PlaceUnknown}[reason]
				if got := s.Where(ctx, id); got != want {
					t.Errorf("%q, want %q", got, want)
				}
				unavailable(t, s.Delete(ctx, id), reason)

				place, err := s.Set(ctx, id, secret)
				if !none {
					unavailable(t, err, reason)
					if place != PlaceNone || s.Where(ctx, id) == PlaceSession {
						t.Errorf("%q: a keychain that could be opened is not passed over", place)
					}
					return
				}
				if err != nil || place != PlaceSession || s.Where(ctx, id) != PlaceSession {
					t.Errorf("%q, %v", place, err)
				}
				if got, err := s.Get(ctx, id); err != nil || got != secret {
					t.Errorf("%q, %v", got, err)
				}
				if err := s.Delete(ctx, id); err != nil {
					t.Errorf("what was held here only can be deleted: %v", err)
				}
				unavailable(t, second(s.Get(ctx, id)), reason)
			})
		}
	}
}

func second[T any](_ T, err error) error { return err }

// A keychain that comes later takes the secret over with the next Set.
func TestKeychainComesLater(t *testing.T) {
	f := newFake()
	down := true
	f.before = func(string, string) error {
		if down {
			return errors.New("The name is not activatable")
		}
		return nil
	}
	s := newStore(f, "")
	if place, err := s.Set(t.Context(), id, "held"); err != nil || place != PlaceSession {
		t.Fatalf("%q, %v", place, err)
	}
	down = false
	f.items[id] = encodeEntry("older")
	if got, _ := s.Get(t.Context(), id); got != "held" {
		t.Errorf("%q; what was entered last counts", got)
	}
	if place, err := s.Set(t.Context(), id, "new"); err != nil || place != PlaceKeychain || s.Where(t.Context(), id) != PlaceKeychain {
		t.Errorf("%q, %v", place, err)
	}
	if got, _ := s.Get(t.Context(), id); got != "new" {
		t.Errorf("%q", got)
	}
}

func TestContextHasEnded(t *testing.T) {
	f := newFake()
	s := newStore(f, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, get := s.Get(ctx, id)
	_, set := s.Set(ctx, id, secret)
	for _, err := range []error{get, set, s.Delete(ctx, id), s.Probe(ctx)} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
	if len(f.calls) != 0 || s.Where(ctx, id) != PlaceSilent {
		t.Errorf("%v", f.calls)
	}
}
