package doctor

import (
	"context"
	"time"

	"pushdesk/powerbi"
)

// RunWithin is Run with another limit for each check that asks a server.
func RunWithin(ctx context.Context, limit time.Duration, s Subject, on func(Check)) Report {
	e := newExamination(s, on)
	e.limit = limit
	return e.run(ctx)
}

// CleanUpAt is CleanUp at another time.
func CleanUpAt(ctx context.Context, journal string, open func(context.Context, string) (*powerbi.Client, error), now time.Time) []Leftover {
	return cleanUp(ctx, journal, open, now.Add(-running))
}
