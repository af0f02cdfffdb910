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

// rules are how a text is cut into records and fields.
type rules struct {
	delimiter byte
	quote     byte   // 0 = none
	escape    bool   // a backslash makes the quote behind it a letter
	lead      bool   // the delimiter is followed by a blank, which is no part of a value
	unwrap    bool   // a line that is one value in quotes is a record of its own
	partly    int    // from this line on, lines that are such values stand among others; 0 = nearly all do
	slashed   bool   // a backslash stands for a character with the letter behind it, as where \N is nothing
	comment   string // what a comment line begins with; "" = there are none
	commented bool   // a line with as many fields as a record may be a comment as well
	ends      lineEnd
	width     int      // fields of nearly all records; 0 = not known
	names     int      // the line of the names when they lack the one of the first column
	trim      bool     // values without quotes are padded with spaces, which are left out
	starts    []int    // where columns of a fixed width start, in characters; nil = there is a delimiter
	exact     bool     // a line of dashes says where they start: another line that has no space there is one value
	joins     []int    // fields that are the first half of an amount with a decimal comma, in records of full width
	leading   bool     // every record begins with a delimiter
	heading   int      // the line of a comment that holds the names
	mark      string   // the delimiter of several characters that joined stands for; "" = there is none
	table     *drawing // a table that is drawn; nil = it is not
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

// window holds the bytes from the start of a record on.
type window struct {
	src  stream.Blocks
	buf  []byte
	pos  int
	base int64 // where buf starts in the text
	err  error // why there are no more; io.EOF at the end

	joined int64 // bytes of the text before buf that the byte joined has taken the place of
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
	if is.table != nil {
		own := *is.table // which changes from table to table
		r.table = &own
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
			if r.in.pos += n; r.mark != "" {
				r.in.joined += int64(bytes.Count(data[:n], []byte{joined}) * (len(r.mark) - 1))
			}
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
	} else if r.table != nil {
		n, ok = r.drawn(data, eof)
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
	if r.text = data[:n]; r.table != nil {
		r.text = r.own
	} else if r.dirty {
		r.clean(data)
	}
	if r.inner != nil && len(r.fields) == 1 && r.marks == 1 {
		r.unwrapped()
	}
	if r.leading && len(r.fields) == r.width && r.fields[0].from == r.fields[0].to {
		r.fields = r.fields[1:]
	}
	if r.line == r.heading && r.heading > 0 {
		for i := range r.fields {
			if f := &r.fields[i]; bytes.HasPrefix(r.text[f.from:f.to], []byte(r.comment)) {
				f.from += len(r.comment) // each name has the mark
			}
		}
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
	if r.partly > 0 && (r.line < r.partly || in.prose()) {
		return
	}
	r.text, r.fields = in.text, append(r.fields[:0], in.fields...)
	r.counts[oddWrapped].add(r.line, 1)
}

// prose reports whether a blank follows the delimiters of a record, as in a sentence.
func (r *records) prose() bool {
	for _, f := range r.fields[1:] {
		if f.to > f.from && r.text[f.from] == ' ' && !r.lead {
			return true
		}
	}
	return false
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
