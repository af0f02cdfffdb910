package job

import (
	"context"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/written"
)

// ReadTexts reads the texts of one column in another way than its values suggest:
// with another decimal mark, or another order of day and month. It is for columns
// whose texts become numbers or dates while the file is read (their profile's Text
// has a type); others are told by the fields of a mapping. The preview is read again.
func (r Reading) ReadTexts(ctx context.Context, column int, text infer.TextFormat) (Reading, error) {
	r.Profile.Columns = slices.Clone(r.Profile.Columns)
	if text.Type == infer.TypeWhole { // with the other mark the same texts may have a fraction
		text.Type = infer.TypeDecimal
	}
	p := &r.Profile.Columns[column]
	if p.Type == infer.TypeWhole && text.Decimal != p.Text.Decimal {
		p.Type = infer.TypeDecimal
	}
	if p.Text = text; p.Type == infer.TypeText { // only offered so far
		p.Type, p.OfferType, p.OfferText = text.Type, "", infer.TextFormat{}
	}
	p.Why, p.Rival = "Read as chosen: "+wording(text)+".", ""
	p.Remarks = slices.DeleteFunc(slices.Clone(p.Remarks), func(n remark.Remark) bool { return n.Code == infer.NoteAmbiguous || n.Code == infer.NoteZones })
	if text.Zone == written.UTC {
		p.Remarks = slices.DeleteFunc(p.Remarks, func(n remark.Remark) bool { return n.Code == infer.NoteZone })
		p.Remarks = append(p.Remarks, remark.New(remark.Change, infer.NoteZone, "The times are converted to UTC."))
	}
	r.Layout = r.Layout.WithTypes(r.Profile)
	if r.Pages != nil {
		r.Pages.ReadAs(r.Layout)
	}
	var err error
	if r.Preview, err = r.Book.Preview(ctx, r.Layout, previewRows); err != nil {
		return Reading{}, err
	}
	return r, nil
}

// asSent is the reading as a mapping needs it: the texts of a column that is sent
// as text only stay as they are written, so that 12.50 does not become 12.5. A column that is
// not sent is read as its conditions compare it.
func (r Reading) asSent(m mapping.Mapping) Reading {
	typed, as := make([]bool, len(r.Profile.Columns)), make([]bool, len(r.Profile.Columns))
	note := func(column int, t powerbi.DataType) {
		if same := becomes(r.Profile.Columns[column].Text.Type, t); same {
			typed[column] = true
		} else if t != powerbi.String {
			as[column] = true
		}
	}
	for _, f := range m.Used() {
		if f.From >= 0 {
			note(f.From, f.Target.DataType)
		}
	}
	for _, c := range m.Filter {
		note(c.From, m.Compared(c).Target.DataType)
	}
	for _, f := range m.Used() { // what is changed by how it is written stays as written
		if f.From >= 0 && f.Rules.OnText() {
			typed[f.From] = false
		}
	}
	r.Profile.Columns = slices.Clone(r.Profile.Columns)
	for i := range r.Profile.Columns {
		if !typed[i] || as[i] {
			r.Profile.Columns[i].Text = infer.TextFormat{}
		}
	}
	r.Layout = r.Layout.WithTypes(r.Profile)
	return r
}

// becomes reports whether texts that are read as a type are sent as one of a table: 20240331
// that is read as a date is a number to a table that wants one.
func becomes(read infer.Type, t powerbi.DataType) bool {
	switch t {
	case powerbi.Int64, powerbi.Double, powerbi.Decimal:
		return read == infer.TypeWhole || read == infer.TypeDecimal
	}
	return DataType(read) == t && read != infer.TypeText
}

// Example returns the first value that a field will send, as JSON, or the first of
// the preview that cannot be sent and where it stands.
func (r Reading) Example(f mapping.Field) (sent string, problem *mapping.Problem) {
	if f.IsConstant() {
		return f.Preview(cell.Cell{})
	}
	if f.From < 0 {
		return "", nil
	}
	p := r.Profile.Columns[f.From]
	if p.Text.Type != "" && p.Text.Type != infer.TypeText && (!becomes(p.Text.Type, f.Target.DataType) || f.Rules.OnText()) && len(p.Samples) > 0 {
		return f.Preview(cell.Cell{Kind: cell.Text, Text: p.Samples[0]})
	}
	for _, row := range r.Preview {
		if f.From >= len(row.Cells) || row.Cells[f.From].Kind == cell.Blank {
			continue
		}
		out, bad := f.Preview(row.Cells[f.From])
		if sent == "" {
			sent = out
		}
		if bad != nil && bad.Severity == mapping.SeverityError {
			bad.Address = cell.Address(row.Number, r.Layout.Headers[f.From].Column)
			return out, bad
		}
	}
	return sent, nil
}

// wording says how texts are read.
func wording(t infer.TextFormat) string {
	switch {
	case t.Type == infer.TypeDateTime && t.Order == infer.MonthFirst:
		return "the month before the day"
	case t.Type == infer.TypeDateTime && t.Order == infer.DayFirst:
		return "the day before the month"
	case t.Type == infer.TypeDateTime:
		return "the year first"
	case t.Decimal == ',':
		return "the comma marks decimals"
	}
	return "the dot marks decimals"
}

// readingRemarks are the remarks about the file, as far as they hold for the types that its
// columns have in the table.
func (d Draft) readingRemarks() (list []remark.Remark) {
	for _, r := range d.Reading.Remarks() {
		at := slices.IndexFunc(d.Mapping.Fields, func(f mapping.Field) bool { return f.Use && f.From >= 0 && f.Header == r.Column })
		if r.Column != "" && at < 0 && len(d.Mapping.Fields) > 0 && !slices.ContainsFunc(d.Mapping.Filter, func(c mapping.Condition) bool { return c.Header == r.Column }) {
			continue // nothing of the column is sent
		}
		if r.Column != "" && at >= 0 {
			f := d.Mapping.Fields[at]
			var ok bool
			if r, ok = asSent(r, &d.Reading.Profile.Columns[f.From], f); !ok {
				continue
			}
			if r.Code == infer.NoteOffer && d.Place.Exists && !d.Reshape && !d.Place.Known().Guessed() {
				r.Options = nil // the table has its types
			}
		}
		list = append(list, r)
	}
	return list
}

// asSent is what a remark about a column is once its type is decided; ok is false when it
// does not hold then.
func asSent(r remark.Remark, p *infer.ColumnProfile, f mapping.Field) (_ remark.Remark, ok bool) {
	kind, text := f.Target.DataType, f.Target.DataType == powerbi.String
	number := kind == powerbi.Double || kind == powerbi.Decimal || kind == powerbi.Int64
	texts := p.Counts[cell.Text] > 0 && p.Text.Type != "" && p.Text.Type != infer.TypeText
	switch r.Code {
	case infer.NoteDuration:
		if text {
			r.Sentence = "Durations are sent as text: 26:30:00."
		}
	case infer.NoteTime:
		if number {
			r.Sentence, r.Options = strings.Replace(strings.TrimSuffix(r.Sentence, " They are sent as text, as written."), "Times of day are sent as text: 18:00:00.", "Times of day are sent as hours: 18:00 is 18.", 1), nil
			if !strings.Contains(r.Sentence, "hours") {
				r.Sentence += " They are sent as hours: 18:30 is 18.5."
			}
		}
	case infer.NoteReading, infer.NoteZone, infer.NoteAmbiguous, infer.NoteFraction:
		if text {
			return r, !texts
		}
		if r.Sentence = strings.Replace(r.Sentence, " can be read ", " are read ", 1); f.DecimalMark != "" || f.DateOrder != mapping.DateOrderUnknown {
			ok = r.Code != infer.NoteAmbiguous || texts
			return r, ok
		}
	case infer.NoteNothing:
		if text {
			return r, !texts
		}
		r.Sentence = strings.Replace(strings.Replace(r.Sentence, infer.NothingAsText+" ", "", 1), "With the suggested type they are sent as blank.", "They are sent as blank.", 1)
	case infer.NoteOffer:
		if p.Type == infer.TypeWhole && p.OfferType == infer.TypeDateTime && kind == powerbi.Int64 {
			return r, true
		}
		if text || kind != DataType(p.OfferType) && !(number && p.OfferType == infer.TypeWhole) {
			return r, text
		}
		_, wrong, misfits := strings.Cut(r.Sentence, ". ")
		r.Code, r.Sentence, r.Options = infer.NoteMisfit, wrong, nil
		return r, misfits
	case infer.NoteLooks, infer.NoteMixed:
		return r, text
	case infer.NoteDayNumbers:
		return r, number
	case infer.NoteZones:
		const open = " Nothing is sent until it is decided what to do with them."
		switch {
		case !text:
			r.Kind, r.Sentence, r.Options = remark.Change, strings.Replace(r.Sentence, open, " They are converted to UTC.", 1), nil
		case f.Zone == mapping.ZoneWritten:
			r.Kind, r.Sentence, r.Options = remark.Info, strings.Replace(r.Sentence, open, " They are sent as text, as written.", 1), nil
		}
	case infer.NoteDamaged:
		if text {
			r.Sentence = strings.Replace(r.Sentence, "They are sent as numbers, as they are;", "They are sent as text, as they are;", 1)
		}
	case infer.NoteSwapped:
		if !text {
			r.Sentence = strings.Replace(r.Sentence, "All are sent as text.", "They are sent as they are.", 1)
		}
	}
	return r, true
}
