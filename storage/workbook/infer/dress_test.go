package infer

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
)

// TestDressesOfLocales: the same five amounts and days, as people of ten languages write
// them, become the same numbers and dates.
func TestDressesOfLocales(t *testing.T) {
	amounts := []float64{1234.56, -9.13, 12000.5, 1000000.25, 0.75}
	days := []string{"2024-01-03", "2024-02-14", "2024-08-01", "2024-12-25", "2023-10-31"}
	for _, l := range []struct {
		name     string
		decimal  string
		group    string
		money    []string // around the number
		months   string   // of the five days
		day      string   // how a day is written: %d the day, %s the month, %y the year
		numbered string
	}{
		{"en-US", ".", ",", []string{"$%s", "%s USD", "US$%s"}, "January February August December October", "%s %d, %y", "01/02/2006"},
		{"en-IN", ".", ",", []string{"₹%s", "Rs. %s", "INR %s"}, "Jan Feb Aug Dec Oct", "%d-%s-%y", "02-01-2006"},
		{"de-DE", ",", ".", []string{"%s €", "EUR %s", "%s Euro"}, "Januar Februar August Dezember Oktober", "%d. %s %y", "02.01.2006"},
		{"de-CH", ".", "’", []string{"CHF %s", "Fr. %s", "%s CHF"}, "Jan. Feb. Aug. Dez. Okt.", "%d. %s %y", "2.1.2006"},
		{"fr-FR", ",", "\u202f", []string{"%s\u00a0€", "%s EUR", "€ %s"}, "janv. févr. août déc. oct.", "%d %s %y", "02/01/2006"},
		{"es-ES", ",", ".", []string{"%s €", "%s EUR", "%s€"}, "enero febrero agosto diciembre octubre", "%d de %s de %y", "2/1/2006"},
		{"pt-BR", ",", ".", []string{"R$ %s", "R$%s", "BRL %s"}, "janeiro fevereiro agosto dezembro outubro", "%d de %s de %y", "02/01/2006"},
		{"ru-RU", ",", "\u00a0", []string{"%s ₽", "%s руб.", "%s RUB"}, "января февраля августа декабря октября", "%d %s %y г.", "02.01.2006"},
		{"pl-PL", ",", " ", []string{"%s zł", "%s PLN", "PLN %s"}, "stycznia lutego sierpnia grudnia października", "%d %s %y", "02.01.2006"},
		{"ja-JP", ".", ",", []string{"￥%s", "¥%s", "%s円"}, "1 2 8 12 10", "%y年%s月%d日", "2006年1月2日"},
	} {
		t.Run(l.name, func(t *testing.T) {
			for _, sign := range []string{"-%s", "%s-", "(%s)", "−%s", "- %s"} {
				for _, unit := range append(l.money, "%s") {
					var texts []string
					for _, a := range amounts {
						text := strings.Replace(unit, "%s", grouped(math.Abs(a), l.decimal, l.group, l.name == "en-IN"), 1)
						if a < 0 {
							text = strings.Replace(sign, "%s", text, 1)
						}
						texts = append(texts, text)
					}
					p := profileTexts(texts, true)
					if p.Type != TypeDecimal {
						t.Errorf("%q is %s, %s", texts, p.Type, p.Why)
						continue
					}
					for i, text := range texts {
						if c, ok := p.Text.Read(text); !ok || c.Float != amounts[i] {
							t.Errorf("%q is %v %v", text, c.Float, ok)
						}
					}
				}
			}
			var named, numbered []string
			for i, month := range strings.Fields(l.months) {
				at, err := time.Parse(time.DateOnly, days[i])
				if err != nil {
					t.Fatal(err)
				}
				named = append(named, strings.NewReplacer("%d", fmt.Sprint(at.Day()), "%s", month, "%y", fmt.Sprint(at.Year())).Replace(l.day))
				numbered = append(numbered, at.Format(l.numbered))
			}
			for _, texts := range [][]string{named, numbered} {
				p := profileTexts(texts, true)
				for i, text := range texts {
					c, ok := p.Text.Read(text)
					if p.Type != TypeDateTime || !ok || cell.Display(c) != days[i] || remark.Has(p.Remarks, NoteAmbiguous) {
						t.Errorf("%q is %s %v, want %s", text, p.Type, cell.Display(c), days[i])
					}
				}
			}
		})
	}
}

// grouped writes a number with two decimals and marks between groups of digits.
func grouped(v float64, decimal, group string, lakh bool) string {
	whole, fraction, _ := strings.Cut(fmt.Sprintf("%.2f", v), ".")
	var parts []string
	for size := 3; len(whole) > size; {
		parts = append([]string{whole[len(whole)-size:]}, parts...)
		whole = whole[:len(whole)-size]
		if lakh {
			size = 2
		}
	}
	return strings.Join(append([]string{whole}, parts...), group) + decimal + fraction
}

// TestWhatStaysText: codes, several currencies, guesses and dates that were spoiled stay as
// they are, and the remark says why.
func TestWhatStaysText(t *testing.T) {
	for _, c := range []struct {
		values string
		code   string // of the remark, "" none
	}{
		{"+49 30 123456\n030 1234567", ""}, {"01067\n10115", ""}, {"DE89 3704 0044 0532 0130 00\nDE12 5001 0517 0648 4898 90", ""}, {"4111 1111 1111 1111\n5500 0000 0000 0004", ""},
		{"32E0134\n32E0135", ""}, {"12A\n14A", ""}, {"Q1\nQ2", ""}, {"10 AM\n11 AM", ""}, {"5 Mar\n6 Mar", ""}, {"R6.4.1\nR6.4.2", ""}, {"2024-W10\n2024-W11", ""}, {"March 2024\nApril 2024", ""}, {"31.12.2023 24:00\n01.01.2024 01:00", ""}, {"[05/Jan/2024:09:05:00 +0100]", NoteLooks}, {"ca. 14.05.2024\nca. 15.05.2024", NoteLooks}, {"2024-05-14 9:05 R", NoteLooks},
		{"12 €\n13 $", NoteMixedCurrency}, {"12 kg\n13 lb", NoteMixedCurrency}, {"~12\n~13", NoteLooks}, {"12k\n13k", NoteLooks}, {"*12\n*13", NoteLooks}, {"'12\n'13", NoteLooks},
		{"5 listopada 2024\n6 listopada 2024", NoteLooks}, {"10:30\n11:45", NoteTime}, {"30:15\n2:00", NoteTime},
		{"4,01235E+12\n4,00638E+12", NoteDamaged}, {"4012345678901\n4.01235E+12", NoteDamaged}, {"4111111111111110\n5500000000000000", NoteDamaged}, {"TP53\n2-Sep\nBRCA1", NoteDamaged}, {"TP53\n2-Sep\n1-Mar\nBRCA1", NoteDamaged}, {"1-5\n06. Okt\n11-15", NoteDamaged}, {"1.02.300\n1.03.405\n1.04.500", ""},
		{"2024-03-05\n2024-07-11\n13/05/2024", NoteSwapped}, {"2024-03-05T10:00Z\n2024-03-05T10:00+02:00", NoteZones}, {"2024-03-05 10:00\n2024-03-05 10:00 CET", ""},
		{"12.5%\n3.5\n4.5", ""}, {"PT1H30M\nPT45M", NoteLooks}, {"1402/12/15\n1403/01/09", NoteLooks}, {"5/3/2024\n13/03/2024\n4/1/2024\n28/02/2024", NoteSwapped},
	} {
		p := profileTexts(strings.Split(c.values, "\n"), true)
		if p.Type != TypeText || c.code != "" && !remark.Has(p.Remarks, c.code) {
			t.Errorf("%q is %s, %+v", c.values, p.Type, p.Remarks)
		}
		if c.code == NoteDamaged || c.code == NoteSwapped {
			if p.OfferType != "" || len(p.Remarks[0].Places) == 0 {
				t.Errorf("%q is offered as %s: %+v", c.values, p.OfferType, p.Remarks)
			}
		}
	}
}

// TestWhatIsNumbers although it could be taken for something else.
func TestWhatIsNumbers(t *testing.T) {
	for _, values := range []string{"1 234,50 ₽\n-12,00 руб.", "₺1.234,50\n1.000,00 TL", "1.5E+12\n2.25E+12\n3.125E+12", "١٢٣٤٫٥\n٩٨٫٢٥\n٧"} {
		if p := profileTexts(strings.Split(values, "\n"), true); p.Type != TypeDecimal || remark.Has(p.Remarks, NoteAmbiguous) {
			t.Errorf("%q is %s, %+v", values, p.Type, p.Remarks)
		}
	}
}

// TestOneMisfitIsNamed, however few rows there are.
func TestOneMisfitIsNamed(t *testing.T) {
	for _, values := range []string{"12\n13\nabc", "12\n13\nabc\n14\nx1", "2024-03-05\n2024-03-06\nsoon", "ja\nnein\nvielleicht", "t\nf\nunknown"} {
		p := profileTexts(strings.Split(values, "\n"), true)
		if p.Type != TypeText || p.OfferType == "" || p.MisfitCount == 0 || len(p.Misfits) == 0 {
			t.Errorf("%q is %s, offered as %s with misfits %+v", values, p.Type, p.OfferType, p.Misfits)
		}
	}
}

// TestHalfSwapped: dates of a workbook up to the twelfth beside texts after it are a warning.
func TestHalfSwapped(t *testing.T) {
	profile := func(day int, texts ...string) ColumnProfile {
		p := NewProfiler([]Header{{Name: "Ordered", Column: 1}}, Origin{})
		row := 2
		for i := range 20 {
			at := time.Date(2024, 5, 1+(i%day), 0, 0, 0, 0, time.UTC)
			p.Add(cell.Row{Number: row, Cells: []cell.Cell{{Kind: cell.Date, Int: at.UnixMilli()}}}, About{})
			row++
		}
		for _, text := range texts {
			p.Add(cell.Row{Number: row, Cells: []cell.Cell{{Kind: cell.Text, Text: text}}}, About{})
			row++
		}
		return p.Result().Columns[0]
	}
	if p := profile(12, "13/05/2024"); p.Type != TypeText || p.OfferType != "" || !remark.Has(p.Remarks, NoteSwapped) || !strings.HasPrefix(p.Remarks[0].Places[0], "B22") {
		t.Errorf("%s, offered %s, %+v", p.Type, p.OfferType, p.Remarks)
	}
	for _, p := range []ColumnProfile{profile(20, "13/05/2024"), profile(12, "03/05/2024"), profile(12, "soon"), profile(12)} {
		if remark.Has(p.Remarks, NoteSwapped) {
			t.Errorf("%+v", p.Remarks)
		}
	}
}
