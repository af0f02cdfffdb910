package xmlscan

import (
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"pushdesk/storage/workbook/internal/stream/streamtest"
)

// spell writes the tokens of a document in one line.
func spell(t *Tokenizer) (string, error) {
	var b strings.Builder
	for {
		switch t.Next() {
		case Stop:
			return b.String(), t.Err
		case Start:
			b.WriteString("<" + string(t.Name))
			for _, a := range t.Attrs {
				b.WriteString(" " + string(t.buf[a.name:a.nameEnd]) + "=" + t.DecodeAttr(t.buf[a.value:a.valueEnd]))
			}
			b.WriteString(">")
		case End:
			b.WriteString("</" + string(t.Name) + ">")
		case Text:
			text, err := t.AppendText(nil)
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
		if errors.Is(err, io.EOF) {
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
			got, err := spell(New(&streamtest.Pieces{Text: document, Random: random}))
			if wantErr == nil && !strings.Contains(document, "-- --") && !strings.Contains(document, "/><b") && (err != nil || got != want) {
				t.Fatalf("%s: got %s (%v), want %s", document, got, err, want)
			}
			if wantErr != nil && !strings.Contains(document, "-- --") && err == nil {
				t.Fatalf("%s: read as %s, though %v", document, got, wantErr)
			}
		}
	}
}
