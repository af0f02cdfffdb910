package plan

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
)

// SetInput is what a plan for several tables of one dataset is made from.
type SetInput struct {
	Tables  []Input  // in the order of sending; Now counts of the first only
	Names   []string // of the tables
	InParts bool     // replace also when the limits leave a table partly filled for a while
}

// Set is what sending several tables into one dataset will cost, one after the
// other. The service counts per dataset, so that each table finds less room than
// the one before it.
type Set struct {
	Tables    []Plan        `json:"tables"` // each starts when the one before it ends
	Rows      int64         `json:"rows"`
	Requests  int           `json:"requests"`
	LeastTime time.Duration `json:"-"` // leastTimeMs in JSON
	Ends      time.Time     `json:"ends"`
	Summary   string        `json:"summary"`
	Blocker   *Note         `json:"blocker,omitempty"` // the first that keeps any of them from being sent
}

// MakeSet works out what several tables cost, each after those before it, with
// the rules that a run itself keeps.
func MakeSet(in SetInput) Set {
	s := Set{}
	if len(in.Tables) == 0 {
		return s
	}
	start := in.Tables[0].Now
	now := start
	var sent *Usage // what the tables before have left of the limits
	said := map[Note]bool{}
	for i, one := range in.Tables {
		one.Now, one.InParts = now, in.InParts || one.InParts
		one.Quota = one.Quota.after(sent, in.Names[i])
		p, pacer := one.plan()
		p.Quota = in.Tables[i].Quota
		p.Warnings = slices.DeleteFunc(p.Warnings, func(n Note) bool { // what is said of the dataset is said once
			again := said[n] && n.Kind != NoteReplace && n.Kind != NoteUnknown
			said[n] = true
			return again
		})
		if s.Blocker == nil {
			s.Blocker = p.blockerIn(in, i)
		}
		sent = one.afterwards(p, pacer, in.Names[i])
		now = p.Ends
		s.Tables, s.Rows, s.Requests = append(s.Tables, p), s.Rows+p.Rows, s.Requests+p.Requests
	}
	s.Ends, s.LeastTime = now, now.Sub(start)
	s.Summary = summary(humanize.Count(s.Rows, "row")+" into "+humanize.Count(len(s.Tables), "table"), s.Requests, s.LeastTime, s.Ends, start)
	if s.Blocker != nil {
		s.Summary = s.Blocker.Sentence
	}
	return s
}

// blockerIn returns what keeps the table at i from being sent.
func (p Plan) blockerIn(in SetInput, i int) *Note {
	if len(p.Blockers) == 0 {
		return nil
	}
	n := p.Blockers[0]
	n.Sentence = fmt.Sprintf("Table “%s”: %s", in.Names[i], n.Sentence)
	return &n
}

// afterwards returns what counts in the dataset when a planned table is in. pacer is
// that of the plan.
func (in Input) afterwards(p Plan, pacer *Pacer, table string) *Usage {
	u := Usage{Tables: map[string]TableRows{}}
	if in.Quota != nil && in.Quota.usage != nil {
		u.HeldUntil, u.HeldWhy = in.Quota.usage.HeldUntil, in.Quota.usage.HeldWhy
		maps.Copy(u.Tables, in.Quota.usage.Tables)
	}
	for _, at := range pacer.requests {
		u.Requests = append(u.Requests, Request{Ended: at, Counts: true})
	}
	for _, e := range pacer.rows {
		u.Requests = append(u.Requests, Request{Ended: e.at, Accepted: e.n})
	}
	rows := max(in.existing(), 0) + p.Rows
	if in.Retention == powerbi.RetentionFIFO {
		rows = min(rows, powerbi.MaxRowsFIFO)
	}
	u.Tables[table] = TableRows{rows, p.Ends}
	return &u
}
