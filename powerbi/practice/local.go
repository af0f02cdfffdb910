package practice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/pause"
)

// joinLimit is how long Open waits at most for a service that another process is
// starting.
var joinLimit = 15 * time.Second

var errNoAnswer = failure.New(failure.Unexpected, "practice-no-answer",
	"Another Pushdesk runs the practice service, and it does not answer.",
	"Close the other Pushdesk, or end its process, and try again.")

var errNotRunning = failure.New(failure.Unexpected, "practice-not-running",
	"No practice service runs on this computer.", "It runs while a Pushdesk sends rows to the practice workspace, or shows it.")

// Local is the embedded practice service of this computer: started by this
// process, or by another one of the same user and joined.
type Local struct {
	service *Service
	at      endpoint
	acts    character // of a joined one, when it last answered
}

// Open starts the practice service on a folder, or joins the one that another
// process already runs there. It waits for one that is just starting, but not for
// ever. A folder left by a process that was killed is taken over.
func Open(ctx context.Context, dir string) (*Local, error) { return OpenAfter(ctx, dir, nil) }

// OpenAfter is Open after a service that was joined and has ended, nil for none: the one that
// takes its place acts as it did, with its limits and its clock, so that what waits for them
// waits on. One that another process has given a behavior of its own keeps it.
func OpenAfter(ctx context.Context, dir string, before *Local) (*Local, error) {
	var acted character
	if before != nil {
		acted = before.acts
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the practice folder: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, joinLimit)
	defer cancel()
	path := filepath.Join(dir, lockFile)
	for {
		err := error(&storage.LockedError{Path: path})
		var lock *storage.Lock
		if !storage.Locked(path) {
			lock, err = storage.TryLock(path)
		}
		if err == nil {
			s, err := start(Options{Dir: dir, Behavior: acted.behavior, Ahead: acted.ahead}, lock)
			if err != nil {
				return nil, fmt.Errorf("start the practice service: %w", err)
			}
			return &Local{service: s, at: s.endpoint()}, nil
		}
		if held := (*storage.LockedError)(nil); !errors.As(err, &held) {
			return nil, fmt.Errorf("lock the practice folder: %w", err)
		}
		at, err := readEndpoint(dir)
		l := &Local{at: at}
		if err == nil {
			err = l.Ping(ctx)
		}
		if err == nil && before != nil {
			err = l.actAs(ctx, acted)
		}
		if err == nil {
			return l, nil
		}
		if stopped := pause.For(ctx, 25*time.Millisecond); stopped != nil {
			err = fmt.Errorf("join the practice service: %w", errors.Join(stopped, err))
			return nil, errNoAnswer.Because(err).WithDetails("%v", err)
		}
	}
}

// actAs gives a joined service that has no behavior of its own that of another one.
func (l *Local) actAs(ctx context.Context, as character) error {
	var changes []question
	if l.acts.behavior == faults.Default() && as.behavior != l.acts.behavior {
		changes = append(changes, question{path: "behavior", body: as.behavior})
	}
	if by := as.ahead - l.acts.ahead; by > 0 {
		changes = append(changes, question{path: "clock", body: map[string]int64{"forwardMs": by.Milliseconds()}})
	}
	if len(changes) == 0 {
		return nil
	}
	if err := l.at.ask(ctx, changes...); err != nil {
		return err
	}
	l.acts = as
	return nil
}

// LoginURL returns the login host of the service.
func (l *Local) LoginURL() string { return l.at.URL }

// APIURL returns the API host of the service.
func (l *Local) APIURL() string { return l.at.URL }

// Resource returns the resource to ask tokens for.
func (l *Local) Resource() string { return l.at.Resource }

// CAPEM returns the certificate authority to trust.
func (l *Local) CAPEM() []byte { return bytes.Clone([]byte(l.at.CAPEM)) }

// Service returns the service when this process runs it, and nil when it joined one.
func (l *Local) Service() *Service { return l.service }

// Credentials returns the ready-made apps.
func (l *Local) Credentials() []Credential {
	if l.service != nil {
		return l.service.Credentials()
	}
	return append([]Credential(nil), l.at.Credentials...)
}

// Join returns the service that a process runs on a folder; an error when none does.
func Join(ctx context.Context, dir string) (*Local, error) {
	at, err := readEndpoint(dir)
	if err == nil {
		err = at.ping(ctx)
	}
	if err != nil {
		return nil, errNotRunning.Because(err).WithDetails("Looked for in %s.", dir)
	}
	return &Local{at: at}, nil
}

// Ping reports an error if the service does not answer any more. Open again then: the
// process that ran the service may have ended. One goroutine asks at a time.
func (l *Local) Ping(ctx context.Context) error {
	acts, err := l.at.look(ctx)
	if err == nil {
		l.acts = acts
	}
	return err
}

// Forward lets time pass for the service at once: an hour of its limits, the life of its
// tokens.
func (l *Local) Forward(ctx context.Context, d time.Duration) error {
	if err := l.at.forward(ctx, d); err != nil {
		return fmt.Errorf("put the clock of the practice service forward: %w", err)
	}
	return nil
}

// Close ends the service when this process runs it. A joined service runs on.
func (l *Local) Close() error {
	if l.service == nil {
		return nil
	}
	return l.service.Close()
}
