package pause

import (
	"testing"
	"time"

	"golang.org/x/sys/windows/registry"
)

// TestSinceBoot: two programs of one run of the computer agree, so that a run which is
// resumed knows how long it has waited, sleep included.
func TestSinceBoot(t *testing.T) {
	if _, _, ok := SinceBoot(); !ok { // Wine counts no starts
		k, _, err := registry.CreateKey(registry.LOCAL_MACHINE, bootKey, registry.ALL_ACCESS)
		if err != nil {
			t.Skip("this Windows does not count its starts")
		}
		defer k.Close()
		if err := k.SetDWordValue("BootId", 7); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = k.DeleteValue("BootId") }()
	}
	id, first, ok := SinceBoot()
	again, second, _ := SinceBoot()
	if !ok || id == "" || id != again || first <= 0 || second < first || second-first > time.Hour {
		t.Errorf("%q %v, then %q %v", id, first, again, second)
	}
}
