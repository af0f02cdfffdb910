// Package xls reads the workbooks of Excel 5 to 2003 (.xls, BIFF5 and BIFF8).
package xls

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/biff"
	"pushdesk/storage/workbook/internal/compound"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/styles"
	"pushdesk/storage/workbook/internal/texts"
)

// Format is the format of .xls, .xlt and .xla, in their container or bare.
var Format = format.Format{Name: "xls", Recognizes: recognizes, Open: open}

func recognizes(p *format.Probe) bool { return streamOf(p.Streams) != "" || isBare(p.Head) }

// streamOf returns the name of the stream that holds the workbook, or "". A file for old
// and new versions of Excel has both.
func streamOf(names map[string]bool) string {
	for _, name := range []string{"workbook", "book"} {
		if names[name] {
			return name
		}
	}
	return ""
}

// isBare reports whether bytes begin a workbook without a container.
func isBare(head []byte) bool {
	for _, start := range []string{"\x09\x08\x10\x00\x00\x06", "\x09\x08\x08\x00\x00\x05", "\x09\x08\x08\x00\x00\x06"} {
		if bytes.HasPrefix(head, []byte(start)) {
			return true
		}
	}
	return false
}

// workbook is an open workbook. It is read-only but for the text table and what is known
// of the sheets, so readers may share it.
type workbook struct {
	listing  format.Listing
	from     func(offset int64) (io.ReadSeeker, error) // the stream of the workbook
	lock     *lock
	biff8    bool
	letters  letters
	date1904 bool
	styles   *styles.Table
	strings  *texts.Table
	sheets   []int64 // where those of the listing begin
	stop     context.CancelFunc

	mu    sync.Mutex
	known map[int]*survey // of sheets
}

func open(_ context.Context, file format.File, opts format.Options) (format.Content, error) {
	w := &workbook{styles: &styles.Table{}, known: map[int]*survey{}}
	head := make([]byte, 8)
	if n, err := file.ReadAt(head, 0); n < len(head) {
		return nil, errors.Join(err, io.ErrUnexpectedEOF)
	}
	pivots := false
	if isBare(head) {
		w.from = func(offset int64) (io.ReadSeeker, error) {
			r := io.NewSectionReader(file, 0, file.Size)
			_, err := r.Seek(offset, io.SeekStart)
			return r, err
		}
	} else {
		names, err := compound.Streams(file)
		if err != nil {
			return nil, err
		}
		found, err := compound.Find(file, file.Size, streamOf(names))
		if err != nil {
			return nil, err
		}
		w.from, pivots = found.From, names["_sx_db_cur"]
	}
	g, err := w.readGlobals(opts.Password)
	if err != nil {
		return nil, err
	}
	if w.date1904 {
		w.listing.Remarks = append(w.listing.Remarks, remark.New(remark.Info, "dates-from-1904", "The workbook counts its dates from 1904; they are read that way."))
	}
	places, err := w.listSheets(g)
	if err != nil {
		return nil, err
	}
	w.readNames(g, places)
	if pivots {
		w.listing.Elsewhere = format.InPivotCache
	}
	life, stop := context.WithCancel(context.Background()) // ends with Close, not with opening
	w.stop = stop
	var table func(context.Context) (texts.Source, error)
	if g.strings >= 0 {
		table = func(ctx context.Context) (texts.Source, error) { return w.openStrings(ctx, g.strings) }
	}
	w.strings = texts.New(life, table)
	return w, nil
}

const maxSheets = 20_000 // Excel is limited by memory only

// globals is what the start of the stream says of the workbook.
type globals struct {
	sheets     []sheet
	strings    int64 // where the text table begins, -1 when there is none
	references references
}

// sheet is what the list of sheets says of one.
type sheet struct {
	format.Sheet
	begins int64
	kind   byte
}

// readGlobals reads the part of the stream that stands before the sheets.
func (w *workbook) readGlobals(password string) (*globals, error) {
	from, err := w.from(0)
	if err != nil {
		return nil, err
	}
	r := newRecords(stream.NewWhole(from), 0, nil)
	if err := w.begin(r); err != nil {
		return nil, err
	}
	g := &globals{strings: -1, references: references{own: -1}}
	for nested := 0; ; {
		if !r.next() {
			return nil, r.err
		}
		switch {
		case r.id == beginSub:
			nested++
		case r.id == endOfSub && nested == 0:
			w.styles.Done()
			if len(g.sheets) == 0 {
				return nil, fault.Corrupt("it has no list of sheets")
			}
			return g, nil
		case r.id == endOfSub:
			nested--
		case nested > 0:
		case r.id == filePass:
			if w.lock, err = unlock(r.data, w.biff8, password); err != nil {
				return nil, err
			}
			r.lock = w.lock.copy()
		default:
			if err := w.global(g, r); err != nil {
				return nil, err
			}
		}
	}
}

// begin reads the first record, which names the version.
func (w *workbook) begin(r *records) error {
	if !r.next() {
		return r.err
	}
	version := r.uint16(0)
	switch {
	case r.id == beginSub && version>>8 == 6:
		w.biff8 = true
	case r.id == beginSub && version>>8 == 5:
	case r.id&0xff == 9 && r.id < beginSub:
		return fault.Unsupported("it is a workbook of Excel %d, and Pushdesk reads those of Excel 5 and later", max(2, r.id>>8))
	case r.id == beginSub:
		return fault.Unsupported("it is of a version (%x) of Excel's format that this program does not know", version)
	default:
		return fault.Corrupt("its content does not begin as that of a workbook")
	}
	if kind := r.uint16(2); kind != 0x0005 {
		return fault.Unsupported("it is a single sheet without a workbook")
	}
	return nil
}

// global reads a record of the workbook.
func (w *workbook) global(g *globals, r *records) error {
	switch r.id {
	case codePage:
		w.letters.encoding = codePages[r.uint16(0)]
	case dateMode:
		w.date1904 = r.uint16(0) == 1
	case numberFormat:
		w.numberFormat(r)
	case cellFormat:
		return w.styles.Add(r.uint16(2))
	case bundledSheet:
		if len(g.sheets) == maxSheets {
			return fault.TooLarge("it has more than %s sheets", humanize.Number(maxSheets))
		}
		if len(r.data) < 7 {
			return fault.Corrupt("its list of sheets is too short")
		}
		s := sheet{begins: int64(r.uint32(0)), kind: r.data[5]}
		s.Hidden = r.data[4]&3 != 0
		name, size := r.data[6:], int(r.data[6])
		if !w.biff8 {
			s.Name = string(w.letters.append(nil, name[1:min(1+size, len(name))]))
		} else if size > 0 {
			text := reading{records: r}
			text.begin(7)
			plain, err := text.unicode(nil, size)
			if err != nil {
				return fmt.Errorf("read the list of sheets: %w", err)
			}
			s.Name = string(plain)
		}
		if s.Name == "" {
			s.Name = fmt.Sprintf("Sheet %d", len(g.sheets)+1)
		}
		g.sheets = append(g.sheets, s)
	case sharedStrings:
		if g.strings < 0 {
			g.strings = r.at
		}
	case externalBook:
		g.references.addBook(r)
	case externalSheets:
		if w.biff8 {
			g.references.addSheets(r)
		}
	case definedName:
		w.addName(&g.references, r)
	}
	return nil
}

// numberFormat reads the code of a number format. From Excel 97 on its length has two
// bytes.
func (w *workbook) numberFormat(r *records) {
	if len(r.data) < 3 {
		return
	}
	id := r.uint16(0)
	if !w.biff8 {
		code := r.data[3:]
		w.styles.Define(id, string(w.letters.append(nil, code[:min(len(code), int(r.data[2]))])))
		return
	}
	text := reading{records: r}
	text.begin(4)
	code, err := text.unicode(nil, r.uint16(2))
	if err != nil {
		w.listing.Remarks = remark.Add(w.listing.Remarks, remark.New(remark.Guess, "format-damaged",
			"A number format of the workbook is damaged. Numbers that use it are read as plain numbers."))
		return
	}
	w.styles.Define(id, string(code))
}

// listSheets lists the worksheets, and returns the places of all sheets in the listing,
// -1 for those that have no rows: charts, macros, dialogs, modules.
func (w *workbook) listSheets(g *globals) ([]int, error) {
	places := make([]int, len(g.sheets))
	order := make([]int, len(g.sheets))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(g.sheets[a].begins - g.sheets[b].begins) })
	from, err := w.from(0)
	if err != nil {
		return nil, err
	}
	for _, i := range order {
		s := &g.sheets[i]
		if s.kind == 1 || s.kind == 2 || s.kind == 6 {
			places[i] = -1
			continue
		}
		if _, err := from.Seek(s.begins, io.SeekStart); err == nil && !w.hasRows(from, s.begins) {
			places[i] = -1
		}
	}
	for i := range g.sheets {
		if places[i] == 0 {
			places[i] = len(w.sheets)
			w.listing.AddSheet(g.sheets[i].Sheet)
			w.sheets = append(w.sheets, g.sheets[i].begins)
		}
	}
	return places, nil
}

// hasRows looks at the first records of a sheet. What cannot be read is said where its
// rows are read.
func (w *workbook) hasRows(from io.Reader, begins int64) bool {
	const look, isDialog = 4 << 10, 1 << 4
	r := newRecords(stream.NewWhole(io.LimitReader(from, look)), begins, w.lock.copy())
	if !r.next() || r.id != beginSub {
		return true
	}
	if kind := r.uint16(2); kind == 0x0020 || kind == 0x0040 || kind == 0x0006 {
		return false
	}
	for r.next() && r.id != dimensions && !isCell(r.id) && r.id != endOfSub {
		if r.id == sheetProps {
			return r.uint16(0)&isDialog == 0
		}
	}
	return true
}

func (w *workbook) Listing() *format.Listing { return &w.listing }

// Rows starts reading a worksheet and stops at its first row.
func (w *workbook) Rows(ctx context.Context, r format.Request) (format.Rows, error) {
	known, err := w.survey(ctx, r.Sheet)
	if err != nil {
		return nil, err
	}
	blocks, records, err := w.sheetRecords(ctx, w.sheets[r.Sheet], known)
	if err != nil {
		return nil, err
	}
	return &sheetRows{Row: biff.Row{Buffer: format.NewBuffer(r), Styles: w.styles, Date1904: w.date1904},
		reading: reading{records: records}, book: w, known: known, ctx: ctx, stream: blocks, awaiting: -1}, nil
}

// sheetRecords opens the records of a sheet, sorted by their rows.
func (w *workbook) sheetRecords(ctx context.Context, begins int64, known *survey) (*stream.Stream, *records, error) {
	from, err := w.from(begins)
	if err != nil {
		return nil, nil, err
	}
	if known.ordered {
		blocks := stream.New(ctx, io.LimitReader(from, known.size))
		return blocks, newRecords(blocks, begins, w.lock.copy()), nil
	}
	sorted, err := w.sorted(ctx, from, begins, known)
	if err != nil {
		return nil, nil, err
	}
	blocks := stream.New(ctx, bytes.NewReader(sorted))
	return blocks, newRecords(blocks, 0, nil), nil
}

// Merges finds the blocks of merged cells.
func (w *workbook) Merges(ctx context.Context, sheet int) []cell.Range {
	if known, err := w.survey(ctx, sheet); err == nil {
		return known.merged
	}
	return nil
}

// Close ends reading the text table.
func (w *workbook) Close() { w.stop() }

// stringTable reads the texts of the text table.
type stringTable struct {
	reading
	begun bool
}

func (w *workbook) openStrings(ctx context.Context, begins int64) (texts.Source, error) {
	from, err := w.from(begins)
	if err != nil {
		return nil, err
	}
	return &stringTable{reading: reading{records: newRecords(stream.New(ctx, from), begins, w.lock.copy())}}, nil
}

// Buffered implements texts.Source.
func (s *stringTable) Buffered() int { return len(s.cursor.Rest()) }

// Append reads one text. The number of texts that the table states is not trusted.
func (s *stringTable) Append(dst []byte) ([]byte, error) {
	if !s.begun {
		if s.begun = true; !s.next() {
			return dst, s.err
		}
		s.begin(8)
	}
	for len(s.rest) == 0 {
		if !s.more() {
			if s.err != nil {
				return dst, s.err
			}
			return dst, io.EOF
		}
		s.rest = s.data
	}
	length, err := s.take(2)
	if err != nil {
		return dst, err
	}
	return s.unicode(dst, int(length[0])|int(length[1])<<8)
}
