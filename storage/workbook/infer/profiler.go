// Package infer decides from cells what the columns of a table are: where their names
// are, what types they have, what is below the rows, and what a person should know about
// them. It is pure: it reads no files.
//
// The type of a column follows from all of its values:
//   - any text makes it text; numbers that are all whole make it whole, one fraction
//     makes it decimal, and so does a format of money or percentages;
//   - numbers that are codes stay text: shown with leading zeros or in the text
//     format, longer than 15 digits, or named as codes (code, zip, phone,
//     account) and all of one length; versions of programs stay text, too;
//   - dates make it datetime even when up to a tenth of the values are not;
//     times of day are text, durations are durations;
//   - errors and blanks never decide;
//   - a type that nine tenths of the values fit is offered, and not taken.
//
// In text files every value is text, so all values of a column have to read as
// numbers, dates or booleans for it to become that. Which mark is the decimal one,
// and whether day or month comes first, is decided by the column as a whole.
package infer

import (
	"slices"
	"strings"
	"sync/atomic"
	"unicode"

	"pushdesk/storage/cell"
	"pushdesk/storage/text"
	"pushdesk/storage/workbook/infer/sums"
	"pushdesk/storage/workbook/infer/words"
)

// Profiler collects what Profile reports.
type Profiler struct {
	headers []Header
	region  region
	columns []columnStats
	keep    Keep
	sieve   sieve
	labels  labels
	first   int // number of the first row of data
	rows    int64
	seen    int64 // lines, whatever they are
	last    int   // number of the last row of data
	lines   []line
	held    []line // short lines and such that may be names; what follows tells
	tallies
	second
	proofs *sums.Proofs
	next   int // of lines, in the second reading

	together bool      // the rows of a batch are counted together
	pending  []counted // rows of the batch
}

// counted is a row of data that waits to be counted.
type counted struct {
	cells      []cell.Cell
	number     int
	currencies []uint8
}

// tallies count what is worth knowing about rows as a whole.
type tallies struct {
	over    cell.Tally // lines that were not kept, and count as rows
	outside cell.Tally // values beside the columns
	short   cell.Tally // rows with fewer fields than names
	long    cell.Tally // rows with values in columns without a name
	beside  int        // the column of the first value beside the columns
	beyond  int        // the last column with a value beside the columns
	named   int        // how many columns have names
	hidden  int64
	blank   int64
}

// second is another table below the first.
type second struct {
	end   int // the row it begins in, 0 for none
	endAt int64
	names string
	// unclear is set when its first row looks like those of the first one.
	unclear bool

	joined   int // the first row below a blank one that may begin another table, and is read as a row
	joinedBy string
}

// NewProfiler starts to profile the columns with these headers.
func NewProfiler(headers []Header, from Origin) *Profiler {
	p := &Profiler{headers: headers, region: region{Origin: from}, columns: make([]columnStats, len(headers)), keep: from.Keep, sieve: newSieve(headers, from), labels: newLabels(len(headers), from.Fill)}
	p.named = from.Named
	for i := range p.columns {
		p.columns[i].codes = names(headers[i].Name, codeWords)
		p.columns[i].version = names(headers[i].Name, versionWords)
		p.columns[i].zips = names(headers[i].Name, zipWords)
		p.columns[i].days = namesDays(headers[i].Name)
		p.region.east = p.region.east || strings.ContainsFunc(headers[i].Name, groupsByComma)
		p.columns[i].texts.thai = strings.ContainsFunc(headers[i].Name, func(r rune) bool { return unicode.Is(unicode.Thai, r) })
		p.columns[i].texts.eastern = strings.ContainsFunc(headers[i].Name, eastern)
	}
	return p
}

// eastern reports whether a letter is Chinese or Japanese.
func eastern(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

// groupsByComma reports whether a letter is of a language that writes 1,234 for more than a
// thousand.
func groupsByComma(r rune) bool {
	return eastern(r) || unicode.In(r, unicode.Hangul, unicode.Thai, unicode.Hebrew, unicode.Devanagari)
}

// About is what is known of a row beside its cells.
type About struct {
	Gap        bool    // a blank row is above it
	Blank      int64   // how many
	Short      bool    // it has fewer fields than there are columns
	Hidden     bool    // the sheet hides it
	Beside     int     // its values beside the columns
	BesideAt   int     // the column of the first of them
	BesideTo   int     // and of the last
	Long       bool    // it has values in columns without a name
	Currencies []uint8 // beside its cells: the currencies they are shown in, 0 none; may be nil
}

// AddRows takes the next rows, which must stay as they are until it returns, and returns how
// many there are before the table ends and another one begins. What they hold is counted on
// two cores, column by column.
func (p *Profiler) AddRows(rows []cell.Row, about []About) (n int) {
	p.together = true
	for n < len(rows) && p.Add(rows[n], about[n]) {
		n++
	}
	p.together = false
	var next atomic.Int64
	count := func() {
		for i := int(next.Add(1)) - 1; i < len(p.columns); i = int(next.Add(1)) - 1 {
			for _, r := range p.pending {
				if i < len(r.cells) {
					p.columns[i].look(&r.cells[i], r.number, i, r.currencies)
				}
			}
		}
	}
	if len(p.columns) > 1 && len(p.pending) > fewRows {
		done := make(chan struct{})
		go func() { defer close(done); count() }()
		count()
		<-done
	} else {
		count()
	}
	p.pending = p.pending[:0]
	return n
}

// fewRows are counted sooner than another core begins.
const fewRows = 16

// Add takes the next row. It reports false when the table has ended and another one
// begins: rows below need not be read.
func (p *Profiler) Add(row cell.Row, about About) bool {
	if p.end > 0 {
		return false
	}
	at := p.seen
	p.seen++
	p.blank += about.Blank
	kind, mark := p.sieve.look(row)
	if p.keep == KeepAll {
		p.labels.total = kind == totalLine
		p.count(row, about)
		p.labels.total = false
	}
	if p.sieve.ruleGap {
		about.Gap = true // the line of dashes belongs to this one
	}
	if kind == ruleLine {
		p.sieve.ruled, p.sieve.ruleGap = true, about.Gap
		if p.awaits() {
			p.sieve.rules = append(p.sieve.rules, p.lineOf(row, about, kind, mark, at))
			return true
		}
	} else {
		p.sieve.ruleGap = false
	}
	if p.awaits() {
		switch last := p.held[len(p.held)-1]; {
		case !p.held[0].about.Gap && p.sieve.goesOn(row): // a row of texts among numbers
			p.held[len(p.held)-1].kind = noteLine
		case !under(last.row, row) && !((p.held[0].about.Gap && p.sieve.differs(last.row) || bracketed(p.held[0].row)) && !about.Gap && p.sieve.heads(row, true)):
			if p.held[len(p.held)-1].kind = noteLine; !p.sieve.differs(last.row) {
				p.join(p.held[0])
				p.release()
			}
		case p.keep == KeepAll:
			p.held = p.held[:len(p.held)-1]
			p.set(last)
		default:
			p.begin(last.row)
			p.unclear = p.sieve.goesOn(row)
			return false
		}
		p.setRules()
	}
	short := kind == aRow && p.sieve.short(row, about.Gap || len(p.held) > 0 && p.held[0].about.Gap)
	bare := kind == aRow && p.sieve.unlabelled(row)
	short = short || bare
	heads := kind == aRow && !bare && (!short || about.Gap) && p.sieve.learned > 0 && p.sieve.heads(row, about.Gap || len(p.held) > 0)
	short = short && !heads
	if kind == aRow && !short && !heads {
		if len(p.held) > 0 {
			p.release()
		}
		p.sieve.learn(row)
		p.take(row, about)
		return true
	}
	if kind == nameLine && entitles(p.held) {
		for _, title := range p.held {
			title.kind, title.sure = titleLine, true
			p.set(title)
		}
		p.held = p.held[:0]
	}
	l := p.lineOf(row, about, kind, mark, at)
	l.bare = bare
	if l.full = l.row.Cells; p.labels.fill != nil && kind != totalLine {
		p.labels.show(row.Cells)
		l.full = append([]cell.Cell(nil), row.Cells...)
	}
	switch {
	case short:
		l.kind = noteLine
	case heads:
		l.kind = tableLine
	}
	if short || heads {
		if len(p.held) >= mostHeld {
			p.release()
		}
		p.held = append(p.held, l)
		return true
	}
	p.set(l)
	return true
}

// lineOf keeps a line.
func (p *Profiler) lineOf(row cell.Row, about About, kind lineKind, mark words.Mark, at int64) line {
	l := line{kind: kind, at: at, row: cell.Row{Number: row.Number, Cells: append([]cell.Cell(nil), row.Cells...)},
		about: about, mark: mark, sure: kind == ruleLine || kind == nameLine || kind == unitLine || kind == pageLine}
	l.about.Currencies = append([]uint8(nil), about.Currencies...)
	l.full = l.row.Cells
	return l
}

// entitles reports whether lines that were held, below a blank row, are the title of names
// that come again below them.
func entitles(held []line) bool {
	return len(held) > 0 && held[0].about.Gap && !slices.ContainsFunc(held, func(l line) bool {
		first := FirstFilled(l.row.Cells)
		return l.bare || l.kind != noteLine || !PlainText(&l.row.Cells[first]) || FirstFilled(l.row.Cells[first+1:]) >= 0
	})
}

// setRules takes the lines of dashes below what are no names of another table.
func (p *Profiler) setRules() {
	for _, l := range p.sieve.rules {
		p.set(l)
	}
	p.sieve.rules = nil
}

// End returns the row in which another table begins, 0 for none.
func (p *Profiler) End() int { return p.end }

// awaits reports whether the last line may be the names of another table.
func (p *Profiler) awaits() bool { return len(p.held) > 0 && p.held[len(p.held)-1].kind == tableLine }

// begin ends the table where another one begins: with its names, or its title above them.
func (p *Profiler) begin(names cell.Row) {
	from := len(p.held) - 1
	for from > 0 && !p.held[from].about.Gap && p.held[from-1].row.Number >= p.held[from].row.Number-1 {
		from--
	}
	p.end, p.endAt = p.held[from].row.Number, p.held[from].at
	p.held = p.held[:from]
	p.names = text.Shorten(text.Clean(texts(names.Cells)), 60)
}

// join notes that a line below a blank row is taken for a row like those above, which are
// nothing but texts, as the names of another table would be.
func (s *second) join(first line) {
	if s.joined == 0 && first.about.Gap {
		s.joined, s.joinedBy = first.row.Number, text.Shorten(text.Clean(texts(first.row.Cells)), 60)
	}
}

// release takes the lines that were held: rows of data stand below them.
func (p *Profiler) release() {
	for _, l := range p.held {
		if l.kind == noteLine && p.isLabel(l.row) {
			l.kind = labelLine
			p.set(l)
		} else {
			p.sieve.shorts++
			p.sieve.learn(l.row)
			p.take(l.row, l.about)
		}
	}
	p.held = p.held[:0]
}

// bracketed reports whether a line is a title in brackets, as files of several tables have
// them: [Customers].
func bracketed(row cell.Row) bool {
	first := FirstFilled(row.Cells)
	if first < 0 || row.Cells[first].Kind != cell.Text {
		return false
	}
	text := strings.TrimSpace(row.Cells[first].Text)
	return len(text) > 2 && text[0] == '[' && text[len(text)-1] == ']' && FirstFilled(row.Cells[first+1:]) < 0
}

// isLabel reports whether a line has a single text, in a table with room for more.
func (p *Profiler) isLabel(row cell.Row) bool {
	n, texts := 0, 0
	for i := range row.Cells {
		if c := &row.Cells[i]; c.Kind != cell.Blank {
			n++
			if c.Kind == cell.Text && FitsOnlyText(c.Text) {
				texts++
			}
		}
	}
	return n == 1 && texts == 1 && p.sieve.width > 2
}

// set puts a line aside. A line beyond those that are kept is a row.
func (p *Profiler) set(l line) {
	if len(p.lines) >= mostLines && !l.sure {
		p.over.Add(l.row.Number)
		p.take(l.row, l.about)
		return
	}
	p.lines = append(p.lines, l)
}

// take takes a row of data, unless every line was counted as one already.
func (p *Profiler) take(row cell.Row, about About) {
	if p.keep != KeepAll {
		p.count(row, about)
	}
}

// count adds a row to what the columns hold.
func (p *Profiler) count(row cell.Row, about About) {
	p.rows++
	p.last = max(p.last, row.Number)
	if p.first == 0 {
		p.first = row.Number
	}
	p.labels.add(row)
	if about.Hidden {
		p.hidden++
	}
	if about.Short {
		p.short.Add(row.Number)
	}
	if about.Long {
		p.long.Add(row.Number)
	}
	if about.Beside > 0 {
		if p.outside.N == 0 {
			p.outside.Row, p.beside = row.Number, about.BesideAt
		}
		p.outside.N += int64(about.Beside)
		p.beyond = max(p.beyond, about.BesideTo)
	}
	cells := row.Cells[:min(len(row.Cells), len(p.columns))]
	if p.together {
		p.pending = append(p.pending, counted{cells, row.Number, about.Currencies})
		return
	}
	for i := range cells {
		p.columns[i].look(&cells[i], row.Number, i, about.Currencies)
	}
}

// Finish says that every row was added. It reports whether the rows have to be read once
// more, to Prove which lines are totals; profile is what they show so far.
func (p *Profiler) Finish() (profile Profile, again bool) {
	below := len(p.held) > 0 && slices.ContainsFunc(p.held, func(l line) bool { return l.about.Gap })
	for _, l := range p.held {
		if l.kind, l.below = noteLine, below; l.bare {
			l.kind = totalLine
		}
		p.set(l)
	}
	p.held = nil
	p.setRules()
	slices.SortStableFunc(p.lines, func(a, b line) int { return int(a.at - b.at) })
	profile = Profile{Rows: p.rows, HiddenRows: p.hidden, LastRow: p.last, Columns: p.decide(), Left: spansOf(nil, p.end)}
	for i := range p.lines {
		again = again || p.lines[i].kind == totalLine || p.lines[i].kind == meanLine
	}
	if again {
		p.proofs = newProofs(profile.Columns)
	}
	return profile, again
}

// Prove takes a row once more, with its texts read as what their columns hold.
func (p *Profiler) Prove(row cell.Row) {
	for p.next < len(p.lines) && p.lines[p.next].row.Number < row.Number {
		p.next++
	}
	if p.next >= len(p.lines) || p.lines[p.next].row.Number != row.Number {
		p.proofs.Add(row)
		return
	}
	if l := &p.lines[p.next]; l.kind == totalLine {
		var n int
		l.sums, l.numbers, n = p.proofs.Total(row.Cells)
		if l.half = !l.sums && p.proofs.Half(row.Cells); l.half {
			l.groups = p.proofs.Groups()
		}
		apart := l.about.Gap || p.next > 0 && p.lines[p.next-1].kind == ruleLine
		l.emphatic = FirstFilled(l.row.Cells) > 0 && (p.rows > 1 && n > 1 || p.rows > 2 && apart)
	} else if l.kind == meanLine {
		if l.sums, l.few = p.proofs.Mean(row.Cells); !l.sums {
			p.proofs.Add(row)
		}
	} else if l.kind == labelLine {
		p.proofs.Add(row)
	}
}

func (p *Profiler) decide() []ColumnProfile {
	region := p.region
	all := make([]ColumnProfile, len(p.columns))
	for i := range p.columns {
		region.learn(&p.columns[i].texts)
	}
	for i := range p.columns {
		all[i] = p.columns[i].decide(p.headers[i], region)
	}
	return all
}

// Result is what the rows show, without the lines that are none of them.
func (p *Profiler) Result() Profile {
	columns := p.decide()
	left := p.judge(columns)
	if p.kept() {
		columns = p.decide()
	}
	p.countMerged()
	for i := range columns {
		columns[i].Remarks = append(columns[i].Remarks, p.labels.remarks(i, p.headers[i].Name, p.rows, &columns[i])...)
	}
	out := Profile{Rows: p.rows, LastRow: p.last, HiddenRows: p.hidden, BlankRows: p.blank, Columns: columns, Remarks: append(p.rowRemarks(), p.remarks()...), Another: p.names, AnotherUnclear: p.unclear, Joined: p.joined, JoinedBy: p.joinedBy, Beyond: p.beyond}
	var rows []int
	for _, l := range left {
		rows, out.LeftAt = append(rows, l.row.Number), append(out.LeftAt, l.at)
	}
	for at := p.endAt; p.end > 0 && at < p.seen-1; at++ { // what stands above the names of the other table
		out.LeftAt = append(out.LeftAt, at)
	}
	slices.Sort(out.LeftAt)
	out.LeftAt = slices.Compact(out.LeftAt) // a line of dashes may stand among them
	for _, l := range p.lines {
		if l.verdict != ordinary {
			out.Suspects++
		}
	}
	out.Left = spansOf(rows, p.end)
	rows = nil
	for _, l := range p.lines {
		if l.kind == totalLine && l.verdict == suspected {
			rows = append(rows, l.row.Number)
		}
	}
	out.Totals = spansOf(rows, 0)
	return out
}
