package push

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"pushdesk/powerbi"
)

// SetInput is what a plan for several tables of one dataset is made from.
type SetInput struct {
	Tables  []PlanInput // in the order of sending; Now counts of the first only
	Names   []string    // of the tables
	InParts bool        // replace also when the limits leave a table partly filled for a while
}

// SetPlan is what sending several tables into one dataset will cost, one after the
// other. The service counts per dataset, so that each table finds less room than
// the one before it.
type SetPlan struct {
	Tables    []Plan        `json:"tables"` // each starts when the one before it ends
	Rows      int64         `json:"rows"`
	Requests  int           `json:"requests"`
	LeastTime time.Duration `json:"leastTime"` // nanoseconds in JSON
	Ends      time.Time     `json:"ends"`
	Summary   string        `json:"summary"`
	Blocker   *PlanNote     `json:"blocker,omitempty"` // the first that keeps any of them from being sent
}

// NoteParts is the note that a replaced table would stay partly filled for long.
const NoteParts = "parts"

// MakeSetPlan works out what several tables cost, each after those before it, with
// the rules that a run itself keeps.
func MakeSetPlan(in SetInput) SetPlan {
	s := SetPlan{}
	if len(in.Tables) == 0 {
		return s
	}
	start := in.Tables[0].Now
	now := start
	var sent *standing // what the tables before have left of the limits
	said := map[PlanNote]bool{}
	for i, one := range in.Tables {
		one.Now = now
		one.Quota = one.Quota.after(sent, in.Names[i])
		p := makePlan(one)
		p.Quota = in.Tables[i].Quota
		p.Warnings = slices.DeleteFunc(p.Warnings, func(n PlanNote) bool { // what is said of the dataset is said once
			again := said[n] && n.Kind != NoteReplace && n.Kind != NoteUnknown
			said[n] = true
			return again
		})
		s.block(p, in, i)
		sent = one.afterwards(p, in.Names[i])
		now = p.Ends
		s.Tables, s.Rows, s.Requests = append(s.Tables, p), s.Rows+p.Rows, s.Requests+p.Requests
	}
	s.Ends, s.LeastTime = now, now.Sub(start)
	s.Summary = fmt.Sprintf("%s into %s in %s", count(s.Rows, "row"), count(int64(len(s.Tables)), "table"), count(int64(s.Requests), "request"))
	switch {
	case s.Blocker != nil:
		s.Summary = s.Blocker.Sentence
	case s.LeastTime < time.Minute:
		s.Summary += ", without waiting."
	default:
		s.Summary += fmt.Sprintf(". The limits of Power BI make it take at least %s, until %s.", clock(s.LeastTime), when(s.Ends, start))
	}
	return s
}

// block notes what keeps a table from being sent.
func (s *SetPlan) block(p Plan, in SetInput, i int) {
	if s.Blocker != nil {
		return
	}
	if len(p.Blockers) > 0 {
		n := p.Blockers[0]
		n.Sentence = fmt.Sprintf("Table “%s”: %s", in.Names[i], n.Sentence)
		s.Blocker = &n
		return
	}
	if in.Tables[i].Mode != ModeReplace || in.InParts {
		return
	}
	var wait time.Duration
	for _, w := range p.Waits {
		if hourly(w.Reason, w.Total) || w.Reason == waitThrottle {
			wait += w.Total
		}
	}
	if wait > time.Minute {
		s.Blocker = &PlanNote{Kind: NoteParts,
			Sentence: fmt.Sprintf("The limits of Power BI would leave the table “%s” empty or partly filled for %s while it is replaced.", in.Names[i], clock(wait)),
			Remedy:   "Replace fewer tables at once, or replace in parts if a partly filled table does no harm."}
	}
}

// after gives a quota in which the tables sent before count; sent is nil for the
// first of them, and q for a dataset that is not there yet.
func (q *Quota) after(sent *standing, table string) *Quota {
	if sent == nil {
		return q
	}
	next := Quota{}
	if q != nil {
		next = *q
	}
	next.standing, next.ledger = *sent, &ledger{table: table}
	return &next
}

// afterwards gives what counts in the dataset when a planned table is in.
func (in PlanInput) afterwards(p Plan, table string) *standing {
	part := in.part()
	pacer := newPacer(in.Pace, in.Retention, in.existing())
	s := standing{tables: map[string]tableRows{}}
	if in.Quota != nil && in.Quota.ledger != nil {
		pacer.adopt(in.Quota.standing, in.Quota.ledger, in.Now)
		pacer.table, pacer.foreign = max(in.existing(), 0), 0
		s.until, s.why = in.Quota.standing.until, in.Quota.standing.why
		maps.Copy(s.tables, in.Quota.standing.tables)
	}
	pacer.oneHour = in.OneHour
	full := sizeOf(in.Pace).batches(part.Rows)
	batches := part.batchRows(pacer, full)
	pacer.simulate(in.Now, len(batches), func(i int) int { return batches[i] }, in.RequestTime)
	for _, at := range pacer.requests {
		s.requests = append(s.requests, posted{ended: at, counts: true})
	}
	for _, e := range pacer.rows {
		s.requests = append(s.requests, posted{ended: e.at, taken: e.n})
	}
	rows := max(in.existing(), 0) + p.Rows
	if in.Retention == powerbi.RetentionFIFO {
		rows = min(rows, powerbi.MaxRowsFIFO)
	}
	s.tables[table] = tableRows{rows, p.Ends}
	return &s
}
