package push

import (
	"flag"
	"os"
	"testing"
)

// TestMain keeps the histories of the tests in memory where the system can: every entry
// is forced to the disk before the next request.
func TestMain(m *testing.M) {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && os.Getenv("TMPDIR") == "" {
		os.Setenv("TMPDIR", "/dev/shm")
	}
	flag.Parse()
	flag.Set("test.parallel", "8") // they wait more than they work
	m.Run()
}
