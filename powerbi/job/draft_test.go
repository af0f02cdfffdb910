package job_test

import (
	"slices"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
)

// decided is a draft in which everything is decided and checked.
func decided() job.Draft {
	p := job.Place{Exists: true, Rows: 3}
	p.Target.Table, p.Target.DatasetName = "Orders", "Sales"
	d := job.Draft{}.From(job.Reading{}).To(p, plan.ModeAppend).Map(mapping.Mapping{Table: "Orders", Fields: []mapping.Field{
		{From: 0, Header: "Units", Use: true, Target: powerbi.Column{Name: "Units", DataType: powerbi.Int64}}}}).Bad(mapping.PolicySkip)
	d.Skip, d.Limit, d.OneHour = 1, 2, true
	d.Checked = &job.Checked{Report: mapping.CheckReport{Rows: 9, RowsToSend: 8}, Plan: plan.Plan{Rows: 2}}
	return d
}

// TestAStepDropsWhatNoLongerHolds takes each step from a draft in which everything is
// decided: the next draft has no check, and nothing of what was decided after the step.
func TestAStepDropsWhatNoLongerHolds(t *testing.T) {
	was := decided()
	for _, c := range []struct {
		step                          string
		next                          job.Draft
		placed, mapped, part, checked bool
	}{
		{"another table of the file", was.From(job.Reading{}), false, false, false, false},
		{"read in another way", was.ReadAs(job.Reading{}), true, true, false, false},
		{"another destination", was.To(job.Place{Exists: true}, plan.ModeReplace), true, false, false, false},
		{"no destination", was.To(job.Place{}, ""), false, false, false, false},
		{"another mapping", was.Map(was.Mapping), true, true, false, false},
		{"another policy", was.Bad(mapping.PolicyBlank), true, true, true, false},
		{"another way from the plan", was.Choose(plan.Choice{Kind: plan.ChoiceFits, Limit: 5}), true, true, true, true},
	} {
		d := c.next
		if d.Place.Exists != c.placed || len(d.Mapping.Fields) > 0 != c.mapped || d.Skip+d.Limit > 0 != c.part || (d.Checked != nil) != c.checked {
			t.Errorf("%s: %+v", c.step, d)
		}
	}
	if now := decided(); was.Skip != now.Skip || was.Checked == nil || len(was.Mapping.Fields) != 1 || !was.Place.Exists {
		t.Errorf("the draft was changed: %+v", was)
	}
	if d := was.To(job.Place{Exists: true, Destination: job.Destination{Reshape: true}}, plan.ModeAppend); !d.Reshape {
		t.Error("the table's columns are not changed")
	}
}

func TestWhatKeepsADraftFromBeingSent(t *testing.T) {
	d := decided()
	if err := d.Blocked(); err != nil || d.ToSend() != 2 {
		t.Errorf("%v, %d rows", err, d.ToSend())
	}
	d.Checked = &job.Checked{Report: mapping.CheckReport{Rows: 9, RowsWithProblems: 1, ByColumn: []mapping.ColumnProblems{{Severity: mapping.SeverityError, Count: 1}}}}
	if err := d.Bad(mapping.PolicyStop).Blocked(); err != nil {
		t.Errorf("not checked with this policy: %v", err)
	}
	d.Policy = ""
	if err := d.Blocked(); !failure.HasCode(err, "bad-rows") || d.ToSend() != 0 {
		t.Errorf("%v, %d rows", err, d.ToSend())
	}
	d.Checked = &job.Checked{Plan: plan.Plan{Blockers: []plan.Note{{Sentence: "It is full."}}}}
	if err := d.Blocked(); !failure.HasCode(err, "plan-blocked") {
		t.Error(err)
	}
}

// TestQuestions are asked by kind: what must be typed, what a yes is enough for, and what
// is only said.
func TestQuestions(t *testing.T) {
	asked := func(set ...job.Draft) (kinds []string) {
		for _, q := range job.Questions(set...) {
			kind := string(q.Kind)
			switch {
			case q.Note:
				kind += " said"
			case q.Type != "":
				kind += " " + q.Type
			}
			kinds = append(kinds, kind)
		}
		return kinds
	}
	production := func(d job.Draft) job.Draft { d.Place.Destination.Connection.Production = true; return d }
	replace := func(d job.Draft) job.Draft { d.Mode = plan.ModeReplace; return d }
	repeat := func(d job.Draft) job.Draft {
		d.Checked = &job.Checked{Report: d.Checked.Report, Plan: d.Checked.Plan, Earlier: []history.Receipt{{RowsSent: 8}}}
		return d
	}
	reshape := func(d job.Draft) job.Draft {
		d.Checked = &job.Checked{Shape: job.Reshaping{Diff: powerbi.SchemaDiff{Dropped: []powerbi.Column{{Name: "Note"}}}}}
		return d
	}
	for _, c := range []struct {
		name string
		set  []job.Draft
		want []string
	}{
		{"nothing", []job.Draft{decided()}, nil},
		{"replace", []job.Draft{replace(decided())}, []string{"replace"}},
		{"production", []job.Draft{production(decided())}, []string{"production"}},
		{"production, replace", []job.Draft{production(replace(decided()))}, []string{"replace Sales"}},
		{"repeat", []job.Draft{repeat(decided())}, []string{"repeat"}},
		{"repeat, replace", []job.Draft{replace(repeat(decided()))}, []string{"replace", "repeat said"}},
		{"columns", []job.Draft{reshape(decided())}, []string{"schema Sales"}},
		{"several tables", []job.Draft{production(decided()), production(repeat(decided()))}, []string{"production", "repeat"}},
	} {
		if got := asked(c.set...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
