package key

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestKeyAndItsWords(t *testing.T) {
	if len(words) != 256 || len(slices.Compact(slices.Sorted(slices.Values(words)))) != 256 {
		t.Fatalf("%d words", len(words))
	}
	k, err := New()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Recover("  " + strings.ToUpper(k.Recovery()) + "\n")
	if err != nil || back.Public() != k.Public() || back.identity.String() != k.identity.String() {
		t.Errorf("%v", err)
	}
	list := strings.Fields(k.Recovery())
	for i, w := range list { // a slip in any word is found
		other := slices.Clone(list)
		other[i] = words[(slices.Index(words, w)+7)%256]
		if _, err := Recover(strings.Join(other, " ")); !errors.Is(err, ErrRecovery) {
			t.Errorf("word %d: %v", i, err)
		}
	}
	if s := fmt.Sprintf("%v %+v %#v %s", k, k, k, k); strings.Contains(s, "AGE-SECRET") || !strings.HasPrefix(s, "key of ") {
		t.Error(s)
	}
	begun := time.Now()
	a, b := Phrase("team", "owner", "member"), Phrase("team", "owner", "member2")
	if d := time.Since(begun); d < 20*time.Millisecond { // at best: else words can be guessed
		t.Errorf("two phrases take %v", d)
	}
	if a == b || len(strings.Fields(a)) != 5 {
		t.Errorf("%q %q", a, b)
	}
}
