package command

import (
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
	x := newTerminal(t)
	path := tempFile(t, "prices.tsv", []byte("Item\tPrice\na\t1.234\nb\t5.678\n"))
	x.want(cli.ExitDone, "send", path, "--practice", "--dataset", "Comma", "--decimal-mark", ",")
	if row := x.stored("Comma", "prices")[0]; row["Price"] != float64(1234) {
		t.Errorf("stored %v", row)
	}
}
