package delimited

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/stream/streamtest"
)

// TestRecordsAgainstStandard holds random records against encoding/csv.
func TestRecordsAgainstStandard(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	alphabet := []rune("ab,\"\n; é")
	for range 2000 {
		var b strings.Builder
		w := csv.NewWriter(&b)
		var want [][]string
		for range 1 + random.IntN(5) {
			record := make([]string, 1+random.IntN(4))
			for i := range record {
				for range random.IntN(6) {
					record[i] += string(alphabet[random.IntN(len(alphabet))])
				}
			}
			if len(record) == 1 && record[0] == "" {
				record[0] = "x"
			}
			want = append(want, record)
			if err := w.Write(record); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		r := newRecords(&streamtest.Pieces{Text: b.String(), Random: random}, rules{delimiter: ',', quote: '"'})
		for i, record := range want {
			if !r.next() {
				t.Fatalf("%q ends after %d records: %v", b.String(), i, r.err)
			}
			var got []string
			for n := range r.fields {
				got = append(got, string(r.field(n)))
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", record) {
				t.Fatalf("%q: record %d is %q, want %q", b.String(), i, got, record)
			}
		}
		if r.next() || strange(r) {
			t.Fatalf("%q has more than %d records", b.String(), len(want))
		}
	}
}

// FuzzRecords: no panic; a text that reads without an error and without stray quotes
// can be written again and reads the same.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\"a\nb\",c\r\n", "a\rb\r", `"x" y,z`, "\"", ",,\n\n,", "a,\"b\"\"c\"\n", "#x\n\\N,=\"1\"\r\n\"a\nb", "\"a,\"\"b\"\"\"\r1,2 \n\n", "+--+--+\n|a |b |\n|1\nx|2 |\r\n|--|--|\n| y+|  |\n"} {
		f.Add(seed)
	}
	read := func(n int, src stream.Blocks) (all [][]string, stray bool, err error) {
		is := rules{delimiter: ',', quote: '"'}
		if n%3 == 0 { // other rules, under which much is odd
			is = rules{delimiter: ',', quote: '"', escape: n%2 == 0, lead: n%5 == 0, unwrap: n%4 == 0, comment: "#",
				commented: n%7 == 0, ends: lineEnd(n / 3 % 4), width: n % 4, trim: n%11 == 0}
			if n%9 == 0 {
				is.starts = []int{0, 3, 5}
			} else if n%5 == 0 {
				is.table = &drawing{bars: "|", outer: n%2 == 0, markdown: n%4 == 0, grid: n%7 == 0, width: 2, edges: []int{0, 3, 6}}
			}
			stray = true
		}
		r := newRecords(src, is)
		for r.next() {
			var record []string
			for i := range r.fields {
				record = append(record, string(r.field(i)))
			}
			all = append(all, record)
		}
		return all, stray || strange(r), kindError(r.err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, stray, err := read(len(text), stream.NewWhole(strings.NewReader(text)))
		pieces, _, errPieces := read(len(text), &streamtest.Pieces{Text: text, Random: rand.New(rand.NewPCG(2, 3))})
		if (err == nil) != (errPieces == nil) || err == nil && len(all) != len(pieces) {
			t.Fatalf("whole: %q, %v; in pieces: %q, %v", all, err, pieces, errPieces)
		}
		if err != nil || stray {
			return
		}
		var b strings.Builder
		for _, record := range all {
			for i, value := range record {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(`"` + strings.ReplaceAll(value, `"`, `""`) + `"`)
			}
			b.WriteByte('\n')
		}
		again, _, err := read(1, stream.NewWhole(strings.NewReader(b.String())))
		if err != nil || len(again) != len(all) {
			t.Fatalf("%q became %q: %v", all, again, err)
		}
		for i := range all {
			if strings.Join(all[i], "\x00") != strings.Join(again[i], "\x00") {
				t.Fatalf("record %d: %q became %q", i, all[i], again[i])
			}
		}
	})
}

// kindError drops the io.EOF with which records end.
func kindError(err error) error {
	d := delimitedRows{records: &records{err: err}}
	return d.Err()
}

// strange reports whether a record had something odd.
func strange(r *records) bool {
	for _, t := range r.counts {
		if t.n > 0 {
			return true
		}
	}
	return false
}

// TestJoiner: a delimiter of several characters is found wherever a read ends.
func TestJoiner(t *testing.T) {
	for text, want := range map[string]string{"a||b": "a.b", "a||||b|": "a..b|", "|||": ".|", "a|b": "a|b", "": "", "||": "."} {
		for _, src := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
			got, err := io.ReadAll(&joiner{src: src, mark: []byte("||")})
			if is := strings.ReplaceAll(string(got), "\x1c", "."); err != nil || is != want {
				t.Errorf("%q: %q, %v", text, is, err)
			}
		}
	}
}

// TestDrawnInPieces: rows that go over several lines are read alike wherever a block ends.
func TestDrawnInPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 9))
	for _, text := range []string{
		"+----+---------+------+\n| id | note    | n    |\n+----+---------+------+\n|  1 | one\ntwo |    4 |\n|  2 | x       |    5 |\n+----+---------+------+\n",
		" id | note  | n \r\n----+-------+---\r\n  1 | one  +| 4\r\n    | two   | \r\n  2 | C+    | 5\r\n(2 rows)\r\n",
		"+---+---+\n| a | b |\n+===+===+\n| 1 | x |\n|   | y |\n+---+---+\n| 2 | z |\n+---+---+\n| 3 | w |\n+---+---+",
	} {
		read := func(src stream.Blocks) (all []string) {
			r := newRecords(src, rules{delimiter: noDelimiter, table: drawingOf(text)})
			for r.next() {
				record := fmt.Sprint(r.line)
				for i := range r.fields {
					record += fmt.Sprintf(" %q", r.field(i))
				}
				all = append(all, record)
			}
			return all
		}
		want := strings.Join(read(stream.NewWhole(strings.NewReader(text))), "\n")
		if !strings.Contains(want, `\n`) {
			t.Errorf("no value goes over several lines:\n%s", want)
		}
		for range 50 {
			if got := strings.Join(read(&streamtest.Pieces{Text: text, Random: random}), "\n"); got != want {
				t.Fatalf("in pieces:\n%s\nwhole:\n%s", got, want)
			}
		}
	}
}
