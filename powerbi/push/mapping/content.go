package mapping

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
	"strconv"
)

// Mark tells what the first rows of a source hold, as they are sent: a sum for each
// column that comes from the source. The sums of two sources are equal if the values of
// the column are, in their order, whatever the files are called and however they were
// written.
type Mark struct {
	Rows    int64             `json:"rows"`
	Columns map[string]string `json:"columns,omitempty"` // by the name of the target column
	Sample  Hashes            `json:"sample,omitzero"`   // of rows that are sent
}

// Compare reports whether two marks are of the same rows: the columns that both have are
// equal, and one of them has no other columns. only are columns that one of them has and
// the other lacks.
func (m Mark) Compare(o Mark) (only []string, same bool) {
	if m.Rows != o.Rows || m.Rows == 0 {
		return nil, false
	}
	lacks, more, common := 0, 0, 0
	for name, sum := range m.Columns {
		other, ok := o.Columns[name]
		switch {
		case !ok:
			more++
			only = append(only, name)
		case other != sum:
			return nil, false
		default:
			common++
		}
	}
	for name := range o.Columns {
		if _, ok := m.Columns[name]; !ok {
			lacks++
			only = append(only, name)
		}
	}
	slices.Sort(only)
	return only, common > 0 && (lacks == 0 || more == 0)
}

// content sums up the columns of rows while they are encoded.
type content struct {
	rows    int64
	fields  []Field
	sourced []int    // of the fields, those that come from the source
	sums    []uint64 // of the fields
	at      []place  // of the values of the fields in the row that is encoded
	wants   []int64  // numbers of rows after which a mark is made, ascending
	marks   []Mark
	sample  Sample
}

// place is where a value stands in a row.
type place struct{ from, to uint32 }

// Factors of the sums, which are stored: they must stay as they are.
const (
	contentStart  = 0x9e3779b97f4a7c15
	contentFactor = 0xff51afd7ed558ccd
)

// hashed returns the hash of a value. The last eight bytes are read again where they are
// not eight.
func hashed(value []byte) uint64 {
	n := len(value)
	var a, b uint64
	switch {
	case n > 16:
		h := uint64(contentStart)
		rest := value
		for ; len(rest) > 16; rest = rest[16:] {
			h = multiplied(binary.LittleEndian.Uint64(rest)^contentFactor, binary.LittleEndian.Uint64(rest[8:])^h)
		}
		a, b = binary.LittleEndian.Uint64(value[n-16:])^h, binary.LittleEndian.Uint64(value[n-8:])
	case n >= 8:
		a, b = binary.LittleEndian.Uint64(value), binary.LittleEndian.Uint64(value[n-8:])
	case n >= 4:
		a, b = uint64(binary.LittleEndian.Uint32(value)), uint64(binary.LittleEndian.Uint32(value[n-4:]))
	case n > 0:
		a = uint64(value[0]) | uint64(value[n/2])<<8 | uint64(value[n-1])<<16
	}
	return multiplied(a^contentStart^uint64(n), b^contentFactor)
}

func multiplied(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}

// add takes a row that was encoded, whose values stand where at says. It comes after the
// encoding, because bytes that were just written cannot be read at once.
func (c *content) add(row []byte) {
	var sum uint64
	for _, i := range c.sourced {
		p := c.at[i]
		v := hashed(row[p.from:p.to])
		sum = bits.RotateLeft64(sum, 23) + v
		c.sums[i] = (bits.RotateLeft64(c.sums[i], 29) ^ v) * contentFactor
	}
	c.sample.add(multiplied(sum^contentStart, contentFactor), c.rows)
	c.rows++
	for len(c.wants) > 0 && c.wants[0] <= c.rows {
		if c.wants[0] == c.rows {
			c.marks = append(c.marks, c.mark())
		}
		c.wants = c.wants[1:]
	}
}

// mark is the mark of the rows so far.
func (c *content) mark() Mark {
	m := Mark{Rows: c.rows, Columns: map[string]string{}}
	for _, i := range c.sourced {
		m.Columns[c.fields[i].Target.Name] = strconv.FormatUint(c.sums[i], 16)
	}
	return m
}

// Marks lets the encoder sum up the rows that it encodes, from here on: after so many
func (e *Encoder) Marks(after []int64) {
	wants := slices.Clone(after)
	slices.Sort(wants)
	e.content = &content{fields: e.fields, sums: make([]uint64, len(e.fields)), at: make([]place, len(e.fields)), wants: slices.Compact(wants)}
	for i, f := range e.fields {
		e.content.sums[i] = contentStart
		if f.From >= 0 {
			e.content.sourced = append(e.content.sourced, i)
		}
	}
}

// Marked returns the marks that were asked for, as far as there were so
// many rows, and as the last one that of all rows.
func (e *Encoder) Marked() []Mark {
	if e.content == nil {
		return nil
	}
	all := e.content.mark()
	if n := len(e.content.marks); n > 0 && e.content.marks[n-1].Rows == all.Rows {
		return e.content.marks
	}
	return append(e.content.marks, all)
}

// mostSampled is how many rows of a source are sampled at most.
const mostSampled = 256

// Sample is a choice of rows that is the same for the same rows, wherever they stand: those
// whose hash is small. Of few rows it has all.
type Sample struct {
	rows  []sampledRow
	shift uint // of the hashes that are small enough: they have so many zeros in front
}

type sampledRow struct {
	hash uint64
	at   int64 // its place, from 0
}

func (s *Sample) add(hash uint64, at int64) {
	if hash>>(64-s.shift) != 0 {
		return
	}
	s.rows = append(s.rows, sampledRow{hash, at})
	for len(s.rows) > mostSampled && s.shift < 63 {
		s.shift++
		s.rows = slices.DeleteFunc(s.rows, func(r sampledRow) bool { return r.hash>>(64-s.shift) != 0 })
	}
}

// Between returns the hashes of the rows from a place up to another.
func (s Sample) Between(from, to int64) Hashes {
	h := Hashes{shift: s.shift}
	for _, r := range s.rows {
		if r.at >= from && r.at < to {
			h.rows = append(h.rows, r.hash)
		}
	}
	return h
}

// Sampled returns the sample of the rows that were summed up.
func (e *Encoder) Sampled() Sample {
	if e.content == nil {
		return Sample{}
	}
	return e.content.sample
}

// Hashes is a sample of rows as it is kept: in a text.
type Hashes struct {
	shift uint // see Sample; 0: all rows are in it
	rows  []uint64
}

// MarshalText implements encoding.TextMarshaler.
func (h Hashes) MarshalText() ([]byte, error) {
	data := []byte{byte(h.shift)}
	for _, row := range h.rows {
		data = binary.BigEndian.AppendUint64(data, row)
	}
	return base64.StdEncoding.AppendEncode(nil, data), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hashes) UnmarshalText(text []byte) error {
	data, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil || len(data)%8 != 1 || data[0] > 63 {
		return errors.New("this is no sample of rows")
	}
	*h = Hashes{shift: uint(data[0])}
	for data = data[1:]; len(data) > 0; data = data[8:] {
		h.rows = append(h.rows, binary.BigEndian.Uint64(data))
	}
	return nil
}

// IsZero reports whether there is no sample.
func (h Hashes) IsZero() bool { return len(h.rows) == 0 }

// In counts the rows of a sample that are in one of others, and those that were compared:
// the more rows the others are of, the fewer.
func (h Hashes) In(others []Hashes) (known, compared int) {
	shift := h.shift
	there := map[uint64]bool{}
	for _, o := range others {
		shift = max(shift, o.shift)
		for _, row := range o.rows {
			there[row] = true
		}
	}
	for _, row := range h.rows {
		if row>>(64-shift) != 0 {
			continue
		}
		if compared++; there[row] {
			known++
		}
	}
	return known, compared
}
