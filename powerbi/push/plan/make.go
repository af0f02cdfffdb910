package plan

import (
	"slices"

	"pushdesk/powerbi"
)

// Make works out what a run will cost, with the rules that the run itself
// keeps. It counts only what is known: others may use the same dataset, and what
// the service answers counts in the end.
func Make(in Input) Plan {
	p, _ := in.plan()
	p.Choices = p.choices(in)
	return p
}

// plan works out a plan without choices, and the pacer as it is in the end.
func (in Input) plan() (Plan, *Pacer) {
	whole := in.Rows
	in = in.part()
	p := Plan{Rows: in.Rows, Bytes: in.Bytes, Quota: in.Quota}
	pacer := in.pacer()
	a := pacer.simulate(in.Now, pacer.batches(in.Rows, in.Batches), in.RequestTime, in.OneHour)
	p.Requests, p.Ends, p.Waits, p.LeastTime = a.requests, a.end, a.waits, a.end.Sub(in.Now)

	fifo := in.Retention == powerbi.RetentionFIFO
	after := max(in.existing(), 0) + in.Rows
	p.Slow = !fifo && p.Requests > 1 && after-in.Rows/int64(p.Requests) >= pacer.limits.SlowFrom
	switch {
	case fifo && after > powerbi.MaxRowsFIFO:
		p.Dropped = after - powerbi.MaxRowsFIFO
		p.Lost = max(0, in.Rows-powerbi.MaxRowsFIFO)
	case !fifo && after > powerbi.MaxRowsNone:
		p.Overflow = min(after-powerbi.MaxRowsNone, in.Rows)
	}
	if in.OneHour {
		p.Rows = min(p.Rows, a.rows)
	}
	p.describe(in, whole)
	return p, pacer
}

// choices offers other ways where a limit stands in the way.
func (p *Plan) choices(in Input) []Choice {
	var list []Choice
	add := func(c Choice, change func(*Input)) {
		other := in
		change(&other)
		q, _ := other.plan()
		// Waiting makes no room in a table that is full, or that cannot be replaced at once.
		full := slices.ContainsFunc(q.Blockers, func(n Note) bool { return n.Kind == NoteFull || n.Kind == NoteParts })
		if c.Rows, c.LeastTime, c.Ends = q.Rows, q.LeastTime, q.Ends; c.Rows > 0 && (!full || c.Kind == ChoiceReplace) {
			list = append(list, c)
		}
	}
	waits := in.OneHour
	for _, w := range p.Waits {
		waits = waits || Hourly(w.Reason, w.Total)
	}
	if waits {
		add(Choice{Kind: ChoiceWait}, func(i *Input) { i.OneHour = false })
		add(Choice{Kind: ChoiceOneHour, OneHour: true}, func(i *Input) { i.OneHour = true })
	}
	if in.part().parts() != nil {
		add(Choice{Kind: ChoiceParts}, func(i *Input) { i.InParts = true })
	}
	if p.Lost > 0 {
		skip := in.Skip + p.Lost
		add(Choice{Kind: ChoiceNewest, Skip: skip}, func(i *Input) { i.Skip = skip })
	}
	if limit := p.Rows - p.Overflow; p.Overflow > 0 && limit > 0 {
		add(Choice{Kind: ChoiceFits, Limit: limit}, func(i *Input) { i.Limit = limit })
	}
	if in.Create && p.Dropped+p.Overflow > 0 {
		keep := powerbi.RetentionNone
		if p.Overflow > 0 {
			keep = powerbi.RetentionFIFO
		}
		add(Choice{Kind: ChoiceRetention, Retention: keep}, func(i *Input) { i.Retention = keep })
	}
	if p.Overflow > 0 && in.Mode != ModeReplace && in.ExistingRows > 0 {
		add(Choice{Kind: ChoiceReplace}, func(i *Input) { i.Mode = ModeReplace })
	}
	if waits || p.Overflow > 0 || p.Dropped > 0 {
		list = append(list, Choice{Kind: ChoiceFilter, Rows: p.Rows})
		if !in.Create {
			list = append(list, Choice{Kind: ChoiceDataset, Rows: p.Rows})
		}
	}
	if len(list) == 1 && list[0].Kind == ChoiceWait { // it is what happens anyway
		return nil
	}
	for i := range list {
		list[i].Sentence = list[i].sentence(in.Now)
	}
	return list
}
