package delimited

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/stream"
)

// sampled is a record of the sample.
type sampled struct {
	line   int
	fields []string
	quoted bool // one of them is in quotes
}

// trial is what a text looks like with a delimiter and a quote.
type trial struct {
	rules
	records   []sampled // without blank lines and comments
	alike     int       // those with width fields
	start     int       // the place of the first one with width fields
	score     float64
	strays    int64 // quotes in an unexpected place
	counts    [oddKinds]tally
	marks     int64    // fields in quotes
	cut       int      // amounts with a decimal comma that it leaves whole
	undivided bool     // it leaves the line of names in one piece
	names     bool     // the names lack the one of the first column
	trailing  bool     // every record ends with a delimiter
	heading   []string // the fields of the comment right above the first record
}

// try reads the first records of a text, without the last one when that may continue
// behind the text.
func try(text string, is rules, all bool) *trial {
	t := &trial{rules: is}
	r := newRecords(stream.NewWhole(strings.NewReader(text)), is)
	r.part = !all
	var comments []sampled
	for n := 0; n < mostSampled && r.next(); n++ {
		if len(r.fields) == 1 && len(bytes.TrimSpace(r.field(0))) == 0 {
			continue
		}
		s := sampled{line: r.line, quoted: r.marks > 0, fields: make([]string, len(r.fields))}
		for i := range r.fields {
			s.fields[i] = string(r.field(i))
		}
		if is.comment == "" && commentMark(s.fields[0]) != "" && r.marks == 0 {
			comments = append(comments, s)
			continue
		}
		t.records = append(t.records, s)
	}
	if n := len(comments); n > 0 && len(t.records) > 0 && comments[n-1].line < t.records[0].line {
		t.heading = comments[n-1].fields
	}
	if len(comments) > len(t.records) && !t.headed(comments) && !remarks(comments, t.records) { // they are values
		t.records = comments
	}
	t.counts, t.marks = r.counts, r.quoted
	t.strays = r.counts[oddStray].n + r.counts[oddUnclosed].n
	counts := map[int]int{}
	for _, s := range t.records {
		counts[len(s.fields)]++
	}
	for n, times := range counts {
		if times > t.alike || times == t.alike && n > t.width {
			t.width, t.alike = n, times
		}
	}
	t.below()
	return t
}

// headed reports whether the last comment alone has as many fields as the first record, which
// follows it: it holds the names, and the others are comments above it.
func (t *trial) headed(comments []sampled) bool {
	if len(t.heading) < 2 || len(t.heading) != len(t.records[0].fields) {
		return false
	}
	return !slices.ContainsFunc(comments[:len(comments)-1], func(s sampled) bool { return len(s.fields) == len(t.heading) })
}

// remarks reports whether lines that begin with a mark are comments although they are more
// than the other ones: these are a table, with as many fields each, and they are none.
func remarks(comments, records []sampled) bool {
	if len(records) < 2 {
		return false
	}
	for _, s := range comments {
		if text := strings.Join(s.fields, " "); strings.HasPrefix(strings.ToLower(text), "#fields:") {
			return true // the names are in it
		}
	}
	width, alike, wide := len(records[0].fields), 0, 0
	for i, s := range records {
		switch {
		case len(s.fields) == width:
			alike++
		case len(s.fields) > 1 && alike == i && alike > 2: // another table, below other comments
			records = records[:i]
		}
		if i+1 >= len(records) {
			break
		}
	}
	for _, s := range comments {
		if len(s.fields) == width {
			wide++
		}
	}
	return width > 1 && alike*10 >= 8*len(records) && wide*4 < len(comments)
}

// below finds the first record with as many fields as most. Lines above a table may be
// more than its own, alike and shorter: the table then is the block below them.
func (t *trial) below() {
	last := map[int]int{}   // the place of the last record with so many fields
	first := map[int]int{}  // and of the first
	counts := map[int]int{} // and how many there are
	for i, s := range t.records {
		n := len(s.fields)
		if last[n] = i; counts[n] == 0 {
			first[n] = i
		}
		counts[n]++
	}
	for n, times := range counts {
		behind := first[n] > last[t.width] && t.width < 4 || t.width == 1 && n > 2 || // lines of one field may stand below as well
			t.width < 4 && n > t.width+1 && first[n] > first[t.width] && 2*times >= t.alike // and so may few
		if n > t.width && times > 2 && behind && times*10 >= 8*(last[n]-first[n]+1) {
			t.width, t.alike = n, times
		}
	}
	t.start = first[t.width]
}

func commentMark(value string) string {
	for _, mark := range commentMarks {
		if strings.HasPrefix(value, mark) {
			return mark
		}
	}
	return ""
}

// weigh gives the trial its score: how many records are alike, and how much their values
// look like values. rivals are the trials of other delimiters.
func (t *trial) weigh(rivals []*trial) {
	if t.score = 0; t.width < 2 || len(t.records) == 0 {
		return
	}
	if t.lead && t.start > 0 && t.counts[oddWrapped].n >= int64(t.alike) {
		return // values in quotes below the name of their only column: "Smith, John"
	}
	share := float64(t.alike) / float64(len(t.records)-t.titles())
	quality, cells := 0.0, 0
	for _, s := range t.records {
		if len(s.fields) != t.width {
			continue
		}
		for i, v := range s.fields {
			q, cut := t.quality(v, s.quoted, i > 0)
			quality, cells = quality+q, cells+1
			if cut {
				t.cut++
			}
		}
	}
	t.score = math.Pow(share, 1.5) * (0.4 + 0.6*float64(t.width-1)/float64(t.width)) * quality / float64(cells)
	first := t.records[t.start]
	if len(t.heading) == 1 && slices.ContainsFunc(rivals, func(other *trial) bool { return len(other.heading) > 1 && len(other.heading) == other.width }) {
		t.undivided = true
		t.score *= 0.3
	}
	if t.start > 0 { // the line above the first record that is like the others
		above := t.records[t.start-1]
		for _, other := range rivals {
			if other != t && other.width > 1 && other.widthAt(above.line) == other.width && other.widthAt(first.line) == other.width && len(above.fields) == 1 {
				t.undivided = true
				t.score *= 0.3
				break
			}
		}
	}
	for _, v := range first.fields {
		if v = strings.TrimSpace(v); v != "" && !infer.FitsOnlyText(v) && !isYear(v) {
			t.score *= 0.92 // names that are numbers
			break
		}
	}
	if t.blankColumns() == t.width-1 && t.marks*10 >= 9*int64(len(t.records)) {
		t.score *= 0.5 // lines in quotes, with nothing behind
	}
	if names := t.records[0].fields; t.width == 2 && share < 0.8 && (len(names) == 1 || strings.HasPrefix(names[1], " ")) {
		t.score *= 0.4 // it may be text in which the delimiter stands now and then
	}
	if t.delimiter == ',' && share < 1 && t.prose() {
		t.score *= 0.2
	}
	if t.delimiter == ',' && (t.halves() || t.cutsTimes() || t.cutsAmounts()) {
		t.score *= 0.05
	}
	if t.mark == "" && bytes.IndexByte(rare, t.delimiter) >= 0 {
		t.score *= 0.8
		if t.delimiter == ' ' && (share < 1 && !t.nameless() || len(t.records) < 3 || t.marks == 0 && (t.width < 3 || !t.typed())) {
			t.score = 0
		}
	}
}

// nameless reports whether the names are one fewer than the values of every record, which
// have quotes.
func (t *trial) nameless() bool {
	return t.marks > 0 && t.start == 1 && t.alike == len(t.records)-1 && len(t.records[0].fields) == t.width-1
}

// typed reports whether a column holds values that are no text, but for its name.
func (t *trial) typed() bool {
	for i := range t.width {
		n := 0
		for _, s := range t.records[1:] {
			if i < len(s.fields) && !infer.FitsOnlyText(s.fields[i]) {
				n++
			}
		}
		if n*10 >= 9*(len(t.records)-1) {
			return true
		}
	}
	return false
}

// titles counts the records above the line of names, when those from there on are alike and the
// ones above have fewer fields: lines above a table do not speak against its delimiter.
func (t *trial) titles() int {
	if t.width < 3 || t.start == 0 || t.start > mostTitles || t.alike < len(t.records)-t.start || t.records[t.start].quoted || !t.beginsWithNames() {
		return 0
	}
	for _, s := range t.records[:t.start] {
		if len(s.fields) >= t.width {
			return 0
		}
	}
	return t.start
}

// beginsWithNames reports whether the first record is the line of names: texts, above a column that
// holds others only.
func (t *trial) beginsWithNames() bool {
	if slices.ContainsFunc(t.records[t.start].fields[:t.width-1], func(v string) bool { return strings.TrimSpace(v) == "" || !infer.FitsOnlyText(v) }) {
		return false
	}
	for i := range t.width {
		n, others := 0, 0
		for _, s := range t.records[t.start+1:] {
			switch {
			case len(s.fields) != t.width || strings.TrimSpace(s.fields[i]) == "":
			case infer.FitsOnlyText(s.fields[i]):
				n++
			default:
				others++
			}
		}
		if others > 0 && n == 0 {
			return true
		}
	}
	return false
}

// blankColumns counts the columns without any value.
func (t *trial) blankColumns() (n int) {
	for i := range t.width {
		if !slices.ContainsFunc(t.records, func(s sampled) bool { return i < len(s.fields) && strings.TrimSpace(s.fields[i]) != "" }) {
			n++
		}
	}
	return n
}

// widthAt is how many fields the record in a line has; 0 when none begins there.
func (t *trial) widthAt(line int) int {
	for _, s := range t.records {
		if s.line == line {
			return len(s.fields)
		}
	}
	return 0
}

func isYear(v string) bool { return len(v) == 4 && (v[:2] == "19" || v[:2] == "20") }

// quality is how much a piece of text looks like a value, and whether it is an amount with
// a decimal comma.
func (t *trial) quality(v string, quoted, behind bool) (q float64, cut bool) {
	trimmed := strings.TrimSpace(v)
	if trimmed == "" {
		return 0.9, false
	}
	if t.delimiter != ',' && decimalComma(trimmed) {
		return 1, true
	}
	if !infer.FitsOnlyText(trimmed) {
		return 1, false
	}
	q = 0.95
	if behind && v[0] == ' ' && !t.lead {
		q = 0.85
	}
	if quoted {
		return q, false // what it holds was meant to be there
	}
	for _, d := range delimiters {
		if d == t.delimiter {
			continue
		}
		for at := strings.IndexByte(trimmed, d); at >= 0; {
			switch {
			case at+1 < len(trimmed) && trimmed[at+1] == ' ':
				q = min(q, 0.88)
			case d == ',':
				q = min(q, 0.7)
			default:
				q = min(q, 0.4)
			}
			next := strings.IndexByte(trimmed[at+1:], d)
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return q, false
}

// decimalComma reports whether v is a number with a decimal comma, maybe with a sign or a
// currency about it.
func decimalComma(v string) bool {
	v = strings.Trim(v, "+-−()€$£ \u00a0\u202f%")
	comma := strings.IndexByte(v, ',')
	if comma < 1 || comma == len(v)-1 || strings.IndexByte(v[comma+1:], ',') >= 0 {
		return false
	}
	for i, r := range v {
		if (r < '0' || r > '9') && r != ',' && (i > comma || r != '.' && r != ' ' && r != '\'' && r != '\u00a0' && r != '\u202f' && r != '’') {
			return false
		}
	}
	return v[0] >= '0' && v[0] <= '9'
}

// halves reports whether the text is one column of amounts with a decimal comma, which
// the comma as delimiter would cut in two.
func (t *trial) halves() bool {
	if t.width != 2 || t.marks > t.counts[oddWrapped].n && t.alike == len(t.records) || len(t.records) < 2 {
		return false
	}
	for _, s := range t.records[1:] {
		if v := strings.TrimSpace(strings.Join(s.fields, ",")); !decimalComma(v) && infer.FitsOnlyText(v) {
			return false
		}
	}
	names := t.records[0].fields
	return len(names) == 1 || strings.HasPrefix(names[1], " ")
}

// cutsTimes reports whether the first comma of nearly every record stands in a time of day,
// before the fraction of a second, as in the logs of programs.
func (t *trial) cutsTimes() bool {
	n := 0
	for _, s := range t.records {
		if len(s.fields) < 2 || s.quoted {
			continue
		}
		a, b := s.fields[0], s.fields[1]
		if len(a) >= 8 && len(b) > 3 && a[len(a)-3] == ':' && a[len(a)-6] == ':' && allDigits(a[len(a)-2:]) && allDigits(b[:3]) && (b[3] < '0' || b[3] > '9') {
			n++
		}
	}
	return n > 1 && n*10 >= 9*len(t.records)
}

// cutsAmounts reports whether the only comma of every record below the names, which have
// none, stands in the amount at its end.
func (t *trial) cutsAmounts() bool {
	if t.width != 2 || t.marks > 0 || len(t.records) < 3 || len(t.records[0].fields) != 1 {
		return false
	}
	for _, s := range t.records[1:] {
		if len(s.fields) != 2 {
			continue
		}
		a, b := s.fields[0], s.fields[1]
		space := strings.LastIndexAny(a, " \t")
		if b, _, _ = strings.Cut(strings.TrimSpace(b), " "); space < 0 || !decimalComma(a[space+1:]+","+b) {
			return false
		}
	}
	return t.alike > 1
}

func allDigits(v string) bool {
	return v != "" && strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// padded reports whether nearly every record, but for the names and lines, has values that
// are padded with spaces.
func (t *trial) padded() bool {
	padded, all := 0, 0
	for _, s := range t.records[min(1, len(t.records)):] {
		if len(s.fields) != t.width || s.quoted || strings.Trim(strings.Join(s.fields, ""), "-=_ ") == "" {
			continue
		}
		all++
		if slices.ContainsFunc(s.fields, func(v string) bool {
			return len(v) > 2 && (strings.HasPrefix(v, "  ") || strings.HasSuffix(v, "  "))
		}) {
			padded++
		}
	}
	return t.width > 1 && padded > 1 && padded*10 >= 8*all
}

// prose reports whether the values are pieces of sentences.
func (t *trial) prose() bool {
	words, values, behind, spaced := 0, 0, 0, 0
	for _, s := range t.records {
		for i, v := range s.fields {
			words, values = words+len(strings.Fields(v)), values+1
			if i > 0 {
				if behind++; v == "" || v[0] == ' ' {
					spaced++
				}
			}
		}
	}
	return words > 3*values && t.marks == 0 && spaced*10 >= 9*behind && !t.typed()
}

// sentences reports whether the values are pieces of sentences, in lines of which few are
// divided alike: nearly every comma has a blank or the end of the line behind it.
func (t *trial) sentences() bool {
	behind, spaced, words, values := 0, 0, 0, 0
	for _, s := range t.records {
		for i, v := range s.fields {
			words, values = words+len(strings.Fields(v)), values+1
			if i > 0 {
				if behind++; t.lead || v == "" || v[0] == ' ' {
					spaced++
				}
			}
		}
	}
	return t.delimiter == ',' && t.mark == "" && t.marks == 0 && len(t.records) > 1 && t.alike*10 < 8*len(t.records) &&
		words*2 >= 3*values && spaced*10 >= 9*behind && !t.typed() && !t.beginsWithNames()
}

// enclosed reports whether apostrophes enclose the fields: several, and nearly all that
// hold text, or such that more records are alike than when quotation marks enclose them.
func (t *trial) enclosed(marks *trial) bool {
	if t.marks < 3 || t.strays*4 > t.marks || marks.marks > 0 {
		return false
	}
	if t.alike*len(marks.records)*10 > 11*marks.alike*len(t.records) {
		return true
	}
	texts := 0
	for i, s := range t.records {
		for _, v := range s.fields {
			if i > 0 && v != "" && infer.FitsOnlyText(v) { // names often have none
				texts++
			}
		}
	}
	return int(t.marks)*10 >= texts*9 && t.strays == 0
}
