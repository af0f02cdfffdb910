package ooxml

import (
	"context"
	"io"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/archive"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/texts"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// sharedStrings reads the texts of the part sharedStrings.xml.
type sharedStrings struct{ t *xmlscan.Tokenizer }

func openStrings(ctx context.Context, a *archive.Archive, part string) (texts.Source, error) {
	stream, _, err := a.Stream(ctx, part)
	if err != nil {
		return nil, err
	}
	return &sharedStrings{xmlscan.New(stream)}, nil
}

// Buffered implements texts.Source.
func (s *sharedStrings) Buffered() int { return s.t.Buffered() }

// Append reads one text: <si><t>..</t></si>, or the runs <si><r><t>..</t></r></si>.
func (s *sharedStrings) Append(dst []byte) ([]byte, error) {
	for {
		switch s.t.Next() {
		case xmlscan.Stop:
			if s.t.Err != nil {
				return dst, s.t.Err
			}
			return dst, io.EOF
		case xmlscan.Start:
			if s.t.Depth == 1 && string(s.t.Name) != "sst" {
				return dst, fault.Corrupt("its text table is a %.20s", s.t.Name)
			}
			if s.t.Depth == 2 && string(s.t.Name) == "si" {
				dst, err := appendRuns(dst, s.t)
				return unescape(dst), err
			}
			if s.t.Depth == 2 && string(s.t.Name) != "extLst" {
				return dst, fault.Corrupt("its text table has a %.20q, and texts are counted", s.t.Name)
			}
		}
	}
}

// appendRuns appends the text of the element that was just started: all its <t>,
// leaving out the phonetic ones in <rPh>.
func appendRuns(dst []byte, t *xmlscan.Tokenizer) ([]byte, error) {
	from, outer := len(dst), t.Depth
	inText := 0
	for {
		switch t.Next() {
		case xmlscan.Stop:
			if t.Err != nil {
				return dst, t.Err
			}
			return dst, fault.Corrupt("it ends inside a text")
		case xmlscan.Start:
			switch string(t.Name) {
			case "t":
				inText = t.Depth
			case "rPh":
				t.Skip()
			}
		case xmlscan.Text:
			if inText == t.Depth {
				var err error
				if dst, err = t.AppendText(dst); err != nil {
					return dst, err
				}
				if len(dst)-from > cell.MaxText*32 {
					return dst, texts.ErrLong
				}
			}
		case xmlscan.End:
			if t.Depth < inText {
				inText = 0
			}
			if t.Depth < outer {
				return dst, nil
			}
		}
	}
}

// finishText decodes the escapes of a cell's text, in place, and checks its length.
func finishText(text []byte) ([]byte, error) {
	text = unescape(text)
	return text, texts.Check(text)
}
