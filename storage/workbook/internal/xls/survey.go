package xls

import (
	"context"
	"encoding/binary"
	"io"
	"slices"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/stream"
)

// survey is what is known of a sheet before its rows are read.
type survey struct {
	size      int64 // of its records
	ordered   bool  // the cells are stored from the first row to the last
	cells     int64 // records of cells
	hidden    [(1 << 16) / 64]uint64
	columns   [][2]int // that are hidden
	merged    []cell.Range
	formulas  int64
	noResults int64 // formulas whose result is an empty text
}

func (s *survey) hides(row int) bool { return s.hidden[row/64]&(1<<(row%64)) != 0 }

// uncalculated reports whether the program that wrote the sheet has calculated nothing:
// some leave every result empty.
func (s *survey) uncalculated() bool { return s.formulas > 0 && s.noResults == s.formulas }

// survey reads a sheet once without its values. What it hides and merges stands before
// or behind the cells, and programs other than Excel may store those in any order.
func (w *workbook) survey(ctx context.Context, sheet int) (*survey, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if known := w.known[sheet]; known != nil {
		return known, nil
	}
	begins := w.sheets[sheet]
	from, err := w.from(begins)
	if err != nil {
		return nil, err
	}
	blocks := stream.New(ctx, from)
	defer blocks.Close()
	r := newRecords(blocks, begins, w.lock.copy())
	s := &survey{ordered: true}
	if err := s.read(r); err != nil {
		return nil, err
	}
	s.size = r.from + r.cursor.At() - begins
	w.known[sheet] = s
	return s, nil
}

func (s *survey) read(r *records) error {
	if !r.next() {
		return r.err
	}
	if r.id != beginSub {
		return fault.Corrupt("the list of sheets does not lead to it")
	}
	row, nested := 0, 0
	for {
		if !r.next() {
			return r.err
		}
		switch {
		case r.id == beginSub:
			nested++
		case r.id == endOfSub && nested == 0:
			return nil
		case r.id == endOfSub:
			nested--
		case nested > 0: // a chart on the sheet
		case isCell(r.id):
			at := r.uint16(0)
			if s.cells++; at < row {
				s.ordered = false
			}
			if row = at; r.id == formula {
				if s.formulas++; emptyResult(r.data) {
					s.noResults++
				}
			}
		default:
			s.note(r)
		}
	}
}

func (s *survey) note(r *records) {
	switch r.id {
	case rowInfo:
		const isHidden = 1 << 5
		if at := r.uint16(0); r.uint16(12)&isHidden != 0 {
			s.hidden[at/64] |= 1 << (at % 64)
		}
	case columnInfo:
		if r.uint16(8)&1 != 0 && len(s.columns) < cell.MaxColumns {
			s.columns = append(s.columns, [2]int{r.uint16(0), r.uint16(2)})
		}
	case mergedCells:
		for i := range min(r.uint16(0), (len(r.data)-2)/8) {
			at := 2 + 8*i
			if len(s.merged) < format.MostMerges {
				s.merged = append(s.merged, cell.Range{FirstRow: r.uint16(at) + 1, LastRow: r.uint16(at+2) + 1, FirstCol: r.uint16(at + 4), LastCol: r.uint16(at + 6)})
			}
		}
	}
}

// maxSorted bounds a sheet that is sorted in memory. A full sheet of 65,536 rows and 30
// columns takes 35 MB.
const maxSorted = 256 << 20

// sorted returns the cells of a sheet in the order of their rows, each with what belongs
// to it, and the end of the sheet.
func (w *workbook) sorted(ctx context.Context, from io.Reader, begins int64, known *survey) ([]byte, error) {
	if known.size > maxSorted {
		return nil, fault.TooLarge("its rows are stored out of order, which is read up to %d MB", maxSorted>>20)
	}
	type piece struct{ row, from, to int }
	blocks := stream.New(ctx, io.LimitReader(from, known.size))
	defer blocks.Close()
	r := newRecords(blocks, begins, w.lock.copy())
	data := make([]byte, 0, known.size)
	pieces := make([]piece, 0, known.cells)
	nested := -1 // the sheet itself begins with a record like those of charts
	for r.next() {
		switch {
		case r.id == beginSub:
			nested++
			continue
		case r.id == endOfSub:
			if nested--; nested < 0 {
				out := make([]byte, 0, len(data)+8)
				out = append(out, 0x09, 0x08, 0, 0)
				slices.SortStableFunc(pieces, func(a, b piece) int { return a.row - b.row })
				for _, p := range pieces {
					out = append(out, data[p.from:p.to]...)
				}
				return append(out, endOfSub, 0, 0, 0), nil
			}
			continue
		case nested > 0:
			continue
		case isCell(r.id):
			pieces = append(pieces, piece{r.uint16(0), len(data), len(data)})
		case len(pieces) == 0 || r.id != formulaString && r.id != continued:
			continue
		}
		data = binary.LittleEndian.AppendUint16(data, uint16(r.id))
		data = binary.LittleEndian.AppendUint16(data, uint16(len(r.data)))
		data = append(data, r.data...)
		pieces[len(pieces)-1].to = len(data)
	}
	return nil, r.err
}
