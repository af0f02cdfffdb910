package delimited

import (
	"bytes"
	"errors"
	"io"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/stream"
)

const (
	// maxField bounds a field: beyond it, a quotation mark was surely never closed.
	maxField = 1 << 20
	// maxRecord bounds a record.
	maxRecord = 16 << 20
	// quotedLines is over how many lines a value in quotation marks may go when those
	// lines look like records.
	quotedLines = 100
)

// noDelimiter is a byte that no text has: the file is one column.
const noDelimiter = 0xff

// lineEnd is what ends a record.
type lineEnd byte

const (
	endAny  lineEnd = iota // \n, \r\n or \r
	endLF                  // \n or \r\n
	endCRLF                // \r\n
	endCR                  // \r or \r\n
)

// rules are how a text is cut into records and fields.
type rules struct {
	delimiter byte
	quote     byte   // 0 = none
	escape    bool   // a backslash makes the quote behind it a letter
	lead      bool   // the delimiter is followed by a blank, which is no part of a value
	unwrap    bool   // a line that is one value in quotes is a record of its own
	comment   string // what a comment line begins with; "" = there are none
	commented bool   // a line with as many fields as a record may be a comment as well
	ends      lineEnd
	width     int   // fields of nearly all records; 0 = not known
	names     int   // the line of the names when they lack the one of the first column
	trim      bool  // values without quotes are padded with spaces, which are left out
	starts    []int // where columns of a fixed width start, in characters; nil = there is a delimiter
	exact     bool  // a line of dashes says where they start: another line that has no space there is one value
	joins     []int // fields that are the first half of an amount with a decimal comma, in records of full width
	leading   bool  // every record begins with a delimiter
	heading   int   // the line of a comment that holds the names
}

// records splits delimited text into records and fields. Fields may be quoted; a
// quote inside a quoted field is doubled. What follows no rule is read as it is and
// counted.
type records struct {
	rules
	in    window
	class [256]byte

	text   []byte  // the record: its fields and what is between them
	fields []field // of this record
	line   int     // the line this record starts on, from one
	after  int     // the line the next record starts on
	err    error   // io.EOF at the end

	part    bool // the text is the start of a longer one, so that its last record is not whole
	letter  int  // the place of a quote that is a letter in this record, or -1
	quoted  int64
	marks   int // fields of the record in quotes
	first   int // the place of the first quote of the record that is not like others, or -1
	multi   bool
	dirty   bool // a field of the record has marks
	odd     [oddKinds]int
	strange bool
	counts  [oddKinds]tally
	inner   *records // reads the records in lines that are one value in quotes
	own     []byte   // text without marks
}

// field is where a field lies in records.text.
type field struct {
	from, to int
	marks    bool // it holds doubled or escaped quotes
}

// oddKind is something odd about a record.
type oddKind int

const (
	oddStray     oddKind = iota // a quote in an unexpected place
	oddUnclosed                 // a quote that is never closed
	oddBreak                    // a line break in a value without quotes
	oddUndecided                // a line break that may be one in a value
	oddBlanks                   // blanks before an opening or behind a closing quote
	oddWrapped                  // a line that was one value in quotes
	oddComment                  // a comment line
	oddMark                     // a byte order mark inside the file
	oddFormula                  // values such as ="007"
	oddNull                     // \N
	oddNullWord                 // NULL
	oddTab                      // a tab behind a value
	oddProtected                // an apostrophe before digits
	oddJoined                   // amounts with a decimal comma that were cut in two
	oddCut                      // values of columns of a fixed width without a space between
	oddKinds
)

// tally counts records, and keeps the first lines.
type tally struct {
	n     int64
	lines []int
}

// keptLines is how many lines a tally keeps.
const keptLines = 5

func (t *tally) add(line, n int) {
	if t.n += int64(n); len(t.lines) < keptLines && (len(t.lines) == 0 || t.lines[len(t.lines)-1] != line) {
		t.lines = append(t.lines, line)
	}
}

// window holds the bytes from the start of a record on.
type window struct {
	src  stream.Blocks
	buf  []byte
	pos  int
	base int64 // where buf starts in the text
	err  error // why there are no more; io.EOF at the end
}

// more brings another block behind what is left.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	if w.pos > 0 {
		n := copy(w.buf, w.buf[w.pos:])
		w.buf, w.base, w.pos = w.buf[:n], w.base+int64(w.pos), 0
	}
	block, err := w.src.Next()
	w.buf = append(w.buf, block...)
	if w.err = err; err != nil && len(block) == 0 {
		return errors.Is(err, io.EOF)
	}
	return true
}

func newRecords(src stream.Blocks, is rules) *records {
	r := &records{rules: is, in: window{src: src}, after: 1, letter: -1}
	r.class['\n'], r.class['\r'] = stops, stops
	r.class['='], r.class['\\'], r.class[' '], r.class['\t'] = starts, starts, starts, starts
	if is.quote != 0 {
		r.class[is.quote] = starts
	}
	if is.delimiter != noDelimiter {
		r.class[is.delimiter] = stops
	}
	if is.unwrap {
		is.unwrap, is.comment = false, ""
		r.inner = newRecords(nil, is)
	}
	return r
}

// Classes of bytes.
const (
	stops  = 1 << iota // it ends a field
	starts             // a field that begins with it may be more than its bytes
)

func (r *records) field(i int) []byte { return r.text[r.fields[i].from:r.fields[i].to] }

// next reads the next record.
func (r *records) next() bool {
	if r.err != nil {
		return false
	}
	for {
		data := r.in.buf[r.in.pos:]
		eof := errors.Is(r.in.err, io.EOF) && !r.part
		if len(data) == 0 && r.in.err != nil {
			r.err = r.in.err
			return false
		}
		n, ok := 0, false
		if len(data) > 0 {
			n, ok = r.record(data, eof)
		}
		switch {
		case r.err != nil:
			return false
		case ok:
			r.in.pos += n
			if r.odd[oddComment] > 0 {
				r.counts[oddComment].add(r.line, 1)
				continue
			}
			return true
		case len(data) > maxRecord:
			r.err = fault.TooLarge("the record in line %d is longer than %d MB", r.after, maxRecord>>20)
			return false
		case !r.in.more():
			r.err = r.in.err
			return false
		}
	}
}

// record reads the record at the start of data, and returns its length. ok is false when
// it needs more than data has; eof says that there is no more.
func (r *records) record(data []byte, eof bool) (n int, ok bool) {
	r.line, r.letter = r.after, -1
	if r.starts != nil {
		n, ok = r.fixed(data, eof)
	} else {
		n, ok = r.parse(data, eof)
	}
	if !ok || r.err != nil {
		return n, ok
	}
	if r.first >= 0 && r.width > 0 && len(r.fields) != r.width {
		// Is it one with a quote that is a letter?
		was := *r
		was.fields = append([]field(nil), r.fields...)
		r.letter = r.first
		as, whole := r.parse(data, eof)
		if !whole && !eof && len(data) <= maxField {
			return 0, false
		}
		if !whole || r.err != nil || len(r.fields) != r.width {
			first := r.fields[:0]
			*r = was
			r.fields = append(first, was.fields...)
		} else {
			n = as
			r.note(oddStray)
		}
	}
	r.after++
	if r.multi {
		r.after += countLines(data[:n]) - 1
		if n == len(data) && n > 0 && data[n-1] != '\n' && data[n-1] != '\r' {
			r.after++
		}
	}
	r.quoted += int64(r.marks)
	if len(r.joins) > 0 && len(r.fields) == r.width {
		r.join()
	}
	if r.strange {
		for kind, n := range r.odd {
			if n > 0 && oddKind(kind) != oddComment {
				r.counts[kind].add(r.line, n)
			}
		}
	}
	if r.trim {
		for i := range r.fields {
			f := &r.fields[i]
			for f.from < f.to && data[f.from] == ' ' && (f.from == 0 || data[f.from-1] != r.quote) {
				f.from++
			}
			for f.to > f.from && data[f.to-1] == ' ' && (f.to == len(data) || data[f.to] != r.quote) {
				f.to--
			}
		}
	}
	if r.text = data[:n]; r.dirty {
		r.clean(data)
	}
	if r.inner != nil && len(r.fields) == 1 && r.marks == 1 {
		r.unwrapped()
	}
	if r.leading && len(r.fields) == r.width && r.fields[0].from == r.fields[0].to {
		r.fields = r.fields[1:]
	}
	if r.line == r.names && r.names > 0 {
		r.fields = append(r.fields, field{})
		copy(r.fields[1:], r.fields)
		r.fields[0] = field{}
	}
	return n, true
}

// join makes one field of each amount that a comma has cut in two.
func (r *records) join() {
	for n, at := range r.joins {
		at -= n
		r.fields[at].to = r.fields[at+1].to
		r.fields = append(r.fields[:at+1], r.fields[at+2:]...)
	}
	r.note(oddJoined)
}

func (r *records) note(kind oddKind) { r.odd[kind]++; r.strange = true }

// clean copies the fields, without the marks that double or escape quotes.
func (r *records) clean(data []byte) {
	r.own = r.own[:0]
	for i, f := range r.fields {
		from := len(r.own)
		value := data[f.from:f.to]
		if !f.marks {
			r.own = append(r.own, value...)
		} else {
			for at := 0; at < len(value); at++ {
				b := value[at]
				if at+1 < len(value) && (b == r.quote && value[at+1] == r.quote || r.escape && b == '\\' && (value[at+1] == r.quote || value[at+1] == '\\')) {
					at++
					b = value[at]
				}
				r.own = append(r.own, b)
			}
		}
		r.fields[i] = field{from: from, to: len(r.own)}
	}
	r.text = r.own
}

// unwrapped reads a record whose only field is a record.
func (r *records) unwrapped() {
	text := r.field(0)
	if bytes.IndexByte(text, r.delimiter) < 0 {
		return
	}
	in := r.inner
	in.after, in.err = r.line, nil
	if _, ok := in.record(text, true); !ok || in.err != nil || len(in.fields) < 2 || r.width > 0 && len(in.fields) != r.width {
		return
	}
	r.text, r.fields = in.text, append(r.fields[:0], in.fields...)
	r.counts[oddWrapped].add(r.line, 1)
}

// parse cuts the record at the start of data into fields, see record.
func (r *records) parse(data []byte, eof bool) (n int, ok bool) {
	r.fields, r.marks, r.multi, r.dirty, r.first = r.fields[:0], 0, false, false, -1
	if r.strange {
		r.odd, r.strange = [oddKinds]int{}, false
	}
	i := 0
	if data[0] == 0xef {
		if len(data) < 3 && !eof {
			return 0, false
		}
		if bytes.HasPrefix(data, byteOrderMark) {
			i = 3
			r.note(oddMark)
		}
	}
	if r.comment != "" && data[i:] != nil && bytes.HasPrefix(data[i:], []byte(r.comment)) {
		end, there := lineEndAt(data, i)
		if !there && !eof {
			return 0, false
		}
		if r.line == r.heading && r.heading > 0 {
			i = headingAt(data, i+len(r.comment), end)
		} else if r.commented || bytes.Count(data[i:end], []byte{r.delimiter})+1 != r.width {
			r.note(oddComment)
			return r.skipEnd(data, end), true
		}
	}
	for {
		from := i
		if i < len(data) && r.class[data[i]]&starts != 0 {
			f, next, how := r.special(data, i, eof)
			switch how {
			case needsMore:
				return 0, false
			case isField:
				if i = next; i == len(data) {
					r.fields = append(r.fields, f)
					return i, true
				}
				from = -1
				r.fields = append(r.fields, f)
			case isPlain:
				from, i = f.from, f.to
			}
		}
		if from >= 0 {
			for i < len(data) && r.class[data[i]]&stops == 0 {
				i++
			}
			if i == len(data) {
				if !eof {
					return 0, false
				}
				r.fields = append(r.fields, field{from: from, to: i})
				return i, true
			}
		}
		b := data[i]
		if b != r.delimiter {
			ends, next, whole := r.lineBreak(data, i, eof, from >= 0)
			switch {
			case !whole:
				return 0, false
			case ends:
				if from >= 0 {
					r.fields = append(r.fields, field{from: from, to: i})
				}
				return next, true
			}
			// A line break inside the value: go on behind it.
			r.multi = true
			for i = next; i < len(data) && r.class[data[i]]&stops == 0; i++ {
			}
			for i < len(data) && data[i] != r.delimiter {
				ends, next, whole = r.lineBreak(data, i, eof, true)
				if !whole {
					return 0, false
				}
				if ends {
					break
				}
				for i = next; i < len(data) && r.class[data[i]]&stops == 0; i++ {
				}
			}
			if i == len(data) && !eof {
				return 0, false
			}
			r.fields = append(r.fields, field{from: from, to: i})
			if i == len(data) {
				return i, true
			}
			if data[i] != r.delimiter {
				return next, true
			}
		} else if from >= 0 {
			r.fields = append(r.fields, field{from: from, to: i})
		}
		i++
		if len(r.fields) >= cell.MaxColumns {
			r.err = fault.TooLarge("line %d has more than %s fields", r.line, humanize.Number(cell.MaxColumns))
			return 0, true
		}
		if last := r.fields[len(r.fields)-1]; last.to-last.from > maxField {
			r.err = fault.TooLarge("a field in line %d is longer than %d bytes", r.line, maxField)
			return 0, true
		}
	}
}

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

// lineEndAt returns where the line at i ends.
func lineEndAt(data []byte, i int) (end int, there bool) {
	for end = i; end < len(data); end++ {
		if data[end] == '\n' || data[end] == '\r' {
			return end, true
		}
	}
	return end, false
}

// skipEnd returns what is behind the line end at i.
func (r *records) skipEnd(data []byte, i int) int {
	if i+1 < len(data) && data[i] == '\r' && data[i+1] == '\n' {
		return i + 2
	}
	return min(i+1, len(data))
}

// lineBreak looks at the line break at i. ends says that it ends the record, and next is
// what is behind it; whole is false when data is too short to tell. Only in a plain
// field it may be a part of the value.
func (r *records) lineBreak(data []byte, i int, eof, plain bool) (ends bool, next int, whole bool) {
	if data[i] == '\r' {
		if i+1 == len(data) && !eof {
			return false, 0, false
		}
		if i+1 < len(data) && data[i+1] == '\n' {
			return true, i + 2, true
		}
	}
	usual := r.ends == endAny || data[i] == '\n' && r.ends == endLF || data[i] == '\r' && r.ends == endCR
	if usual || !plain || i+1 == len(data) && eof {
		return true, i + 1, true
	}
	end, there := lineEndAt(data, i+1)
	if !there && !eof && end-i < maxField {
		return false, 0, false
	}
	so, rest := len(r.fields)+1, bytes.Count(data[i+1:end], []byte{r.delimiter})+1
	switch {
	case r.width == 0, so+rest-1 <= r.width && (so < r.width || rest < r.width):
		r.note(oddBreak)
		return false, i + 1, true
	case so != r.width || rest != r.width:
		r.note(oddUndecided)
	}
	return true, i + 1, true
}

// countLines counts the line ends in text.
func countLines(text []byte) int {
	n := bytes.Count(text, []byte("\n"))
	if bytes.IndexByte(text, '\r') >= 0 {
		n += bytes.Count(text, []byte("\r")) - bytes.Count(text, []byte("\r\n"))
	}
	return n
}
