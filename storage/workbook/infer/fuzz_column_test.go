package infer

import (
	"slices"
	"strings"
	"testing"

	"pushdesk/storage/cell"
)

// profileTexts decides the type of a column of texts, as a text file has it.
func profileTexts(texts []string, textFile bool) ColumnProfile {
	return profileLines(texts, textFile).Columns[0]
}

// profileLines is profileTexts with what is known of the rows.
func profileLines(texts []string, textFile bool) Profile {
	p := NewProfiler([]Header{{Name: "Value"}}, Origin{AllText: textFile})
	for i, text := range texts {
		c := cell.Cell{}
		if text != "" {
			c = cell.Cell{Kind: cell.Text, Text: text}
		}
		p.Add(cell.Row{Number: i + 2, Cells: []cell.Cell{c}}, About{})
	}
	return p.Result()
}

// FuzzColumn decides the type of a whole column. Whatever its values, the cells are
// all counted, the order of the rows does not matter, a type that is taken fits every
// value and loses no digit of a code, and a type that is only offered says which
// values do not fit.
func FuzzColumn(f *testing.F) {
	for _, seed := range []string{
		"1\n2\n3", "1,5\n2,25\n1.000,5", "1,234\n5,678", "007\n008", "31/12/2024\n01/02/2024", "1/2/24\n3/4/24", "2024-01-01\n2024-02-30",
		"true\nFALSE\n", "yes\nno", "x\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11", "+49 30 123\n0049", "1e5\n2e6", "9007199254740993\n1", "12:30\n13:45", "\n\n", " 7 \n8", "-0\n-1,0", "###", "R7.11.28\nH31.4.30", "28/11/2568\n1/1/2567", "△5\n6", "n/a\n5\n--",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, textFile bool) {
		if len(text) > 1<<14 {
			return
		}
		texts := strings.Split(text, "\n")
		all := profileLines(texts, textFile)
		p, counted := all.Columns[0], int64(len(all.LeftAt))
		for _, n := range p.Counts {
			counted += n
		}
		if counted != int64(len(texts)) {
			t.Fatalf("%d cells of %d are counted", counted, len(texts))
		}
		backwards := slices.Clone(texts)
		slices.Reverse(backwards)
		if q := profileTexts(backwards, textFile); q.Type != p.Type || q.OfferType != p.OfferType || q.Text != p.Text || q.OfferText != p.OfferText {
			t.Fatalf("%q is %s %+v, offered %s %+v; the other way round %s %+v, offered %s %+v", texts, p.Type, p.Text, p.OfferType, p.OfferText, q.Type, q.Text, q.OfferType, q.OfferText)
		}
		if !textFile && (p.Type != TypeText || p.Text.Type != "") {
			t.Fatalf("texts of a workbook became %s by themselves", p.Type)
		}
		for _, value := range texts {
			if value == "" || p.Text.Type == "" || p.Text.Type == TypeText {
				continue
			}
			c, ok := p.Text.Read(value)
			if !ok {
				t.Fatalf("the column is %s and %q does not fit", p.Type, value)
			}
			if trimmed := strings.TrimPrefix(strings.TrimSpace(value), "-"); c.Kind == cell.Number && len(trimmed) > 1 && trimmed[0] == '0' && trimmed[1] >= '0' && trimmed[1] <= '9' {
				t.Fatalf("%q became the number %v", value, c.Float)
			}
		}
		for _, m := range p.Misfits {
			if m.Row < 2 || m.Row >= len(texts)+2 || texts[m.Row-2] != m.Value {
				t.Fatalf("the misfit %+v is not in %q", m, texts)
			}
			if _, ok := p.OfferText.Read(m.Value); ok && p.OfferText.Type != "" && p.OfferText.Type != TypeText {
				t.Fatalf("%q fits %s and is listed as not fitting", m.Value, p.OfferType)
			}
		}
	})
}
