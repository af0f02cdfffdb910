package delimited

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/stream"
)

// delimiters are those that are looked for, in the order of trust. Those of the second
// row are rare, and their signs stand in ordinary text as well.
var (
	delimiters = []byte{',', ';', '\t', '|'}
	rare       = []byte{'^', '~', 0x1f, 0x01, ' '}
)

// mostSampled is how many records decide.
const mostSampled = 1000

// commentMarks are what comment lines begin with.
var commentMarks = []string{"#", "//", "%"}

// sepLine reads the line sep=; with which Excel lets a file name its delimiter. A program
// may have added delimiters of its own behind it.
func sepLine(text string) (delimiter rune, ok bool) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.Trim(strings.TrimRight(line, "\r"), `"`)
	if len(line) < 5 || !strings.EqualFold(line[:4], "sep=") {
		return 0, false
	}
	rest := []rune(strings.TrimPrefix(line[4:], `\t`))
	if strings.HasPrefix(line[4:], `\t`) {
		rest = append([]rune{'\t'}, rest...)
	}
	for len(rest) > 1 && strings.ContainsRune(`,;"`+"\t", rest[len(rest)-1]) {
		rest = rest[:len(rest)-1]
	}
	if len(rest) != 1 || rest[0] >= 0x80 || rest[0] == '"' {
		return 0, false
	}
	return rest[0], true
}

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
	marks     int64 // fields in quotes
	cut       int   // amounts with a decimal comma that it leaves whole
	undivided bool  // it leaves the line of names in one piece
	names     bool  // the names lack the one of the first column
	trailing  bool  // every record ends with a delimiter
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
	if len(comments) > len(t.records) && !remarks(comments, t.records) { // they are values
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

// remarks reports whether lines that begin with a mark are comments although they are more
// than the other ones: these are a table, with as many fields each, and they are none.
func remarks(comments, records []sampled) bool {
	if len(records) < 2 {
		return false
	}
	width, alike, wide := len(records[0].fields), 0, 0
	for _, s := range records {
		if len(s.fields) == width {
			alike++
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
	share := float64(t.alike) / float64(len(t.records))
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
	if t.start > 0 { // the line above the first record that is like the others
		above := t.records[t.start-1]
		for _, other := range rivals {
			if other != t && other.width > 1 && other.widthAt(above.line) == other.width && len(above.fields) == 1 {
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
	if names := t.records[0].fields; t.width == 2 && share < 0.8 && (len(names) == 1 || strings.HasPrefix(names[1], " ")) {
		t.score *= 0.4 // it may be text in which the delimiter stands now and then
	}
	if t.delimiter == ',' && share < 1 && t.prose() {
		t.score *= 0.2
	}
	if t.delimiter == ',' && (t.halves() || t.cutsTimes() || t.cutsAmounts()) {
		t.score *= 0.05
	}
	if bytes.IndexByte(rare, t.delimiter) >= 0 {
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
		if b = strings.TrimSpace(b); space < 0 || !decimalComma(a[space+1:]+","+b) {
			return false
		}
	}
	return t.alike > 1
}

func allDigits(v string) bool {
	return v != "" && strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// shape is how a text is read, and why.
type shape struct {
	rules
	best, next *trial
	why        string // a clause that follows the delimiter; "" = nothing to say
	guess      bool   // another delimiter fits about as well
	ruled      int    // the line of dashes that shows where columns start
	example    string // an amount that is put together
}

// find finds how a text is to be read, as far as it is not chosen.
func find(text string, all bool, chosen format.Options) shape {
	ends := findEnds(text)
	if chosen.Delimiter == 0 || chosen.Delimiter == format.FixedWidth {
		if starts, line := ruledColumns(text); starts != nil {
			s := shape{rules: rules{delimiter: noDelimiter, ends: ends, starts: starts, exact: true}, ruled: line}
			s.best = try(text, s.rules, all)
			s.settle(text, all, chosen)
			return s
		}
	}
	var trials []*trial
	quotes := []byte{'"'}
	switch {
	case chosen.Quote == format.NoQuote:
		quotes = []byte{0}
	case chosen.Quote != 0:
		quotes = []byte{byte(chosen.Quote)}
	case apostrophes(text):
		quotes = append(quotes, '\'')
	}
	candidates := delimiters
	switch {
	case chosen.Delimiter < 0:
		candidates = []byte{noDelimiter}
	case chosen.Delimiter != 0:
		candidates = []byte{byte(chosen.Delimiter)}
	}
	collect := func(candidates []byte) {
		for _, quote := range quotes {
			for _, d := range candidates {
				if strings.IndexByte(text, d) < 0 && len(candidates) > 1 {
					continue
				}
				is := rules{delimiter: d, quote: quote, ends: ends, unwrap: d != ' '}
				is.escape = quote != 0 && escapes(text, quote, d)
				is.lead = d != ' ' && d != noDelimiter && leads(text, d)
				trials = append(trials, try(text, is, all))
			}
		}
	}
	collect(candidates)
	plain := func(of *trial) *trial { // the trial of the same delimiter with quotation marks
		for _, t := range trials {
			if t.delimiter == of.delimiter && t.quote != '\'' {
				return t
			}
		}
		return of
	}
	weigh := func() (best, next *trial) {
		for _, t := range trials {
			t.cut = 0
			t.weigh(trials)
		}
		for _, t := range trials {
			if t.quote == '\'' && chosen.Quote == 0 {
				if other := plain(t); t.enclosed(other) {
					t.score = max(t.score, other.score*1.01)
				} else {
					t.score = 0
				}
			}
		}
		for _, t := range trials {
			if best == nil || t.score > best.score {
				best = t
			}
		}
		for _, t := range trials {
			if best != nil && t.delimiter != best.delimiter && t.width > 1 && (next == nil || t.score > next.score) {
				next = t
			}
		}
		return best, next
	}
	best, next := weigh()
	if chosen.Delimiter == 0 {
		if best == nil || best.score < 0.12 {
			collect(rare)
			best, next = weigh()
		}
		if best == nil || best.score < 0.12 {
			next = best
			column := func(quote byte) *trial {
				return try(text, rules{delimiter: noDelimiter, quote: quote, ends: ends}, all)
			}
			best = column(quotes[0])
			if len(quotes) > 1 {
				if t := column('\''); t.enclosed(best) {
					best = t
				}
			}
		}
	}
	s := shape{rules: best.rules, best: best, next: next}
	if s.delimiter == noDelimiter && chosen.Delimiter != format.NoDelimiter {
		if s.starts = columnsOf(best.records, chosen.Delimiter == format.FixedWidth); s.starts != nil {
			s.quote, s.unwrap = 0, false
		}
	}
	s.settle(text, all, chosen)
	return s
}

// settle finds the rest, once the delimiter is known.
func (s *shape) settle(text string, all bool, chosen format.Options) {
	t := s.best
	s.unwrap = s.unwrap && t.counts[oddWrapped].n > 1 && t.counts[oddWrapped].n*2 >= t.marks
	switch chosen.Comment {
	case "":
		s.findComments(text)
	case format.NoComment:
	default:
		s.comment, s.commented = chosen.Comment, true
	}
	if s.comment != "" && t.width > 0 {
		again := try(text, s.rules, all)
		again.score, again.cut, again.undivided = t.score, t.cut, t.undivided
		t = again
		s.best, s.width = again, again.width
	}
	if s.starts != nil {
		s.best = try(text, s.rules, all)
		s.width = len(s.starts)
		return
	}
	s.trim = t.padded()
	if chosen.Delimiter == 0 {
		s.findJoins()
	}
	s.findEdges()
	s.findHeading(text)
	s.trim = s.trim || s.leading // a table between lines of bars
	if s.next != nil && s.next.score > 0.8*t.score && t.width > 1 {
		s.guess = true
	}
	s.why = s.reason()
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

// findComments looks for lines that begin with a mark of comments: fewer than the records,
// and with another number of fields, or among numbers.
func (s *shape) findComments(text string) {
	counts, typed := map[string]int{}, 0
	for line := range strings.Lines(text) {
		if mark := commentMark(line); mark != "" {
			counts[mark]++
		}
	}
	records := s.best.records
	for _, r := range records {
		if !infer.FitsOnlyText(r.fields[0]) {
			typed++
		}
	}
	names := len(records) > 0 && !slices.ContainsFunc(records[s.best.start].fields, func(v string) bool { return v != "" && !infer.FitsOnlyText(v) })
	for _, mark := range commentMarks {
		if n := counts[mark]; n > 0 && s.comments(mark) == 0 {
			s.comment = mark
			s.commented = s.width < 2 || names && typed*10 >= 8*(len(records)-1)
			return
		}
	}
}

// comments counts the records that begin with a mark and are values.
func (s *shape) comments(mark string) (n int) {
	for _, r := range s.best.records {
		if strings.HasPrefix(r.fields[0], mark) {
			n++
		}
	}
	return n
}

// findEdges looks at the first and last columns: names that lack one, and records that
// end with a delimiter.
func (s *shape) findEdges() {
	t := s.best
	if t.width < 2 || t.alike < 1 || s.joins != nil {
		return
	}
	filled, longer, ending, begun := 0, 0, 0, 0
	for _, r := range t.records[t.start:] {
		if len(r.fields) != t.width {
			continue
		}
		longer++
		if strings.TrimSpace(r.fields[t.width-1]) != "" {
			filled++
		} else {
			ending++
		}
		if strings.TrimSpace(r.fields[0]) == "" {
			begun++
		}
	}
	t.trailing = ending == longer
	s.leading = s.delimiter == '|' && begun == longer && t.width > 2
	if t.start == 0 || t.trailing || longer < 2 && len(t.records) > 2 || longer*10 < 9*(len(t.records)-t.start) {
		return
	}
	names := t.records[t.start-1]
	if len(names.fields) != t.width-1 || filled*2 < longer {
		return
	}
	for _, v := range names.fields {
		if v = strings.TrimSpace(v); v == "" || !infer.FitsOnlyText(v) && !isYear(v) {
			return
		}
	}
	s.names = names.line
	t.names = true
}

// findJoins looks for amounts whose decimal commas are the delimiter as well: records have
// more values than there are names, and so many pairs of them are amounts in every record.
// That the second halves have two digits each, and one begins with a zero, proves it.
func (s *shape) findJoins() {
	t := s.best
	if t.delimiter != ',' || t.width < 3 || t.start == 0 {
		return
	}
	names := t.records[t.start-1].fields
	more := t.width - len(names)
	if more < 1 || more > len(names) || slices.ContainsFunc(names, func(v string) bool { return strings.TrimSpace(v) == "" || !infer.FitsOnlyText(v) }) {
		return
	}
	var pairs []int
	zeros := map[int]bool{}
	for at := range t.width - 1 {
		fits, n := true, 0
		for _, r := range t.records[t.start:] {
			if len(r.fields) != t.width {
				fits = fits && len(r.fields) >= len(names) && len(r.fields) < t.width
				continue
			}
			n++
			a, b := strings.TrimPrefix(r.fields[at], "-"), r.fields[at+1]
			fits = fits && !r.quoted && allDigits(a) && (len(a) == 1 || a[0] != '0') && len(b) == 2 && allDigits(b)
			zeros[at] = zeros[at] || b[:min(1, len(b))] == "0"
		}
		if fits && n > 1 {
			pairs = append(pairs, at)
		}
	}
	proven := false
	for i, at := range pairs {
		if i > 0 && at < pairs[i-1]+2 {
			return // which halves belong together is not known
		}
		proven = proven || zeros[at]
	}
	if len(pairs) != more || !proven {
		return
	}
	s.joins = pairs
	r := t.records[t.start].fields
	s.example = r[pairs[0]] + "," + r[pairs[0]+1]
}

// findHeading looks for the names in the comment above the first record, as some logs and
// measurements have them: "#Fields: date time status".
func (s *shape) findHeading(text string) {
	t := s.best
	if s.comment == "" || t.width < 2 || len(t.records) < 2 || !slices.ContainsFunc(t.records[0].fields, func(v string) bool { return !infer.FitsOnlyText(v) }) {
		return
	}
	number := 0
	for line := range strings.Lines(text) {
		if number++; number >= t.records[0].line {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasPrefix(line, s.comment) {
			continue
		}
		names := strings.Split(line[headingAt([]byte(line), len(s.comment), len(line)):], string(rune(t.delimiter)))
		if len(names) == t.width && !slices.ContainsFunc(names, func(v string) bool { return strings.TrimSpace(v) == "" || !infer.FitsOnlyText(v) }) {
			s.heading = number
		}
	}
}

// headingAt is where the names begin in a comment that holds them.
func headingAt(data []byte, i, end int) int {
	for i < end && data[i] == ' ' {
		i++
	}
	if word := []byte("fields:"); end-i > len(word) && bytes.EqualFold(data[i:i+len(word)], word) {
		i += len(word)
	}
	for i < end && data[i] == ' ' {
		i++
	}
	return i
}

// reason says why the delimiter was taken, and what stands against the next best one.
func (s *shape) reason() string {
	t := s.best
	if t.width < 2 {
		return ""
	}
	why := fmt.Sprintf("%s of %s have %d values", humanize.Number(t.alike), humanize.Count(int64(len(t.records)), "line"), t.width)
	if t.alike == len(t.records) {
		why = fmt.Sprintf("every line has %d values", t.width)
	}
	n := s.next
	if n == nil || n.alike*5 < len(n.records) || n.width < 2 {
		return why
	}
	name := strings.ToUpper(nameOf(rune(n.delimiter))[:1]) + nameOf(rune(n.delimiter))[1:]
	switch {
	case n.delimiter == ',' && t.cut > 0:
		return why + fmt.Sprintf("; as delimiters, commas would cut %s in two", humanize.Count(int64(t.cut), "amount"))
	case n.undivided:
		return why + "; " + strings.ToLower(name) + " would leave the line of names in one piece"
	}
	return why + fmt.Sprintf("; with %s, %s of %s would have %d", nameOf(rune(n.delimiter)), humanize.Number(n.alike), humanize.Number(len(n.records)), n.width)
}

// findEnds finds which line ends end records: the most frequent ones outside of quotes.
func findEnds(text string) lineEnd {
	var crlf, lf, cr int
	inside := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			inside = !inside
		case '\n':
			if !inside {
				lf++
			}
		case '\r':
			switch {
			case i+1 < len(text) && text[i+1] == '\n':
				if i++; !inside {
					crlf++
				}
			case i+1 == len(text): // it may be cut
			case !inside:
				cr++
			}
		}
	}
	switch {
	case crlf > 1 && crlf >= lf+cr:
		return endCRLF
	case lf > 1 && crlf == 0 && lf > 2*cr:
		return endLF
	case cr > 1 && crlf == 0 && cr > 4*lf:
		return endCR
	}
	return endAny
}

// apostrophes reports whether several values seem to be enclosed in apostrophes.
func apostrophes(text string) bool {
	open, shut := 0, 0
	for i := 0; i < len(text); i++ {
		if text[i] != '\'' {
			continue
		}
		if i == 0 || strings.IndexByte(",;\t|\n\r ", text[i-1]) >= 0 {
			open++
		}
		if i+1 == len(text) || strings.IndexByte(",;\t|\n\r", text[i+1]) >= 0 {
			shut++
		}
	}
	return open > 2 && shut > 2
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

// escapes reports whether a backslash makes quotes letters: one in front of a quote that
// ends no field.
func escapes(text string, quote, delimiter byte) bool {
	n := 0
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '\\' && text[i+1] == quote {
			if next := text[i+2]; next != delimiter && next != '\n' && next != '\r' && next != quote {
				n += 3 // nothing else can be meant
			} else if next == quote && i+3 < len(text) && (text[i+3] == delimiter || text[i+3] == '\r' || text[i+3] == '\n') {
				n++
			} else if next != quote {
				n--
			}
			i++
		}
	}
	return n > 0
}

// leads reports whether nearly every delimiter is followed by a blank.
func leads(text string, delimiter byte) bool {
	all, blank := 0, 0
	for i := 0; i+1 < len(text); i++ {
		if text[i] == delimiter {
			if all++; text[i+1] == ' ' {
				blank++
			}
		}
	}
	return all > 2 && blank*20 >= all*19
}
