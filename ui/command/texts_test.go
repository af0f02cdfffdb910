package command

import (
	"fmt"
	"strings"
	"testing"

	"pushdesk/ui/command/cli"
)

// TestTextsAreReadAsAsked sends dates and numbers that can be read in two ways.
func TestTextsAreReadAsAsked(t *testing.T) {
	t.Setenv("LC_ALL", "en_GB.UTF-8") // a region that writes the day first
	x := newTerminal(t)
	path := tempFile(t, "texts.csv", []byte("Item,Day,Price\na,03/04/2026,12.50\nb,05/06/2026,13.00\n"))
	for _, c := range []struct {
		dataset string
		flags   []string
		day     string
		price   any
	}{
		{"Day first", []string{"--date-order", "dmy"}, "2026-04-03T00:00:00", 12.5},
		{"Month first", []string{"--date-order", "mdy"}, "2026-03-04T00:00:00", 12.5},
		{"Price as text", []string{"--type", "Price=String", "--date-order", "dmy"}, "2026-04-03T00:00:00", "12.50"},
		{"Day as text", []string{"--type", "Day=String"}, "03/04/2026", 12.5},
	} {
		t.Run(c.dataset, func(t *testing.T) {
			x.t = t
			x.want(cli.ExitDone, append([]string{"send", path, "--practice", "--dataset", c.dataset}, c.flags...)...)
			row := x.stored(c.dataset, "texts")[0]
			day, _ := row["Day"].(string)
			if len(day) > len(c.day) {
				day = day[:len(c.day)]
			}
			if day != c.day || row["Price"] != c.price {
				t.Errorf("stored %v, want %s and %v", row, c.day, c.price)
			}
		})
	}
	x.t = t
	x.want(cli.ExitData, "send", path, "--practice") // nobody is there to choose
	x.says(`Column "Day"`, "can be read in two ways", "--date-order dmy or mdy")
	x.want(cli.ExitUsage, "send", path, "--practice", "--date-order", "ymd")
	x.want(cli.ExitUsage, "send", path, "--practice", "--decimal-mark", ";")
}

func TestTheDecimalMarkIsAsked(t *testing.T) {
	x := apart(t)
	path := tempFile(t, "prices.tsv", []byte("Item\tPrice\na\t1.234\nb\t5.678\n"))
	x.want(cli.ExitDone, "send", path, "--practice", "--dataset", "Comma", "--decimal-mark", ",")
	if row := x.stored("Comma", "prices")[0]; row["Price"] != float64(1234) {
		t.Errorf("stored %v", row)
	}
}

// TestDressedTextsAreStored sends what people write for numbers, dates and yes; what is
// stored is what an attentive person would have typed in.
func TestDressedTextsAreStored(t *testing.T) {
	x := apart(t)
	for _, c := range []struct {
		values string // of a column, one a line
		flags  []string
		want   any // of the first
		says   string
	}{
		{"1.200,00-\n350,00\n0,99-", nil, -1200.0, "the minus behind"},
		{"($1,182.77)\n$400.00\n-", nil, -1182.77, "amounts in $"},
		{"1\u202f234,56\u00a0€\n-9,13\u00a0€", nil, 1234.56, "amounts in €"},
		{"12.5%\n100%", nil, 0.125, "shares"},
		{"3. März 2024\n14. Okt. 2024", nil, "2024-03-03T00:00:00", "name of a month"},
		{"03/Nov/20 12:17 PM\n28/Jan/21 5:11 PM", nil, "2020-11-03T12:17:00", ""},
		{"20240305\n00000000", nil, "2024-03-05T00:00:00", "no date"},
		{"2023-12-31 23:59:59.9999999\n2023-12-31 23:59:59", nil, "2023-12-31T23:59:59.999", "cut after the millisecond"},
		{"2024-03-05T10:00:00+01:00\n2024-07-05T10:00:00+02:00", []string{"--zone", "utc"}, "2024-03-05T09:00:00", "converted to UTC"},
		{"2024-03-05T10:00:00+01:00\n2024-03-06T10:00:00+01:00", nil, "2024-03-05T10:00:00", "+01:00"},
		{"12,50 €\n13,00 $", nil, "12,50 €", "cannot become one column"},
		{"4,01235E+12\n4,00638E+12", nil, "4,01235E+12", "digits are lost"},
		{"да\nнет", []string{"--type", "Value=Boolean"}, true, ""},
		{"12\n13\nn/a\n14", []string{"--type", "Value=Int64"}, 12.0, "sent as blank"},
		{"30:15\n2:00", []string{"--type", "Value=Double"}, 30.25, "sent as hours"},
		{"1.5E-05\n7", nil, 1.5e-05, "exponents"},
	} {
		data := "Key\tValue\n"
		for i, v := range strings.Split(c.values, "\n") {
			data += fmt.Sprintf("k%d\t%s\n", i, v)
		}
		path := tempFile(t, "dress.tsv", []byte(data))
		dataset := fmt.Sprintf("Dress %q", c.values)
		x.want(cli.ExitDone, append([]string{"send", path, "--practice", "--dataset", dataset}, c.flags...)...)
		if !strings.Contains(x.stdout+x.stderr, c.says) {
			t.Errorf("%q: nothing says %q in %s%s", c.values, c.says, x.stderr, x.stdout)
		}
		got := x.stored(dataset, "dress")[0]["Value"]
		if s, ok := got.(string); ok {
			if w, ok := c.want.(string); ok && strings.HasPrefix(s, w) {
				continue
			}
		}
		if got != c.want {
			t.Errorf("%q: stored %v, want %v", c.values, got, c.want)
		}
	}
}

// TestMarksOfOtherColumns: a flag that decides how numbers or dates are read is for the columns
// that can be read so, and breaks none that are clear.
func TestMarksOfOtherColumns(t *testing.T) {
	x := apart(t)
	path := tempFile(t, "won.txt", []byte("Item|Won|Dollar|Day|Due\nx|₩12,500|12.50|03/04/2024|12/31/2024\ny|₩9,000|3.00|05/06/2024|01/15/2024\n"))
	for mark, won := range map[string]float64{".": 12500, ",": 12.5} {
		x.want(cli.ExitDone, "send", path, "--practice", "--dataset", "By "+mark, "--create", "--decimal-mark", mark, "--date-order", "dmy")
		row := x.stored("By "+mark, "won")[0]
		if row["Won"] != won || row["Dollar"] != 12.5 || row["Day"] != "2024-04-03T00:00:00" || row["Due"] != "2024-12-31T00:00:00" {
			t.Errorf("%s: %v", mark, row)
		}
	}
}
