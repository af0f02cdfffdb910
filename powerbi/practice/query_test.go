package practice

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/fixture"
)

// query runs a query and gives the answer.
func (b *harness) query(path, dax string, nulls bool) reply {
	b.t.Helper()
	body, err := json.Marshal(map[string]any{"queries": []map[string]string{{"query": dax}}, "serializerSettings": map[string]bool{"includeNulls": nulls}})
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do("POST", path+"/executeQueries", string(body))
}

func TestQueries(t *testing.T) {
	b := newHarness(t, Options{})
	columns, _ := json.Marshal([]powerbi.Table{{Name: "All types", Columns: fixture.EveryType}, {Name: "Empty", Columns: fixture.EveryType[:1]}})
	r := b.want(201, "POST", "/groups/"+b.group+"/datasets", `{"name":"D","tables":`+string(columns)+`}`)
	path := "/groups/" + b.group + "/datasets/" + decode[api.Dataset](t, r.body).ID
	b.want(200, "POST", path+"/tables/All%20types/rows", `{"rows":[
		{"S":"a \"b\" é","I":9007199254740993,"F":0.1,"D":1234.5600,"B":true,"T":"2026-11-20"},
		{"S":null,"I":null,"F":null,"D":null,"B":null,"T":null},
		{"S":"","I":0,"F":1e10,"D":0,"B":false,"T":"2026-11-20 08:15:30.125"},
		{"S":"x","I":-1,"F":0,"D":0,"B":false,"T":"2026-11-20T08:15:30+02:00"},
		{"S":"x","I":-1,"F":0,"D":0,"B":false,"T":"11\/20\/2026"}]}`)
	wrap := func(rows string) string { return `{"results":[{"tables":[{"rows":[` + rows + `]}]}]}` }
	first := `{"All types[S]":"a \"b\" é","All types[I]":9007199254740993,"All types[F]":0.1,"All types[D]":1234.5600,"All types[B]":true,"All types[T]":"2026-11-20T00:00:00"}`
	for _, c := range []struct {
		dax   string
		nulls bool
		want  string
	}{
		{`EVALUATE TOPN(1, 'All types')`, false, wrap(first)},
		{`EVALUATE TOPN(2, 'all TYPES')`, false, wrap(first + `,{}`)},
		{`EVALUATE TOPN(0, 'All types')`, false, wrap(``)},
		{`EVALUATE 'Empty'`, true, wrap(``)},
		{`EVALUATE ROW("n", COUNTROWS('All types'))`, true, wrap(`{"[n]":5}`)},
		{`EVALUATE ROW("n", COUNTROWS('All types'), "e", COUNTROWS(Empty))`, true, wrap(`{"[n]":5,"[e]":null}`)},
		{`EVALUATE ROW("n", COUNTROWS('Empty'))`, false, wrap(`{}`)},
		{`EVALUATE { COUNTROWS('All types') }`, false, wrap(`{"[Value]":5}`)},
	} {
		if r := b.query(path, c.dax, c.nulls); r.status != 200 || r.body != c.want {
			t.Errorf("%s: %d %s\nwant %s", c.dax, r.status, r.body, c.want)
		}
	}
	all := b.query(path, `EVALUATE 'All types'`, true).body
	for _, want := range []string{`"All types[S]":null`, `"2026-11-20T08:15:30.127"`, `"2026-11-20T06:15:30"`, `-1,"All types[F]":0`} {
		if !strings.Contains(all, want) {
			t.Errorf("no %s in %s", want, all)
		}
	}
	for _, dax := range []string{`SELECT 1`, `EVALUATE 'Nothing'`, `EVALUATE ROW("n", COUNTROWS('Nothing'))`, `EVALUATE 'All types`} {
		r := b.query(path, dax, true)
		if e := decode[api.ErrorBody](t, r.body).Error; r.status != 400 || e.Code != "DatasetExecuteQueriesError" || !strings.Contains(r.body, `"code":"DetailsMessage","detail":{"type":1,"value":"`) || strings.Contains(r.body, `"value":""`) {
			t.Errorf("%s: %d %s", dax, r.status, r.body)
		}
	}
	b.want(400, "POST", path+"/executeQueries", `{"queries":[]}`)
	b.want(400, "POST", path+"/executeQueries", `{"queries":[{"query":"EVALUATE Empty"},{"query":"EVALUATE Empty"}]}`)
	b.want(400, "POST", path+"/executeQueries", `{"query":"x"}`)
}

// A result that is too large is cut off, with status 200 and an error inside.
func TestLargeResultIsCutOff(t *testing.T) {
	b := newHarness(t, Options{Behavior: faults.Behavior{NoLimits: true}})
	r := b.want(201, "POST", "/groups/"+b.group+"/datasets", `{"name":"D","tables":[{"name":"T","columns":[{"name":"A","dataType":"Int64"}]},{"name":"Long","columns":[{"name":"A","dataType":"String"}]}]}`)
	path := "/groups/" + b.group + "/datasets/" + decode[api.Dataset](t, r.body).ID
	small := `{"rows":[` + strings.TrimSuffix(strings.Repeat(`{"A":1},`, 10_000), ",") + `]}`
	for range 10 {
		b.want(200, "POST", path+"/tables/T/rows", small)
	}
	if r := b.query(path, "EVALUATE T", false); r.status != 200 || strings.Contains(r.body, `"error"`) || strings.Count(r.body, "T[A]") != 100_000 {
		t.Errorf("100,000 rows: %d, %d rows", r.status, strings.Count(r.body, "T[A]"))
	}
	b.want(200, "POST", path+"/tables/T/rows", `{"rows":[{"A":2}]}`)
	if r := b.query(path, "EVALUATE T", false); r.status != 200 || !strings.Contains(r.body, `"error":{"code":"ResultSetTooLarge"`) || strings.Count(r.body, "T[A]") != 100_000 {
		t.Errorf("100,001 rows: %d, %d rows", r.status, strings.Count(r.body, "T[A]"))
	}
	long := `{"rows":[` + strings.TrimSuffix(strings.Repeat(`{"A":"`+strings.Repeat("x", 4000)+`"},`, 4000), ",") + `]}`
	b.want(200, "POST", path+"/tables/Long/rows", long)
	if r := b.query(path, "EVALUATE Long", false); r.status != 200 || !strings.Contains(r.body, "15 MB") || len(r.body) > 16<<20 {
		t.Errorf("15 MB: %d, %d bytes", r.status, len(r.body))
	}
}

// TestFilters: rows are found by their values, as the engine compares them.
func TestFilters(t *testing.T) {
	b := newHarness(t, Options{})
	columns, _ := json.Marshal([]powerbi.Table{{Name: "T", Columns: []powerbi.Column{{Name: "A]b", DataType: powerbi.String}, {Name: "I", DataType: powerbi.Int64}, {Name: "B", DataType: powerbi.Boolean}}}})
	r := b.want(201, "POST", "/groups/"+b.group+"/datasets", `{"name":"D","tables":`+string(columns)+`}`)
	path := "/groups/" + b.group + "/datasets/" + decode[api.Dataset](t, r.body).ID
	b.want(200, "POST", path+"/tables/T/rows", `{"rows":[{"A]b":"x \"y\"","I":1,"B":true},{"A]b":"X \"Y\" ","I":-2,"B":false},{"A]b":null,"I":null,"B":null},{"A]b":"","I":4,"B":true}]}`)
	for condition, want := range map[string]string{
		`'T'[A]]b] = "x ""y"""`:                  "1 -2",
		`'T'[I] = -2`:                            "-2",
		`T[B] = TRUE()`:                          "1 4",
		`'T'[B] = FALSE()`:                       "-2",
		`ISBLANK('T'[I])`:                        "<nil>",
		`'T'[A]]b] = ""`:                         "<nil> 4",
		`'T'[B] = TRUE() && 'T'[I] = 4`:          "4",
		`('T'[I] = 1) || ('T'[I] = 4 && TRUE())`: "1 4",
		`'T'[I] = 1 || 'T'[I] = 4 && 'T'[I] = 5`: "1",
		`'T'[none] = 1`:                          "",
	} {
		r := b.query(path, "EVALUATE TOPN(10, FILTER('T', "+condition+"))", true)
		var found struct {
			Results []struct {
				Tables []struct {
					Rows []map[string]any `json:"rows"`
				} `json:"tables"`
			} `json:"results"`
		}
		if err := json.Unmarshal([]byte(r.body), &found); err != nil || r.status != 200 {
			t.Errorf("%s: %d %s", condition, r.status, r.body)
			continue
		}
		var got []string
		for _, row := range found.Results[0].Tables[0].Rows {
			got = append(got, fmt.Sprint(row["T[I]"]))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", condition, got, want)
		}
	}
	for _, bad := range []string{`'T'[I]`, `'T'[I] = `, `'S'[I] = 1`, `'T'[I] = 1 &&`, `('T'[I] = 1`, strings.Repeat("(", 500) + "TRUE()" + strings.Repeat(")", 500), `'T'[I] = 1 & 'T'[I] = 2`} {
		if r := b.query(path, "EVALUATE FILTER('T', "+bad+")", true); r.status != 400 {
			t.Errorf("%s: %d %s", bad, r.status, r.body)
		}
	}
}
