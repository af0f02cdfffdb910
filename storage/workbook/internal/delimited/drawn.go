package delimited

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// drawing is how a table is drawn with characters: bars between the values of a row, and
// lines of dashes between rows. Databases print such tables on a console, and Markdown is
// one.
type drawing struct {
	bars     string // the characters that are bars
	outer    bool   // each row begins and ends with a bar
	markdown bool   // a backslash, or marks of code around it, make a bar a part of a value
	grid     bool   // every row stands between lines, and may go over several
	doubled  bool   // the names have two bars for each one, as Jira and Confluence write them
	width    int    // values of a row
	edges    []int  // where each row has its bars, as a console counts; nil when it may have them anywhere
	line     int    // the first line of dashes
	names    string // the first row so far, to know when those of another table come
	apart    bool   // something else stands after the rows so far
}

const (
	dashRunes = "-=_─━═╌┄┈╍┅┉"
	boxBars   = "│┃║┆┊╎┇┋╏"
	// mostPieces is over how many lines a row may go.
	mostPieces = 100
)

// ruler is a line of dashes.
type ruler struct {
	dashes int   // the most between two bars
	edges  []int // where bars and crossings are
	outer  bool  // it begins and ends with one
	bars   bool  // all of them are bars, as in Markdown
	box    bool  // they are of those made for boxes
	colons bool
}

// width is how many columns a line of dashes shows.
func (u ruler) width() int {
	if u.outer {
		return len(u.edges) - 1
	}
	return len(u.edges) + 1
}

// rulerOf reads a line of dashes. ok is false when it has anything else.
func rulerOf(line string) (u ruler, ok bool) {
	line = strings.TrimRight(line, " \t")
	u.bars = true
	at, run, colon, open := 0, 0, false, true // open: nothing but blanks since the last bar
	first, last := rune(0), rune(0)
	for _, r := range line {
		switch {
		case strings.ContainsRune(dashRunes, r):
			u.dashes, run, open = max(u.dashes, run+1), run+1, false
			u.box = u.box || r >= utf8.RuneSelf
		case r == ':':
			u.colons, colon = true, true
		case r == ' ':
		case r == '|' || r == '+' || r >= 0x2500 && r < 0x2580:
			if open && (len(u.edges) > 0 || colon) {
				return u, false // a bar, and none of the dashes that belong to it
			}
			u.edges = append(u.edges, at)
			u.bars, u.box = u.bars && r == '|', u.box || r >= utf8.RuneSelf
			run, colon, open = 0, false, true
		default:
			return u, false
		}
		if r != ' ' {
			if last = r; first == 0 {
				first = r
			}
		}
		at++
	}
	bar := func(r rune) bool { return !strings.ContainsRune(dashRunes+":", r) }
	u.outer = len(u.edges) > 1 && bar(first) && bar(last)
	if u.dashes == 0 || len(u.edges) == 0 && u.dashes < 3 || open && !u.outer || len(u.edges) > 0 && !u.outer && bar(first) {
		return u, false
	}
	return u, true
}

// span is a part of a line.
type span struct{ from, to int }

// cutAtBars cuts a line at its bars; escapes and code say what keeps one in a value.
func (d *drawing) cutAtBars(line string, escapes, code bool) (all []span) {
	from := 0
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		switch {
		case escapes && r == '\\' && i+1 < len(line) && (line[i+1] == '|' || line[i+1] == '\\'):
			n = 2
		case code && r == '`':
			for i+n < len(line) && line[i+n] == '`' {
				n++
			}
			if end := strings.Index(line[i+n:], line[i:i+n]); end >= 0 {
				n += end + n
			}
		case strings.ContainsRune(d.bars, r):
			all = append(all, span{from, i})
			from = i + n
		}
		i += n
	}
	return append(all, span{from, len(line)})
}

// inside leaves out what stands before the first and behind the last bar of a row.
func (d *drawing) inside(line string, all []span) []span {
	blank := func(s span) bool { return strings.TrimSpace(line[s.from:s.to]) == "" }
	if d.outer && len(all) > 1 && blank(all[0]) {
		all = all[1:]
	}
	if last := len(all) - 1; last > 0 && blank(all[last]) && (d.outer || len(all) == d.width+1) {
		all = all[:last]
	}
	return all
}

// cut returns the values of a row, as they stand between the bars. fits is false when they
// are more or fewer than the columns.
func (d *drawing) cut(line string) (all []span, fits bool) {
	line = strings.TrimRight(line, " \t")
	if found := d.inside(line, d.cutAtEdges(line)); len(found) == d.width {
		return found, true
	}
	for _, way := range [][2]bool{{true, false}, {true, true}, {false, false}} {
		if way[0] && !d.markdown {
			continue
		}
		if found := d.inside(line, d.cutAtBars(line, way[0], way[1])); len(found) == d.width {
			return found, true
		} else if all == nil {
			all = found
		}
	}
	return all, false
}

// cutAtEdges cuts a line where the lines of dashes have their crossings. It returns nil when
// the line has no bar at one of them.
func (d *drawing) cutAtEdges(line string) (all []span) {
	from, at, next := 0, 0, 0
	for i, r := range line {
		if next < len(d.edges) && at == d.edges[next] {
			if !strings.ContainsRune(d.bars, r) {
				return nil
			}
			all = append(all, span{from, i})
			from = i + utf8.RuneLen(r)
			next++
		}
		at += columns(r)
	}
	if next < len(d.edges) || next == 0 {
		return nil
	}
	return append(all, span{from, len(line)})
}

// columns is how many columns of a console a character takes.
func columns(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// isRow reports whether a line has the bars of a row.
func (d *drawing) isRow(line string) bool {
	if d.outer {
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(line, " \t"))
		return strings.ContainsRune(d.bars, r)
	}
	return strings.ContainsAny(line, d.bars)
}

// by takes the columns of a line of dashes.
func (d *drawing) by(u ruler) {
	if len(u.edges) == 0 {
		return
	}
	if d.width = u.width(); !d.markdown {
		d.edges = u.edges
	}
}

// drawingOf looks for a table that is drawn: a line of dashes with bars or crossings, beside
// a row with as many values as it has columns; or lines of dashes alone around rows that
// begin and end with a bar.
func drawingOf(text string) *drawing {
	lines := sampleLines(text)
	if d := wikiOf(lines); d != nil {
		return d
	}
	for i, line := range lines {
		u, ok := rulerOf(line)
		if !ok {
			continue
		}
		d := &drawing{bars: "|", outer: u.outer, markdown: u.bars && !u.box, line: i + 1}
		if u.box {
			d.bars = boxBars
		}
		beside := []int{i - 1, i + 1}
		switch {
		case len(u.edges) == 0:
			d.outer, d.markdown = true, false
		case d.markdown:
			beside = beside[:1] // the names
		}
		for _, at := range beside {
			if at < 0 || at >= len(lines) || !d.isRow(lines[at]) {
				continue
			}
			if _, rule := rulerOf(lines[at]); rule {
				continue
			}
			d.by(u)
			if len(u.edges) == 0 && !d.byNames(lines[at]) {
				continue
			}
			if _, fits := d.cut(lines[at]); fits && (d.width > 1 || d.outer) && d.holds(lines) {
				d.grid = len(u.edges) > 0 && d.isGrid(lines)
				return d
			}
		}
	}
	return nil
}

// wikiOf looks for a table as wikis write it, ||name||name|| above |value|value|, which has
// no line of dashes.
func wikiOf(lines []string) *drawing {
	for i, line := range lines {
		names := strings.TrimSpace(line)
		n := strings.Count(names, "||")
		if !strings.HasPrefix(names, "||") || !strings.HasSuffix(names, "||") || n < 2 || strings.Contains(names, "|||") || strings.Count(names, "|") != 2*n {
			continue
		}
		rows, fit := 0, 0
		for _, below := range lines[i+1:] {
			row := strings.TrimSpace(below)
			if !strings.HasPrefix(row, "|") {
				continue
			}
			rows++
			if !strings.HasPrefix(row, "||") && strings.HasSuffix(row, "|") && strings.Count(row, "|") >= n {
				fit++
			}
		}
		if fit > 0 && fit*10 >= 6*rows {
			return &drawing{bars: "|", outer: true, markdown: true, doubled: true, width: n - 1, line: i + 1}
		}
	}
	return nil
}

// byNames takes the columns of a row between lines of dashes, which show none.
func (d *drawing) byNames(names string) bool {
	trimmed := strings.TrimSpace(names)
	if len(trimmed) < 3 || trimmed[0] != '|' || trimmed[len(trimmed)-1] != '|' {
		return false
	}
	d.edges = nil
	for i, at := 0, 0; i < len(names); {
		r, n := utf8.DecodeRuneInString(names[i:])
		if r == '|' {
			d.edges = append(d.edges, at)
		}
		i, at = i+n, at+columns(r)
	}
	d.width = len(d.edges) - 1
	return d.width > 1
}

// holds reports whether most rows have as many values as the columns. Of a text with tables
// of different widths each has its own. Between bars a row of Markdown may have any number.
func (d *drawing) holds(lines []string) bool {
	if d.markdown && d.outer {
		return true
	}
	own, rows, fit := *d, 0, 0
	for i, line := range lines {
		if u, rule := rulerOf(line); rule {
			own.by(u)
			continue
		}
		if !own.isRow(line) || strings.TrimSpace(line) == "" {
			continue
		}
		if i+1 < len(lines) {
			if u, rule := rulerOf(lines[i+1]); rule {
				own.by(u)
			}
		}
		rows++
		if _, fits := own.cut(line); fits {
			fit++
		}
	}
	return fit*10 >= 6*rows
}

// isGrid reports whether rows stand between lines, so that several lines are one row: each
// line but the first of a row leaves a column blank.
func (d *drawing) isGrid(lines []string) bool {
	groups, size, more := 0, 0, 0
	for _, line := range lines {
		if _, rule := rulerOf(line); rule || strings.TrimSpace(line) == "" {
			size = 0
			continue
		}
		if !d.isRow(line) {
			continue
		}
		if size++; size == 1 {
			groups++
			continue
		}
		more++
		cells, fits := d.cut(line)
		if !fits || !slices.ContainsFunc(cells, func(s span) bool { return strings.TrimSpace(line[s.from:s.to]) == "" }) {
			return false
		}
	}
	return len(d.edges) > 0 && !d.markdown && groups > 2 && more > 0 && more <= 2*groups
}

// sampleLines returns the first lines of a text.
func sampleLines(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if lines = append(lines, strings.TrimRight(line, "\r\n")); len(lines) == mostSampled {
			break
		}
	}
	return lines
}

// drawn reads a row, a line of dashes, or a line beside the table, which is blank then.
func (r *records) drawn(data []byte, eof bool) (n int, ok bool) {
	if r.strange {
		r.odd, r.strange = [oddKinds]int{}, false
	}
	r.fields, r.own = r.fields[:0], r.own[:0]
	r.first, r.multi, r.dirty, r.marks = -1, false, false, 0
	d := r.table
	line, n, whole := r.lineFrom(data, 0, eof)
	if !whole {
		return 0, false
	}
	if d.doubled && strings.HasPrefix(strings.TrimSpace(line), "||") {
		line = strings.ReplaceAll(line, "||", "|")
	}
	next := func(from int) (line string, end int, whole bool) {
		if from == len(data) && eof {
			return "", from, true
		}
		return r.lineFrom(data, from, eof)
	}
	if u, rule := rulerOf(line); rule && (u.dashes > 2 || !u.bars || u.colons || r.line == d.line) {
		d.by(u)
		r.value("---", false)
		return n, true
	}
	if strings.TrimSpace(line) == "" || !d.isRow(line) {
		return n, r.beside(line)
	}
	after, _, whole := next(n)
	if !whole {
		return 0, false
	}
	u, rule := rulerOf(after)
	if rule && d.markdown {
		d.by(u)
	}
	switch names := strings.TrimSpace(line); {
	case d.names == "":
		d.names, d.apart = names, false
	case d.apart && rule && names != d.names: // not those of the table again, as on each page of a print
		d.names, d.apart = names, false
		r.note(oddTables)
	}
	all, fits := d.cut(line)
	if !fits && d.outer && !strings.HasSuffix(strings.TrimRight(line, " \t"), "|") && d.bars == "|" {
		// A line break in a value, which the database printed as it is.
		joined, end := line, n
		for pieces := 1; pieces < mostPieces; pieces++ {
			more, to, whole := next(end)
			if !whole {
				return 0, false
			}
			if d.isRow(more) || to == end {
				break // another row begins, or there is none
			}
			joined, end = joined+"\n"+more, to
			if found, fit := d.cut(joined); fit && strings.HasSuffix(strings.TrimRight(more, " \t"), "|") {
				line, all, fits, n = joined, found, true, end
				r.multi = true
				r.note(oddPieces)
				break
			}
			if strings.HasSuffix(strings.TrimRight(more, " \t"), "|") {
				break
			}
		}
	}
	if !fits && len(all) == 1 && d.width > 1 && !d.markdown {
		return n, r.beside(line)
	}
	values := make([]string, len(all))
	dots := true
	for i, s := range all {
		values[i] = strings.TrimSpace(line[s.from:s.to])
		dots = dots && strings.Trim(values[i], ".…·:") == "" && values[i] != ""
	}
	if dots && len(values) > 1 {
		r.note(oddElided)
		r.value("", false)
		return n, true
	}
	for pieces := 1; fits && pieces < mostPieces && (d.grid || d.goesOn(line, all)); pieces++ {
		more, end, whole := next(n)
		if !whole {
			return 0, false
		}
		_, rule := rulerOf(more)
		cells, fit := d.cut(more)
		if rule || end == n || !d.isRow(more) || !fit {
			break
		}
		for i, s := range cells {
			if !d.grid && d.marked(line, all[i]) {
				values[i] = strings.TrimSpace(strings.TrimSuffix(values[i], moreSign(values[i])))
			}
			if v := strings.TrimSpace(more[s.from:s.to]); v != "" {
				values[i] = strings.TrimPrefix(values[i]+"\n"+v, "\n")
			}
		}
		line, all, n = more, cells, end
		if !r.multi {
			r.multi = true
			r.note(oddPieces)
		}
	}
	for _, v := range values {
		r.value(v, d.markdown)
	}
	return n, true
}

// marked reports whether a plus sign right before the bar says that a value goes on in the
// next line.
func (d *drawing) marked(line string, s span) bool {
	return len(d.edges) > 0 && s.to-s.from > 2 && line[s.from] == ' ' && moreSign(line[s.from:s.to]) != ""
}

// moreSign is the sign at the end of a value that goes on in the next line.
func moreSign(value string) string {
	for _, sign := range []string{"+", "↵"} {
		if strings.HasSuffix(value, sign) {
			return sign
		}
	}
	return ""
}

// goesOn reports whether a value of a row goes on in the next line.
func (d *drawing) goesOn(line string, all []span) bool {
	return slices.ContainsFunc(all, func(s span) bool { return d.marked(line, s) })
}

// beside makes a blank record of a line that is no row.
func (r *records) beside(line string) bool {
	r.table.apart = true
	if strings.TrimSpace(line) != "" {
		r.note(oddBeside)
	}
	r.value("", false)
	return true
}

// value adds a field. Of Markdown a backslash before a bar is no part of it.
func (r *records) value(v string, markdown bool) {
	from := len(r.own)
	if markdown && strings.Contains(v, `\|`) {
		r.note(oddEscaped)
		v = strings.ReplaceAll(v, `\|`, "|")
	}
	r.own = append(r.own, v...)
	r.fields = append(r.fields, field{from: from, to: len(r.own)})
}

// lineFrom returns the line that begins at a place, and where the next one does.
func (r *records) lineFrom(data []byte, from int, eof bool) (line string, next int, whole bool) {
	end, there := lineEndAt(data, from)
	if !there && !eof || there && end+1 == len(data) && data[end] == '\r' && !eof {
		return "", 0, false
	}
	return string(bytes.TrimPrefix(data[from:end], byteOrderMark)), r.skipEnd(data, end), true
}
