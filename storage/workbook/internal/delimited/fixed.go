package delimited

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"pushdesk/storage/workbook/infer"
)

// columnsOf looks for columns in lines without a delimiter: places at which no line has a
// letter. It returns where the columns start, in characters; nil when there are none. sure
// says that the text is known to have some.
func columnsOf(records []sampled, sure bool) []int {
	var lines [][]rune
	for _, s := range records {
		if line := []rune(s.fields[0]); strings.ContainsAny(s.fields[0], " ") {
			lines = append(lines, line)
		}
	}
	if len(lines) < 3 && !sure || len(lines) == 0 || len(lines)*10 < 9*len(records) {
		return nil
	}
	length := 0
	for _, line := range lines {
		length = max(length, len(line))
	}
	filled := make([]int, length)
	for _, line := range lines {
		for i, r := range line {
			if r != ' ' {
				filled[i]++
			}
		}
	}
	gap := 2
	if len(lines) > 9 || sure {
		gap = 1
	}
	var starts []int
	empty := gap
	for i, n := range filled {
		if n > 0 {
			if empty >= gap {
				starts = append(starts, i)
			}
			empty = 0
		} else {
			empty++
		}
	}
	if len(starts) < 2 || !sure && !tabular(records, starts) {
		return nil
	}
	starts[0] = 0
	return starts
}

// ruledColumns looks for a line of dashes below the names that shows where columns start,
// as database clients print it. line is its number, from one.
func ruledColumns(text string) (starts []int, line int) {
	var lines []string
	for l := range strings.Lines(text) {
		if lines = append(lines, strings.TrimRight(l, "\r\n")); len(lines) == mostSampled {
			break
		}
	}
	for i := 1; i < min(len(lines)-1, 30); i++ {
		rule := strings.TrimRight(lines[i], " ")
		if strings.Trim(rule, "-= ") != "" || !strings.Contains(strings.TrimSpace(rule), " ") || strings.TrimSpace(lines[i-1]) == "" {
			continue
		}
		starts = nil
		for at := range rule {
			if rule[at] != ' ' && (at == 0 || rule[at-1] == ' ') {
				starts = append(starts, at)
			}
		}
		starts[0] = 0
		end := i + 1
		for end < len(lines) && (strings.TrimSpace(lines[end]) != "" || end == i+1) {
			end++
		}
		if fit(lines[i-1:end], starts) {
			return starts, i + 1
		}
		if starts = leftOf(rule, lines[i-1:end], starts); starts != nil {
			return starts, i + 1
		}
	}
	return nil, 0
}

// fit reports whether the names in the first line, and nearly all lines below the second, have
// a space before each column.
func fit(lines []string, starts []int) bool {
	fits := 0
	for _, line := range lines[2:] {
		if !crosses([]byte(line), starts) {
			fits++
		}
	}
	return !crosses([]byte(lines[0]), starts) && fits*10 >= 8*(len(lines)-2)
}

// leftOf looks for columns that start left of their dashes, as those of numbers do that are
// longer than their names: where all lines have a space. It returns nil when there are none.
func leftOf(rule string, lines []string, starts []int) []int {
	runes := make([][]rune, len(lines))
	for i, line := range lines {
		runes[i] = []rune(line)
	}
	blank := func(at int) bool {
		return !slices.ContainsFunc(runes, func(line []rune) bool { return at < len(line) && line[at] != ' ' })
	}
	starts = slices.Clone(starts)
	for i := 1; i < len(starts); i++ {
		at := starts[i]
		for at > 0 && !blank(at-1) {
			at--
		}
		if at <= len(strings.TrimRight(rule[:starts[i]], " ")) {
			return nil
		}
		starts[i] = at
	}
	return starts
}

// crosses reports whether a line has a letter right before one of the columns but the first.
func crosses(line []byte, starts []int) bool {
	count, next := 0, 1
	for at := 0; at < len(line) && next < len(starts); count++ {
		r, n := utf8.DecodeRune(line[at:])
		if count+1 == starts[next] {
			if r != ' ' {
				return true
			}
			next++
		}
		at += n
	}
	return false
}

// tabular reports whether the columns hold values as tables do: nearly every line has one
// in most columns, values are padded, and a column behind the first holds others than text.
func tabular(records []sampled, starts []int) bool {
	full, padded, typed := 0, 0, make([]int, len(starts))
	for at, s := range records {
		if strings.Contains(strings.TrimSpace(s.fields[0]), "  ") {
			padded++
		} else if at == 0 {
			return false // the names would be padded as well
		}
		filled := 0
		for i, v := range cutAt(s.fields[0], starts) {
			if v != "" {
				filled++
			}
			if v != "" && !infer.FitsOnlyText(v) {
				typed[i]++
			}
		}
		if filled*3 >= len(starts)*2 {
			full++
		}
	}
	if full*10 < 8*len(records) || padded*2 < len(records) {
		return false
	}
	for _, n := range typed[1:] {
		if n*10 >= 7*(len(records)-1) {
			return true
		}
	}
	return len(starts) > 2 && full == len(records) && aligned(records, starts)
}

// aligned reports whether every line has two spaces before each column, and a letter where it
// starts, as tables of text have it.
func aligned(records []sampled, starts []int) bool {
	for _, s := range records {
		line := []rune(s.fields[0])
		for _, at := range starts[1:] {
			if at < 2 || at >= len(line) || line[at] == ' ' || line[at-1] != ' ' || line[at-2] != ' ' {
				return false
			}
		}
	}
	return len(records) > 2
}

// cutAt cuts a line at places, which count characters, and trims the values.
func cutAt(line string, starts []int) []string {
	values := make([]string, len(starts))
	for i, f := range cuts(nil, []byte(line), 0, len(line), starts) {
		values[i] = line[f.from:f.to]
	}
	return values
}

// cuts appends the fields of the line from..to of data, one for each column.
func cuts(fields []field, data []byte, from, to int, starts []int) []field {
	at, count := from, 0
	begin := from
	add := func(end int) {
		f := field{from: begin, to: end}
		for f.from < f.to && data[f.from] == ' ' {
			f.from++
		}
		for f.to > f.from && data[f.to-1] == ' ' {
			f.to--
		}
		fields = append(fields, f)
		begin = end
	}
	for _, start := range starts[1:] {
		for at < to && count < start {
			_, n := utf8.DecodeRune(data[at:to])
			at, count = at+n, count+1
		}
		add(at)
	}
	add(to)
	return fields
}

// fixed reads a record whose fields are columns of characters.
func (r *records) fixed(data []byte, eof bool) (n int, ok bool) {
	end, there := lineEndAt(data, 0)
	if !there && !eof || there && end+1 == len(data) && data[end] == '\r' && !eof {
		return 0, false
	}
	if r.strange {
		r.odd, r.strange = [oddKinds]int{}, false
	}
	r.first, r.multi, r.dirty, r.marks = -1, false, false, 0
	if r.comment != "" && bytes.HasPrefix(data, []byte(r.comment)) {
		r.note(oddComment)
		return r.skipEnd(data, end), true
	}
	if r.exact && crosses(data[:end], r.starts) {
		r.fields = cuts(r.fields[:0], data, 0, end, r.starts[:1])
		return r.skipEnd(data, end), true
	}
	r.fields = cuts(r.fields[:0], data, 0, end, r.starts)
	for i := 1; i < len(r.fields); i++ {
		if a, b := r.fields[i-1], r.fields[i]; a.to == b.from && a.to > a.from && b.to > b.from {
			r.note(oddCut) // no space between two values
			break
		}
	}
	return r.skipEnd(data, end), true
}

// alikeColons reports whether all lines have as many colons, more than one.
func alikeColons(records []sampled) bool {
	n := strings.Count(records[0].fields[0], ":")
	return n > 1 && !slices.ContainsFunc(records, func(s sampled) bool { return strings.Count(s.fields[0], ":") != n })
}

// looksLikeText reports whether lines are sentences, settings or records between marks that
// are not known, and no values.
func looksLikeText(records []sampled) bool {
	long, settings, marked, code, arrows := 0, 0, 0, 0, 0
	for i, s := range records {
		text := strings.TrimSpace(s.fields[0])
		words := strings.Fields(text)
		if len(words) > 4 || strings.Count(text, "=") > 1 && len(words) > 1 || len(words) > 1 && strings.Contains(text, "\t") || strings.Contains(text, "  ") {
			long++
		}
		if i == 0 && strings.HasSuffix(text, ",") { // Dear Anna,
			long++
		}
		key, _, ok := strings.Cut(strings.TrimPrefix(text, "- "), ":")
		if set := strings.IndexByte(text, '='); set > 0 || strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") || ok && key != "" && !strings.ContainsAny(key, " /0123456789") {
			settings++
		}
		if infer.FitsOnlyText(text) && (text != s.fields[0] && text != strings.TrimRight(s.fields[0], " \t") || strings.ContainsAny(text, "{}|") || strings.HasSuffix(text, ":") || strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") || strings.HasPrefix(text, "@@")) {
			code++
		}
		if strings.Contains(text, "-->") {
			arrows++
		}
		for _, mark := range []string{"&", "::", "!", "\\"} {
			if strings.Contains(text, mark) {
				marked++
				break
			}
		}
	}
	n := len(records)
	return n > 1 && (long*2 >= n || settings*4 >= 3*n && n > 2 || alikeColons(records) || marked == n || code*2 >= n && code > 1 || arrows > 1)
}
