package upload

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job/apply"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/ui/window/upload/mapped"
	"pushdesk/ui/window/windowtest"
)

const newestFirst = "Order,Day,Amount\n5,2026-01-09,4\n4,2026-01-08,3\n3,2026-01-07,30\n2,2026-01-06,7\n1,2026-01-05,12\n"

// TestUploadSendsOnlyNewRows of a file that has them at its top, told by a key.
func TestUploadSendsOnlyNewRows(t *testing.T) {
	h, p := uploading(t)
	h.send(p, written(t, "orders.csv", "Order,Day,Amount\n1,2026-01-05,12\n2,2026-01-06,7\n3,2026-01-07,30\n"), "Send 3 rows")
	p.Dropped([]string{written(t, "orders.csv", newestFirst)})
	h.sees("5 rows, 3 columns")
	h.next(p)
	h.next(p)
	h.next(p)
	h.sees("Partly sent before", "3 of 5 rows were sent to this table before", "Send only new rows")
	windowtest.Choose(t, h.canvas, "Column that tells new rows", "Order")
	windowtest.Press(t, h.canvas, "Send only new rows")
	h.sees("Only rows whose Order the table did not have.", "Meet the conditions", "2 rows in 1 request")
	windowtest.Press(t, h.canvas, "Send all rows")
	h.sees("5 rows in 1 request")
	windowtest.Choose(t, h.canvas, "Column that tells new rows", "Order")
	windowtest.Press(t, h.canvas, "Send only new rows")
	h.sees("2 rows in 1 request")
	h.next(p)
	h.sees("Only rows whose Order the table did not have")
	windowtest.Press(t, h.canvas, "Send 2 rows")
	h.sees("Done", "3 rows are left out")
	if n := len(h.rows("orders", "orders")); n != 5 {
		t.Errorf("%d rows are stored", n)
	}
}

// TestUploadAsksAboutMixedZones and sends nothing before it is decided.
func TestUploadAsksAboutMixedZones(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "calls.csv", "When,N\n2026-01-05T10:00:00+01:00,1\n2026-01-06T10:00:00+02:00,2\n")})
	h.next(p)
	h.next(p)
	h.sees("2 of 2 columns are sent", "The times have different time zones", "Choose in the row")
	h.next(p)
	h.sees("Decide under Columns how times of different zones are sent")
	p.bring(stepColumns)
	asks := windowtest.All[*columnRow](h.canvas)[0].asks
	if !asks.Visible() || asks.Selected() >= 0 {
		t.Fatalf("%v, %d is chosen", asks.Visible(), asks.Selected())
	}
	asks.Inner.SetSelected("Convert the times to UTC")
	h.next(p)
	h.sees("2 rows in 1 request")
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 2 rows")
	h.sees("Done")
	if row := h.rows("calls", "calls")[0]; !strings.Contains(row, "2026-01-05T09:00:00") {
		t.Errorf("%s is stored", row)
	}
}

// TestAMappingFileInTheWindow: what is saved and opened again is the same, and it is what
// the terminal reads and writes.
func TestAMappingFileInTheWindow(t *testing.T) {
	h, p := uploading(t)
	const file = "Order No;Land;Amount;Day;Paid;Comment\n1;be;1,5;03/04/2026;ja;x\n2;nl;2,25;13/04/2026;nee;y\n"
	p.Dropped([]string{written(t, "orders.csv", file)})
	h.next(p)
	h.next(p)
	h.sees("6 of 6 columns are sent")
	two := 2
	p.columns.change(func(m *mapping.Mapping) {
		f := m.Fields
		f[0].Target.Name, f[0].Target.DataType = "Order ID", powerbi.String
		f[1].Rules = &mapping.Rules{Trim: true, Case: "upper", Replace: []mapping.Replacement{{Find: "be", With: "Belgium", Whole: true}}, Default: "none"}
		f[1].OnTooLong = mapping.TooLongTruncate
		f[2].Target.DataType, f[2].Rules = powerbi.Decimal, &mapping.Rules{Round: &two}
		f[4].Target.DataType, f[4].Rules = powerbi.Boolean, &mapping.Rules{True: []string{"ja"}, False: []string{"nee"}, Nothing: []string{"?"}}
		f[5].Use = false
		c, err := mapping.ParseCondition("Amount>=1", []string{"Order No", "Land", "Amount"}, []string{"A", "B", "C"})
		if err != nil {
			t.Fatal(err)
		}
		m.Filter = append(m.Filter, c)
	})
	first, err := mapped.Content(p.now.all())
	if err != nil {
		t.Fatal(err)
	}
	was := apply.Block(p.now.draft)
	path := filepath.Join(t.TempDir(), "orders.yaml")
	if err := os.WriteFile(path, first, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{"column: Order ID", "case: upper", "true-words:", "round: 2", "where:", "leave-out:", "date-order: dmy", `decimal-mark: ','`, "cut-at-4000: true"} {
		if !bytes.Contains(first, []byte(piece)) && !bytes.Contains(first, []byte(strings.ReplaceAll(piece, "'", `"`))) {
			t.Errorf("no %q in\n%s", piece, first)
		}
	}
	windowtest.Press(t, h.canvas, "Start again")
	h.sees("6 of 6 columns are sent")
	p.columns.takeMapping(path)
	h.until(func() bool { return !p.columns.reads.Busy() })
	h.sees("is created with 5 columns, as the mapping file says")
	if is := apply.Block(p.now.draft); !reflect.DeepEqual(is, was) {
		t.Errorf("it is saved otherwise:\n%+v\nnot\n%+v", is, was)
	}
	h.next(p)
	h.sees("2 rows in 1 request")
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 2 rows")
	h.sees("Done")
	if row := h.rows("orders", "orders")[0]; !strings.Contains(row, `"BELGIUM"`) || !strings.Contains(row, "2026-04-03") || !strings.Contains(row, "true") {
		t.Errorf("%s is stored", row)
	}
	// One that does not fit is refused with the reason, and changes nothing.
	p.Dropped([]string{written(t, "other.csv", file)})
	h.next(p)
	h.next(p)
	h.sees("6 of 6 columns are sent")
	bad := written(t, "bad.yaml", "version: 1\ntables:\n  - {table: Elsewhere, columns: [{column: A}]}\n")
	p.columns.takeMapping(bad)
	h.sees("The mapping file says nothing about the table “other”.")
}
