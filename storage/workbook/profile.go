package workbook

import (
	"context"
	"errors"
	"fmt"
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
	l.types = nil
	r, err := b.Rows(ctx, l)
	if err != nil {
		return infer.Profile{}, err
	}
	defer r.Close()
	p := infer.NewProfiler(l.Headers, infer.Origin{AllText: b.format.Lines || b.format.Texts, Delimiter: b.listing.Text.Delimiter})
	rows := int64(0)
	r.each(func(row cell.Row, money []uint8, fraction float64) {
		p.Add(row, money)
		if pages != nil {
			pages.add(row)
		}
		if rows++; progress != nil && rows%progressRows == 0 {
			progress(rows, fraction)
		}
	})
	if r.err != nil {
		return infer.Profile{}, r.err
	}
	profile := p.Result()
	profile.BlankRows, profile.HiddenRows = r.blank, r.hidden
	if b.format.Lines && r.outside.N > 0 {
		profile.Beyond = r.beyond
	}
	profile.Remarks = append(r.profileRemarks(), profile.Remarks...)
	noteHidden(profile.Columns, r.rows.HiddenColumns())
	if progress != nil {
		progress(rows, 1)
	}
	return profile, nil
}

// ProfileRows is a first guess at the types, from the rows of a preview that was
// read without WithTypes. The result is marked as provisional.
func ProfileRows(l Layout, rows []cell.Row) infer.Profile {
	p := infer.NewProfiler(l.Headers, infer.Origin{})
	for _, row := range rows {
		p.Add(row, nil)
	}
	profile := p.Result()
	profile.Provisional = true
	return profile
}

// profileRemarks says what is worth knowing about the rows as a whole.
func (r *Reader) profileRemarks() []remark.Remark {
	var all []remark.Remark
	if n := r.hidden; n > 0 {
		all = append(all, remark.Remark{Code: infer.NoteHidden, Kind: remark.Info, Count: n, Sentence: fmt.Sprintf(
			"%s %s hidden in the sheet, for example by a filter. Hidden rows are included.", humanize.Count(n, "row"), humanize.Plural(n, "is", "are"))})
	}
	if t := r.outside; t.N > 0 {
		all = append(all, remark.Remark{Code: infer.NoteOutside, Kind: remark.Omit, Row: t.Row, Count: t.N, Sentence: fmt.Sprintf(
			"%s %s beside the columns found, first in %s. Choose a range to include such cells.", humanize.Count(t.N, "value"), humanize.Plural(t.N, "is", "are"), cell.Address(t.Row, r.outsideAt))})
	}
	if t := r.long; t.N > 0 {
		names := make([]string, 0, len(r.layout.Headers))
		for _, h := range r.layout.Headers[r.named:] {
			names = append(names, fmt.Sprintf("%q", h.Name))
		}
		all = append(all, remark.New(remark.Change, infer.NoteLong, "%s %s more values than there are names, first in line %s. Such values are in %s %s.",
			humanize.Count(t.N, "row"), humanize.Plural(t.N, "has", "have"), humanize.Number(t.Row), humanize.Plural(len(names), "the column", "the columns"), humanize.ListSome(names, 5)).At(t.Row, t.N))
	}
	all = append(all, r.layout.renamed()...)
	if t := r.short; t.N > 0 {
		all = append(all, remark.Remark{Code: infer.NoteRagged, Kind: remark.Change, Row: t.Row, Count: t.N, Sentence: fmt.Sprintf("%s %s fewer than %d fields, first in line %s. The missing ones are blank.",
			humanize.Count(t.N, "row"), humanize.Plural(t.N, "has", "have"), r.named, humanize.Number(t.Row))})
	}
	return all
}

// noteHidden adds a note to the columns that the sheet hides.
func noteHidden(columns []infer.ColumnProfile, hidden [][2]int) {
	for i := range columns {
		at := columns[i].Header.Column
		if slices.ContainsFunc(hidden, func(span [2]int) bool { return at >= span[0] && at <= span[1] }) {
			columns[i].Remarks = append(columns[i].Remarks, remark.Remark{Code: infer.NoteHidden, Kind: remark.Info, Sentence: "The column is hidden in the sheet. It is included as well."})
		}
	}
}
