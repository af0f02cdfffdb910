package job

import (
	"fmt"

	"pushdesk/powerbi/job/same"
	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Draft is an upload as far as it is decided. It is a value that nobody changes: each
// step returns the next draft, without what no longer holds. Whoever has a draft whose
// Checked is there knows that it belongs to all that the draft says.
type Draft struct {
	Reading Reading
	Place   Place
	Mapping mapping.Mapping
	Policy  mapping.Policy // "" = stop at the first problem
	Mode    plan.Mode      // "" = append
	Terms   Terms

	Skip       int64           // rows at the beginning that are left out
	Limit      int64           // rows that are sent at most; 0 = all
	OneHour    bool            // stop where the run would have to wait for the hour
	InParts    bool            // replace also when the limits leave the table incomplete for a while
	MaxLeftOut mapping.LeftOut // how many rows may be left out
	Reshape    bool            // give a table that exists the columns of the mapping first
	Of         string          // the run whose corrected rows these are

	created bool     // the dataset was created a moment ago, for this and other drafts
	Checked *Checked // what Jobs.Check found; nil until it is checked, and after each change
}

// Checked is what a check found, and what follows from it. It is not changed either.
type Checked struct {
	Report  mapping.CheckReport
	Plan    plan.Plan
	Shape   schema.Alteration // what changes of the table's columns
	Earlier []history.Receipt // runs that have sent the same rows in the same way, the newest first
	Known   int64             // rows of the table that runs on this computer have sent, as far as they are kept
	Overlap fresh.Overlap     // rows at the beginning that were sent before, if not all were
	// Scattered are rows that were sent before and stand elsewhere.
	Scattered fresh.Scattered

	rows same.Read // that were checked
}

// From returns a draft of other rows, or of the same rows read with other columns. Only
// the policies are still what they were.
func (d Draft) From(r Reading) Draft {
	return Draft{Reading: r, Policy: d.Policy, Terms: d.Terms}
}

// ReadAs returns the draft with the same rows and columns, read in another way, or to
// their end.
func (d Draft) ReadAs(r Reading) Draft {
	d.Reading = r
	return d.changed()
}

// To returns the draft with another destination, or with none. The mapping was for the
// columns of the old one.
func (d Draft) To(p Place, m plan.Mode) Draft {
	d.Place, d.Mode, d.Mapping = p, m, mapping.Mapping{}
	d.Reshape = p.Exists && p.Destination.Reshape
	return d.changed()
}

// Map returns the draft with another mapping. Which rows are known has to be found again.
func (d Draft) Map(m mapping.Mapping) Draft {
	m.Past = nil
	d.Mapping = m
	return d.changed()
}

// changed drops what followed from the rows and columns: which of the rows are sent was
// chosen by their number.
func (d Draft) changed() Draft {
	d.Skip, d.Limit, d.OneHour, d.Checked = 0, 0, false, nil
	return d
}

// Bad returns the draft with another policy for values that cannot be sent.
func (d Draft) Bad(p mapping.Policy) Draft {
	d.Policy, d.Checked = p, nil
	return d
}

// On returns the draft with other terms.
func (d Draft) On(t Terms) Draft {
	d.Terms, d.Checked = t, nil
	return d
}

// Choose returns the draft as a choice of its plan says. Its rows are the same; Jobs.Plan
// makes the new plan.
func (d Draft) Choose(c plan.Choice) Draft {
	d.OneHour = c.OneHour
	switch c.Kind {
	case plan.ChoiceNewest, plan.ChoiceNew:
		d.Skip = c.Skip
	case plan.ChoiceFits:
		d.Limit = c.Limit
	case plan.ChoiceRetention:
		d.Place.Destination.Retention, d.Place.Target.Retention = c.Retention, c.Retention
	case plan.ChoiceParts:
		d.InParts = true
	case plan.ChoiceReplace:
		d.Mode = plan.ModeReplace
	}
	return d
}

func (d Draft) policy() mapping.Policy {
	if d.Policy == "" {
		return mapping.PolicyStop
	}
	return d.Policy
}

// selected counts the rows of a checked draft that the run reads: without those that are
// skipped, and up to the limit.
func selected(d Draft) int64 {
	n := max(d.Checked.Report.Rows-d.Skip, 0)
	if d.Limit > 0 {
		n = min(n, d.Limit)
	}
	return n
}

// ToSend counts the rows that the run will send; 0 until the draft is checked.
func (d Draft) ToSend() int64 {
	if d.Checked == nil || d.Checked.Report.RowsToSend == 0 {
		return 0
	}
	return d.Checked.Plan.Rows
}

// Blocked returns why a checked draft cannot be sent, and nil when it can.
func (d Draft) Blocked() error {
	if d.Checked == nil {
		return nil
	}
	if err := d.Refused(); err != nil {
		return err
	}
	r, blockers := d.Checked.Report, d.Checked.Plan.Blockers
	switch {
	case r.Errors() > 0 && d.policy() == mapping.PolicyStop:
		them := "they are"
		if r.RowsWithProblems == 1 {
			them = "it is"
		}
		return failure.New(failure.Data, "bad-rows", humanize.Count(r.RowsWithProblems, "row")+" of "+humanize.Number(r.Rows)+" cannot be sent as "+them+", so nothing was sent.",
			"Correct the values in the file, choose another type for the column, or say what to do with such rows.")
	case len(blockers) > 0:
		return blocked(blockers[0])
	case d.policy() == mapping.PolicySkip && d.MaxLeftOut.Exceeded(r.RowsWithProblems, r.Rows):
		return failure.New(failure.Data, "too-many-left-out",
			fmt.Sprintf("%s of %s would be left out, and %s be, so nothing was sent.", humanize.Number(r.RowsWithProblems), humanize.Count(r.Rows, "row"), d.MaxLeftOut.Allows()),
			"Correct the values in the file, choose another type for the column, or allow more rows to be left out.")
	}
	return nil
}

// blocked says that a plan cannot be carried out.
func blocked(n plan.Note) error {
	code := "plan-blocked"
	if n.Kind == plan.NoteParts {
		code = "limits-replace"
	}
	return failure.New(failure.Data, code, n.Sentence, n.Remedy)
}

// Unchecked returns the draft as it has to be checked again.
func (d Draft) Unchecked() Draft {
	d.Checked = nil
	return d
}

// Reopened returns the same draft with its file opened once more; see Reading.Reopened.
func (d Draft) Reopened(r Reading) Draft {
	d.Reading = r
	return d
}

// scattered are the rows that were sent before and stand elsewhere, once it is checked.
func (d Draft) scattered() fresh.Scattered {
	if d.Checked == nil {
		return fresh.Scattered{}
	}
	return d.Checked.Scattered
}
