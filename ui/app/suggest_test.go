package app

import "testing"

func TestSuggestedManagersCanBeAsked(t *testing.T) {
	for _, name := range []string{"op", "pass", "bw", "vault", "az", "env"} {
		if m, ok := SuggestManager(name); !ok || m.Check() != nil {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if _, ok := SuggestManager("another"); ok {
		t.Error("something is suggested for an unknown secret manager")
	}
}
