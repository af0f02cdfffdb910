package job

import (
	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/written"
)

// Propose returns a mapping of the columns of a reading to those of a table. One that exists gets all of
// its columns, by name; a new one gets a column for each of the file, with the
// type that its values have.
func Propose(r Reading, p Place) mapping.Mapping {
	headers, letters := make([]string, len(r.Layout.Headers)), make([]string, len(r.Layout.Headers))
	for i, h := range r.Layout.Headers {
		headers[i], letters[i] = h.Name, cell.Column(h.Column)
	}
	m := mapping.Mapping{Table: p.Target.Table}
	if p.Exists && !p.Destination.Reshape && len(p.Learned.Columns) > 0 {
		m = mapping.Fit(p.Target.Table, p.Learned.Columns, headers, letters)
	} else {
		for i, name := range powerbi.CleanColumnNames(headers) {
			m.Fields = append(m.Fields, mapping.Field{From: i, Header: headers[i], Letter: letters[i], Use: true,
				Target: powerbi.Column{Name: name, DataType: DataType(r.Profile.Columns[i].Type)}})
		}
	}
	for i := range m.Fields {
		if from := m.Fields[i].From; from >= 0 {
			m.Fields[i] = Written(m.Fields[i], r.Profile.Columns[from])
		}
	}
	return m
}

// From returns a field that is filled with a column of the file.
func From(f mapping.Field, r Reading, column int) mapping.Field {
	h := r.Layout.Headers[column]
	f.From, f.Header, f.Letter, f.Use = column, h.Name, cell.Column(h.Column), true
	return Written(f, r.Profile.Columns[column])
}

// Written returns a field that knows how numbers and dates are written in the texts of its
// column, as far as the column's values show it.
func Written(f mapping.Field, p infer.ColumnProfile) mapping.Field {
	f.DecimalMark, f.DateOrder, f.Dress = "", mapping.DateOrderUnknown, written.Dress{}
	text := p.Text
	if text.Type == "" || text.Type == infer.TypeText {
		text = p.OfferText
	}
	f.Dress = text.Dress
	if text.Ambiguous {
		return f
	}
	if text.Decimal != 0 {
		f.DecimalMark = string(text.Decimal)
	}
	switch text.Order {
	case infer.DayFirst:
		f.DateOrder = mapping.DayFirst
	case infer.MonthFirst:
		f.DateOrder = mapping.MonthFirst
	case written.Compact:
		f.DateOrder = mapping.YearMonthDay
	}
	return f
}

// DataType returns the push type for the type of a spreadsheet column. Durations are sent
// as hours.
func DataType(t infer.Type) powerbi.DataType {
	switch t {
	case infer.TypeWhole:
		return powerbi.Int64
	case infer.TypeDecimal, infer.TypeDuration:
		return powerbi.Double
	case infer.TypeBoolean:
		return powerbi.Boolean
	case infer.TypeDateTime:
		return powerbi.DateTime
	}
	return powerbi.String
}
