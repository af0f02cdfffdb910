package practice

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/fixture"
)

func TestCreateListDelete(t *testing.T) {
	b := newHarness(t, Options{})
	datasets := "/groups/" + b.group + "/datasets"
	path, id := b.stock("basicFIFO")
	_, twin := b.stock("basicFIFO")
	if id == twin {
		t.Fatal("two datasets with one ID")
	}
	got := decode[api.Dataset](t, b.want(200, "GET", path, nil).body)
	if got.Name != "Depot stock" || !got.AddRowsAPIEnabled || got.DefaultRetentionPolicy != powerbi.RetentionFIFO || got.ConfiguredBy != "Practice" || got.IsRefreshable {
		t.Errorf("dataset: %+v", got)
	}
	list := decode[struct{ Value []api.Dataset }](t, b.want(200, "GET", datasets, nil).body)
	if text := string(b.want(200, "GET", datasets, nil).body); !strings.Contains(text, `"@odata.count":3`) {
		t.Errorf("a list without the count of what is in it: %s", text)
	}
	names := []string{}
	for _, d := range list.Value {
		names = append(names, fmt.Sprint(d.Name, " ", d.AddRowsAPIEnabled))
	}
	if got := strings.Join(names, ", "); got != "Budget model false, Depot stock true, Depot stock true" {
		t.Errorf("datasets: %s", got)
	}
	b.want(200, "DELETE", path, nil)
	b.want(404, "DELETE", path, nil)
	b.want(404, "GET", path, nil)
	b.want(404, "POST", path+"/tables/Stock/rows", fixture.StockRows(1))
	if r := b.want(201, "POST", datasets, `{"name":"D","tables":[{"name":"T","columns":[{"name":"A","dataType":"BOOL"}]}]}`); decode[api.Dataset](t, r.body).DefaultRetentionPolicy != powerbi.RetentionNone {
		t.Errorf("without a policy: %s", r.body)
	}
}

func TestOrdinaryDataset(t *testing.T) {
	b := newHarness(t, Options{})
	list := decode[struct{ Value []api.Dataset }](t, b.want(200, "GET", "/groups/"+b.group+"/datasets", nil).body)
	path := "/groups/" + b.group + "/datasets/" + list.Value[0].ID
	for _, c := range [][2]string{{"GET", "/tables"}, {"POST", "/tables/Budget/rows"}, {"DELETE", "/tables/Budget/rows"}, {"PUT", "/tables/Budget"}} {
		r := b.do(c[0], path+c[1], `{"name":"Budget","columns":[{"name":"A","dataType":"String"}]}`)
		if r.status != 404 || r.code() != "ItemNotFound" || !strings.Contains(r.body, "is not Push API dataset") {
			t.Errorf("%v: %d %s", c, r.status, r.body)
		}
	}
}

func TestSchemaRules(t *testing.T) {
	b := newHarness(t, Options{})
	datasets := "/groups/" + b.group + "/datasets"
	column := `{"name":"A","dataType":"String"}`
	columns := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(`{"name":"C%d","dataType":"Int64"}`, i)
		}
		return strings.Join(list, ",")
	}
	tables := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(`{"name":"T%d","columns":[%s]}`, i, column)
		}
		return strings.Join(list, ",")
	}
	one := func(table string) string { return `{"name":"D","tables":[` + table + `]}` }
	withColumns := func(c string) string { return one(`{"name":"T","columns":[` + c + `]}`) }
	related := func(r string) string {
		return `{"name":"D","tables":[` + tables(2) + `],"relationships":[` + r + `]}`
	}
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"smallest", withColumns(column), 201},
		{"75 columns", withColumns(columns(75)), 201},
		{"76 columns", withColumns(columns(76)), 400},
		{"no columns", withColumns(""), 400},
		{"75 tables", one(tables(75)), 201},
		{"76 tables", one(tables(76)), 400},
		{"no tables", one(""), 400},
		{"no name", `{"tables":[` + tables(1) + `]}`, 400},
		{"every column property", withColumns(`{"name":"A","dataType":"String","formatString":"0","sortByColumn":"A","dataCategory":"City","summarizeBy":"none","isHidden":true}`), 201},
		{"measure", one(`{"name":"T","columns":[` + column + `],"measures":[{"name":"M","expression":"1"}]}`), 201},
		{"measure named as a column", one(`{"name":"T","columns":[` + column + `],"measures":[{"name":"a","expression":"1"}]}`), 400},
		{"measure without expression", one(`{"name":"T","columns":[` + column + `],"measures":[{"name":"M"}]}`), 400},
		{"streaming with a format", `{"name":"D","defaultMode":"PushStreaming","tables":[{"name":"T","columns":[{"name":"A","dataType":"String","formatString":"0"}]}]}`, 400},
		{"streaming", `{"name":"D","defaultMode":"PushStreaming","tables":[` + tables(1) + `]}`, 201},
		{"mode in another case", `{"name":"D","defaultMode":"push","tables":[` + tables(1) + `]}`, 400},
		{"mode of another kind", `{"name":"D","defaultMode":"AsAzure","tables":[` + tables(1) + `]}`, 400},
		{"data sources", `{"name":"D","datasources":[{}],"tables":[` + tables(1) + `]}`, 400},
		{"unknown type", withColumns(`{"name":"A","dataType":"Money"}`), 400},
		{"no type", withColumns(`{"name":"A"}`), 400},
		{"property in another case", withColumns(`{"name":"A","datatype":"String"}`), 400},
		{"unknown property", withColumns(`{"name":"A","dataType":"String","color":"red"}`), 400},
		{"two columns of one name", withColumns(`{"name":"A","dataType":"String"},{"name":"a","dataType":"String"}`), 400},
		{"two tables of one name", one(`{"name":"T","columns":[` + column + `]},{"name":"t","columns":[` + column + `]}`), 400},
		{"sorted by nothing", withColumns(`{"name":"A","dataType":"String","sortByColumn":"B"}`), 400},
		{"unknown summary", withColumns(`{"name":"A","dataType":"String","summarizeBy":"most"}`), 400},
		{"odd column name", withColumns(`{"name":"Net/Gross (€) [x] 'y'","dataType":"String"}`), 201},
		{"empty column name", withColumns(`{"name":"","dataType":"String"}`), 400},
		{"control in a column name", withColumns(`{"name":"a\u0001","dataType":"String"}`), 400},
		{"table name with signs", one(`{"name":"Q1 #-@^_~ é","columns":[` + column + `]}`), 201},
		{"table name with a dot", one(`{"name":"Q1.Sales","columns":[` + column + `]}`), 400},
		{"table name with a slash", one(`{"name":"Q1/Q2","columns":[` + column + `]}`), 400},
		{"table name of 101", one(`{"name":"` + strings.Repeat("x", 101) + `","columns":[` + column + `]}`), 400},
		{"relationship", related(`{"name":"r","fromTable":"T0","fromColumn":"A","toTable":"T1","toColumn":"A","crossFilteringBehavior":"OneDirection"}`), 201},
		{"relationship to nowhere", related(`{"name":"r","fromTable":"T0","fromColumn":"A","toTable":"T1","toColumn":"B"}`), 400},
		{"relationship that filters oddly", related(`{"name":"r","fromTable":"T0","fromColumn":"A","toTable":"T1","toColumn":"A","crossFilteringBehavior":"Sideways"}`), 400},
		{"text after the JSON", withColumns(column) + "x", 400},
		{"no JSON", "hello", 400},
		{"nothing", "", 400},
		{"huge", `{"name":"` + strings.Repeat("x", 2<<20) + `"}`, 400},
	} {
		if r := b.do("POST", datasets, c.body); r.status != c.status {
			t.Errorf("%s: %d %s, want %d", c.name, r.status, r.body, c.status)
		} else if r.status == 400 && r.code() == "" {
			t.Errorf("%s: no code in %s", c.name, r.body)
		}
	}
	b.want(400, "POST", datasets+"?defaultRetentionPolicy=forever", withColumns(column))
}

func TestTablesAnswerNamesOnly(t *testing.T) {
	for _, columns := range []bool{false, true} {
		b := newHarness(t, Options{Behavior: faults.Behavior{ColumnsInTables: columns}})
		path, _ := b.stock("None")
		r := b.want(200, "GET", path+"/tables", nil)
		list := decode[struct{ Value []powerbi.Table }](t, r.body)
		if len(list.Value) != 1 || list.Value[0].Name != "Stock" || (len(list.Value[0].Columns) == 4) != columns {
			t.Errorf("columns %v: %s", columns, r.body)
		}
	}
}

func TestTableNameInThePath(t *testing.T) {
	b := newHarness(t, Options{})
	name := "Q1 #1 Überseehäfen ~"
	table, _ := json.Marshal(powerbi.Table{Name: name, Columns: []powerbi.Column{{Name: "A'[x]", DataType: powerbi.Int64}}})
	r := b.want(201, "POST", "/groups/"+b.group+"/datasets", `{"name":"D","tables":[`+string(table)+`]}`)
	path := "/groups/" + b.group + "/datasets/" + decode[api.Dataset](t, r.body).ID
	b.want(200, "POST", path+"/tables/"+url.PathEscape(name)+"/rows", `{"rows":[{"A'[x]":1}]}`)
	body, _ := json.Marshal(map[string]any{"queries": []map[string]string{{"query": "EVALUATE TOPN(5, '" + name + "')"}}})
	if r := b.want(200, "POST", path+"/executeQueries", string(body)); !strings.Contains(r.body, `{"`+name+`[A'[x]]":1}`) {
		t.Errorf("query: %s", r.body)
	}
}

func TestUpdateTable(t *testing.T) {
	b := newHarness(t, Options{})
	path, id := b.stock("None")
	rows := path + "/tables/Stock/rows"
	b.want(200, "POST", rows, `{"rows":[`+fixture.StockRow+`]}`)
	r := b.want(200, "PUT", path+"/tables/Stock", `{"name":"Stock","columns":[{"name":"Units","dataType":"Int64"},{"name":"Value","dataType":"String"},{"name":"Note","dataType":"String"}]}`)
	if decode[powerbi.Table](t, r.body).Name != "Stock" {
		t.Errorf("answer %s", r.body)
	}
	b.want(400, "POST", rows, `{"rows":[`+fixture.StockRow+`]}`)
	b.want(200, "POST", rows, `{"rows":[{"Units":7,"Value":"x","Note":"y"}]}`)
	stored, err := b.s.Rows(b.group, id, "Stock")
	if err != nil {
		t.Fatal(err)
	}
	// What stays of old rows is assumed: the same column with the same type.
	if got := fmt.Sprintf("%s", stored); got != `[{"Units":42,"Value":null,"Note":null} {"Units":7,"Value":"x","Note":"y"}]` {
		t.Errorf("rows after the change: %s", got)
	}
	b.want(400, "PUT", path+"/tables/Stock", `{"name":"Other","columns":[{"name":"A","dataType":"String"}]}`)
	b.want(400, "PUT", path+"/tables/Stock", `{"name":"Stock","columns":[]}`)
	b.want(404, "PUT", path+"/tables/Other", `{"name":"Other","columns":[{"name":"A","dataType":"String"}]}`)
}

// TestUpdateTableReplacesAll: measures, settings and relationships are those of the request.
func TestUpdateTableReplacesAll(t *testing.T) {
	for _, empties := range []bool{false, true} {
		b := newHarness(t, Options{Behavior: faults.Behavior{AlterEmpties: empties}})
		r := b.want(201, "POST", "/groups/"+b.group+"/datasets", `{"name":"D","tables":[
			{"name":"T","description":"d","isHidden":true,"columns":[{"name":"A","dataType":"Int64","formatString":"0"},{"name":"B","dataType":"Int64"},{"name":"C","dataType":"Int64"}],"measures":[{"name":"M","expression":"1"},{"name":"N","expression":"2"}]},
			{"name":"U","columns":[{"name":"A","dataType":"Int64"},{"name":"B","dataType":"Int64"},{"name":"C","dataType":"Int64"}]}],
			"relationships":[{"name":"a","fromTable":"T","fromColumn":"A","toTable":"U","toColumn":"A"},{"name":"b","fromTable":"T","fromColumn":"B","toTable":"U","toColumn":"B"},{"name":"c","fromTable":"U","fromColumn":"C","toTable":"T","toColumn":"C"}]}`)
		path := "/groups/" + b.group + "/datasets/" + decode[api.Dataset](t, r.body).ID
		b.want(200, "POST", path+"/tables/T/rows", `{"rows":[{"A":1,"B":2,"C":3}]}`)
		b.want(200, "PUT", path+"/tables/T", `{"name":"T","columns":[{"name":"A","dataType":"Int64"},{"name":"C","dataType":"String"}],"measures":[{"name":"N","expression":"3"}]}`)
		def, related, err := b.s.Definition(b.group, "D", "T")
		if err != nil || def.Description != "" || def.IsHidden || def.Columns[0].FormatString != "" || len(def.Measures) != 1 || def.Measures[0].Expression != "3" {
			t.Errorf("%+v, %v", def, err)
		}
		if len(related) != 1 || related[0].Name != "a" {
			t.Errorf("%+v", related)
		}
		if n, err := b.s.CountRows(b.group, "D", "T"); err != nil || (n == 0) != empties {
			t.Errorf("%d rows, %v", n, err)
		}
	}
}

func TestRowsAreStoredWholeOrNotAtAll(t *testing.T) {
	b := newHarness(t, Options{})
	path, id := b.stock("None")
	rows := path + "/tables/Stock/rows"
	r := b.want(400, "POST", rows, `{"rows":[`+fixture.StockRow+`,{"Depot":"Luik","CountedOn":"2026-11-20","Units":1.5,"Value":1}]}`)
	e := decode[api.ErrorBody](t, r.body).Error
	if e.Code != "BadRequest" || len(e.Details) != 1 || e.Details[0].Target != "rows[1].Units" || !strings.Contains(e.Details[0].Message, "1.5") {
		t.Errorf("refused: %s", r.body)
	}
	if r := b.want(400, "POST", rows, "["+fixture.StockRow+"]"); !strings.Contains(string(r.body), "bare array of rows") {
		t.Errorf("a list in place of an object: %s", r.body)
	}
	b.want(400, "POST", rows, "")
	b.want(200, "POST", rows, `{"rows":[]}`)
	if n, err := b.s.CountRows(b.group, id, "Stock"); n != 0 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	b.want(200, "POST", rows, fixture.StockRows(1000))
	if n, _ := b.s.CountRows(Workspace, "Depot stock", "Stock"); n != 1000 {
		t.Errorf("%d rows", n)
	}
	for _, wrong := range [][3]string{{"x", id, "Stock"}, {b.group, "x", "Stock"}, {b.group, id, "x"}} {
		if _, err := b.s.Rows(wrong[0], wrong[1], wrong[2]); err == nil {
			t.Errorf("rows of %v", wrong)
		}
	}
}

func TestDiscardRows(t *testing.T) {
	b := newHarness(t, Options{DiscardRows: true})
	path, id := b.stock("None")
	b.want(200, "POST", path+"/tables/Stock/rows", fixture.StockRows(500))
	b.want(400, "POST", path+"/tables/Stock/rows", `{"rows":[{}]}`)
	n, err := b.s.CountRows(b.group, id, "Stock")
	rows, err2 := b.s.Rows(b.group, id, "Stock")
	if n != 500 || len(rows) != 0 || err != nil || err2 != nil {
		t.Errorf("%d rows counted, %d kept, %v, %v", n, len(rows), err, err2)
	}
}
