package rows

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"pushdesk/powerbi"
)

// The oracle checks a body slowly, with encoding/json and math/big, following
// the rules as Checker documents them.

type oracle struct {
	d       *json.Decoder
	columns []powerbi.Column
	unsure  bool // a half character may hide behind U+FFFD, which encoding/json puts in its place
}

func oracleRows(columns []powerbi.Column, body []byte) (rows [][]any, ok, unsure bool) {
	if !json.Valid(body) || !utf8.Valid(body) {
		return nil, false, false
	}
	o := &oracle{d: json.NewDecoder(bytes.NewReader(body)), columns: columns}
	o.d.UseNumber()
	rows, ok = o.body()
	return rows, ok, o.unsure
}

func (o *oracle) token() json.Token {
	t, err := o.d.Token()
	if err != nil {
		return err
	}
	if s, ok := t.(string); ok && strings.ContainsRune(s, utf8.RuneError) {
		o.unsure = true
	}
	return t
}

func (o *oracle) body() (rows [][]any, ok bool) {
	if o.token() != json.Delim('{') || o.token() != "rows" || o.token() != json.Delim('[') {
		return nil, false
	}
	for {
		switch o.token() {
		case json.Delim(']'):
			return rows, o.token() == json.Delim('}')
		case json.Delim('{'):
			row, ok := o.row()
			if !ok {
				return nil, false
			}
			rows = append(rows, row)
		default:
			return nil, false
		}
	}
}

func (o *oracle) row() ([]any, bool) {
	row := make([]any, len(o.columns))
	seen := map[string]bool{}
	for {
		t := o.token()
		if t == json.Delim('}') {
			return row, len(seen) == len(o.columns)
		}
		name, ok := t.(string)
		if !ok || seen[name] {
			return nil, false
		}
		seen[name] = true
		found := false
		for i, c := range o.columns {
			if c.Name == name {
				found = true
				row[i] = o.token()
				if !oracleValue(c.DataType, row[i]) {
					return nil, false
				}
			}
		}
		if !found {
			return nil, false
		}
	}
}

func oracleValue(kind powerbi.DataType, v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return kind == powerbi.Boolean
	case string:
		return kind == powerbi.String && len(utf16.Encode([]rune(v))) <= 4000 || kind == powerbi.DateTime && oracleDate(v)
	case json.Number:
		text := v.String()
		switch kind {
		case powerbi.Int64:
			n, ok := new(big.Int).SetString(text, 10)
			return ok && n.Cmp(big.NewInt(math.MaxInt64)) < 0 && n.Cmp(big.NewInt(math.MinInt64)) > 0
		case powerbi.Double:
			f, err := strconv.ParseFloat(text, 64)
			return err == nil && math.Abs(f) != math.MaxFloat64
		case powerbi.Decimal:
			return oracleDecimal(text)
		}
	}
	return false
}

var numberShape = regexp.MustCompile(`^-?([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$`)

func oracleDecimal(text string) bool {
	m := numberShape.FindStringSubmatch(text)
	if strings.Trim(m[1]+m[2], "0") == "" {
		return true
	}
	if e, err := strconv.Atoi("0" + strings.TrimLeft(m[3], "+-")); err != nil || e > 5_000 {
		return false
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return false
	}
	r.Mul(r, big.NewRat(10_000, 1))
	return r.IsInt() && r.Num().CmpAbs(big.NewInt(math.MaxInt64)) <= 0
}

// shortHour is an hour of one digit.
var shortHour = regexp.MustCompile(`[ T][0-9]:`)

func oracleDate(text string) bool {
	// time.Parse is more generous with hours and fractions than the forms allow.
	if strings.Contains(text, ",") || shortHour.MatchString(text) {
		return false
	}
	if _, f, ok := strings.Cut(text, "."); ok {
		if n := len(f) - len(strings.TrimLeft(f, "0123456789")); n < 1 || n > 7 {
			return false
		}
	}
	for _, day := range []string{"2006-01-02", "1/2/2006", "01/02/2006"} {
		for _, rest := range []string{"", "T15:04:05", " 15:04:05"} {
			if rest == "T15:04:05" && day != "2006-01-02" {
				continue
			}
			for _, zone := range []string{"", "Z", "-07:00"} {
				if rest == "" && zone != "" {
					continue
				}
				layout := day + rest + zone
				if zone == "Z" {
					layout = day + rest + "'Z'"
				}
				value := text
				if zone == "Z" {
					if !strings.HasSuffix(text, "Z") {
						continue
					}
					value = strings.TrimSuffix(text, "Z") + "'Z'"
				}
				t, err := time.Parse(layout, value)
				if err != nil || t.Year() < 1900 {
					continue
				}
				if _, offset := t.Zone(); offset > 14*3600+59*60 || offset < -14*3600-59*60 {
					continue
				}
				return t.UTC().Year() >= 1900 && t.UTC().Year() <= 9999
			}
		}
	}
	return false
}

// agree compares the checker with the oracle.
func agree(t *testing.T, columns []powerbi.Column, body []byte) {
	t.Helper()
	lines, n, bad := NewChecker(columns).Check(body, 10_000, true, nil)
	want, ok, unsure := oracleRows(columns, body)
	if unsure {
		return
	}
	if ok != (bad == nil) {
		t.Fatalf("checker says %v, oracle accepts: %v\nbody %q", bad, ok, body)
	}
	if !ok {
		return
	}
	if n != len(want) {
		t.Fatalf("%d rows, want %d\nbody %q", n, len(want), body)
	}
	d := json.NewDecoder(bytes.NewReader(lines))
	d.UseNumber()
	for i := range want {
		var got []any
		if err := d.Decode(&got); err != nil {
			t.Fatalf("row %d: %v in %q", i, err, lines)
		}
		if !reflect.DeepEqual(got, want[i]) {
			t.Fatalf("row %d is %v, want %v", i, got, want[i])
		}
	}
	if bytes.Count(lines, []byte{'\n'}) != n {
		t.Fatalf("%d rows are not %d lines: %q", n, bytes.Count(lines, []byte{'\n'}), lines)
	}
}
