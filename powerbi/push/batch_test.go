package push

import (
	"context"
	"testing"

	"pushdesk/powerbi/push/mapping"
)

// TestCheckKnowsTheBatches compares sizes with the bodies that a run makes.
func TestCheckKnowsTheBatches(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]mapping.BatchSize{"rows": {Rows: 300, Bytes: mapping.BatchBytes}, "bytes": {Rows: 10_000, Bytes: 5000}, "one row": {Rows: 10_000, Bytes: 1}} {
		r, err := mapping.CheckRows(context.Background(), rows(1234), stockMapping, mapping.CheckOptions{Size: size})
		if err != nil {
			t.Fatal(err)
		}
		bodies, bytes := 0, 0
		e, _ := mapping.NewEncoder(stockMapping, mapping.PolicyStop)
		src := rows(1234)
		b := &batch{}
		b.reset()
		end := func() {
			b.close()
			bodies++
			bytes += len(b.body)
			if name == "bytes" && len(b.body) > size.Bytes {
				t.Errorf("a body of %d bytes", len(b.body))
			}
			b.reset()
		}
		for src.Next() {
			number, cells := src.Row()
			line, _ := e.AppendRow(nil, number, cells, nil)
			if size.Full(bodies, b.size(), len(b.body), len(line)) {
				end()
			}
			b.begin()
			b.body = append(b.body, line...)
			b.add(number, src.I)
		}
		end()
		if r.Batches != bodies || r.Bytes != int64(bytes) {
			t.Errorf("%s: %d batches of %d bytes, made %d of %d", name, r.Batches, r.Bytes, bodies, bytes)
		}
	}
}
