package history

import (
	"context"
	"errors"
	"testing"
	"time"

	"pushdesk/storage/failure"
)

// TestRunsAreNamed: by the ID, by the beginning or the end of it, and as the last one.
func TestRunsAreNamed(t *testing.T) {
	h := open(t)
	var ids []string
	for i := range 2 {
		j := started(t, h, noon.Add(time.Duration(i)*time.Minute))
		ids = append(ids, j.ID())
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{ids[0]: ids[0], Short(ids[0]): ids[0], " " + Short(ids[1]): ids[1], "last": ids[1], "LAST": ids[1], ids[0][:30]: ids[0]} {
		if got, err := Find(context.Background(), h, name); err != nil || got != want {
			t.Errorf("%q is %s, %v, want %s", name, got, err, want)
		}
	}
	if _, err := Find(context.Background(), h, ids[0][:4]); !failure.HasCode(err, "run-ambiguous") {
		t.Errorf("the beginning of both: %v", err)
	}
	var none *NoRunError
	for _, name := range []string{"", "abc", "ffffffff", "%%%%"} {
		if _, err := Find(context.Background(), h, name); !errors.As(err, &none) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
