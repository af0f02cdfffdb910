package job

import (
	"fmt"
	"slices"

	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
)

// QuestionKind is what is asked before a run.
type QuestionKind string

const (
	AskSchema     QuestionKind = "schema"     // columns of the table are dropped or changed
	AskReplace    QuestionKind = "replace"    // the rows that are in the table are deleted
	AskProduction QuestionKind = "production" // rows are sent with a production connection
	AskRepeat     QuestionKind = "repeat"     // the same rows were sent before
	AskOverlap    QuestionKind = "overlap"    // the first rows were sent before, and more follow
	AskScattered  QuestionKind = "scattered"  // rows elsewhere in the file were sent before
)

// Question is one thing that a person agrees to before rows are sent.
type Question struct {
	Kind     QuestionKind
	Sentence string           // what will happen, in whole sentences
	Type     string           // what must be typed to agree; "" = a yes is enough
	Note     bool             // it is enough to say it: nothing has to be answered
	Run      *history.Receipt // of AskRepeat, AskOverlap and AskScattered: the newest run that has sent the same rows
}

// Questions returns what a person has to agree to before checked drafts are sent
// together, for every front end. Nothing may be sent before each is answered.
func Questions(set ...Draft) (list []Question) {
	first := set[0].Place
	c, dataset := first.Destination.Connection, first.Target.DatasetName
	var rows int64
	var replaced []string
	var earlier []history.Receipt
	doubles, lost, columns := false, false, ""
	for _, d := range set {
		rows += d.ToSend()
		if d.Checked.Shape.Diff.Destructive() {
			list = append(list, Question{Kind: AskSchema, Type: dataset, Sentence: d.Checked.Shape.Loses()})
		}
		if d.Mode == plan.ModeReplace {
			replaced = append(replaced, rowsOf(d.Place))
			lost = lost || d.Place.Rows > 0 && d.Checked.Known != d.Place.Rows
		}
		if len(d.Checked.Earlier) > 0 {
			earlier = append(earlier, d.Checked.Earlier[0])
			columns = d.Checked.Overlap.Differ()
			doubles = doubles || d.Mode != plan.ModeReplace
		}
	}
	if len(replaced) > 0 {
		q := Question{Kind: AskReplace, Sentence: humanize.List(replaced) + " will be deleted right before the first batch is sent."}
		if lost {
			q.Sentence += " They cannot be restored afterwards: this computer has not sent all of them."
		}
		if c.Production {
			q.Sentence, q.Type = fmt.Sprintf("%q is a production connection. ", c.Name)+q.Sentence, dataset
		}
		list = append(list, q)
	}
	if typed := len(list) > 0 && list[len(list)-1].Type != ""; c.Production && !typed {
		list = append(list, Question{Kind: AskProduction, Sentence: fmt.Sprintf("%q is a production connection. %s will be sent to %s.", c.Name, humanize.Count(rows, "row"), whereTo(set))})
	}
	if len(earlier) > 0 {
		q := Question{Kind: AskRepeat, Run: &earlier[0], Note: !doubles, Sentence: SentBefore(earlier[0]) + columns}
		q.Sentence += " " + SendingAgain(doubles)
		list = append(list, q)
	}
	for _, d := range set {
		if o := d.Checked.Overlap; o.Rows > 0 {
			appends := d.Mode != plan.ModeReplace
			list = append(list, Question{Kind: AskOverlap, Run: &o.Runs[len(o.Runs)-1], Note: !appends, Sentence: o.Sentence() + " " + SendingAgain(appends)})
		}
		if x := d.Checked.Scattered; x.Many() {
			appends := d.Mode != plan.ModeReplace
			list = append(list, Question{Kind: AskScattered, Run: &x.Runs[0], Note: !appends, Sentence: x.Sentence() + " " + SendingAgain(appends)})
		}
	}
	return list
}

// Asked reports whether a person has to answer anything before a checked draft is sent.
func Asked(d Draft) bool {
	return slices.ContainsFunc(Questions(d), func(q Question) bool { return !q.Note && (q.Kind != AskReplace || q.Type != "") })
}

// SendingAgain says what sending rows again does that were sent before: append adds them
// to the table, otherwise its rows are replaced.
func SendingAgain(appends bool) string {
	if appends {
		return "Sending them again adds them a second time."
	}
	return "The rows are replaced, so there will be no duplicates."
}

// SentBefore says that the rows of a run were sent before.
func SentBefore(r history.Receipt) string {
	s := fmt.Sprintf("The same rows were sent to this table %s%s: %s.", fresh.OnDay(r.Started), fresh.FromFile(r), humanize.Count(r.RowsSent, "row"))
	if r.Resumable {
		s += " That run is not finished; resuming it sends the rest."
	}
	return s
}

// rowsOf names the rows of a table that are deleted.
func rowsOf(p Place) string {
	if p.Rows < 0 {
		return fmt.Sprintf("All rows of the table %q", p.Target.Table)
	}
	return fmt.Sprintf("All %s of the table %q", humanize.Count(p.Rows, "row"), p.Target.Table)
}

// whereTo names the tables that drafts are sent to.
func whereTo(set []Draft) string {
	dataset := set[0].Place.Target.DatasetName
	if len(set) == 1 {
		return fmt.Sprintf("%q in %q", set[0].Place.Target.Table, dataset)
	}
	return fmt.Sprintf("%s of %q", humanize.Count(len(set), "table"), dataset)
}
