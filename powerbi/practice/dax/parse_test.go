package dax

import (
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // "" means refused
	}{
		{`EVALUATE 'Stock'`, "{Stock -1 []}"},
		{`evaluate Stock`, "{Stock -1 []}"},
		{` EVALUATE  TOPN ( 5 , 'My ''own'' table' ) `, "{My 'own' table 5 []}"},
		{`EVALUATE TOPN(0,Stock)`, "{Stock 0 []}"},
		{`EVALUATE ROW("n", COUNTROWS('Stock'))`, "{ 0 [{n Stock }]}"},
		{`EVALUATE ROW("a ""b""", COUNTROWS(A), "c", countrows('B'))`, `{ 0 [{a "b" A } {c B }]}`},
		{"EVALUATE\n{ COUNTROWS('Stock') }", "{ 0 [{Value Stock }]}"},
		{`EVALUATE ROW("n", MAX('Stock'[A]))`, "{ 0 [{n Stock A}]}"},
		{`EVALUATE TOPN(5, FILTER(DISTINCT('S'[A]), 'S'[A] > "x"), 'S'[A], ASC) ORDER BY 'S'[A] ASC`, "{S 5 []}"},
		{`EVALUATE TOPN(5, DISTINCT('S'[A]), 'S'[B], ASC)`, ""}, {`EVALUATE TOPN(5, DISTINCT('S'[A])) ORDER BY`, ""}, {`EVALUATE TOPN(5, 'S') LIMIT BY 'S'[A] ASC`, ""},
		{`EVALUATE`, ""}, {``, ""}, {`SELECT * FROM Stock`, ""}, {`EVALUATE 'Stock`, ""}, {`EVALUATE 'Stock' 'Stock'`, ""},
		{`EVALUATE TOPN('Stock',5)`, ""}, {`EVALUATE TOPN(5x,'Stock')`, ""}, {`EVALUATE TOPN(99999999999999999999,'Stock')`, ""},
		{`EVALUATE ROW("n", SUM('Stock'))`, ""}, {`EVALUATE ROW("n" COUNTROWS('Stock'))`, ""}, {`EVALUATE ROW("n", COUNTROWS('Stock')`, ""},
		{`EVALUATE {}`, ""}, {`EVALUATE 'Stock'; DROP`, ""}, {`EVALUATE (`, ""},
	} {
		q, err := Parse(c.text)
		if got := fmt.Sprintf("{%s %d %v}", q.table, q.top, q.counts); err == nil && got != c.want || err != nil && c.want != "" {
			t.Errorf("%s: %s, %v, want %s", c.text, got, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`EVALUATE ROW("n", COUNTROWS('Stock'))`)
	f.Add(`EVALUATE TOPN(5,'My ''own'' table')`)
	f.Add(`EVALUATE TOPN(5,FILTER('T', ('T'[A] = "x" && ISBLANK('T'[B])) || ('T'[C] = -5 && T[D] = TRUE())))`)
	f.Fuzz(func(t *testing.T, text string) {
		if q, err := Parse(text); err == nil && q.table == "" && len(q.counts) == 0 && !strings.Contains(text, "''") {
			t.Errorf("%q is a query of nothing", text)
		}
	})
}
