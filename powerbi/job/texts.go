package job

import (
	"context"
	"slices"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
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
	p.Text = text
	p.Why = "Read as chosen: " + wording(text) + "."
	p.Remarks = slices.DeleteFunc(slices.Clone(p.Remarks), func(n remark.Remark) bool { return n.Code == infer.NoteAmbiguous })
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
	typed := make([]bool, len(r.Profile.Columns))
	for _, f := range m.Used() {
		if f.From >= 0 && f.Target.DataType != powerbi.String {
			typed[f.From] = true
		}
	}
	for _, c := range m.Filter {
		if m.Compared(c).Target.DataType != powerbi.String {
			typed[c.From] = true
		}
	}
	for _, f := range m.Used() { // what is changed by how it is written stays as written
		if f.From >= 0 && f.Rules.OnText() {
			typed[f.From] = false
		}
	}
	r.Profile.Columns = slices.Clone(r.Profile.Columns)
	for i := range r.Profile.Columns {
		if !typed[i] {
			r.Profile.Columns[i].Text = infer.TextFormat{}
		}
	}
	r.Layout = r.Layout.WithTypes(r.Profile)
	return r
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
	if (f.Target.DataType == powerbi.String || f.Rules.OnText()) && p.Text.Type != "" && p.Text.Type != infer.TypeText && len(p.Samples) > 0 {
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
