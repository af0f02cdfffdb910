package plan

import (
	"time"

	"pushdesk/powerbi"
)

// Choice is another way to send the same file. Its fields are those of
// PlanInput that it changes.
type Choice struct {
	Kind      string            `json:"kind"`
	Sentence  string            `json:"sentence"`
	Rows      int64             `json:"rows"`                // that would be sent
	LeastTime time.Duration     `json:"leastTime"`           // nanoseconds in JSON
	Ends      time.Time         `json:"ends,omitzero"`       //
	Skip      int64             `json:"skip,omitempty"`      //
	Limit     int64             `json:"limit,omitempty"`     //
	OneHour   bool              `json:"oneHour,omitempty"`   //
	Retention powerbi.Retention `json:"retention,omitempty"` //
}

// Kinds of choices.
const (
	ChoiceWait      = "wait"      // wait for every limit and continue
	ChoiceOneHour   = "oneHour"   // send what the hour takes and stop; resume sends the rest
	ChoiceNewest    = "newest"    // leave out the rows that basicFIFO would drop anyway
	ChoiceFits      = "fits"      // send as many rows as the table takes
	ChoiceRetention = "retention" // create the dataset with another retention policy
	ChoiceReplace   = "replace"   // delete the rows that are in the table first
	ChoiceDataset   = "dataset"   // take another dataset
	ChoiceFilter    = "filter"    // send only rows that meet conditions
)

// choices offers other ways where a limit stands in the way.
func (p *Plan) choices(in Input) []Choice {
	var list []Choice
	add := func(c Choice, change func(*Input)) {
		other := in
		change(&other)
		q, _ := other.plan()
		if c.Rows, c.LeastTime, c.Ends = q.Rows, q.LeastTime, q.Ends; c.Rows > 0 {
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
