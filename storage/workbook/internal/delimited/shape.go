package delimited

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/format"
)

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
	if chosen.Delimiter == "" || chosen.Delimiter == format.Drawn {
		if table := drawingOf(text); table != nil {
			s := shape{rules: rules{delimiter: noDelimiter, ends: ends, table: table}}
			s.best = try(text, s.rules, all)
			s.settle(text, all, chosen)
			return s
		}
	}
	if chosen.Delimiter == "" || chosen.Delimiter == format.FixedWidth {
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
	candidates, mark := delimiters, ""
	switch d := chosen.Delimiter; {
	case d == "":
		mark = severalOf(text, all)
	case d == format.NoDelimiter, d == format.FixedWidth, d == format.Drawn:
		candidates = []byte{noDelimiter}
	case len(d) == 1:
		candidates = []byte{d[0]}
	default:
		candidates, mark = nil, string(d)
	}
	whole := text
	collect := func(candidates []byte, mark string) {
		text := whole
		if mark != "" {
			text = strings.ReplaceAll(text, mark, string(rune(joined)))
		}
		for _, quote := range quotes {
			for _, d := range candidates {
				if strings.IndexByte(text, d) < 0 && len(candidates) > 1 {
					continue
				}
				is := rules{delimiter: d, quote: quote, ends: ends, unwrap: d != ' ', mark: mark}
				is.escape = quote != 0 && escapes(text, quote, d)
				is.lead = d != ' ' && d != noDelimiter && leads(text, d)
				trials = append(trials, try(text, is, all))
			}
		}
	}
	collect(candidates, "")
	if mark != "" {
		collect([]byte{joined}, mark)
	}
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
			if t.weigh(trials); t.mark != "" && chosen.Delimiter == "" {
				t.score = 2 // it divides every line alike, which a part of it does not
			}
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
	if chosen.Delimiter == "" {
		switch {
		case best == nil || best.score < 0.12:
			collect(rare, "")
			best, next = weigh()
		case best.alike < len(best.records) && len(best.records[0].fields) == 1: // a mark in the values of another
			collect(rare[:len(rare)-1], "") // without the space, which values have as well
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
	if s.mark != "" {
		text = strings.ReplaceAll(text, s.mark, string(rune(joined)))
	}
	mostly := t.counts[oddWrapped].n > 1 && t.counts[oddWrapped].n*2 >= max(t.marks, int64(len(t.records)))
	if s.unwrap = s.unwrap && (mostly || t.width > 1); s.unwrap && !mostly {
		s.partly = t.records[t.start].line
	}
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
	if s.table != nil {
		s.width = s.best.width
		return
	}
	if s.starts != nil {
		s.best = try(text, s.rules, all)
		s.width = len(s.starts)
		return
	}
	s.trim = t.padded() || s.lead && follows(text, s.delimiter)
	if chosen.Delimiter == "" {
		s.findJoins()
	}
	s.findEdges()
	s.slashed = t.counts[oddNull].n > 0 && t.marks == 0 && strings.Contains(text, `\\`) && slashed(text)
	s.findHeading(text)
	s.trim = s.trim || s.leading // a table between lines of bars
	if s.next != nil && s.next.score > 0.8*t.score && t.width > 1 {
		s.guess = true
	}
	s.why = s.reason()
}

// slashes are the letters that databases write behind a backslash, and what they stand for.
var slashes = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r", `\b`, "", `\0`, "", `\Z`, "", `\f`, "", `\v`, "", `\'`, "'", `\"`, `"`)

// slashed reports whether every backslash of a text stands before a letter of slashes or
// before the N of nothing.
func slashed(text string) bool {
	rest := strings.NewReplacer(`\\`, "", `\N`, "").Replace(text)
	for i := range len(rest) - 1 {
		if rest[i] == '\\' && strings.IndexByte(`tnrb0Zfv'"`, rest[i+1]) < 0 {
			return false
		}
	}
	return true
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
			s.commented = s.width < 2 || strings.Contains(text, "\n"+mark+"Fields:") || names && typed*10 >= 8*(len(records)-1)
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
	if t.beginsWithNames() {
		return // below a line that says something else
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
		for i := range names {
			names[i] = strings.TrimPrefix(names[i], s.comment)
		}
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
	name := nameOf(n.named())
	switch blank := n.blankColumns(); {
	case t.mark != "" && blank > 0:
		return why + fmt.Sprintf("; with %s, %s would be blank", name, humanize.Count(int64(blank), "column"))
	case t.mark != "" && strings.Contains(t.mark, string(rune(n.delimiter))):
		return why + fmt.Sprintf("; with %s, the rest of the delimiter would be part of the values", name)
	case n.delimiter == ',' && t.cut > 0:
		return why + fmt.Sprintf("; as delimiters, commas would cut %s in two", humanize.Count(int64(t.cut), "amount"))
	case n.undivided:
		return why + "; " + name + " would leave the line of names in one piece"
	}
	return why + fmt.Sprintf("; with %s, %s of %s would have %d", name, humanize.Number(n.alike), humanize.Number(len(n.records)), n.width)
}
