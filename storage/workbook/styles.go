package workbook

import (
	"slices"
	"strconv"
)

// Excel stops at 65,490 cell formats and a few hundred number formats; other
// writers make more.
const (
	maxStyles  = 1 << 20
	maxFormats = 1 << 16
)

// styles tells the number format of a cell from its style index.
type styles struct {
	formats []numberFormat // by format
	byStyle []uint32       // index into formats, by style
	symbols []string       // the different currencies of the formats
}

// maxCurrencies is how many different currency symbols are told apart.
const maxCurrencies = 250

// currencyID numbers the currency a format shows, from 1 on; 0 is none.
func (s *styles) currencyID(f *numberFormat) uint8 {
	if f.currency == "" {
		return 0
	}
	return uint8(slices.Index(s.symbols, f.currency) + 1)
}

// format gives the number format of a style. An index that the workbook lacks is
// General, as Excel has it.
func (s *styles) format(style int) *numberFormat {
	if style < 0 || style >= len(s.byStyle) {
		return &generalFormat
	}
	return &s.formats[s.byStyle[style]]
}

var generalFormat numberFormat

// readStyles reads styles.xml.
func readStyles(t *tokenizer) (*styles, error) {
	s := &styles{}
	own := map[int]numberFormat{}
	index := map[int]uint32{} // format ID to index in formats
	var ids []int
	inCells := false
	for {
		switch t.next() {
		case tokenStop:
			if t.err != nil {
				return nil, t.err
			}
			for _, id := range ids {
				at, known := index[id]
				if !known {
					at = uint32(len(s.formats))
					index[id] = at
					format, found := own[id]
					if !found {
						format = builtinFormat(id)
					}
					s.formats = append(s.formats, format)
				}
				s.byStyle = append(s.byStyle, at)
				if symbol := s.formats[at].currency; symbol != "" && len(s.symbols) < maxCurrencies && !slices.Contains(s.symbols, symbol) {
					s.symbols = append(s.symbols, symbol)
				}
			}
			return s, nil
		case tokenStart:
			switch {
			case t.depth == 2 && string(t.name) == "cellXfs":
				inCells = true
			case t.depth == 3 && inCells && string(t.name) == "xf":
				if len(ids) == maxStyles {
					return nil, tooLarge("it has more than %s cell formats", grouped(maxStyles))
				}
				id, err := strconv.Atoi(string(t.attr("numFmtId")))
				if err != nil {
					id = 0
				}
				ids = append(ids, id)
			case t.depth == 3 && string(t.name) == "numFmt":
				if id, err := strconv.Atoi(string(t.attr("numFmtId"))); err == nil && len(own) < maxFormats {
					own[id] = parseNumberFormat(t.attrText("formatCode"))
				}
			}
		case tokenEnd:
			if t.depth == 1 {
				inCells = false
			}
		}
	}
}
