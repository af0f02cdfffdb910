package delimited

import "bytes"

var byteOrderMark = []byte("\ufeff")

// How a field that begins with a special byte is to be read.
type reading int

const (
	needsMore reading = iota
	isField           // it is read
	isPlain           // like any other, from f.from, after f.to
)

// special reads a field that begins with a quote, a blank, an equals sign or a backslash.
func (r *records) special(data []byte, i int, eof bool) (f field, next int, how reading) {
	j := i
	for j < len(data) && (data[j] == ' ' || data[j] == '\t') && data[j] != r.delimiter {
		j++
	}
	plain := i
	if r.lead {
		plain = j
	}
	at := j
	if at < len(data) && data[at] == '=' && r.quote != 0 {
		at++
	}
	switch {
	case at == len(data):
		if !eof {
			return f, 0, needsMore
		}
	case data[at] == r.quote && r.quote != 0 && at != r.letter:
		f, next, how = r.quotedField(data, at, eof, at > j)
		if how == needsMore {
			return f, 0, needsMore
		}
		if how == isField {
			if j > i && !r.lead {
				r.note(oddBlanks)
			}
			if r.marks++; at > j {
				r.note(oddFormula)
			} else if f.marks && f.to-f.from >= 5 && data[f.from] == '=' && data[f.from+1] == r.quote && data[f.from+2] == r.quote &&
				data[f.to-1] == r.quote && data[f.to-2] == r.quote {
				r.note(oddFormula)
				f.from, f.to = f.from+3, f.to-2
			}
			return f, next, isField
		}
	case data[j] == '\\' && r.delimiter != '\\':
		if j+2 >= len(data) && !eof {
			return f, 0, needsMore
		}
		if j+1 < len(data) && data[j+1] == 'N' && (j+2 >= len(data) || r.class[data[j+2]]&stops != 0) {
			r.note(oddNull)
			return field{from: j, to: j}, j + 2, isField
		}
	}
	return field{from: plain, to: j}, 0, isPlain
}

// quotedField reads a field in quotes, whose opening one is at open. isPlain says that
// the quote is a letter. formula says that only a field without anything odd will do.
func (r *records) quotedField(data []byte, open int, eof, formula bool) (f field, next int, how reading) {
	q, p, stray := r.quote, open+1, false
	literal := func(kind oddKind) (field, int, reading) {
		if !formula {
			r.note(kind)
		}
		return f, 0, isPlain
	}
	for {
		k := bytes.IndexByte(data[p:], q)
		if k < 0 {
			rest := data[open:]
			switch {
			case formula && bytes.IndexByte(rest, '\n') >= 0:
				return f, 0, isPlain
			case !eof && len(rest) <= maxField && !r.runaway(rest) && !(stray && hasBreak(data[p:])):
				return f, 0, needsMore
			case stray:
				return literal(oddStray)
			}
			return literal(oddUnclosed)
		}
		if k += p; hasBreak(data[p:k]) {
			if stray || formula {
				return literal(oddStray)
			}
			if r.multi = true; k-open > 2*quotedLines && r.runaway(data[open:k]) || k-open > maxField {
				return literal(oddUnclosed)
			}
		}
		if r.escape && escaped(data[open+1:k]) {
			f.marks, p = true, k+1
			continue
		}
		after := k + 1
		for after < len(data) && (data[after] == ' ' || data[after] == '\t') && data[after] != r.delimiter {
			after++
		}
		switch {
		case k+1 < len(data) && data[k+1] == q:
			f.marks, p = true, k+2
			continue
		case after == len(data) && !eof:
			return f, 0, needsMore
		case len(r.fields) == 0 && r.inner != nil && after < len(data) && r.class[data[after]]&stops == 0 && bytes.IndexByte(delimiters, data[after]) >= 0:
			end := after
			for end < len(data) && data[end] == data[after] {
				end++
			}
			if end == len(data) && !eof {
				return f, 0, needsMore
			}
			if end == len(data) || data[end] == '\n' || data[end] == '\r' { // the line is one value, with blank ones behind
				r.note(oddTail)
				f.from, f.to = open+1, k
				r.dirty = r.dirty || f.marks
				return f, end, isField
			}
		case after == len(data), r.class[data[after]]&stops != 0:
			if after > k+1 {
				r.note(oddBlanks)
			}
			if stray {
				r.note(oddStray)
			}
			if (stray || r.multi) && r.first < 0 {
				r.first = open
			}
			f.from, f.to = open+1, k
			r.dirty = r.dirty || f.marks
			return f, after, isField
		case formula, r.opens(data[open+1 : k]):
			return literal(oddStray)
		}
		stray, p = true, k+1
	}
}

// opens reports whether a quote behind text looks like the opening one of another field.
func (r *records) opens(text []byte) bool {
	text = bytes.TrimRight(text, " ")
	return len(text) > 0 && text[len(text)-1] == r.delimiter
}

// escaped reports whether text ends with an odd number of backslashes.
func escaped(text []byte) bool {
	n := 0
	for n < len(text) && text[len(text)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

func hasBreak(data []byte) bool {
	return bytes.IndexByte(data, '\n') >= 0 || bytes.IndexByte(data, '\r') >= 0
}

// runaway reports whether a value that begins with a quote goes on over many lines that
// look like records.
func (r *records) runaway(data []byte) bool {
	if bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte("\r")) <= quotedLines {
		return false
	}
	lines, alike := 0, 0
	for i := 0; i < len(data) && lines < quotedLines; lines++ {
		end, _ := lineEndAt(data, i)
		if bytes.Count(data[i:end], []byte{r.delimiter})+1 >= max(2, r.width) {
			alike++
		}
		i = r.skipEnd(data, end)
	}
	return alike*2 >= lines
}
