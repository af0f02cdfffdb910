package doctor

import (
	"context"
	"time"
)

// RunWithin is Run with another limit for each check that asks a server.
func RunWithin(ctx context.Context, limit time.Duration, s Subject, on func(Check)) Report {
	e := newExamination(s, on)
	e.limit = limit
	return e.run(ctx)
}
