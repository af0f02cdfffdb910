package mapping

import "pushdesk/storage/written"

// parseDate reads a date that is written as text, as milliseconds since 1970: everything
// that written.ParseDate reads. A day and a month that can be mistaken for one another are
// read only if order says which is first. A time zone must be that of the column. none
// reports that the text says that there is no date.
func parseDate(text string, order DateOrder, dress written.Dress) (ms int64, none bool, r rule) {
	d, ok := written.ParseDate(written.Trim(text))
	switch {
	case !ok:
		return 0, false, ruleNotDate
	case d.None:
		return 0, true, ruleNone
	}
	read := order.written()
	switch {
	case dress.Bare && d.BeginsWithYear():
		read = written.YearFirst
	case order == DateOrderUnknown:
		_, dayFirst := d.Day(written.DayFirst, dress.Language)
		_, monthFirst := d.Day(written.MonthFirst, dress.Language)
		switch a, b := d.Same(); {
		case dayFirst && monthFirst && a != b:
			return 0, false, ruleDateAmbiguous
		case monthFirst && !dayFirst:
			read = written.MonthFirst
		default:
			read = written.DayFirst
		}
	}
	if _, ok := d.Day(read, dress.Language); !ok {
		return 0, false, ruleNotDate
	}
	if ms, ok = d.Moment(read, dress); !ok {
		return 0, false, ruleZone
	}
	return ms, false, ruleNone
}

// written is the order as written.Date takes it.
func (o DateOrder) written() written.Order {
	switch o {
	case MonthFirst:
		return written.MonthFirst
	case YearMonthDay:
		return written.Compact
	}
	return written.DayFirst
}
