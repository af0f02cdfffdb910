package doctor

import (
	"context"
	"errors"
	"time"
)

// RunWithin is Run with another limit for each check that asks a server.
func RunWithin(ctx context.Context, limit time.Duration, s Subject, on func(Check)) Report {
	e := newTest(s, on)
	e.limit = limit
	return e.run(ctx)
}

// HoldNote locks a note as a running test does.
func HoldNote(path string) (free func(), err error) {
	n := &note{path: path}
	if held, err := n.hold(); err != nil || !held {
		return nil, errors.Join(errors.New("it is locked"), err)
	}
	return n.close, nil
}

// AddCheck adds a check that fails to the list, until it is removed.
func AddCheck(id, title, evidence string) (remove func()) {
	before := checks
	checks = append(checks[:len(checks):len(checks)], check{id: id, group: GroupPowerBI, title: title,
		run: func(*test, context.Context) finding { return finding{status: Fail, evidence: evidence, who: "you"} }})
	return func() { checks = before }
}

// CheckIDs returns the IDs of the checks in the order in which they are made.
func CheckIDs() (ids []string) {
	for _, c := range checks {
		ids = append(ids, c.id)
	}
	return ids
}
