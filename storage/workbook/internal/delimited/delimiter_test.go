package delimited

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pushdesk/storage/workbook/internal/format"
)

var (
	commonWords = strings.Fields("Meyer Köln Kabel Lampe Schraube Aachen Trier Öztürk Anna Bert order north south pen paper ink Größe A-17 B/9 x12 note late green")
	headWords   = strings.Fields("Datum Kunde Ort Artikel Betrag Preis Menge Qty Amount Shop Note Region Code Name Wert Steuer Netto Brutto Total Rabatt Saldo Stück")
)

// table makes a random table as a program stores it, and says how many columns it has.
func table(random *rand.Rand, d byte, decimal string) (text string, width int) {
	width = 1 + random.IntN(8)
	if d == ',' {
		width++ // one column that holds other marks is a table of theirs
	}
	kinds := make([]int, width)
	for i := range kinds {
		kinds[i] = random.IntN(5)
	}
	quoteAll, bom := random.IntN(5) == 0, random.IntN(4) == 0
	end := []string{"\n", "\r\n"}[random.IntN(2)]
	others := ",;|"
	if d == ',' {
		others = ";|"
	}
	field := func(v string) string {
		if quoteAll || strings.IndexByte(v, d) >= 0 || strings.ContainsAny(v, "\"\n") {
			return `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
		}
		return v
	}
	pick := func(of []string) string { return of[random.IntN(len(of))] }
	var b strings.Builder
	if bom {
		b.WriteString("\ufeff")
	}
	row := func(value func(i int) string) {
		for i := range kinds {
			if i > 0 {
				b.WriteByte(d)
			}
			b.WriteString(field(value(i)))
		}
		b.WriteString(end)
	}
	row(func(i int) string {
		name := pick(headWords)
		switch random.IntN(6) {
		case 0:
			name += ", " + pick(headWords)
		case 1:
			name += " (" + pick(headWords) + ")"
		}
		return fmt.Sprintf("%s %d", name, i)
	})
	for range 2 + random.IntN(60) {
		row(func(i int) string {
			sign := []string{"", "", "-"}[random.IntN(3)]
			switch kinds[i] {
			case 0:
				return fmt.Sprintf("%s%d", sign, random.IntN(10000))
			case 1:
				if random.IntN(8) == 0 {
					return fmt.Sprintf("%s%d", sign, random.IntN(1000))
				}
				return fmt.Sprintf("%s%d%s%02d", sign, random.IntN(1000), decimal, random.IntN(100))
			case 2:
				return fmt.Sprintf("%02d.%02d.2024", 1+random.IntN(28), 1+random.IntN(12))
			case 3:
				return fmt.Sprintf("2024-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28))
			}
			v := pick(commonWords) + " " + pick(commonWords)
			switch random.IntN(8) {
			case 0:
				v += ", " + pick(commonWords)
			case 1:
				v += string(others[random.IntN(len(others))]) + pick(commonWords)
			case 2:
				v += ` "` + pick(commonWords) + `"`
			}
			return v
		})
	}
	return b.String(), width
}

// TestDelimiterProperty: whatever the columns of a table with a header are, its delimiter
// is found.
func TestDelimiterProperty(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	tables, wrong := 10_000, 0
	if testing.Short() {
		tables = 1500
	}
	for range tables {
		d := []byte{';', '\t', '|', ','}[random.IntN(4)]
		decimal := ","
		if d == ',' || random.IntN(3) == 0 {
			decimal = "."
		}
		text, width := table(random, d, decimal)
		s := find(strings.TrimPrefix(text, "\ufeff"), true, format.Options{})
		got := s.delimiter
		if width == 1 {
			d = noDelimiter
		}
		if got != d || s.width != width && width > 1 {
			if wrong++; wrong < 4 {
				t.Errorf("%q with %d fields, want %q with %d:\n%.600s", got, s.width, d, width, text)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d tables are wrong", wrong, tables)
	}
}
