package workbook

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pushdesk/storage/remark"
)

// drawnKinds are tables drawn with characters, as programs print them and people write them.
var drawnKinds = []struct{ name, data, names, types, rows, codes string }{
	{"MySQL", "mysql> select * from t;\n+----+---------+-------+\n| id | name    | price |\n+----+---------+-------+\n|  1 | Ann     |  1.50 |\n|  2 | Bob|Lee |  3.00 |\n|  3 | NULL    |  9.25 |\n+----+---------+-------+\n3 rows in set (0.00 sec)\n",
		"id|name|price", "whole text decimal", "5|1|Ann|1.5 / 6|2|Bob|Lee|3 / 7|3||9.25", "drawn-table beside-table null-words rule-line"},
	{"psql", " id |  name   | price \n----+---------+-------\n  1 | Ann     |  1.50\n  2 | Bob|Lee |      \n  3 |         |  9.25\n(3 rows)\n\n",
		"id|name|price", "whole text decimal", "3|1|Ann|1.5 / 4|2|Bob|Lee| / 5|3||9.25", "drawn-table beside-table rule-line"},
	{"psql, several lines in a value", " id | note  | n \n----+-------+---\n  1 | one  +| 4\n    | two   | \n  2 | C+    | 5\n(2 rows)\n",
		"id|note|n", "whole text whole", "3|1|one\ntwo|4 / 5|2|C+|5", "drawn-table beside-table joined-lines rule-line"},
	{"MySQL, a line break in a value", "+----+---------+------+\n| id | note    | n    |\n+----+---------+------+\n|  1 | one\ntwo |    4 |\n|  2 | x       |    5 |\n+----+---------+------+\n",
		"id|note|n", "whole text whole", "4|1|one\ntwo|4 / 6|2|x|5", "drawn-table joined-lines rule-line"},
	{"SQLite's boxes", "┌────┬─────────┬───────┐\n│ id │  name   │ price │\n├────┼─────────┼───────┤\n│ 1  │ Zoë     │ 1.5   │\n│ 2  │ Bob|Lee │ 3.25  │\n└────┴─────────┴───────┘\n",
		"id|name|price", "whole text decimal", "4|1|Zoë|1.5 / 5|2|Bob|Lee|3.25", "drawn-table rule-line"},
	{"DuckDB", "┌───────┬─────────┬────────────┐\n│  id   │  name   │    day     │\n│ int32 │ varchar │    date    │\n├───────┼─────────┼────────────┤\n│     1 │ Ann     │ 2024-01-05 │\n│   ·   │ ·       │     ·      │\n│     2 │ Bob     │ 2024-01-06 │\n├───────┴─────────┴────────────┤\n│ 2 rows             3 columns │\n└──────────────────────────────┘\n",
		"id|name|day", "whole text datetime", "5|1|Ann|2024-01-05 / 7|2|Bob|2024-01-06", "drawn-table beside-table dots-for-rows units rule-line"},
	{"wide letters", "+------+-------+-----+\n| 品名 | メモ  | 数  |\n+------+-------+-----+\n| 鉛筆 | a|b   |   3 |\n| ink  | 無|し |   4 |\n+------+-------+-----+\n",
		"品名|メモ|数", "text text whole", "4|鉛筆|a|b|3 / 5|ink|無|し|4", "drawn-table rule-line"},
	{"lines between all rows", "+------+-----------+-----+\n| Item | Note      | Qty |\n+======+===========+=====+\n| Nut  | long text |   3 |\n|      | goes on   |     |\n+------+-----------+-----+\n| Bolt | short     |  10 |\n+------+-----------+-----+\n| Pin  |           |   7 |\n+------+-----------+-----+\n",
		"Item|Note|Qty", "text text whole", "4|Nut|long text\ngoes on|3 / 7|Bolt|short|10 / 9|Pin||7", "drawn-table joined-lines rule-line"},
	{"SAP, a bar in a value", "----------------------------\n|Konto |Text       | Betrag |\n----------------------------\n|001000|Miete      |1.200,00|\n|001020|Wasser|Gas |   12,50|\n----------------------------\n",
		"Konto|Text|Betrag", "text text decimal", "4|001000|Miete|1200 / 5|001020|Wasser|Gas|12.5", "drawn-table rule-line"},
	{"Markdown", "# Stock\n\nAll of it | some.\n\n| Name | Cmd | Units |\n|:-----|:---:|------:|\n| Nut | a \\| b | 3 |\n| Bolt | `x | y` | 1200 |\n| Pin || 7 |\n\nMore text.\n",
		"Name|Cmd|Units", "text text whole", "7|Nut|a | b|3 / 8|Bolt|`x | y`|1200 / 9|Pin||7", "drawn-table beside-table escaped-bars rule-line"},
	{"Markdown without outer bars", "Name | Cmd | Units\n:--- | --- | ---:\nNut | a \\| b | 3\nBolt | `x | y` | 1200\n",
		"Name|Cmd|Units", "text text whole", "3|Nut|a | b|3 / 4|Bolt|`x | y`|1200", "drawn-table escaped-bars rule-line"},
	{"a table of Org", "| Name | Units |\n|------+-------|\n| Nut  |     3 |\n| Bolt |     4 |\n", "Name|Units", "text whole", "3|Nut|3 / 4|Bolt|4", "drawn-table rule-line"},
	{"two tables", "+----+------+\n| id | v    |\n+----+------+\n|  1 | a    |\n+----+------+\n1 row in set (0.00 sec)\n\n+------+-----+-----+\n| town | all | new |\n+------+-----+-----+\n| Oslo |   3 |   1 |\n+------+-----+-----+\n", "id|v", "whole text", "4|1|a", "drawn-table beside-table drawn-tables rule-line another-table"},
	{"two tables of Markdown", "| a | b |\n|---|---|\n| 1 | x |\n\nSome words.\n\n| c | d |\n|---|---|\n| y | 2 |\n", "a|b", "whole text", "3|1|x", "drawn-table beside-table drawn-tables rule-line another-table"},
	{"rows of any width", "| Name | Qty |\n| ---- | --- |\n| A | 1 | extra |\n| B |\n| C | 3 |\n", "Name|Qty|Column C", "text whole text", "3|A|1|extra / 4|B|| / 5|C|3|", "drawn-table long-rows ragged rule-line"},
	{"psql, lines of boxes", "┌────┬──────┐\n│ id │ name │\n├────┼──────┤\n│  1 │ one ↵│\n│    │ two  │\n│  2 │ x    │\n└────┴──────┘\n(2 rows)\n", "id|name", "whole text", "4|1|one\ntwo / 6|2|x", "drawn-table beside-table joined-lines rule-line"},
	{"psql, one column", " id \n----\n  1\n  2\n(2 rows)\n", "id", "whole", "3|1 / 4|2", "rule-line note-left-out"},
	{"SAP, a column of marks", "----------------------\n|  |Konto |   Saldo  |\n----------------------\n|  |001000|  10,50   |\n|  |001010|   2,25-  |\n----------------------\n|* |      |   8,25   |\n----------------------\n", "Column A|Konto|Saldo", "text text decimal", "4||001000|10.5 / 5||001010|-2.25", "drawn-table empty reading rule-line total-left-out"},
	{"columns of text", "CONTAINER ID   IMAGE          NAMES\n1a2b3c4d5e6f   nginx:latest   web\n2b3c4d5e6f7a   redis:7        cache one\n3c4d5e6f7a8b   app            job\n", "CONTAINER ID|IMAGE|NAMES", "text text text", "2|1a2b3c4d5e6f|nginx:latest|web / 3|2b3c4d5e6f7a|redis:7|cache one / 4|3c4d5e6f7a8b|app|job", "fixed-width header-guess"},
	{"wiki", "h2. Stock\n\n||head||qty||price||\n|Nut|3|2.5|\n|Bolt| |3.5|\n|Pin \\| in||4|\n", "head|qty|price", "text whole decimal", "4|Nut|3|2.5 / 5|Bolt||3.5 / 6|Pin | in||4", "drawn-table beside-table escaped-bars"},
	{"one column between lines", "+----+\n| id |\n+----+\n|  1 |\n|  2 |\n+----+\n", "id", "whole", "4|1 / 5|2", "drawn-table rule-line"},
}

// TestDrawnTables: a table that is drawn with characters is read as a table, and said.
func TestDrawnTables(t *testing.T) {
	for _, k := range drawnKinds {
		for _, end := range []string{"\n", "\r\n"} {
			r, err := readAll(t, put(t, "x.txt", []byte(strings.ReplaceAll(k.data, "\n", end))), Options{})
			if err != nil {
				t.Errorf("%s: %v", k.name, err)
				continue
			}
			var types []string
			for _, p := range r.profile.Columns {
				types = append(types, string(p.Type))
			}
			if names(r.layout) != k.names || strings.Join(types, " ") != k.types || shown(r.rows) != k.rows {
				t.Errorf("%s: %s, %s, %q", k.name, names(r.layout), types, shown(r.rows))
			}
			said := strings.Fields(strings.ReplaceAll(r.codes+" "+noteKinds(r.layout.Remarks)+" "+noteKinds(r.profile.Remarks), "text-form", ""))
			for i := range r.profile.Columns {
				said = append(said, strings.Fields(noteKinds(r.profile.Columns[i].Remarks))...)
			}
			if !sameWords(said, strings.Fields(k.codes)) {
				t.Errorf("%s: said %s", k.name, said)
			}
		}
	}
}

// sameWords reports whether two lists hold the same words, in any order.
func sameWords(a, b []string) bool {
	counts := map[string]int{}
	for _, w := range a {
		counts[w]++
	}
	for _, w := range b {
		counts[w]--
	}
	for _, n := range counts {
		if n != 0 {
			return false
		}
	}
	return true
}

// TestDrawnOtherwise: bars that draw no table are delimiters, and the drawing can be chosen
// and turned down.
func TestDrawnOtherwise(t *testing.T) {
	markdown := "| a | b |\n|---|---|\n| 1 | x |\n"
	for _, c := range []struct {
		data  string
		is    Delimiter
		names string
		found Delimiter
	}{
		{"id|name\n1|-\n2|--\n", "", "id|name", "|"},
		{"a|b|c\n-|-|-\n-|2|-\n", "|", "a|b|c", "|"},
		{markdown, "|", "a|b", "|"},
		{markdown, NoDelimiter, "| a | b |", ""},
		{markdown, Drawn, "a|b", Drawn},
		{"Item,Made\nPen,--+--\n", "", "Item|Made", ","},
	} {
		b, layout := openAs(t, put(t, "x.txt", []byte(c.data)), Options{Delimiter: c.is})
		if got := b.TextForm().Delimiter; names(layout) != c.names || got != c.found {
			t.Errorf("%q as %q: %s, %q", c.data, c.is, names(layout), got)
		}
	}
	_, err := Open(t.Context(), put(t, "x.txt", []byte("a,b\n1,2\n")), Options{Delimiter: Drawn})
	wantKind(t, err, ErrorUnsupported)
}

// openAs opens a file at its best table.
func openAs(t *testing.T, path string, o Options) (*Book, Layout) {
	t.Helper()
	b, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	src, err := b.Find(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	l, err := b.Layout(t.Context(), src, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b, l
}

// TestDelimiterOfSeveralCharacters: it is found where every line has it, with its reason and
// the runner-up, and can be chosen.
func TestDelimiterOfSeveralCharacters(t *testing.T) {
	for _, c := range []struct {
		data        string
		is          Delimiter
		names, rows string
		said        string
	}{
		{"id||name||n\n1||Ann||1.5\n2||||\n", "", "id|name|n", "2|1|Ann|1.5 / 3|2||", `separated by "||": every line has 3 values; with '|', 2 columns would be blank`},
		{"id;;name;;n\n1;;A, B;;1,5\n2;;C;;2,5\n", "", "id|name|n", "2|1|A, B|1.5 / 3|2|C|2.5", `separated by ";;": every line has 3 values; with semicolons, 2 columns would be blank`},
		{"id~|~name~|~n\n1~|~Ann~|~1.5\n", "", "id|name|n", "2|1|Ann|1.5", "the rest of the delimiter would be part of the values"},
		{"1::Toy (1995)::3\n2::Heat::4\n", "", "Column A|Column B|Column C", "1|1|Toy (1995)|3 / 2|2|Heat|4", `"::"`},
		{"id\t|\tname\n1\t|\tAnn\n2\t|\tBob\n", "", "id|name", "2|1|Ann / 3|2|Bob", `"\t|\t"`},
		{"id||name\n1||\"a||b\"\n2||\"c \"\"d\"\"\"\n", "", "id|name", `2|1|a||b / 3|2|c "d"`, `"||"`},
		{"id,,name\n1,,Ann\n2,,Bob\n", "", "id|Column B|name", "2|1||Ann / 3|2||Bob", "commas"},
		{"a|b||c\n1|2||3\n", "", "a|b|Column C|c", "2|1|2||3", `'|'`},
		{"a||b\n1||x|y\n2||z\n3||w\n", "", "a|b", "2|1|x|y / 3|2|z / 4|3|w", `"||"`},
		{"id||name||n\n1||A||2\n2||B||3\n3||C\n4||D||5\n5||E||6\n", "", "id|name|n", "2|1|A|2 / 3|2|B|3 / 4|3|C| / 5|4|D|5 / 6|5|E|6", `"||"`},
		{"a||b||c\n1||\"many\nlines\"||2\n2||y||3\n", "", "a|b|c", "2|1|many\nlines|2 / 4|2|y|3", `"||"`},
		{"a||b||c\n1||x||2\n2||y||3\n3||z\x00||4\n4||w||5\n5||v||6\n", "", "a|b|c", "2|1|x|2 / 3|2|y|3 / 4|3|z|4 / 5|4|w|5 / 6|5|v|6", "1 control character was dropped (line 4)"},
		{"# made by x\nid||name||n\n1||A||2\n2||B||3\n", "", "id|name|n", "3|1|A|2 / 4|2|B|3", `"||"`},
		{"Title, long\n\nid||name||n\n1||A||2\n2||B||3\nTotal||||5\n", "", "id|name|n", "4|1|A|2 / 5|2|B|3", `"||"`},
		{"expr,ok\na||b,1\nc||d,0\n", "", "expr|ok", "2|a||b|1 / 3|c||d|0", "commas"},
		{"Address\nfe80::1\nfe80::22\n", "", "Address", "2|fe80::1 / 3|fe80::22", "one column"},
		{"a=>b\n1=>x\n2=>y\n", "=>", "a|b", "2|1|x / 3|2|y", `"=>"`},
		{"a¦b\n1¦x\n2¦y\n", "¦", "a|b", "2|1|x / 3|2|y", `'¦'`},
		{"sep=||\na||b\n1||x\n", "", "a|b", "3|1|x", `"||", as its first line says`},
	} {
		r, err := readAll(t, put(t, "x.txt", []byte(c.data)), Options{Delimiter: c.is})
		if err != nil || names(r.layout) != c.names || shown(r.rows) != c.rows || !strings.Contains(strings.Join(r.notes, " "), c.said) {
			t.Errorf("%q: %v: %s: %s, said %q", c.data, err, names(r.layout), shown(r.rows), r.notes)
		}
	}
}

// TestRandomDelimiterOfSeveral: whatever the values, the delimiter is found.
func TestRandomDelimiterOfSeveral(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	words := []string{"Ann", "a, b", "12", "3.5", "x;y", "", "Bob Lee", "2024-01-05", "Zoë", "a:b", "é|"}
	for n := range 300 {
		mark := []string{"||", ";;", "~|~", "::", "\t|\t", "|~|", "^^", "##", "<|>", "@@@"}[n%10]
		width, text := 3+random.IntN(5), ""
		for i := range width {
			text += fmt.Sprintf("Name %c%s", 'A'+i, map[bool]string{true: "\n", false: mark}[i == width-1])
		}
		for row := range 2 + random.IntN(6) {
			var values []string
			for range width {
				v := words[random.IntN(len(words))]
				if strings.ContainsAny(v, strings.TrimSpace(mark)) {
					v = "z"
				}
				values = append(values, v)
			}
			values[0] = fmt.Sprint(row) + "k" // a row of blanks would be none
			text += strings.Join(values, mark) + "\n"
		}
		b, l := openAs(t, put(t, "x.txt", []byte(text)), Options{})
		if got := b.TextForm().Delimiter; string(got) != mark || len(l.Headers) != width {
			t.Fatalf("%q: %q, %d columns of %d\n%s", mark, got, len(l.Headers), width, strings.Join(remark.Sentences(b.Remarks()), " "))
		}
	}
}

// TestTheLongerReadingSpeaks: a table that ends before its file does is read as far as it
// goes; what the whole file was seen to have is said once.
func TestTheLongerReadingSpeaks(t *testing.T) {
	for _, order := range [][]int64{{2, 3}, {3, 2}} {
		b, _ := openAs(t, put(t, "x.txt", []byte("a,b\n1,2\n")), Options{})
		for _, count := range order {
			b.remark(remark.New(remark.Omit, "beside-table", "%d lines", count).At(1, count))
		}
		var got []string
		for _, r := range b.Remarks() {
			if r.Code == "beside-table" {
				got = append(got, r.Sentence)
			}
		}
		if strings.Join(got, "; ") != "3 lines" {
			t.Errorf("%v: %q", order, got)
		}
	}
}
