package command

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"pushdesk/storage/remark"
	"pushdesk/ui/command/cli"
)

// TestFlagsOfRemarksExist: a flag that a remark advises is one of send, and of inspect
// too when it is about how the file is read.
func TestFlagsOfRemarksExist(t *testing.T) {
	t.Parallel()
	var source sourceFlags
	reading := &cobra.Command{Use: "reading"}
	source.register(reading)
	send, inspect := sendCommand(&cli.Env{}), inspectCommand(&cli.Env{})
	for _, setting := range remark.Settings {
		flag := strings.TrimPrefix(cli.Flag(remark.Option{Setting: setting}), "--")
		if flag == "" {
			continue
		}
		if send.Flags().Lookup(flag) == nil {
			t.Errorf("send has no --%s, which is advised for %s", flag, setting)
		}
		if reading.Flags().Lookup(flag) != nil && inspect.Flags().Lookup(flag) == nil {
			t.Errorf("inspect has no --%s, which is advised for %s", flag, setting)
		}
	}
	for _, setting := range []remark.Setting{remark.KeepTotals, remark.LeaveTotal, remark.FillDown, remark.Hidden, remark.HeaderRow, remark.HeaderRows, remark.Range, remark.Sheet} {
		if flag := strings.TrimPrefix(cli.Flag(remark.Option{Setting: setting}), "--"); flag == "" || reading.Flags().Lookup(flag) == nil {
			t.Errorf("there is no flag for %s", setting)
		}
	}
}

// TestLinesThatAreNoRowsAreNotSent: totals, labels and notes of a text file are left out
// or kept as the flags say; what was said is what is stored.
func TestLinesThatAreNoRowsAreNotSent(t *testing.T) {
	x := apart(t)
	pivot := tempFile(t, "pivot.csv", []byte("Region,Item,Sold\nEast,a,1\n,b,2\nEast Total,,3\nWest,a,4\n,b,5\nWest Total,,9\nGrand Total,,12\n"))
	send := func(dataset string, more ...string) []map[string]any {
		t.Helper()
		x.want(cli.ExitDone, append([]string{"send", pivot, "--practice", "--dataset", dataset, "--table", "T"}, more...)...)
		return x.stored(dataset, "T")
	}
	rows := send("Left out")
	x.says("totals of the rows above them", "--keep-totals", "--fill-down Region")
	if len(rows) != 4 || rows[1]["Region"] != nil || rows[3]["Sold"] != float64(5) {
		t.Errorf("%v", rows)
	}
	if rows = send("Filled", "--fill-down", "Region"); len(rows) != 4 || rows[1]["Region"] != "East" || rows[3]["Region"] != "West" {
		t.Errorf("%v", rows)
	}
	if rows = send("Kept", "--keep-totals"); len(rows) != 7 || rows[6]["Region"] != "Grand Total" {
		t.Errorf("%v", rows)
	}
	x.want(cli.ExitUsage, "send", pivot, "--practice", "--dataset", "Filled", "--fill-down", "Nowhere")

	unsure := tempFile(t, "unsure.csv", []byte("Item,Sold\na,1\nb,2\nTotal,99\n"))
	x.want(cli.ExitDone, "send", unsure, "--practice", "--dataset", "Unsure", "--table", "T")
	x.says("looks like a total", "not the sum", "--leave-totals")
	if n := len(x.stored("Unsure", "T")); n != 3 {
		t.Errorf("%d rows", n)
	}
	x.want(cli.ExitDone, "send", unsure, "--practice", "--dataset", "Sure", "--table", "T", "--leave-totals")
	if n := len(x.stored("Sure", "T")); n != 2 {
		t.Errorf("%d rows", n)
	}
	plain := tempFile(t, "plain.csv", []byte("Item,Sold\na,1\nb,2\n"))
	for _, flag := range []string{"--keep-totals", "--leave-totals", "--skip-hidden"} {
		x.want(cli.ExitUsage, "inspect", plain, flag)
		x.says("has no effect")
	}
	x.want(cli.ExitUsage, "inspect", plain, "--keep-totals", "--leave-totals")
	x.want(cli.ExitUsage, "inspect", plain, "--fill-down", "Item")
	x.says("has no effect")
	x.want(cli.ExitUsage, "inspect", plain, "--cells", "--fill-down", "Item")
}
