package doctor

import (
	"context"
	"errors"
	"time"
)

// RunWithin is Run with another limit for each check that asks a server.
func RunWithin(ctx context.Context, limit time.Duration, s Subject, on func(Check)) Report {
	e := newExamination(s, on)
	e.limit = limit
	return e.run(ctx)
}

// HoldNote locks a note as a probe does that is on its way.
func HoldNote(path string) (free func(), err error) {
	n := &note{path: path}
	if held, err := n.hold(); err != nil || !held {
		return nil, errors.Join(errors.New("it is locked"), err)
	}
	return n.close, nil
}
