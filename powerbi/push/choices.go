package push

import (
	"fmt"
	"time"

	"pushdesk/powerbi"
)

// PlanChoice is another way to send the same file. Its fields are those of
// PlanInput that it changes.
type PlanChoice struct {
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
	ChoiceWait      = "wait"      // wait for every limit and go on
	ChoiceOneHour   = "oneHour"   // send what the hour takes and stop; resume sends the rest
	ChoiceNewest    = "newest"    // leave out the rows that basicFIFO would drop anyway
	ChoiceFits      = "fits"      // send as many rows as the table takes
	ChoiceRetention = "retention" // make the dataset with another retention policy
	ChoiceReplace   = "replace"   // delete the rows that are in the table first
	ChoiceDataset   = "dataset"   // take another dataset
	ChoiceFilter    = "filter"    // send only rows that meet conditions (Mapping.Filter)
)

// choices offers other ways where a limit stands in the way.
func (p *Plan) choices(in PlanInput) []PlanChoice {
	var list []PlanChoice
	add := func(kind, words string, change func(*PlanInput, *PlanChoice)) {
		other, c := in, PlanChoice{Kind: kind}
		change(&other, &c)
		q := makePlan(other)
		c.Rows, c.LeastTime, c.Ends = q.Rows, q.LeastTime, q.Ends
		if c.Rows > 0 {
			c.Sentence = fmt.Sprintf(words, count(c.Rows, "row"), when(c.Ends, in.Now))
			list = append(list, c)
		}
	}
	waits := false
	for _, w := range p.Waits {
		waits = waits || hourly(w.Reason, w.Total)
	}
	if waits || in.OneHour {
		add(ChoiceWait, "Wait and continue: %s, done at %s.", func(i *PlanInput, _ *PlanChoice) { i.OneHour = false })
		add(ChoiceOneHour, "Send what this hour takes, %s, by %s, and stop. Resume the run to send the rest.", func(i *PlanInput, c *PlanChoice) { i.OneHour, c.OneHour = true, true })
	}
	if p.Lost > 0 {
		add(ChoiceNewest, "Leave out the first rows, which the table would drop anyway: %s, done at %s.", func(i *PlanInput, c *PlanChoice) {
			i.Skip = in.Skip + p.Lost
			c.Skip = i.Skip
		})
	}
	if p.Overflow > 0 && p.Rows > p.Overflow {
		add(ChoiceFits, "Send the rows that the table takes: %s, done at %s.", func(i *PlanInput, c *PlanChoice) {
			i.Limit = p.Rows - p.Overflow
			c.Limit = i.Limit
		})
	}
	if in.Create && p.Dropped > 0 {
		add(ChoiceRetention, "Make the dataset without a retention policy, so that it keeps every row: %s, done at %s.", func(i *PlanInput, c *PlanChoice) {
			i.Retention, c.Retention = powerbi.RetentionNone, powerbi.RetentionNone
		})
	}
	if in.Create && p.Overflow > 0 {
		add(ChoiceRetention, "Make the dataset with the retention policy basicFIFO, which keeps about the newest "+thousands(powerbi.MaxRowsFIFO)+" rows: %s, done at %s.", func(i *PlanInput, c *PlanChoice) {
			i.Retention, c.Retention = powerbi.RetentionFIFO, powerbi.RetentionFIFO
		})
	}
	if p.Overflow > 0 && in.Mode != ModeReplace && in.ExistingRows > 0 {
		add(ChoiceReplace, "Replace the rows that are in the table: %s, done at %s.", func(i *PlanInput, _ *PlanChoice) { i.Mode = ModeReplace })
	}
	if waits || p.Overflow > 0 || p.Dropped > 0 {
		list = append(list, PlanChoice{Kind: ChoiceFilter, Rows: p.Rows,
			Sentence: "Send only some of the rows: choose conditions that they must meet."})
	}
	if (waits || p.Overflow > 0 || p.Dropped > 0) && !in.Create {
		list = append(list, PlanChoice{Kind: ChoiceDataset, Rows: p.Rows,
			Sentence: "Choose another dataset: the limits count for each dataset on its own."})
	}
	if len(list) == 1 && list[0].Kind == ChoiceWait { // it is what happens anyway
		return nil
	}
	return list
}

// warnUsed says what of the limits is used up already.
func (p *Plan) warnUsed(in PlanInput) {
	q := in.Quota
	if q == nil {
		return
	}
	if q.HeldUntil.After(in.Now) {
		p.Warnings = append(p.Warnings, PlanNote{Kind: NoteHeld,
			Sentence: fmt.Sprintf("Power BI asked to send nothing into this dataset until %s.", when(q.HeldUntil, in.Now))})
	}
	if q.RowsLastHour > 0 && len(p.Waits) > 0 {
		p.Warnings = append(p.Warnings, PlanNote{Kind: NoteUsed,
			Sentence: fmt.Sprintf("In the last hour this computer has sent %s in %s into this dataset; they count.",
				count(q.RowsLastHour, "row"), count(int64(q.RequestsLastHour), "request")),
			Remedy: "What others have sent is not known here and counts too."})
	}
	if q.Pending > 0 {
		p.Warnings = append(p.Warnings, PlanNote{Kind: NoteUsed,
			Sentence: "Another run of this computer is sending into this dataset right now; the two share its limits."})
	}
}

// warnPart says that rows of the file are left out.
func (p *Plan) warnPart(whole, filtered int64) {
	if filtered > 0 {
		p.Warnings = append(p.Warnings, PlanNote{Kind: NotePart,
			Sentence: fmt.Sprintf("The conditions leave out %s of the file.", count(filtered, "row"))})
	}
	if p.Rows < whole {
		p.Warnings = append(p.Warnings, PlanNote{Kind: NotePart,
			Sentence: fmt.Sprintf("%s of the file are not sent.", count(whole-p.Rows, "row"))})
	}
}
