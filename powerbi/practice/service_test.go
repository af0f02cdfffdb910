package practice

import (
	"testing"
)

// The whole way of a sender: token, workspace, dataset, rows, count, sample.
func TestMainPath(t *testing.T) {
	b := startBench(t, Options{})
	groups := decode[struct {
		Context string `json:"@odata.context"`
		Value   []groupBody
	}](t, b.want(200, "GET", "/groups", nil).body)
	if len(groups.Value) != 2 || groups.Context == "" {
		t.Fatalf("groups: %+v", groups)
	}
	path, id := b.stock("None")
	r := b.want(200, "POST", path+"/tables/Stock/rows", `{"rows":[`+stockRow+`,`+stockRow+`]}`)
	if r.body != "" {
		t.Errorf("rows answered %q, want an empty body", r.body)
	}
	r = b.want(200, "POST", path+"/executeQueries", `{"queries":[{"query":"EVALUATE ROW(\"n\", COUNTROWS('Stock'))"}],"serializerSettings":{"includeNulls":true}}`)
	if r.body != `{"results":[{"tables":[{"rows":[{"[n]":2}]}]}]}` {
		t.Errorf("count answered %s", r.body)
	}
	r = b.want(200, "POST", path+"/executeQueries", `{"queries":[{"query":"EVALUATE TOPN(1,'Stock')"}]}`)
	if want := `{"results":[{"tables":[{"rows":[{"Stock[Depot]":"Gent","Stock[CountedOn]":"2026-11-20T00:00:00","Stock[Units]":42,"Stock[Value]":1234.50}]}]}]}`; r.body != want {
		t.Errorf("sample answered %s\nwant %s", r.body, want)
	}
	rows, err := b.s.Rows(b.group, id, "Stock")
	if err != nil || len(rows) != 2 || string(rows[0]) != stockRow {
		t.Errorf("rows stored: %s, %v", rows, err)
	}
	b.want(200, "DELETE", path+"/tables/Stock/rows", nil)
	r = b.want(200, "POST", path+"/executeQueries", `{"queries":[{"query":"EVALUATE ROW(\"n\", COUNTROWS('Stock'))"}],"serializerSettings":{"includeNulls":true}}`)
	if r.body != `{"results":[{"tables":[{"rows":[{"[n]":null}]}]}]}` {
		t.Errorf("count of an empty table answered %s", r.body)
	}
}
