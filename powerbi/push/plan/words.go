package plan

import (
	"fmt"
	"time"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
)

// describe words the plan. whole is the rows that could be sent of the file.
func (p *Plan) describe(in Input, whole int64) {
	p.Blockers, p.Warnings = p.blockers(in), p.warnings(in, whole)
	p.Summary = summary(humanize.Count(p.Rows, "row"), p.Requests, p.LeastTime, p.Ends, in.Now)
	if len(p.Blockers) > 0 {
		p.Summary = p.Blockers[0].Sentence
	}
}

// summary says in a sentence or two what is sent and how long it takes.
func summary(what string, requests int, takes time.Duration, ends, now time.Time) string {
	s := what + " in " + humanize.Count(requests, "request")
	if takes < time.Minute {
		return s + ", without waiting."
	}
	return fmt.Sprintf("%s. Power BI's limits make it take at least %s, until %s.", s, humanize.Duration(takes), humanize.Time(ends, now))
}

// blockers are what keeps a run from being done.
func (p *Plan) blockers(in Input) []Note {
	list := []Note{}
	switch {
	case in.Rows > 0:
	case in.Filtered > 0:
		list = append(list, Note{NoteNothing, "No sendable row matches the conditions.",
			"Change the conditions, or remove them to send every row."})
	default:
		list = append(list, Note{NoteNothing, "There are no rows to send.", "Check the sheet, the header row and what happens to rows with problems."})
	}
	if in.Columns > powerbi.MaxColumns {
		list = append(list, Note{NoteColumns, fmt.Sprintf("A table of Power BI holds at most %d columns, but %d are chosen.", powerbi.MaxColumns, in.Columns),
			fmt.Sprintf("Leave out %s.", humanize.Count(in.Columns-powerbi.MaxColumns, "column"))})
	}
	if note := in.parts(); note != nil {
		list = append(list, *note)
	}
	if p.Overflow > 0 {
		list = append(list, Note{NoteFull, fmt.Sprintf("The table holds at most %s rows. It has %s now, so %s of this run do not fit.",
			humanize.Number(powerbi.MaxRowsNone), humanize.Count(max(in.existing(), 0), "row"), humanize.Count(p.Overflow, "row")),
			"Send fewer rows, replace the table's rows, or choose another dataset."})
	}
	return list
}

// parts is why a table cannot be replaced at once; nil where it can, or may be in parts.
func (in Input) parts() *Note {
	if in.Mode != ModeReplace || in.Create || in.InParts || in.Rows == 0 {
		return nil
	}
	wait, why := in.pacer().Refill(in.Now, in.Rows, in.Batches)
	if wait <= PartsAtMost {
		return nil
	}
	n := PartsNote(in.Rows, in.Now, wait, why, in.Pace)
	return &n
}

// PartsAtMost is how long a table may stay partly filled while it is replaced, unless a
// person allows more.
const PartsAtMost = time.Minute

// PartsNote says that the limits would leave a table partly filled for too long while it
// is replaced with some rows. The plan and the run say it in the same words.
func PartsNote(rows int64, now time.Time, wait time.Duration, why string, pace Pace) Note {
	remedy := "Replace in parts if a partly filled table does no harm, or send fewer rows."
	if rows <= pace.OrDocumented().RowsPerHour { // by then everything that counts now has left the hour
		remedy = fmt.Sprintf("Start after %s, or replace in parts if a partly filled table does no harm.", humanize.Time(now.Add(time.Hour), now))
	}
	return Note{NoteParts, fmt.Sprintf("With %s the table would stay partly filled for %s, because of this limit: %s.",
		humanize.Count(rows, "row"), humanize.Duration(wait), why), remedy}
}

// warnings are what a person should know before the start.
func (p *Plan) warnings(in Input, whole int64) []Note {
	list := []Note{}
	add := func(kind, sentence, remedy string) { list = append(list, Note{kind, sentence, remedy}) }
	if in.Mode == ModeReplace && !in.Create && in.ExistingRows != 0 {
		what := "All rows"
		if in.ExistingRows > 0 {
			what = "The " + humanize.Count(in.ExistingRows, "row")
		}
		add(NoteReplace, what+" in the table will be deleted right before the first batch is sent.", "To keep them, add rows instead of replacing them.")
	}
	if p.Dropped > 0 {
		add(NoteFIFO, p.fifo(in), "Choose a dataset without a retention policy to keep every row; it holds "+humanize.Number(powerbi.MaxRowsNone)+" rows.")
	}
	if p.Slow {
		add(NoteSlow, fmt.Sprintf("Once the table holds %s rows, Power BI accepts %d requests an hour instead of a minute.",
			humanize.Number(powerbi.SlowFromRows), powerbi.MaxRequests), "")
	}
	for _, w := range p.Waits {
		if w.Total < time.Second {
			continue
		}
		s := w.Reason + ": " + humanize.Duration(w.Total) + " of waiting"
		if w.Times > 1 {
			s += fmt.Sprintf(" in %d waits", w.Times)
		}
		if w.First >= time.Second {
			s += ", the first after " + humanize.Duration(w.First)
		}
		add(NoteWait, s+".", "The run waits and continues automatically. It can be cancelled and resumed.")
	}
	list = append(list, p.used(in)...)
	if in.existing() < 0 && in.Rows > 0 {
		add(NoteUnknown, "How many rows the table holds is unknown, so waits and dropped rows may come earlier than planned.", "")
	}
	if in.Create {
		list = append(list, retirement(in.Now))
	}
	if in.Filtered > 0 {
		add(NotePart, fmt.Sprintf("The conditions leave out %s of the file.", humanize.Count(in.Filtered, "row")), "")
	}
	if left := whole - p.Rows; left > 0 {
		add(NotePart, fmt.Sprintf("%s of the file will not be sent.", humanize.Count(left, "row")), "")
	}
	return list
}

// fifo says what a retention policy drops.
func (p *Plan) fifo(in Input) string {
	s := fmt.Sprintf("Power BI keeps about the newest %s rows of this table. It will drop ", humanize.Number(powerbi.MaxRowsFIFO))
	old, unknown := p.Dropped-p.Lost, ""
	if in.existing() < 0 {
		unknown = "at least "
	}
	lost := unknown + "the first " + humanize.Count(p.Lost, "row") + " of this run."
	switch {
	case p.Lost == 0:
		return s + "the oldest " + humanize.Count(old, "row") + " that are in it now."
	case old == 0:
		return s + lost
	}
	return s + "the " + humanize.Count(old, "row") + " that are in it now, and " + lost
}

// used says what of the limits is used up already.
func (p *Plan) used(in Input) (list []Note) {
	q := in.Quota
	if q == nil {
		return nil
	}
	if q.HeldUntil.After(in.Now) {
		list = append(list, Note{NoteHeld, fmt.Sprintf("Power BI asked for nothing to be sent to this dataset until %s.", humanize.Time(q.HeldUntil, in.Now)), ""})
	}
	if q.RowsLastHour > 0 && len(p.Waits) > 0 {
		list = append(list, Note{NoteUsed, fmt.Sprintf("In the last hour this computer has sent %s in %s to this dataset; they count.",
			humanize.Count(q.RowsLastHour, "row"), humanize.Count(q.RequestsLastHour, "request")),
			"What others have sent is unknown here and counts too."})
	}
	if q.Pending > 0 {
		list = append(list, Note{NoteUsed, "Another run on this computer is sending to this dataset right now; the two share its limits.", ""})
	}
	return list
}

// retirement says until when push datasets can be created.
func retirement(now time.Time) Note {
	day := powerbi.CreationEnds.Format("2 January 2006") // a date, not a moment: the same everywhere
	if now.After(powerbi.CreationEnds.AddDate(0, 0, 1)) {
		return Note{NoteRetirement, fmt.Sprintf("Microsoft announced that no push dataset can be created after %s, so creating this one may be refused.", day),
			"Choose an existing push dataset."}
	}
	days := int(powerbi.CreationEnds.Sub(now).Hours()/24) + 1
	return Note{NoteRetirement, fmt.Sprintf("Microsoft lets new push datasets be created until %s, which is %s from now. Microsoft says existing ones keep working.",
		day, humanize.Count(days, "day")), "Create the datasets you will need before that day."}
}

// sentence words a choice.
func (c Choice) sentence(now time.Time) string {
	rows, until := humanize.Count(c.Rows, "row"), humanize.Time(c.Ends, now)
	done := rows + ", done at " + until + "."
	if c.LeastTime < time.Minute { // an end that is now says nothing
		done = rows + ", without waiting."
	}
	switch {
	case c.Kind == ChoiceWait:
		return "Wait and continue: " + done
	case c.Kind == ChoiceOneHour && c.LeastTime < time.Minute:
		return "Send what this hour takes, " + rows + ", and stop. Resume the run to send the rest."
	case c.Kind == ChoiceOneHour:
		return "Send what this hour takes, " + rows + ", by " + until + ", and stop. Resume the run to send the rest."
	case c.Kind == ChoiceNewest:
		return "Skip the first rows, which the table would drop anyway: " + done
	case c.Kind == ChoiceFits:
		return "Send the rows that fit in the table: " + done
	case c.Kind == ChoiceRetention && c.Retention == powerbi.RetentionNone:
		return "Create the dataset without a retention policy, so that it keeps every row: " + done
	case c.Kind == ChoiceRetention:
		return "Create the dataset with the retention policy basicFIFO, which keeps about the newest " + humanize.Number(powerbi.MaxRowsFIFO) + " rows: " + done
	case c.Kind == ChoiceReplace:
		return "Replace the rows that are in the table: " + done
	case c.Kind == ChoiceParts:
		return "Replace in parts, with the table partly filled meanwhile: " + done
	case c.Kind == ChoiceFilter:
		return "Send only some of the rows: choose conditions that they must meet."
	}
	return "Choose another dataset: each dataset has its own limits."
}
