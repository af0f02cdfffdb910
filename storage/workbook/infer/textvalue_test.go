package infer

import (
	"math"
	"testing"
	"time"

	"pushdesk/storage/cell"
)

// FuzzTextValue: no panic; what is read as a number is finite, what is read as a
// date lies in the years 1 to 9999.
func FuzzTextValue(f *testing.F) {
	for _, text := range []string{"1,234.50", "-.5", "31/12/2024 10:30 PM", "2024-03-31T10:00:00Z", "007", "1e5", "true"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range []TextFormat{{Type: TypeDecimal, Decimal: '.'}, {Type: TypeWhole, Decimal: ','}, {Type: TypeBoolean, Words: true},
			{Type: TypeDateTime, Order: DayFirst}, {Type: TypeDateTime, Order: MonthFirst}, {Type: TypeDateTime, Order: YearFirst}} {
			c, ok := format.Read(text)
			switch {
			case !ok && (c.Kind != cell.Text || c.Text != text):
				t.Fatalf("%q as %+v does not fit and became %+v", text, format, c)
			case ok && c.Kind == cell.Number && (math.IsNaN(c.Float) || math.IsInf(c.Float, 0)):
				t.Fatalf("%q as %+v is %v", text, format, c.Float)
			case ok && (c.Kind == cell.Date || c.Kind == cell.DateTime) && (time.UnixMilli(c.Int).UTC().Year() < 1 || time.UnixMilli(c.Int).UTC().Year() > 9999):
				t.Fatalf("%q as %+v is %v", text, format, time.UnixMilli(c.Int).UTC())
			}
		}
	})
}
