package workbook

import (
	"context"
	"errors"
	"sort"

	"pushdesk/storage/cell"
	"pushdesk/storage/locale"
)

// Type is what a column is sent as.
type Type string

const (
	TypeText     Type = "text"
	TypeWhole    Type = "whole"
	TypeDecimal  Type = "decimal"
	TypeBoolean  Type = "boolean"
	TypeDateTime Type = "datetime"
	TypeDuration Type = "duration"
)

// Profile is what the rows of a source hold, column by column.
type Profile struct {
	Rows       int64 // with a value
	BlankRows  int64 // between them
	HiddenRows int64 // of Rows: hidden in the sheet, for example by a filter
	LastRow    int   // number of the last row with a value, 0 when there is none
	Columns    []ColumnProfile
	Notes      []Note // about the rows as a whole
	Tail       Tail   // what stands below the rows and is counted among them
	// Provisional is set when only the first rows were looked at.
	Provisional bool
}

// ColumnProfile is what a column holds.
type ColumnProfile struct {
	Header     Header
	Type       Type
	Why        string            // why it has that type
	Counts     [cell.Kinds]int64 // cells of each kind
	Min, Max   float64           // of its numbers; of its dates in milliseconds since 1970 when Type is datetime
	Longest    int               // the longest text in UTF-16 units
	LongestRow int
	Samples    []string // the first different values
	Notes      []Note
	// OfferType is a type that at least 90 % of the values fit, when Type is not
	// that. The column is not changed to it without a person's word.
	OfferType Type
	// Misfits are the first five values that do not fit OfferType, or Type when
	// nothing is offered.
	Misfits []Misfit
	// MisfitCount is how many there are.
	MisfitCount int64
	// Text is how WithTypes reads the texts of the column; OfferText is how it would
	// read them for OfferType.
	Text, OfferText TextFormat
}

// Problems counts the cells of the column that a person should look at: errors,
// formulas without a result, numbers that have lost digits or are beyond every date,
// and values that do not fit the column's type or the type that is offered. first is
// the row of the first of them, 0 when there is none.
func (p *ColumnProfile) Problems() (first int, count int64) {
	take := func(row int, n int64) {
		if count += n; row > 0 && (first == 0 || row < first) {
			first = row
		}
	}
	for _, n := range p.Notes {
		switch n.Kind {
		case NoteErrors, NoteUncalculated, NoteRounded, NoteBadDate:
			take(n.Row, max(n.Count, 1))
		}
	}
	if len(p.Misfits) > 0 {
		take(p.Misfits[0].Row, max(p.MisfitCount, int64(len(p.Misfits))))
	}
	return first, count
}

// Misfit is a value that does not fit the type of its column.
type Misfit struct {
	Row   int
	Value string // as a person reads it
	Kind  cell.Kind
}

// NoteKind sorts notes.
type NoteKind string

const (
	NoteEmpty         NoteKind = "empty"
	NotePercent       NoteKind = "percent"
	NoteCurrency      NoteKind = "currency"
	NoteMixedCurrency NoteKind = "mixed-currency"
	NoteErrors        NoteKind = "errors"
	NoteUncalculated  NoteKind = "uncalculated"
	NoteRounded       NoteKind = "rounded"
	NoteZeroPadded    NoteKind = "zero-padded"
	NoteDuration      NoteKind = "duration"
	NoteTime          NoteKind = "time"
	NoteBadDate       NoteKind = "bad-date"
	NoteAmbiguous     NoteKind = "ambiguous"
	NoteZone          NoteKind = "zone"
	NoteHidden        NoteKind = "hidden"
	NoteOutside       NoteKind = "outside"
	NoteRagged        NoteKind = "ragged"
	NoteTotal         NoteKind = "total"
	NoteNothing       NoteKind = "nothing"
)

// Note is a remark about a column or about the rows.
type Note struct {
	Kind     NoteKind
	Sentence string
	Row      int   // the first row it is about, 0 if none
	Count    int64 // of the cells or rows it is about
}

// progressRows is after how many rows progress is told.
const progressRows = 8192

// Profile reads every row of a layout and decides the type of each column. The
// rules are those of the package's documentation of types; a sample never decides.
// progress may be nil.
func (b *Book) Profile(ctx context.Context, l Layout, progress func(rows int64, fraction float64)) (Profile, error) {
	return b.profile(ctx, l, nil, progress)
}

// ProfilePages is Profile that also keeps every row, so that any can be shown. The
// pages go with the book, or with the next call. They are nil, and the note says
// why, when there was no room for them: the profile is whole all the same.
func (b *Book) ProfilePages(ctx context.Context, l Layout, progress func(rows int64, fraction float64)) (Profile, *Pages, error) {
	pages, err := newPages()
	if err != nil {
		b.addNotes([]string{pagesMissing})
		profile, err := b.Profile(ctx, l, progress)
		return profile, nil, err
	}
	profile, err := b.profile(ctx, l, pages, progress)
	if err != nil {
		return Profile{}, nil, errors.Join(err, pages.Close())
	}
	if pages.finish(l.WithTypes(profile)) != nil {
		b.addNotes([]string{pagesMissing})
		return profile, nil, pages.Close()
	}
	b.mu.Lock()
	before := b.pages
	b.pages = pages
	b.mu.Unlock()
	if before != nil {
		_ = before.Close()
	}
	return profile, pages, nil
}

const pagesMissing = "There is no room on the disk to show every row, so only the first ones are shown. Every row is read and sent all the same."

func (b *Book) profile(ctx context.Context, l Layout, pages *Pages, progress func(rows int64, fraction float64)) (Profile, error) {
	l.types = nil
	r, err := b.Rows(ctx, l)
	if err != nil {
		return Profile{}, err
	}
	defer r.Close()
	p := newProfiler(l, b)
	for r.Next() {
		p.add(r.row, r.rows.currencies())
		if pages != nil {
			pages.add(r.row)
		}
		if progress != nil && p.rows%progressRows == 0 {
			progress(p.rows, r.Fraction())
		}
	}
	if r.err != nil {
		return Profile{}, r.err
	}
	profile := p.result()
	profile.BlankRows, profile.HiddenRows = r.blank, r.hidden
	profile.Notes = append(r.profileNotes(), profile.Notes...)
	r.hiddenColumns(profile.Columns)
	if progress != nil {
		progress(p.rows, 1)
	}
	return profile, nil
}

// ProfileRows is a first guess at the types, from the rows of a preview that was
// read without WithTypes. The result is marked as provisional.
func ProfileRows(l Layout, rows []Row) Profile {
	p := newProfiler(l, nil)
	for _, row := range rows {
		p.add(row, nil)
	}
	profile := p.result()
	profile.Provisional = true
	return profile
}

// profiler collects what Profile reports.
type profiler struct {
	layout  Layout
	region  region
	columns []columnStats
	rows    int64
	tail    tail
}

func newProfiler(l Layout, b *Book) *profiler {
	p := &profiler{layout: l, columns: make([]columnStats, len(l.Headers))}
	p.region.monthFirst = locale.MonthFirst()
	if b != nil {
		if d, ok := b.content.(*delimited); ok {
			p.region.textFile, p.region.semicolons = true, d.delimiter == ';'
		}
	}
	for i := range p.columns {
		p.columns[i].codes = namesCodes(l.Headers[i].Name)
	}
	return p
}

func (p *profiler) add(row Row, currencies []uint8) {
	p.rows++
	p.tail.add(row, p.columns)
	for i := range row.Cells[:min(len(row.Cells), len(p.columns))] {
		c := &row.Cells[i]
		if c.Kind == cell.Blank {
			p.columns[i].counts[cell.Blank]++
			if c.Flags != 0 {
				p.columns[i].uncalculated.add(row.Number)
			}
			continue
		}
		var currency uint8
		if i < len(currencies) {
			currency = currencies[i]
		}
		p.columns[i].add(c, row.Number, currency)
	}
}

func (p *profiler) result() Profile {
	out := Profile{Rows: p.rows, Columns: make([]ColumnProfile, len(p.columns))}
	for i := range p.columns {
		p.region.learn(&p.columns[i].texts)
	}
	for i := range p.columns {
		out.Columns[i] = p.columns[i].decide(p.layout.Headers[i], p.region)
	}
	out.LastRow = p.tail.last
	out.Tail = p.tail.found(len(p.columns))
	out.Notes = out.Tail.notes(int64(max(1, p.tail.last-out.Tail.FirstRow+1)))
	return out
}

// firstMisfits merges the first cells of several kinds in the order of their rows.
func firstMisfits(lists ...[]Misfit) []Misfit {
	var all []Misfit
	for _, list := range lists {
		all = append(all, list...)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Row < all[j].Row })
	return all[:min(len(all), maxMisfits)]
}

// maxMisfits is how many misfits of a column are kept with their addresses.
const maxMisfits = 5
