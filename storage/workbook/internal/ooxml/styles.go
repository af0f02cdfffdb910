package ooxml

import (
	"slices"
	"strconv"

	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// Excel stops at 65,490 cell formats and a few hundred number formats; other
// writers make more.
const (
	maxStyles  = 1 << 20
	maxFormats = 1 << 16
)

// styles knows the number format of a cell from its style index.
type styles struct {
	formats []numeric.NumberFormat // by format
	byStyle []uint32               // index into formats, by style
	symbols []string               // the different currencies of the formats
}

// currencyID numbers the currency a format shows, from 1 on; 0 is none.
func (s *styles) currencyID(f *numeric.NumberFormat) uint8 {
	if f.Currency == "" {
		return 0
	}
	return uint8(slices.Index(s.symbols, f.Currency) + 1)
}

// format returns the number format of a style. An index that the workbook lacks is
// General, as Excel has it.
func (s *styles) format(style int) *numeric.NumberFormat {
	if style < 0 || style >= len(s.byStyle) {
		return &generalFormat
	}
	return &s.formats[s.byStyle[style]]
}

var generalFormat numeric.NumberFormat

// readStyles reads styles.xml.
func readStyles(t *xmlscan.Tokenizer) (*styles, error) {
	s := &styles{}
	own := map[int]numeric.NumberFormat{}
	index := map[int]uint32{} // format ID to index in formats
	var ids []int
	inCells := false
	for {
		switch t.Next() {
		case xmlscan.Stop:
			if t.Err != nil {
				return nil, t.Err
			}
			for _, id := range ids {
				at, known := index[id]
				if !known {
					at = uint32(len(s.formats))
					index[id] = at
					format, found := own[id]
					if !found {
						format = numeric.BuiltinFormat(id)
					}
					s.formats = append(s.formats, format)
				}
				s.byStyle = append(s.byStyle, at)
				if symbol := s.formats[at].Currency; symbol != "" && len(s.symbols) < format.MaxCurrencies && !slices.Contains(s.symbols, symbol) {
					s.symbols = append(s.symbols, symbol)
				}
			}
			return s, nil
		case xmlscan.Start:
			switch {
			case t.Depth == 2 && string(t.Name) == "cellXfs":
				inCells = true
			case t.Depth == 3 && inCells && string(t.Name) == "xf":
				if len(ids) == maxStyles {
					return nil, fault.TooLarge("it has more than %s cell formats", humanize.Number(maxStyles))
				}
				id, err := strconv.Atoi(string(t.Attr("numFmtId")))
				if err != nil {
					id = 0
				}
				ids = append(ids, id)
			case t.Depth == 3 && string(t.Name) == "numFmt":
				if id, err := strconv.Atoi(string(t.Attr("numFmtId"))); err == nil && len(own) < maxFormats {
					own[id] = numeric.ParseNumberFormat(t.AttrText("formatCode"))
				}
			}
		case xmlscan.End:
			if t.Depth == 1 {
				inCells = false
			}
		}
	}
}
