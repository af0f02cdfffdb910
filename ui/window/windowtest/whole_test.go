//go:build display

package windowtest

import (
	"testing"
)

// TestUploadStaysWhole: after a destination that cannot work, the step is there as it was,
// below what is said about it.
func TestUploadStaysWhole(t *testing.T) {
	s := service(t)
	home := oneConnection(t, s)
	p := Start(t, Options{Home: home, Width: 1024, Height: 700})
	send := func() {
		p.Press("Use the sample workbook")
		p.WaitFor("480 rows")
		p.Press("Next: Destination")
		p.Choose("Connection", "Sales EU")
		p.WaitFor("Dataset name")
	}
	p.Press("Upload")
	send()
	p.Fill("Dataset name", "financial-sample")
	p.Fill("Table name", "financials")
	p.Press("Next: Columns")
	p.WaitFor("columns are sent")
	p.Press("Next: Check")
	p.Press("Next: Send")
	p.Press("Send 480 rows")
	p.WaitFor("480 rows sent.")
	p.Press("Upload another file")
	send()
	p.Fill("Dataset name", "financial-sample")
	p.Fill("Table name", "Orders")
	p.Press("Next: Columns")
	p.until("it is said that the table cannot be made", func() bool { return p.Says("has no table") || p.Says("no table") })
	p.calm()
	for _, what := range []string{"Where", "What", "Dataset name", "Keep every row"} {
		seen := false
		for _, i := range p.Screen().Items {
			seen = seen || i.Text == what && i.Seen.Height > 5
		}
		if !seen {
			t.Errorf("%q is not in sight", what)
		}
	}
}
