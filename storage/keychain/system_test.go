//go:build keychain

package keychain

import (
	"testing"
)

// These tests use the keychain of the computer they run on. They fail where none
// answers: whoever asks for them wants to know.

func TestSystemRoundTrip(t *testing.T) { roundTrip(t, systemStore(t)) }

func TestSystemConcurrent(t *testing.T) { concurrent(t, systemStore(t)) }

// Another process of the same user, and a store made later, see the same.
func TestSystemIsShared(t *testing.T) {
	if place, err := systemStore(t).Set(t.Context(), id, secret); err != nil || place != PlaceKeychain {
		t.Fatalf("%q, %v", place, err)
	}
	other := New("")
	if got, err := other.Get(t.Context(), id); err != nil || got != secret {
		t.Errorf("%q, %v", got, err)
	}
	if err := other.Delete(t.Context(), id); err != nil {
		t.Error(err)
	}
}

// systemStore is the real store, without anything of an earlier test in it.
func systemStore(t *testing.T) *Store {
	t.Helper()
	s := New("")
	if err := s.Probe(t.Context()); err != nil {
		t.Fatalf("the keychain of this computer does not work: %v", err)
	}
	if err := s.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	return s
}

func BenchmarkSystem(b *testing.B) {
	s := New("")
	for b.Loop() {
		if _, err := s.Set(b.Context(), id, secret); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Get(b.Context(), id); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Delete(b.Context(), id); err != nil {
		b.Fatal(err)
	}
}
