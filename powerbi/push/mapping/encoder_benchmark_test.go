package mapping

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
)

// mixed is a mapping of 20 columns and 10,000 rows for it.
func mixed() (Mapping, [][]cell.Cell) {
	types := []powerbi.DataType{powerbi.String, powerbi.Int64, powerbi.Double, powerbi.Decimal, powerbi.Boolean, powerbi.DateTime}
	m := Mapping{Table: "T"}
	for i := range 20 {
		m.Fields = append(m.Fields, Field{From: i, Letter: cell.Column(i), Use: true,
			Target: powerbi.Column{Name: fmt.Sprintf("Column %d", i), DataType: types[i%len(types)]}})
	}
	list := make([][]cell.Cell, 10_000)
	for i := range list {
		row := make([]cell.Cell, 20)
		for j := range row {
			switch types[j%len(types)] {
			case powerbi.String:
				row[j] = textCell(fmt.Sprintf("some text of row %d", i))
			case powerbi.Int64:
				row[j] = num(float64(i * 1000))
			case powerbi.Double:
				row[j] = num(float64(i) / 7)
			case powerbi.Decimal:
				row[j] = num(float64(i*13) / 100)
			case powerbi.Boolean:
				row[j] = boolean(int64(i % 2))
			case powerbi.DateTime:
				row[j] = cell.Cell{Kind: cell.DateTime, Int: int64(i) * 61_000_000}
			}
		}
		list[i] = row
	}
	return m, list
}

// BenchmarkEncode encodes 10,000 rows of 20 columns into a reused buffer.
func BenchmarkEncode(b *testing.B) {
	m, list := mixed()
	e, err := NewEncoder(m, PolicyStop)
	if err != nil {
		b.Fatal(err)
	}
	var body []byte
	for b.Loop() {
		body = body[:0]
		for i, row := range list {
			body, _ = e.AppendRow(body, i, row, nil)
		}
	}
	b.SetBytes(int64(len(body)))
	b.ReportMetric(float64(len(list)*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkEncodeJSON does the same with encoding/json, to compare with. The maps
// are there already.
func BenchmarkEncodeJSON(b *testing.B) {
	m, list := mixed()
	e, _ := NewEncoder(m, PolicyStop)
	body := []byte("[")
	for i, row := range list {
		if i > 0 {
			body = append(body, ',')
		}
		body, _ = e.AppendRow(body, i, row, nil)
	}
	var maps []map[string]any
	d := json.NewDecoder(bytes.NewReader(append(body, ']')))
	if err := d.Decode(&maps); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := json.Marshal(maps); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(body)))
	b.ReportMetric(float64(len(list)*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkCheck converts 250,000 rows as before a run.
func BenchmarkCheck(b *testing.B) {
	const n = 250_000
	for b.Loop() {
		if _, err := CheckRows(context.Background(), rows(n), stockMapping, CheckOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// million is 1,000,000 rows of the first 12 columns of mixed.
type million struct {
	list [][]cell.Cell
	at   int
}

func (m *million) Next() bool              { m.at++; return m.at <= 1_000_000 }
func (m *million) Row() (int, []cell.Cell) { return m.at + 1, m.list[m.at%len(m.list)] }
func (m *million) Err() error              { return nil }

// BenchmarkCheckMillion checks 1,000,000 rows of 12 columns as before a run: the rows are
// summed up, so that they are known again.
func BenchmarkCheckMillion(b *testing.B) {
	m, list := mixed()
	m.Fields = m.Fields[:12]
	for i := range list {
		list[i] = list[i][:12]
	}
	for b.Loop() {
		if _, err := CheckRows(context.Background(), &million{list: list}, m, CheckOptions{Marks: []int64{}}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestEncoderAllocates nothing per row.
func TestEncoderAllocates(t *testing.T) {
	m, list := mixed()
	e, err := NewEncoder(m, PolicyStop)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		list[i][3] = cell.Cell{Kind: cell.Number, Float: 922337203685477.6, Text: "922337203685477.5807"}
		list[i][6] = padded(42, 5)
		list[i][7] = textCell("12345")
		list[i][11] = textCell("2026-11-20 08:15")
	}
	body := make([]byte, 0, 16<<20)
	allocs := testing.AllocsPerRun(3, func() {
		body = body[:0]
		for i, row := range list {
			var ok bool
			if body, ok = e.AppendRow(body, i, row, nil); !ok {
				t.Fatal("a row was refused")
			}
		}
	})
	if allocs > 10 {
		t.Errorf("%v allocations for %d rows", allocs, len(list))
	}
}
