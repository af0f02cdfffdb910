package ooxml

import (
	"strconv"

	"pushdesk/storage/workbook/internal/styles"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// readStyles reads styles.xml.
func readStyles(t *xmlscan.Tokenizer) (*styles.Table, error) {
	s := &styles.Table{}
	inCells := false
	for {
		switch t.Next() {
		case xmlscan.Stop:
			if t.Err != nil {
				return nil, t.Err
			}
			s.Done()
			return s, nil
		case xmlscan.Start:
			switch {
			case t.Depth == 2 && string(t.Name) == "cellXfs":
				inCells = true
			case t.Depth == 3 && inCells && string(t.Name) == "xf":
				id, err := strconv.Atoi(string(t.Attr("numFmtId")))
				if err != nil {
					id = 0
				}
				if err := s.Add(id); err != nil {
					return nil, err
				}
			case t.Depth == 3 && string(t.Name) == "numFmt":
				if id, err := strconv.Atoi(string(t.Attr("numFmtId"))); err == nil {
					s.Define(id, t.AttrText("formatCode"))
				}
			}
		case xmlscan.End:
			if t.Depth == 1 {
				inCells = false
			}
		}
	}
}
