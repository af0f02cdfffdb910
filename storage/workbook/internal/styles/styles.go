// Package styles knows the number format of a cell from its style.
package styles

import (
	"slices"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/numeric"
)

// Excel stops at 65,490 cell formats and a few hundred number formats; other
// writers make more.
const (
	maxStyles  = 1 << 20
	maxFormats = 1 << 16
)

// Table has the number formats of a workbook. While a file is read, Define and Add fill
// it; after Done it does not change.
type Table struct {
	formats []numeric.NumberFormat // by format
	byStyle []uint32               // index into formats, by style
	symbols []string               // the different currencies of the formats

	own map[int]numeric.NumberFormat
	ids []int // of the formats, by style
}

// Define gives the format of a number its code.
func (s *Table) Define(id int, code string) {
	if s.own == nil {
		s.own = map[int]numeric.NumberFormat{}
	}
	if len(s.own) < maxFormats {
		s.own[id] = numeric.ParseNumberFormat(code)
	}
}

// Add adds the next style, which shows numbers in a format.
func (s *Table) Add(id int) error {
	if len(s.ids) == maxStyles {
		return fault.TooLarge("it has more than %s cell formats", humanize.Number(maxStyles))
	}
	s.ids = append(s.ids, id)
	return nil
}

// Done is called when every style and format is known.
func (s *Table) Done() {
	index := map[int]uint32{} // format ID to index in formats
	for _, id := range s.ids {
		at, known := index[id]
		if !known {
			at = uint32(len(s.formats))
			index[id] = at
			f, found := s.own[id]
			if !found {
				f = numeric.BuiltinFormat(id)
			}
			s.formats = append(s.formats, f)
		}
		s.byStyle = append(s.byStyle, at)
		if symbol := s.formats[at].Currency; symbol != "" && len(s.symbols) < format.MaxCurrencies && !slices.Contains(s.symbols, symbol) {
			s.symbols = append(s.symbols, symbol)
		}
	}
	s.own, s.ids = nil, nil
}

// CurrencyID numbers the currency that a format shows, from 1 on; 0 is none.
func (s *Table) CurrencyID(f *numeric.NumberFormat) uint8 {
	if f.Currency == "" {
		return 0
	}
	return uint8(slices.Index(s.symbols, f.Currency) + 1)
}

// Format returns the number format of a style. An index that the workbook lacks is
// General, as Excel has it.
func (s *Table) Format(style int) *numeric.NumberFormat {
	if style < 0 || style >= len(s.byStyle) {
		return &general
	}
	return &s.formats[s.byStyle[style]]
}

var general numeric.NumberFormat

// OfText returns the style of a text in a format.
func OfText(f *numeric.NumberFormat) cell.Style {
	if f.Style == cell.AsText {
		return cell.AsText
	}
	return cell.General
}
