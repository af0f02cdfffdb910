package job

import (
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
)

// readingRemarks are the remarks about the file, as far as they hold for the types that its
// columns have in the table.
func (d Draft) readingRemarks() (list []remark.Remark) {
	for _, r := range d.Reading.Remarks() {
		at := slices.IndexFunc(d.Mapping.Fields, func(f mapping.Field) bool { return f.Use && f.From >= 0 && f.Header == r.Column })
		if r.Column != "" && at >= 0 {
			f := d.Mapping.Fields[at]
			var ok bool
			if r, ok = asSent(r, &d.Reading.Profile.Columns[f.From], f); !ok {
				continue
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
		r.Sentence = strings.Replace(r.Sentence, "With the suggested type they are sent as blank.", "They are sent as blank.", 1)
	case infer.NoteOffer:
		if text || kind != DataType(p.OfferType) && !(number && p.OfferType == infer.TypeWhole) {
			return r, text
		}
		_, wrong, misfits := strings.Cut(r.Sentence, ". ")
		r.Code, r.Sentence, r.Options = infer.NoteMisfit, wrong, nil
		return r, misfits
	case infer.NoteLooks, infer.NoteMixed:
		return r, text
	case infer.NoteZones:
		if !text {
			r.Kind, r.Sentence, r.Options = remark.Change, strings.Replace(r.Sentence, " They are sent as text, as written, until it is decided how they are read.", " They are converted to UTC.", 1), nil
		}
	case infer.NoteSwapped:
		if !text {
			r.Sentence = strings.Replace(r.Sentence, "All are sent as text.", "They are sent as they are.", 1)
		}
	}
	return r, true
}
