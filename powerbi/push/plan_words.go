package push

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pushdesk/powerbi"
)

// block finds what keeps a run from being done.
func (p *Plan) block(in PlanInput, existing int64) {
	add := func(kind, sentence, remedy string) {
		p.Blockers = append(p.Blockers, PlanNote{kind, sentence, remedy})
	}
	if in.Rows == 0 && in.Filtered > 0 {
		add(NoteNothing, "There is no row to send: none that can be sent meets the conditions.", "Change the conditions, or take them away to send every row.")
	} else if in.Rows == 0 {
		add(NoteNothing, "There is no row to send.", "Check the sheet, the header row and what happens to rows with problems.")
	}
	if in.Columns > powerbi.MaxColumns {
		add(NoteColumns, fmt.Sprintf("A table of Power BI holds at most %d columns, and %d are chosen.", powerbi.MaxColumns, in.Columns),
			fmt.Sprintf("Leave out %s.", count(int64(in.Columns-powerbi.MaxColumns), "column")))
	}
	if p.Overflow > 0 {
		add(NoteFull, fmt.Sprintf("The table holds at most %s rows. %s are in it, so that %s of this run do not fit.",
			thousands(powerbi.MaxRowsNone), count(max(existing, 0), "row"), count(p.Overflow, "row")),
			"Send fewer rows, replace the table's rows, or choose another dataset.")
	}
}

// warn finds what a person should know before the start.
func (p *Plan) warn(in PlanInput, existing int64) {
	add := func(kind, sentence, remedy string) {
		p.Warnings = append(p.Warnings, PlanNote{kind, sentence, remedy})
	}
	if in.Mode == ModeReplace && !in.Create && in.ExistingRows != 0 {
		what := "All rows that are in the table now are"
		if in.ExistingRows > 0 {
			what = "The " + count(in.ExistingRows, "row") + " in the table now are"
			if in.ExistingRows == 1 {
				what = "The 1 row in the table now is"
			}
		}
		add(NoteReplace, what+" deleted right before the first batch is sent.", "To keep them, add rows instead of replacing them.")
	}
	if p.Dropped > 0 {
		add(NoteFIFO, p.fifoSentence(in, existing), "Choose a dataset without a retention policy to keep every row; it holds "+thousands(powerbi.MaxRowsNone)+" rows.")
	}
	if p.Slow {
		add(NoteSlow, fmt.Sprintf("Once the table holds %s rows, Power BI takes %d requests an hour instead of a minute.",
			thousands(powerbi.SlowFromRows), powerbi.MaxRequests), "")
	}
	for _, w := range p.Waits {
		times := ""
		if w.Times > 1 {
			times = fmt.Sprintf(", in %d waits", w.Times)
		}
		add(NoteWait, fmt.Sprintf("%s: %s of waiting%s, the first after %s.", w.Reason, clock(w.Total), times, clock(w.First)),
			"The run waits by itself and goes on. It can be cancelled and resumed.")
	}
	p.warnUsed(in)
	if existing < 0 && in.Rows > 0 {
		add(NoteUnknown, "How many rows the table holds is not known, so that waits and dropped rows may come earlier than planned.", "")
	}
	if in.Create {
		p.warnRetirement(in.Now)
	}
}

func (p *Plan) fifoSentence(in PlanInput, existing int64) string {
	s := fmt.Sprintf("Power BI keeps about the newest %s rows of this table. ", thousands(powerbi.MaxRowsFIFO))
	old := p.Dropped - p.Lost
	unknown := ""
	if existing < 0 {
		unknown = " at least"
	}
	switch {
	case p.Lost > 0 && old > 0:
		return s + fmt.Sprintf("It will drop the %s that are in it now, and%s the first %s of this run.", count(old, "row"), unknown, count(p.Lost, "row"))
	case p.Lost > 0:
		return s + fmt.Sprintf("It will drop%s the first %s of this run.", unknown, count(p.Lost, "row"))
	}
	return s + fmt.Sprintf("It will drop the oldest %s that are in it now.", count(old, "row"))
}

// warnRetirement says that new push datasets have an end.
func (p *Plan) warnRetirement(now time.Time) {
	date := powerbi.CreationEnds.Format("2 January 2006")
	days := int(powerbi.CreationEnds.Sub(now).Hours()/24) + 1
	n := PlanNote{Kind: NoteRetirement,
		Sentence: fmt.Sprintf("Microsoft lets new push datasets be created until %s, which is %s from now. Existing ones are said to go on.", date, count(int64(days), "day")),
		Remedy:   "Create the datasets you will need before that day."}
	if now.After(powerbi.CreationEnds.AddDate(0, 0, 1)) {
		n.Sentence = fmt.Sprintf("Microsoft announced that no push dataset can be created after %s, so that creating this one may be refused.", date)
		n.Remedy = "Send into a push dataset that exists."
	}
	p.Warnings = append(p.Warnings, n)
}

// summary says the plan in a sentence or two.
func (p *Plan) summary(in PlanInput) string {
	if len(p.Blockers) > 0 {
		return p.Blockers[0].Sentence
	}
	s := fmt.Sprintf("%s in %s", count(p.Rows, "row"), count(int64(p.Requests), "request"))
	if p.LeastTime < time.Minute {
		return s + ", without waiting."
	}
	return fmt.Sprintf("%s. The limits of Power BI make it take at least %s, until %s.", s, clock(p.LeastTime), when(p.Ends, in.Now))
}

// when gives the time of day, with the day when it is another.
func when(t, now time.Time) string {
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("Monday 15:04")
}

// TimeInWords writes a length of time with two units at most: 2 h 5 min.
func TimeInWords(d time.Duration) string { return clock(d) }

// Counted writes a number with its noun: 1 row, 12,400 rows.
func Counted(n int64, noun string) string { return count(n, noun) }

// clock writes a length of time with two units at most: 2 h 5 min.
func clock(d time.Duration) string {
	s := int64((d + time.Second/2) / time.Second)
	unit := func(n int64, name string) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10) + " " + name
	}
	var parts []string
	switch {
	case s >= 3600:
		s = (s + 30) / 60 * 60
		parts = []string{unit(s/3600, "h"), unit(s%3600/60, "min")}
	case s >= 60:
		parts = []string{unit(s/60, "min"), unit(s%60, "s")}
	default:
		return strconv.FormatInt(s, 10) + " s"
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// count writes a number with its noun: 1 row, 12,400 rows.
func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if noun == "batch" {
		noun = "batche"
	}
	return thousands(n) + " " + noun + "s"
}

// thousands writes a number with commas.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := len(s) % 3
	if n < 0 {
		start = (len(s)-1)%3 + 1
	}
	var b strings.Builder
	b.WriteString(s[:start])
	for i := start; i < len(s); i += 3 {
		if i > 0 && s[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteString(s[i : i+3])
	}
	return b.String()
}
