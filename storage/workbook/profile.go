package workbook

import (
	"context"
	"errors"
	"slices"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"

	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
)

// progressRows is how often progress is reported.
const progressRows = 8192

// Profile reads every row of a layout and decides the type of each column. The
// rules are those of the package's documentation of types; a sample never decides.
// progress may be nil.
func (b *Book) Profile(ctx context.Context, l Layout, progress func(rows int64, fraction float64)) (infer.Profile, error) {
	return b.profile(ctx, l, nil, progress)
}

// ProfilePages is Profile that also keeps every row, so that any can be shown. The
// pages go with the book, or with the next call. They are nil, and the note says
// why, when there was no room for them: the profile is whole all the same. folder is
// where the pages are kept, see SweepPages.
func (b *Book) ProfilePages(ctx context.Context, l Layout, folder string, progress func(rows int64, fraction float64)) (infer.Profile, *Pages, error) {
	pages, err := newPages(folder)
	if err != nil {
		b.remark(remark.New(remark.Info, "pages-missing", pagesMissing))
		profile, err := b.Profile(ctx, l, progress)
		return profile, nil, err
	}
	profile, err := b.profile(ctx, l, pages, progress)
	if err != nil {
		return infer.Profile{}, nil, errors.Join(err, pages.Close())
	}
	if pages.finish(l.WithTypes(profile)) != nil {
		b.remark(remark.New(remark.Info, "pages-missing", pagesMissing))
		return profile, nil, pages.Close()
	}
	b.keepPages(pages)
	return profile, pages, nil
}

const pagesMissing = "There is no room on the disk to show every row, so only the first ones are shown. Every row is still read and sent."

func (b *Book) profile(ctx context.Context, l Layout, pages *Pages, progress func(rows int64, fraction float64)) (infer.Profile, error) {
	some, err := used(ctx, b, l)
	if err != nil {
		return infer.Profile{}, err
	}
	if some == nil {
		return profileColumns(ctx, b, l, pages, progress)
	}
	if pages != nil {
		pages.spread, pages.width = some, len(l.Headers)
	}
	p, err := profileColumns(ctx, b, l.only(some), pages, progress)
	if err != nil {
		return infer.Profile{}, err
	}
	return spread(p, some, l.Headers), nil
}

func profileColumns(ctx context.Context, b *Book, l Layout, pages *Pages, progress func(rows int64, fraction float64)) (infer.Profile, error) {
	l.types, l.left = nil, nil
	fill := l.fill
	l.fill = nil // the profiler fills: what looks like a row is decided before
	r, err := b.Rows(ctx, l)
	if err != nil {
		return infer.Profile{}, err
	}
	defer r.Close()
	p := newProfiler(b, l, fill, r.named)
	rows := int64(0)
	reported := int64(0)
	r.each(func(some []cell.Row, about []infer.About, fraction float64) int {
		n := p.AddRows(some, about)
		for _, row := range some[:n] {
			if pages != nil {
				pages.add(row)
			}
		}
		if rows += int64(n); progress != nil && rows-reported >= progressRows {
			reported = rows
			progress(rows, fraction)
		}
		return n
	})
	if r.err != nil {
		return infer.Profile{}, r.err
	}
	hidden, unseen := r.rows.HiddenColumns(), r.unseen
	p.Merged(r.rows.Merges())
	if so, again := p.Finish(); again {
		if err := prove(ctx, b, l.WithTypes(so), p); err != nil {
			return infer.Profile{}, err
		}
	}
	profile := p.Result()
	if !b.format.Lines {
		profile.Beyond = 0
	}
	profile.Remarks = append(profile.Remarks, l.renamed()...)
	profile.Remarks = append(profile.Remarks, l.unnamed(profile.Columns[:min(len(profile.Columns), max(r.named, 0))], b.listing.Text.Names)...)
	noteHidden(profile.Columns, hidden)
	if unseen > 0 {
		profile.Remarks = append(profile.Remarks, remark.New(remark.Omit, infer.NoteHiddenLeft, "%s hidden in the sheet and left out.", humanize.Count(unseen, "row is", "rows are")).
			At(0, unseen).With(remark.ShowHidden, "", "include what is hidden"))
	}
	profile.Remarks = append(profile.Remarks, another(b, l, profile)...)
	if pages != nil {
		pages.leave(profile.LeftAt, rows)
	}
	if progress != nil {
		progress(rows, 1)
	}
	return profile, nil
}

// newProfiler starts to profile the rows of a layout.
func newProfiler(b *Book, l Layout, fill []bool, named int) *infer.Profiler {
	return infer.NewProfiler(l.Headers, infer.Origin{AllText: b.format.Lines || b.format.Texts, Delimiter: b.listing.Text.Delimiter.Single(),
		Names: l.lines, Titles: l.titles, Units: l.units, Fill: fill, Named: named, Keep: l.Source.Totals})
}

// prove reads the rows once more, to see which lines are the totals of others.
func prove(ctx context.Context, b *Book, l Layout, p *infer.Profiler) error {
	r, err := b.Rows(ctx, l)
	if err != nil {
		return err
	}
	defer r.Close()
	for r.Next() {
		p.Prove(r.row)
	}
	return r.err
}

// another says that another table begins below the rows, and how it is read.
func another(b *Book, l Layout, p infer.Profile) []remark.Remark {
	end := p.Left.End()
	if end == 0 {
		end = p.Joined
	}
	if end == 0 {
		return nil
	}
	area := l.Source.Range
	area.FirstRow = end
	if l.open() {
		area.FirstCol, area.LastCol = 0, -1
	}
	name := area.String()
	if !b.format.Lines {
		name = rangeName(l.Source.Sheet, area)
	}
	if p.Left.End() == 0 {
		return []remark.Remark{remark.New(remark.Guess, infer.NoteTable, "Row %s stands below a blank row and may begin another table (%s). It is read together with the rows above, which are texts as well.", humanize.Number(end), p.JoinedBy).
			At(end, 0).With(remark.Range, name, "read it alone")}
	}
	if p.AnotherUnclear {
		return []remark.Remark{remark.New(remark.Guess, infer.NoteTable, "Another table may begin in row %s (%s), although the row below looks like the rows above. It is not read together with this one.", humanize.Number(end), p.Another).
			At(end, 0).With(remark.Range, name, "read it alone").With(remark.KeepTotals, "", "read all rows as one table")}
	}
	return []remark.Remark{remark.New(remark.Omit, infer.NoteTable, "Another table begins in row %s (%s). It is not read together with this one.", humanize.Number(end), p.Another).
		At(end, 0).With(remark.Range, name, "read it")}
}

// ProfileRows is a first guess at the types, from the rows of a preview that was
// read without WithTypes. The result is marked as provisional.
func ProfileRows(l Layout, rows []cell.Row) infer.Profile {
	p := infer.NewProfiler(l.Headers, infer.Origin{Names: l.lines, Titles: l.titles, Units: l.units, Keep: l.Source.Totals})
	last := 0
	for _, row := range rows {
		if !p.Add(row, infer.About{Gap: last > 0 && row.Number > last+1}) {
			break
		}
		last = row.Number
	}
	profile, _ := p.Finish()
	profile.Provisional = true
	return profile
}

// noteHidden adds a note to the columns that the sheet hides.
func noteHidden(columns []infer.ColumnProfile, hidden [][2]int) {
	for i := range columns {
		at := columns[i].Header.Column
		if slices.ContainsFunc(hidden, func(span [2]int) bool { return at >= span[0] && at <= span[1] }) {
			columns[i].Remarks = append(columns[i].Remarks, remark.Remark{Code: infer.NoteHidden, Kind: remark.Info, Sentence: "The column is hidden in the sheet. It is included as well."}.With(remark.Hidden, "", "leave out what is hidden"))
		}
	}
}
