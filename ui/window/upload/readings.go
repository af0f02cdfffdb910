package upload

import (
	"context"

	"pushdesk/storage/workbook/infer"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/widget"
)

// way is one of the ways in which the values of a column can be read.
type way struct {
	word string
	on   bool
	set  func()
}

// ways are those that make a difference for the column. Texts that become numbers
// or dates while the file is read are read in another way; all others are told by
// the field.
func (r *columnRow) ways() []way {
	f := r.step.now.draft.Mapping.Fields[r.index]
	if f.From < 0 || !f.Use {
		return nil
	}
	p := r.step.now.draft.Reading.Profile.Columns[f.From]
	switch read := p.Text.Type; {
	case read == infer.TypeDateTime && p.Text.Order == infer.YearFirst:
		return nil
	case read == infer.TypeDateTime:
		order := func(word string, order infer.DateOrder) way {
			text := p.Text
			text.Order = order
			return way{word, p.Text.Order == order, func() { r.step.readTexts(f.From, text) }}
		}
		return []way{order(wordDayFirst, infer.DayFirst), order(wordMonthFirst, infer.MonthFirst)}
	case read == infer.TypeWhole, read == infer.TypeDecimal:
		mark := func(word string, mark byte) way {
			text := p.Text
			text.Decimal = mark
			return way{word, p.Text.Decimal == mark, func() { r.step.readTexts(f.From, text) }}
		}
		return []way{mark(wordDot, '.'), mark(wordComma, ',')}
	case p.Counts[cell.Text] == 0:
		return nil // nothing is written as text
	}
	return r.fieldWays(f, p)
}

// The ways as a person reads them.
const (
	wordDayFirst   = "Day first: 31/12"
	wordMonthFirst = "Month first: 12/31"
	wordDot        = "Numbers as 1,234.5"
	wordComma      = "Numbers as 1.234,5"
)

// fieldWays are those of a column whose texts stay texts until they are sent.
func (r *columnRow) fieldWays(f mapping.Field, p infer.ColumnProfile) []way {
	set := func(word string, on bool, change func(f *mapping.Field)) way {
		return way{word, on, func() { r.edit(change) }}
	}
	mark := func(word, mark string) way {
		return set(word, f.DecimalMark == mark, func(f *mapping.Field) { f.DecimalMark = mark })
	}
	order := func(word string, order mapping.DateOrder) way {
		return set(word, f.DateOrder == order, func(f *mapping.Field) { f.DateOrder = order })
	}
	switch f.Target.DataType {
	case powerbi.String:
		if p.Longest <= powerbi.MaxStringLength {
			return nil
		}
		return []way{
			set("Report long texts", f.OnTooLong == mapping.TooLongIsProblem, func(f *mapping.Field) { f.OnTooLong = mapping.TooLongIsProblem }),
			set("Cut at 4,000 letters", f.OnTooLong == mapping.TooLongTruncate, func(f *mapping.Field) { f.OnTooLong = mapping.TooLongTruncate }),
		}
	case powerbi.Int64, powerbi.Double, powerbi.Decimal:
		return []way{mark("Only clear numbers", ""), mark(wordDot, "."), mark(wordComma, ",")}
	case powerbi.DateTime:
		return []way{order("Only clear dates", mapping.DateOrderUnknown), order(wordDayFirst, mapping.DayFirst), order(wordMonthFirst, mapping.MonthFirst)}
	}
	return nil
}

// doubtful tells whether a person has to say how a field's values are read,
// because they allow two readings or are too long.
func doubtful(f mapping.Field, r job.Reading) bool {
	if f.From < 0 || !f.Use {
		return false
	}
	p := r.Profile.Columns[f.From]
	if f.Target.DataType == powerbi.String && p.Text.Type == "" {
		return p.Longest > powerbi.MaxStringLength
	}
	offered := p.OfferText.Ambiguous && job.DataType(p.OfferType) == f.Target.DataType
	return p.Text.Ambiguous || offered
}

// ask shows the ways of the row: in sight where a person has to choose.
func (r *columnRow) ask(f mapping.Field) {
	ways := r.ways()
	asks := len(ways) > 0 && doubtful(f, r.step.now.draft.Reading)
	if asks {
		words, chosen := make([]string, len(ways)), -1
		for i, w := range ways {
			if words[i] = w.word; w.on {
				chosen = i
			}
		}
		r.asks.SetOptions(words)
		r.asks.SetSelected(chosen)
		r.asks.SetEnabled(!r.step.reads.Busy())
	}
	widget.ShowIf(r.asks, asks)
	widget.ShowIf(r.note, !asks)
	widget.ShowIf(r.more, !asks && len(ways) > 0)
}

func (r *columnRow) menu() {
	var items []*fyne.MenuItem
	for _, w := range r.ways() {
		item := fyne.NewMenuItem(w.word, w.set)
		item.Checked = w.on
		items = append(items, item)
	}
	widget.Menu(r.step.host.Window(), r.more, items...)
}

// readTexts reads the texts of a column of the file in another way.
func (s *columnsStep) readTexts(column int, text infer.TextFormat) {
	if s.reads.Busy() {
		return
	}
	r := s.now.draft.Reading
	task.Read(s.reads, func(ctx context.Context) (job.Reading, error) {
		return r.ReadTexts(ctx, column, text)
	}, func(r job.Reading, err error) {
		if err != nil {
			s.frame.explain(err, "The column could not be read in another way.")
		} else {
			s.frame.giveReading(s.now.draft.ReadAs(r))
		}
		s.check()
		s.frame.refresh()
	})
	s.frame.give(s.now.draft.Unchecked())
	s.check()
	s.frame.refresh()
}
