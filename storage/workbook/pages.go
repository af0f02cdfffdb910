package workbook

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/spill"
)

const (
	pageRows  = 128 // rows that are read together
	pagesKept = 16  // pages in memory: those in sight and around them
)

// Pages are the rows of a reading, kept so that any of them can be shown at once: a zip
// can only be read from its start. They are in an encrypted file in a folder of the
// caller. A million rows of twelve columns take about 120 MB of disk and next to no
// memory. The file goes with Close, and SweepPages removes what a killed program has
// left. The methods may be used by several goroutines.
type Pages struct {
	mu    sync.Mutex
	file  *spill.File // nil after Close
	page  []byte      // that is being filled
	first []int       // the number of the first row of each page
	rows  int64
	left  []int64 // places of rows that are kept and not shown, in order
	types []infer.TextFormat
	kept  []keptPage // the latest first
	err   error      // why rows are missing

	spread []int // the columns that are kept of width, nil = all
	width  int
}

// keptPage is a page in memory.
type keptPage struct {
	index int64
	rows  []cell.Row
}

// SweepPages removes the pages that killed programs have left in the folder given to
// ProfilePages. Call it when the program starts.
func SweepPages(folder string) { spill.Sweep(folder) }

// newPages makes an empty file in a folder.
func newPages(folder string) (*Pages, error) {
	f, err := spill.New(folder)
	if err != nil {
		return nil, err
	}
	return &Pages{file: f}, nil
}

// add appends a row. After an error no more rows are taken.
func (p *Pages) add(row cell.Row) {
	if p.err != nil {
		return
	}
	if p.rows%pageRows == 0 {
		p.flush()
		p.first = append(p.first, row.Number)
	}
	p.page = appendRow(p.page, row)
	p.rows++
}

// flush writes the page that is being filled.
func (p *Pages) flush() {
	if len(p.page) > 0 && p.err == nil {
		p.err = p.file.Append(p.page)
	}
	p.page = p.page[:0]
}

// finish makes the rows readable, as a layout reads them.
func (p *Pages) finish(l Layout) error {
	p.flush()
	if err := p.file.Flush(); p.err == nil {
		p.err = err
	}
	p.types, p.page = l.types, nil
	return p.err
}

// leave leaves out rows by their places, and all from the row n on.
func (p *Pages) leave(places []int64, n int64) {
	p.left = places
	p.rows = n - int64(len(places))
}

// place is where a row stands among all that are kept.
func (p *Pages) place(i int64) int64 {
	n := sort.Search(len(p.left), func(k int) bool { return p.left[k]-int64(k) > i })
	return i + int64(n)
}

// ReadAs reads the texts of the rows as a layout does from now on.
func (p *Pages) ReadAs(l Layout) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.types, p.kept = l.types, nil
}

// Rows is how many rows there are.
func (p *Pages) Rows() int64 { return p.rows }

// Close removes the file. Rows cannot be read any more.
func (p *Pages) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.file == nil {
		return nil
	}
	err := p.file.Close()
	p.file, p.kept = nil, nil
	return err
}

// Row returns a row by its place, from zero; ok is false when there is none, or it
// cannot be read any more. The row stays valid.
func (p *Pages) Row(i int64) (row cell.Row, ok bool) {
	if i < 0 || i >= p.rows {
		return cell.Row{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	i = p.place(i)
	rows := p.read(i / pageRows)
	if at := int(i % pageRows); at < len(rows) {
		return rows[at], true
	}
	return cell.Row{}, false
}

// read returns the rows of a page, from memory or from the file.
func (p *Pages) read(index int64) []cell.Row {
	for i, k := range p.kept {
		if k.index == index {
			if i > 0 {
				p.kept = slices.Insert(slices.Delete(p.kept, i, i+1), 0, k)
			}
			return k.rows
		}
	}
	if p.file == nil || index >= int64(p.file.Pages()) {
		return nil
	}
	data, err := p.file.Read(int(index))
	if err != nil {
		return nil
	}
	rows := decodeRows(data)
	for i := range rows {
		if p.spread != nil {
			cells := make([]cell.Cell, p.width)
			for from, to := range p.spread[:min(len(p.spread), len(rows[i].Cells))] {
				cells[to] = rows[i].Cells[from]
			}
			rows[i].Cells = cells
		}
		infer.ReadTexts(rows[i].Cells, p.types)
	}
	p.kept = slices.Insert(p.kept, 0, keptPage{index, rows})
	p.kept = p.kept[:min(len(p.kept), pagesKept)]
	return rows
}

// Find returns the place of the row with a number, or of the next one that is there.
func (p *Pages) Find(number int) int64 {
	page := sort.SearchInts(p.first, number+1) - 1
	if page < 0 {
		return 0
	}
	from := int64(page) * pageRows
	for i := from - int64(sort.Search(len(p.left), func(k int) bool { return p.left[k] >= from })); i < p.rows; i++ {
		if row, ok := p.Row(i); !ok || row.Number >= number {
			return i
		}
	}
	return max(p.rows-1, 0)
}

// Search finds the next cell whose shown text contains some words, whatever the case:
// behind the cell at from and column, and from the start when the end is reached.
// column is an index into the layout's headers. progress, if not nil, is told how much
// was searched, from 0 to 1.
func (p *Pages) Search(ctx context.Context, text string, from int64, column int, progress func(float64)) (row int64, at int, ok bool) {
	text = strings.ToLower(text)
	for n := int64(0); n <= p.rows && p.rows > 0; n++ {
		if n%pageRows == 0 {
			if ctx.Err() != nil {
				return 0, 0, false
			}
			if progress != nil {
				progress(float64(n) / float64(p.rows))
			}
		}
		i := (from + n) % p.rows
		r, there := p.Row(i)
		if !there {
			return 0, 0, false
		}
		for c := range r.Cells {
			if n == 0 && c <= column || n == p.rows && c > column {
				continue // the row it began in comes first and last, each with its own half
			}
			if r.Cells[c].Kind != cell.Blank && strings.Contains(strings.ToLower(cell.Display(r.Cells[c])), text) {
				return i, c, true
			}
		}
	}
	return 0, 0, false
}

// appendRow writes a row: its number, how many cells it has, and each of them.
func appendRow(b []byte, row cell.Row) []byte {
	b = binary.AppendUvarint(b, uint64(row.Number))
	b = binary.AppendUvarint(b, uint64(len(row.Cells)))
	for i := range row.Cells {
		c := &row.Cells[i]
		b = append(b, byte(c.Kind), byte(c.Style), c.Width, byte(c.Flags))
		switch c.Kind {
		case cell.Blank:
			continue
		case cell.Number:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.Float))
		case cell.Text, cell.Error:
		default:
			b = binary.AppendVarint(b, c.Int)
			continue
		}
		b = binary.AppendUvarint(b, uint64(len(c.Text)))
		b = append(b, c.Text...)
	}
	return b
}

// decodeRows reads a page. The texts of its cells share one string.
func decodeRows(data []byte) (rows []cell.Row) {
	all := string(data)
	at := 0
	number := func() int {
		n, size := binary.Uvarint(data[at:])
		at += size
		return int(n)
	}
	for at < len(data) {
		row := cell.Row{Number: number()}
		row.Cells = make([]cell.Cell, number())
		for i := range row.Cells {
			c := &row.Cells[i]
			c.Kind, c.Style, c.Width, c.Flags = cell.Kind(data[at]), cell.Style(data[at+1]), data[at+2], cell.Flag(data[at+3])
			at += 4
			switch c.Kind {
			case cell.Blank:
				continue
			case cell.Number:
				c.Float = math.Float64frombits(binary.LittleEndian.Uint64(data[at:]))
				at += 8
			case cell.Text, cell.Error:
			default:
				n, size := binary.Varint(data[at:])
				c.Int, at = n, at+size
				continue
			}
			length := number()
			c.Text, at = all[at:at+length], at+length
		}
		rows = append(rows, row)
	}
	return rows
}
