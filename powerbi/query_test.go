package powerbi_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/failure"
)

func TestCountRows(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		want         int64
		fails        bool
	}{
		{"count", `{"results":[{"tables":[{"rows":[{"[n]":1234}]}]}]}`, 1234, false},
		{"blank", `{"results":[{"tables":[{"rows":[{"[n]":null}]}]}]}`, 0, false},
		{"blank left out", `{"results":[{"tables":[{"rows":[{}]}]}]}`, 0, false},
		{"large", `{"results":[{"tables":[{"rows":[{"[n]":9007199254740993}]}]}]}`, 9007199254740993, false},
		{"no result", `{"results":[]}`, 0, true},
		{"two rows", `{"results":[{"tables":[{"rows":[{"[n]":1},{"[n]":2}]}]}]}`, 0, true},
		{"fraction", `{"results":[{"tables":[{"rows":[{"[n]":1.5}]}]}]}`, 0, true},
		{"negative", `{"results":[{"tables":[{"rows":[{"[n]":-1}]}]}]}`, 0, true},
		{"text", `{"results":[{"tables":[{"rows":[{"[n]":"1"}]}]}]}`, 0, true},
		{"error inside", `{"results":[{"tables":[{"rows":[{"[n]":1}]}],"error":{"code":"x","message":"y"}}]}`, 0, true},
		{"error outside", `{"error":{"code":"x"}}`, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, says(200, c.answer))
			n, err := powerbi.NewClient(s.URL, fixed("t"), nil).CountRows(t.Context(), "w", "d", "Bob's \"stock\"")
			if n != c.want || (err != nil) != c.fails {
				t.Errorf("%d, %v", n, err)
			}
			want := `{"queries":[{"query":"EVALUATE ROW(\"n\", COUNTROWS('Bob''s \"stock\"'))"}],"serializerSettings":{"includeNulls":true}}`
			if !strings.Contains(s.seen[0], want) {
				t.Errorf("asked %s", s.seen[0])
			}
		})
	}
}

func TestSampleRows(t *testing.T) {
	s := serve(t, says(200, `{"results":[{"tables":[{"rows":[
		{"My stock[Depot]":"Gent","'My stock'[Units]":0.10,"My stock[a [b]]":null,"[n]":true,"bare":1}]}],
		"error":{"code":"ResultTooLarge","message":"cut off"}}]}`))
	rows, err := powerbi.NewClient(s.URL, fixed("t"), nil).SampleRows(t.Context(), "w", "d", "My stock", 5)
	want := []map[string]any{{"Depot": "Gent", "Units": json.Number("0.10"), "a [b]": nil, "n": true, "bare": json.Number("1")}}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("rows %#v", rows)
	}
	if f, _ := failure.From(err); !errors.Is(err, powerbi.ErrTruncated) || f.Details != "Rows: 1\nMessage: ResultTooLarge cut off" {
		t.Errorf("%v", err)
	}
	if !strings.Contains(s.seen[0], `EVALUATE TOPN(5, 'My stock')`) {
		t.Errorf("asked %s", s.seen[0])
	}
	if rows, err := powerbi.NewClient(s.URL, fixed("t"), nil).SampleRows(t.Context(), "w", "d", "My stock", 0); rows != nil || err != nil || len(s.seen) != 1 {
		t.Errorf("no rows wanted: %v, %v", rows, err)
	}
}

// The service cuts a large result off and answers 200.
func TestTruncatedResult(t *testing.T) {
	b := newBench(t, practice.AppPractice, practice.Options{})
	long := powerbi.DatasetSchema{Name: "Depots", Tables: []powerbi.Table{table("T", text("a"), text("b"), text("c"), text("d"))}}
	d, err := b.client.CreateDataset(t.Context(), b.workspace, long, "")
	if err != nil {
		t.Fatal(err)
	}
	letters := strings.Repeat("x", powerbi.MaxStringLength)
	row := `{"a":"` + letters + `","b":"` + letters + `","c":"` + letters + `","d":"` + letters + `"}`
	body := []byte(`{"rows":[` + strings.TrimSuffix(strings.Repeat(row+",", 500), ",") + `]}`)
	for range 2 {
		if _, err := b.client.AddRows(t.Context(), b.workspace, d.ID, "T", body); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := b.client.SampleRows(t.Context(), b.workspace, d.ID, "T", 1000)
	if !errors.Is(err, powerbi.ErrTruncated) || len(rows) == 0 || len(rows) == 1000 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}
