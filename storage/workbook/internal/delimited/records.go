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
)

// records splits delimited text into records and fields. Fields may be quoted; a
// quote inside a quoted field is doubled. Quotes that follow no rule are read as
// they are and counted. Lines end with \n, \r\n or \r.
type records struct {
	in        window
	delimiter byte
	quote     byte // 0 = none

	text   []byte  // the fields, one behind the other
	fields []field // of this record
	line   int     // the line this record starts on, from one
	after  int     // the line the next record starts on
	err    error   // io.EOF at the end

	quoted int        // fields in quotation marks
	stray  cell.Tally // records with a quote in an unexpected place
}

// field is where a field lies in records.text.
type field struct {
	from, to int
}

// window returns bytes one block at a time.
type window struct {
	src      stream.Blocks
	buf      []byte
	pos      int
	finished bool
}

// more brings the next block when the last one is used up.
func (w *window) more() error {
	if w.finished {
		return io.EOF
	}
	var err error
	w.pos = 0
	if w.buf, err = w.src.Next(); err != nil {
		w.buf, w.finished = nil, true
	}
	return err
}

func newRecords(src stream.Blocks, delimiter byte) *records {
	return &records{in: window{src: src}, delimiter: delimiter, quote: '"', after: 1}
}

func (r *records) field(i int) []byte { return r.text[r.fields[i].from:r.fields[i].to] }

// next reads the next record.
func (r *records) next() bool {
	r.text, r.fields, r.line = r.text[:0], r.fields[:0], r.after
	if r.err != nil {
		return false
	}
	if _, ok := r.peek(); !ok {
		return false
	}
	for {
		more, ok := r.readField()
		if !ok {
			return false
		}
		if !more {
			return true
		}
		if len(r.text) > maxRecord || len(r.fields) >= cell.MaxColumns {
			if len(r.fields) >= cell.MaxColumns {
				r.err = fault.TooLarge("line %d has more than %s fields", r.line, humanize.Number(cell.MaxColumns))
			} else {
				r.err = fault.TooLarge("the record in line %d is longer than %d MB", r.line, maxRecord>>20)
			}
			return false
		}
	}
}

// peek returns the next byte; false at the end or when reading failed.
func (r *records) peek() (byte, bool) {
	for r.in.pos == len(r.in.buf) {
		if err := r.in.more(); err != nil {
			r.err = err
			return 0, false
		}
	}
	return r.in.buf[r.in.pos], true
}

// readField reads one field and what ends it. more says that a delimiter did.
func (r *records) readField() (more, ok bool) {
	from := len(r.text)
	if b, there := r.peek(); there && r.quote != 0 && b == r.quote {
		r.quoted++
		if !r.readQuoted() {
			return false, false
		}
	}
	for {
		b, there := r.peek()
		if !there {
			if !errors.Is(r.err, io.EOF) {
				return false, false
			}
			// The last record needs no line end. The error waits for the next call.
			r.fields = append(r.fields, field{from, len(r.text)})
			return false, true
		}
		rest := r.in.buf[r.in.pos:]
		if b != r.delimiter && b != '\n' && b != '\r' {
			n := r.plainRun(rest)
			r.text = append(r.text, rest[:n]...)
			r.in.pos += n
			if len(r.text)-from > maxField {
				r.err = fault.TooLarge("a field in line %d is longer than %d bytes", r.line, maxField)
				return false, false
			}
			continue
		}
		r.fields = append(r.fields, field{from, len(r.text)})
		r.in.pos++
		if b == r.delimiter {
			return true, true
		}
		r.after++
		if b == '\r' {
			if b, there := r.peek(); there && b == '\n' {
				r.in.pos++
			} else if !there && !errors.Is(r.err, io.EOF) {
				return false, false
			}
		}
		return false, true
	}
}

// plainRun counts the bytes before the next delimiter or line end.
func (r *records) plainRun(rest []byte) int {
	for i, b := range rest {
		if b == r.delimiter || b == '\n' || b == '\r' {
			return i
		}
	}
	return len(rest)
}

// readQuoted reads a quoted field up to its closing quote. A quote that neither
// closes the field nor is doubled belongs to the text.
func (r *records) readQuoted() bool {
	from, line := len(r.text), r.after
	r.in.pos++
	for {
		if _, there := r.peek(); !there {
			if errors.Is(r.err, io.EOF) {
				r.err = fault.Corrupt("the quotation mark that opens a field in line %d is never closed", line)
			}
			return false
		}
		rest := r.in.buf[r.in.pos:]
		i := bytes.IndexByte(rest, r.quote)
		if i < 0 {
			i = len(rest)
		}
		r.after += countLines(rest[:i], r.text)
		r.text = append(r.text, rest[:i]...)
		r.in.pos += i
		if len(r.text)-from > maxField {
			r.err = fault.Corrupt("the quotation mark that opens a field in line %d is not closed within %d bytes", line, maxField)
			return false
		}
		if i == len(rest) {
			continue
		}
		r.in.pos++ // the quote
		b, there := r.peek()
		switch {
		case !there:
			return errors.Is(r.err, io.EOF)
		case b == r.quote:
			r.in.pos++
			r.text = append(r.text, r.quote)
		case b == r.delimiter, b == '\n', b == '\r':
			return true
		default:
			r.stray.Add(r.line)
			r.text = append(r.text, r.quote)
		}
	}
}

// countLines counts the line ends in a piece of a quoted field. A \n at its start
// belongs to a \r at the end of the piece before.
func countLines(piece, before []byte) int {
	n := bytes.Count(piece, []byte("\n"))
	if bytes.IndexByte(piece, '\r') >= 0 {
		n += bytes.Count(piece, []byte("\r")) - bytes.Count(piece, []byte("\r\n"))
	}
	if len(piece) > 0 && piece[0] == '\n' && len(before) > 0 && before[len(before)-1] == '\r' {
		n--
	}
	return n
}

// noDelimiter is a byte that no text has: the file is one column.
const noDelimiter = 0xff
