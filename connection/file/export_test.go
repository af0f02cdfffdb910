package file

import (
	"testing"
	"time"

	"pushdesk/connection"
)

// SetClock gives a store another clock.
func SetClock(s *Store, now func() time.Time) { s.now = now }

// SetLockWait shortens a store's wait for another program.
func SetLockWait(s *Store, d time.Duration) { s.lockWait = d }

// Changing reports whether a change is being made.
func Changing(s *Store) bool {
	if s.mu.TryLock() {
		s.mu.Unlock()
		return false
	}
	return true
}

// Encode writes a file of connections as they are.
func Encode(t *testing.T, list ...connection.Connection) []byte {
	d := document{version: fileVersion}
	for _, c := range list {
		d.entries = append(d.entries, entry{Connection: c})
	}
	content, err := d.encode()
	if err != nil {
		t.Fatal(err)
	}
	return content
}
