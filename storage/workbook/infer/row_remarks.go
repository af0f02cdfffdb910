package infer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/text"
)

// lineWords say what lines are: one, and several of them.
var lineWords = map[lineKind]struct{ left, kept, one, many string }{
	ruleLine:  {NoteRule, NoteRule, "is a line of dashes", "are lines of dashes"},
	nameLine:  {NoteRepeated, NoteRepeated, "repeats the column names", "repeat the column names"},
	titleLine: {NoteNoteLeft, NoteNote, "is a title above the repeated column names", "are titles above the repeated column names"},
	pageLine:  {NoteNoteLeft, NoteNote, "repeats a line above the table", "repeat lines above the table"},
	unitLine:  {NoteUnits, NoteUnits, "holds the units of the columns, not data", "describe the columns and hold no data"},
	totalLine: {NoteLeftOut, NoteTotal, "looks like a total", "look like totals"},
	meanLine:  {NoteLeftOut, NoteTotal, "looks like an average", "look like averages"},
	noteLine:  {NoteNoteLeft, NoteNote, "looks like a note, not like data", "look like notes, not like data"},
	labelLine: {NoteLabelLeft, NoteLabel, "has only one value, like a label for the rows below it", "have only one value, like labels for the rows below"},
	tableLine: {NoteTable, NoteTable, "looks like the column names of another table", "look like the column names of other tables"},
}

// remarks says what became of the lines: one remark for each kind and outcome.
func (p *Profiler) remarks() (all []remark.Remark) {
	type group struct {
		kind    lineKind
		verdict verdict
		sums    bool
		bare    bool
	}
	found := map[group][]line{}
	var order []group
	for _, l := range p.lines {
		if l.verdict == ordinary {
			continue
		}
		g := group{l.kind, l.verdict, l.sums && l.verdict == apart, l.bare && l.verdict == suspected}
		if found[g] == nil {
			order = append(order, g)
		}
		found[g] = append(found[g], l)
	}
	for _, g := range order {
		all = append(all, p.remarkOf(g.kind, g.verdict == apart, g.sums, found[g]))
	}
	if p.over.N > 0 {
		all = append(all, say(NoteTotal, p.over.Row, p.over.N, fmt.Sprintf("%s more lines look like totals or labels. They are sent like any other row.", humanize.Number(p.over.N))))
	}
	return all
}

func (p *Profiler) remarkOf(kind lineKind, left, sums bool, lines []line) remark.Remark {
	says := lineWords[kind]
	is := humanize.Plural(len(lines), says.one, says.many)
	if sums && kind == meanLine {
		is = humanize.Plural(len(lines), "is the average of the rows above", "are averages of the rows above them")
	} else if sums {
		is = humanize.Plural(len(lines), "is the total of the rows above", "are totals of the rows above them")
	}
	var places []string
	for _, l := range lines {
		places = append(places, strconv.Itoa(l.row.Number))
	}
	r := say(says.kept, lines[0].row.Number, int64(len(lines)), "").On(places...)
	quote := ""
	switch kind {
	case ruleLine, nameLine:
	case unitLine:
		quote = " (" + text.Shorten(text.Clean(texts(lines[0].row.Cells)), 60) + ")"
	default:
		quote = " (" + strconv.Quote(text.Shorten(text.Clean(firstText(lines[0].row.Cells)), 40)) + ")"
	}
	r.Sentence = fmt.Sprintf("%s %s %s%s.", humanize.Plural(len(lines), "Row", "Rows"), rowsOf(lines), is, quote)
	switch {
	case left && !sums && (kind == totalLine || kind == labelLine) && p.keep == KeepProven && slices.ContainsFunc(lines, func(l line) bool { return l.misfits }):
		r.Sentence = strings.TrimSuffix(r.Sentence, ".") + humanize.Plural(len(lines), " and does not fit the types of the columns.", " and do not fit the types of the columns.")
	case !left && kind == totalLine && p.keep == KeepProven && slices.ContainsFunc(lines, func(l line) bool { return l.bare }):
		r.Sentence = strings.TrimSuffix(r.Sentence, ".") + humanize.Plural(len(lines), ": it holds sums", ": they hold sums") + " of the rows above, but no word for a total."
	case !left && kind == totalLine && p.keep == KeepProven && slices.ContainsFunc(lines, func(l line) bool { return l.half }):
		r.Sentence = strings.TrimSuffix(r.Sentence, ".") + ", and holds half the sum of the rows above, so that " + subtotals(lines) + " are probably subtotals of others."
	case !left && kind == totalLine && p.keep == KeepProven && slices.ContainsFunc(lines, func(l line) bool { return l.numbers }):
		r.Sentence = strings.TrimSuffix(r.Sentence, ".") + humanize.Plural(len(lines), ", but is not the sum of the rows above.", ", but are not the sums of the rows above.")
	}
	if left {
		r.Code, r.Kind = says.left, remark.Omit
		r.Sentence += humanize.Plural(len(lines), " It is left out.", " They are left out.")
		if kind == unitLine && len(lines) == 1 {
			r = r.With(remark.HeaderRows, strconv.Itoa(len(p.sieve.names)+1), "join it to the names")
		}
		return r.With(remark.KeepTotals, "", humanize.Plural(len(lines), "keep it", "keep them"))
	}
	r.Kind = remark.Guess
	r.Sentence += humanize.Plural(len(lines), " It is sent like any other row.", " They are sent like any other rows.")
	return r.With(remark.LeaveTotal, "", humanize.Plural(len(lines), "leave it out", "leave them out"))
}

// subtotals names the rows that the others sum up to, as far as they are known.
func subtotals(lines []line) string {
	for _, l := range lines {
		if n := len(l.groups); n > 1 {
			return "rows " + humanize.ListSome(l.groups, remark.MostPlaces)
		}
	}
	return "some of these"
}

// rowsOf lists the numbers of the first lines.
func rowsOf(lines []line) string {
	var numbers []string
	for _, l := range lines[:min(len(lines), remark.MostPlaces)] {
		numbers = append(numbers, humanize.Number(l.row.Number))
	}
	if more := len(lines) - len(numbers); more > 0 {
		numbers = append(numbers, humanize.Number(more)+" more")
	}
	return humanize.List(numbers)
}

// texts lists the values of a line.
func texts(cells []cell.Cell) string {
	var all []string
	for i := range cells {
		if cells[i].Kind != cell.Blank {
			all = append(all, cell.Display(cells[i]))
		}
	}
	return strings.Join(all, ", ")
}

func firstText(cells []cell.Cell) string {
	if i := FirstFilled(cells); i >= 0 {
		return cell.Display(cells[i])
	}
	return ""
}

// rowRemarks says what is worth knowing about the rows as a whole.
func (p *Profiler) rowRemarks() []remark.Remark {
	var all []remark.Remark
	if n := p.hidden; n > 0 {
		all = append(all, say(NoteHidden, 0, n, fmt.Sprintf("%s %s hidden in the sheet, for example by a filter. Hidden rows are included.",
			humanize.Count(n, "row"), humanize.Plural(n, "is", "are"))).With(remark.Hidden, "", "leave out what is hidden"))
	}
	if t := p.outside; t.N > 0 {
		all = append(all, say(NoteOutside, t.Row, t.N, fmt.Sprintf("%s %s beside the columns found, first in %s. Choose a range to include such cells.",
			humanize.Count(t.N, "value"), humanize.Plural(t.N, "is", "are"), cell.Address(t.Row, p.beside))))
	}
	if t := p.long; t.N > 0 && p.named < len(p.headers) {
		names := make([]string, 0, len(p.headers))
		for _, h := range p.headers[p.named:] {
			names = append(names, strconv.Quote(h.Name))
		}
		all = append(all, remark.New(remark.Change, NoteLong, "%s %s more values than there are names, first in line %s. Such values are in %s %s.",
			humanize.Count(t.N, "row"), humanize.Plural(t.N, "has", "have"), humanize.Number(t.Row), humanize.Plural(len(names), "the column", "the columns"), humanize.ListSome(names, 5)).At(t.Row, t.N))
	}
	if t := p.short; t.N > 0 {
		all = append(all, say(NoteRagged, t.Row, t.N, fmt.Sprintf("%s %s fewer than %d fields, first in line %s. The missing ones are blank.",
			humanize.Count(t.N, "row"), humanize.Plural(t.N, "has", "have"), p.named, humanize.Number(t.Row))))
	}
	return all
}
