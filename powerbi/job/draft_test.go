package job_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook/infer"
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
	d.Checked = &job.Checked{Report: mapping.CheckReport{Rows: 9, RowsWithProblems: 1, ProblemCounts: []mapping.ProblemCount{{Severity: mapping.SeverityError, Count: 1}}}}
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
		d.Checked = &job.Checked{Shape: schema.Alteration{Diff: alter.Diff{Dropped: []powerbi.Column{{Name: "Note"}}}}}
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

// TestOffersWork: what infer reads of a text, as the type that it takes or offers, is what
// the mapping sends of the same text as that type; and what it names as a misfit, the
// mapping refuses or sends as blank.
func TestOffersWork(t *testing.T) {
	random := rand.New(rand.NewPCG(12, 13))
	numbers := []func(v float64) string{
		func(v float64) string { return fmt.Sprintf("%.2f", v) }, func(v float64) string { return strings.Replace(fmt.Sprintf("%.2f", v), ".", ",", 1) },
		func(v float64) string { return fmt.Sprintf("%.2f-", v) }, func(v float64) string { return fmt.Sprintf("(%.2f)", v) }, func(v float64) string { return fmt.Sprintf("$%.2f", v) },
		func(v float64) string { return strings.Replace(fmt.Sprintf("%.2f €", v), ".", ",", 1) }, func(v float64) string { return fmt.Sprintf("%.1f%%", v) }, func(v float64) string { return fmt.Sprintf("%.0f kg", v) },
		func(v float64) string { return fmt.Sprintf("%.3e", v) }, func(v float64) string { return fmt.Sprintf("%.0f", v) }, func(v float64) string { return fmt.Sprintf("%.0f,-", v) },
	}
	dates := []string{"2006-01-02", "02/01/2006", "01/02/2006", "2.1.2006", "2 January 2006", "Jan 2, 2006 3:04 PM", "2006-01-02T15:04:05Z07:00", "20060102", "02-Jan-06", "Mon, 02 Jan 2006 15:04:05 -0700", "2006年1月2日", "2006-01-02 15:04:05.000000"}
	strange := []string{"n/a", "-", "abc", "12k", "~5", "13 $", "32E0134", "yes", "2024-02-30", "00000000"}
	words := []string{"ja", "nein", "oui", "да", "нет", "はい", "x", "true"}
	for range 3000 {
		var texts []string
		kind, which := random.IntN(3), random.IntN(1000)
		for range 3 + random.IntN(12) {
			switch kind {
			case 0:
				texts = append(texts, numbers[which%len(numbers)](float64(random.IntN(900000))/100))
			case 1:
				at := time.Date(1990+random.IntN(40), 1, 1+random.IntN(365), random.IntN(24), random.IntN(60), random.IntN(60), random.IntN(1e9), time.FixedZone("", 3600*(random.IntN(2))))
				texts = append(texts, at.Format(dates[which%len(dates)]))
			default:
				texts = append(texts, words[random.IntN(1+which%len(words))])
			}
		}
		for range random.IntN(3) {
			texts = append(texts, strange[random.IntN(len(strange))])
		}
		profiler := infer.NewProfiler([]infer.Header{{Name: "Value"}}, infer.Origin{AllText: true, Delimiter: '\t'})
		for i, text := range texts {
			profiler.Add(cell.Row{Number: i + 2, Cells: []cell.Cell{{Kind: cell.Text, Text: text}}}, infer.About{})
		}
		p := profiler.Result().Columns[0]
		format, kindOf := p.Text, p.Type
		if p.Type == infer.TypeText {
			format, kindOf = p.OfferText, p.OfferType
		}
		if kindOf == "" || format.Ambiguous {
			continue
		}
		f := job.Written(mapping.Field{Use: true, Target: powerbi.Column{Name: "Value", DataType: job.DataType(kindOf)}}, p)
		for _, text := range texts {
			raw, bad := f.Preview(cell.Cell{Kind: cell.Text, Text: text})
			c, ok := format.Read(text)
			if !ok {
				if bad == nil {
					t.Fatalf("%q of %q does not fit %s and is sent as %s", text, texts, kindOf, raw)
				}
				continue
			}
			if read, _ := f.Preview(c); read != raw {
				t.Fatalf("%q of %q as %s %+v: read and sent %s, sent as text %s", text, texts, kindOf, format, read, raw)
			}
		}
	}
}
