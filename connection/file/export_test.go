package file

import "time"

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
