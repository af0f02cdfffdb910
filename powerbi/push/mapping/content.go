package mapping

import (
	"encoding/binary"
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
	rows  int64
	sums  []uint64 // of the fields
	wants []int64  // numbers of rows after which a mark is made, ascending
	marks []Mark
}

// Factors of the sums, which are stored: they must stay as they are.
const (
	contentStart  = 0x9e3779b97f4a7c15
	contentFactor = 0xff51afd7ed558ccd
)

// add adds the value of a row to the sum of a field.
func (c *content) add(field int, value []byte) {
	h := c.sums[field] ^ uint64(len(value))
	for len(value) >= 8 {
		h = bits.RotateLeft64((h^binary.LittleEndian.Uint64(value))*contentFactor, 29)
		value = value[8:]
	}
	var tail uint64
	for i, b := range value {
		tail |= uint64(b) << (8 * i)
	}
	h = (h ^ tail) * contentFactor
	c.sums[field] = h ^ h>>32
}

// row counts a row whose values were added.
func (c *content) row(fields []Field) {
	c.rows++
	for len(c.wants) > 0 && c.wants[0] <= c.rows {
		if c.wants[0] == c.rows {
			c.marks = append(c.marks, c.mark(fields))
		}
		c.wants = c.wants[1:]
	}
}

// mark is the mark of the rows so far.
func (c *content) mark(fields []Field) Mark {
	m := Mark{Rows: c.rows, Columns: map[string]string{}}
	for i, f := range fields {
		if f.From >= 0 {
			m.Columns[f.Target.Name] = strconv.FormatUint(c.sums[i], 16)
		}
	}
	return m
}

// Marks lets the encoder sum up the rows that it encodes, from here on: after so many
// rows, in any order, and at the end.
func (e *Encoder) Marks(after []int64) {
	wants := slices.Clone(after)
	slices.Sort(wants)
	e.content = &content{sums: make([]uint64, len(e.fields)), wants: slices.Compact(wants)}
	for i := range e.content.sums {
		e.content.sums[i] = contentStart
	}
}

// Marked returns the marks that were asked for, as far as there were so many rows, and
// as the last one that of all rows.
func (e *Encoder) Marked() []Mark {
	if e.content == nil {
		return nil
	}
	all := e.content.mark(e.fields)
	if n := len(e.content.marks); n > 0 && e.content.marks[n-1].Rows == all.Rows {
		return e.content.marks
	}
	return append(e.content.marks, all)
}
