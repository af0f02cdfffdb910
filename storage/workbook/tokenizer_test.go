package workbook

import (
	"encoding/xml"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// slowBlocks gives a text in small pieces of any length, as no token expects.
type slowBlocks struct {
	text   string
	random *rand.Rand
	buf    [8]byte
}

func (s *slowBlocks) next() ([]byte, error) {
	if s.text == "" {
		return nil, io.EOF
	}
	n := copy(s.buf[:1+s.random.IntN(len(s.buf))], s.text)
	s.text = s.text[n:]
	return s.buf[:n], nil
}

// spell writes the tokens of a document in one line.
func spell(t *tokenizer) (string, error) {
	var b strings.Builder
	for {
		switch t.next() {
		case tokenStop:
			return b.String(), t.err
		case tokenStart:
			b.WriteString("<" + string(t.name))
			for _, a := range t.attrs {
				b.WriteString(" " + string(t.buf[a.name:a.nameEnd]) + "=" + t.decodeAttr(t.buf[a.value:a.valueEnd]))
			}
			b.WriteString(">")
		case tokenEnd:
			b.WriteString("</" + string(t.name) + ">")
		case tokenText:
			text, err := t.appendText(nil)
			if err != nil {
				return b.String(), err
			}
			b.Write(text)
		}
	}
}

// spellStandard does the same with encoding/xml.
func spellStandard(document string) (string, error) {
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(document))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
		switch token := token.(type) {
		case xml.StartElement:
			b.WriteString("<" + token.Name.Local)
			for _, a := range token.Attr {
				b.WriteString(" " + a.Name.Local + "=" + a.Value)
			}
			b.WriteString(">")
		case xml.EndElement:
			b.WriteString("</" + token.Name.Local + ">")
		case xml.CharData:
			b.Write(token)
		}
	}
}

var documents = []string{
	`<a/>`, `<a></a>`, `<a b="1" c='2'>text</a>`, `<?xml version="1.0"?><!-- c --><a><b/><c> x </c></a>`, `<a>&lt;&#65;&#x42;&amp;</a>`,
	`<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]></a>`, "<a>\r\n\r</a>", `<a x="a > b"/>`, `<a x = "1" />`, `<a><!-- - -- --></a>`,
	`<n:a xmlns:n="u" n:x="1"><n:b/></n:a>`, `<a`, `<a>`, `<a></b>`, `</a>`, `<a/><b/>`, `<a x=1/>`, `<a x/>`, `<a>&x;</a>`, `<a b="&quot;&apos;"/>`,
}

func TestTokenizerAgainstStandard(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for _, document := range documents {
		want, wantErr := spellStandard(document)
		for range 20 {
			got, err := spell(newTokenizer(&slowBlocks{text: document, random: random}))
			if wantErr == nil && !strings.Contains(document, "-- --") && !strings.Contains(document, "/><b") && (err != nil || got != want) {
				t.Fatalf("%s: got %s (%v), want %s", document, got, err, want)
			}
			if wantErr != nil && !strings.Contains(document, "-- --") && err == nil {
				t.Fatalf("%s: read as %s, though %v", document, got, wantErr)
			}
		}
	}
}
