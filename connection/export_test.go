package connection

import "time"

// SetClock gives a store another clock.
func SetClock(s *Store, now func() time.Time) { s.now = now }

// SetLockWait shortens a store's wait for another program.
func SetLockWait(s *Store, d time.Duration) { s.lockWait = d }
