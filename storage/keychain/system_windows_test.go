//go:build keychain

package keychain

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestCredentialManagerLimits: what fits is stored there, what does not is sealed in a
// file whose key is there, and both are read back and deleted.
func TestCredentialManagerLimits(t *testing.T) {
	home := t.TempDir()
	k := New(home)
	ctx := t.Context()
	for _, n := range []int{1, 40, MaxSecret} {
		long := strings.Repeat("ß", n/2) + strings.Repeat("x", n%2)
		place, err := k.Set(ctx, id, long)
		if err != nil || place != PlaceKeychain {
			t.Fatalf("%d bytes: %s %v", n, place, err)
		}
		if got, err := New(home).Get(ctx, id); err != nil || got != long {
			t.Errorf("%d bytes: %d are read, %v", n, len(got), err)
		}
	}
	if _, err := k.Set(ctx, id, strings.Repeat("x", MaxSecret+1)); err == nil {
		t.Error("more than the limit is taken")
	}
	large := bytes.Repeat([]byte("certificate "), 1000)
	place, err := k.SetSealed(ctx, id, large)
	if err != nil || place != PlaceSealed {
		t.Fatalf("large: %s %v", place, err)
	}
	if got, err := New(home).GetSealed(ctx, id); err != nil || !bytes.Equal(got, large) {
		t.Errorf("large: %d bytes are read, %v", len(got), err)
	}
	if err := k.Delete(ctx, id); err != nil {
		t.Error(err)
	}
	if _, err := k.Get(ctx, id); !errors.Is(err, ErrNotFound) {
		t.Errorf("after it was deleted: %v", err)
	}
}
