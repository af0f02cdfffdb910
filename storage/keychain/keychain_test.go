package keychain

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
)

const (
	id     = "11111111-2222-4333-8444-555555555555"
	secret = "MARK8Q~secret_of.forty-letters+/&= %er"
)

func TestRoundTrip(t *testing.T) {
	roundTrip(t, newStore(newFake(), ""))
}

// roundTrip is what every keychain must do; the real ones are put to it too.
func roundTrip(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	if _, err := s.Get(ctx, id); !errors.Is(err, ErrNotFound) {
		t.Fatalf("before anything is stored: %v", err)
	}
	if got := s.Where(ctx, id); got != PlaceNone {
		t.Errorf("%q", got)
	}
	for _, want := range []string{secret, "ü日本\U0001f511", " blanks around ", "line\r\nbreak\ttab", "nul\x00in it", "\"quotes' $(x) `y` \\", "\xff\xfe not UTF-8", "1", "", strings.Repeat("x", MaxSecret)} {
		if place, err := s.Set(ctx, id, want); err != nil || place != PlaceKeychain {
			t.Fatalf("store %q: %q, %v", want, place, err)
		}
		if got, err := s.Get(ctx, id); err != nil || got != want {
			t.Fatalf("got %q, %v; want %q", got, err, want)
		}
	}
	if got := s.Where(ctx, id); got != PlaceKeychain {
		t.Errorf("%q", got)
	}
	for range 2 { // what is not there can be deleted too
		if err := s.Delete(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Get(ctx, id); !errors.Is(err, ErrNotFound) {
		t.Errorf("after it was deleted: %v", err)
	}
	if err := s.Probe(ctx); err != nil {
		t.Errorf("probe: %v", err)
	}
	if _, err := s.Get(ctx, s.probe); !errors.Is(err, ErrNotFound) {
		t.Errorf("the probe left something: %v", err)
	}
}

func TestConcurrent(t *testing.T) {
	concurrent(t, newStore(newFake(), ""))
}

// concurrent uses one entry from many sides, and many entries side by side.
func concurrent(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	var all sync.WaitGroup
	for i := range 16 {
		own := fmt.Sprintf("%s-%d", id, i)
		all.Go(func() {
			for _, where := range []string{own, id} {
				if place, err := s.Set(ctx, where, secret+own); err != nil || place != PlaceKeychain {
					t.Errorf("%q, %v", place, err)
				}
				if got, err := s.Get(ctx, where); err != nil || !strings.HasPrefix(got, secret) || where == own && got != secret+own {
					t.Errorf("%q, %v", got, err)
				}
			}
			if err := s.Delete(ctx, own); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := s.Delete(ctx, id); err != nil {
		t.Error(err)
	}
}

func TestTooLong(t *testing.T) {
	f := newFake()
	s := newStore(f, "")
	place, err := s.Set(t.Context(), id, strings.Repeat("x", MaxSecret+1))
	unavailable(t, err, ReasonTooLong)
	if place != PlaceNone || len(f.content()) != 0 {
		t.Errorf("%q, %v", place, f.content())
	}
}

func TestNoID(t *testing.T) {
	s := newStore(newFake(), "")
	_, get := s.Get(t.Context(), "")
	_, set := s.Set(t.Context(), "", secret)
	for _, err := range []error{get, set, s.Delete(t.Context(), "")} {
		unavailable(t, err, ReasonOther)
	}
}

// A keychain that keeps something else than it was given, or nothing, is found
// out, and what it had before comes back.
func TestReadBack(t *testing.T) {
	for name, garble := range map[string]func(string) string{
		"cut": func(v string) string { return v[:len(v)-1] }, "nothing": func(string) string { return "" }, "more": func(v string) string { return v + "\n" },
	} {
		f := newFake()
		s := newStore(f, "")
		f.garble = func(v string) string {
			if v == encodeEntry(secret) {
				return garble(v)
			}
			return v
		}
		place, err := s.Set(t.Context(), id, secret)
		unavailable(t, err, ReasonNotKept)
		if place != PlaceNone || len(f.content()) != 0 {
			t.Errorf("%s: %q, left %v", name, place, f.content())
		}
		if _, err := s.Set(t.Context(), id, "old"); err != nil {
			t.Fatal(err)
		}
		_, err = s.Set(t.Context(), id, secret)
		unavailable(t, err, ReasonNotKept)
		if got, err := s.Get(t.Context(), id); err != nil || got != "old" {
			t.Errorf("%s: %q, %v; want what was there before", name, got, err)
		}
	}
	f := newFake()
	f.after = func(call, id string) error {
		if call == "set" {
			return f.delete(id) // as a defect of one system does: it says yes and stores nothing
		}
		return nil
	}
	_, err := newStore(f, "").Set(t.Context(), id, secret)
	unavailable(t, err, ReasonNotKept)
}

func TestFormOfNewerProgram(t *testing.T) {
	for _, value := range []string{"2secret", "", "\x00"} {
		f := newFake()
		f.items[id] = value
		s := newStore(f, "")
		_, err := s.Get(t.Context(), id)
		unavailable(t, err, ReasonNewer)
		if got := s.Where(t.Context(), id); got != PlaceUnknown {
			t.Errorf("%q", got)
		}
		if _, err := s.Set(t.Context(), id, secret); err != nil { // it can be entered again
			t.Error(err)
		}
	}
}

// Nothing prints a secret: not the store, not what goes wrong.
func TestNothingPrintsASecret(t *testing.T) {
	s := newStore(&failing{errors.New(`The name org.freedesktop.secrets was not provided by any .service files`)}, "")
	if place, err := s.Set(t.Context(), id, secret); err != nil || place != PlaceSession {
		t.Fatalf("%q, %v", place, err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, v := range []any{s, []*Store{s}} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, "MARK8Q") {
				t.Errorf("%s: %s", verb, text)
			}
		}
	}
	s = newStore(&failing{fmt.Errorf("cannot store %q, that is %s", secret, secret)}, "")
	_, err := s.Set(t.Context(), id, secret)
	e := unavailable(t, err, ReasonOther)
	for _, text := range []string{e.Error(), fmt.Sprint(e.Failure()), e.Failure().Details, fmt.Sprintf("%+v %#v %v", e, e, errors.Unwrap(e)), fmt.Sprint(reflect.ValueOf(e).Elem())} {
		if strings.Contains(text, "MARK8Q") {
			t.Errorf("%s", text)
		}
	}
}

// unavailable checks an error and its words.
func unavailable(t *testing.T, err error, reason Reason) *Unavailable {
	t.Helper()
	var e *Unavailable
	if !errors.As(err, &e) {
		t.Fatalf("%v, want %s", err, reason)
	}
	if e.Reason != reason || !strings.HasSuffix(e.Failure().Sentence, ".") || !strings.HasSuffix(e.Failure().Remedy, ".") || e.Failure().Code != string(reason) || errors.Unwrap(e) == nil {
		t.Errorf("%q\n%+v", e.Reason, e.Failure())
	}
	return e
}

// failing is a keychain that does nothing.
type failing struct{ err error }

func (f *failing) get(string) (string, error) { return "", f.err }
func (f *failing) set(string, string) error   { return f.err }
func (f *failing) delete(string) error        { return f.err }
