package mapping

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

var allTypes = Mapping{Table: "T", Fields: []Field{
	{From: 0, Letter: "A", Use: true, Target: powerbi.Column{Name: `Na"me \ é`, DataType: powerbi.String}},
	{From: 1, Letter: "B", Use: true, Target: powerbi.Column{Name: "Units", DataType: powerbi.Int64}},
	{From: 9, Letter: "X", Use: false, Target: powerbi.Column{Name: "Left out", DataType: powerbi.Int64}},
	{From: 2, Letter: "C", Use: true, Target: powerbi.Column{Name: "Ratio", DataType: powerbi.Double}},
	{From: 3, Letter: "D", Use: true, Target: powerbi.Column{Name: "Price", DataType: powerbi.Decimal}},
	{From: 4, Letter: "E", Use: true, Target: powerbi.Column{Name: "Open", DataType: powerbi.Boolean}},
	{From: 5, Letter: "F", Use: true, Target: powerbi.Column{Name: "When", DataType: powerbi.DateTime}},
	{From: -1, Use: true, Target: powerbi.Column{Name: "Nothing", DataType: powerbi.String}},
}}

// TestEncoderOracle reads every row back with encoding/json and compares it with
// what the cells hold.
func TestEncoderOracle(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	e, err := NewEncoder(allTypes, PolicyStop)
	if err != nil {
		t.Fatal(err)
	}
	var dst []byte
	for range 5000 {
		s := randomText(rnd)
		units := rnd.Int64() >> rnd.IntN(63) * (1 - 2*rnd.Int64N(2))
		ratio := math.Float64frombits(rnd.Uint64())
		if math.IsNaN(ratio) || math.IsInf(ratio, 0) {
			ratio = 0.5
		}
		price := float64(rnd.Int64N(2e13)-1e13) / 10000
		when := firstInstant + rnd.Int64N(lastInstant-firstInstant)
		row := []cell.Cell{textCell(s), {Kind: cell.Number, Float: float64(units), Text: strconv.FormatInt(units, 10)},
			num(ratio), num(price), boolean(rnd.Int64N(2)), {Kind: cell.DateTime, Int: when}}
		var ok bool
		dst, ok = e.AppendRow(dst[:0], 1, row, func(p Problem) {
			if p.Severity == SeverityError {
				t.Fatalf("%+v", p)
			}
		})
		var got map[string]any
		d := json.NewDecoder(bytes.NewReader(dst))
		d.UseNumber()
		if err := d.Decode(&got); err != nil || !ok {
			t.Fatalf("%v in %s", err, dst)
		}
		wantPrice, _ := new(big.Rat).SetString(strconv.FormatFloat(price, 'f', -1, 64))
		gotPrice, _ := new(big.Rat).SetString(got["Price"].(json.Number).String())
		gotRatio, _ := got["Ratio"].(json.Number).Float64()
		gotWhen, err := time.Parse("2006-01-02T15:04:05.999", got["When"].(string))
		value, there := got["Nothing"]
		switch {
		case len(got) != 7 || !there || value != nil:
			t.Fatalf("columns of %s", dst)
		case got[`Na"me \ é`] != strings.ToValidUTF8(each(s), "\ufffd"):
			t.Fatalf("text %q in %s", s, dst)
		case got["Units"].(json.Number).String() != strconv.FormatInt(units, 10):
			t.Fatalf("whole number %d in %s", units, dst)
		case gotRatio != ratio || gotPrice.Cmp(wantPrice) != 0:
			t.Fatalf("numbers %v %v in %s", ratio, price, dst)
		case got["Open"].(bool) != (row[4].Int == 1):
			t.Fatalf("boolean in %s", dst)
		case err != nil || gotWhen.UnixMilli() != when:
			t.Fatalf("date %d in %s: %v", when, dst, err)
		}
	}
}

// each replaces every broken byte by itself, as encoding/json does.
func each(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		b.WriteRune(r)
		i += size
	}
	return b.String()
}

func randomText(rnd *rand.Rand) string {
	b := make([]byte, 0, 40)
	for range rnd.IntN(20) {
		switch rnd.IntN(4) {
		case 0:
			b = append(b, byte(rnd.IntN(256)))
		case 1:
			b = append(b, `"\/<>&`[rnd.IntN(6)])
		case 2:
			b = utf8.AppendRune(b, rune(rnd.IntN(0x11000)))
		default:
			b = append(b, byte(' '+rnd.IntN(95)))
		}
	}
	return string(b)
}

func TestEncoderPolicies(t *testing.T) {
	row := []cell.Cell{textCell("a"), num(1.5), num(1), num(1), boolean(1), date("2026-01-01")}
	for _, c := range []struct {
		policy Policy
		ok     bool
	}{{PolicyStop, false}, {PolicySkip, false}, {PolicyBlank, true}} {
		e, err := NewEncoder(allTypes, c.policy)
		if err != nil {
			t.Fatal(err)
		}
		var found []Problem
		out, ok := e.AppendRow([]byte("x"), 7, row, func(p Problem) { found = append(found, p) })
		if ok != c.ok || ok != (len(out) > 1) || out[0] != 'x' {
			t.Errorf("%s: %v %s", c.policy, ok, out)
		}
		if ok && !bytes.Contains(out, []byte(`"Units":null,`)) {
			t.Errorf("no null in %s", out)
		}
		if len(found) != 1 || found[0].Address != "B7" || found[0].Row != 7 || found[0].Value != "1.5" || found[0].Column != "Units" {
			t.Errorf("%s: %+v", c.policy, found)
		}
	}
	e, _ := NewEncoder(allTypes, PolicySkip)
	if out, ok := e.AppendRow(nil, 1, nil, nil); !ok || bytes.Count(out, []byte("null")) != 7 {
		t.Errorf("a row without cells: %s", out)
	}
}

func TestEncoderRefuses(t *testing.T) {
	with := func(change func(*Mapping)) Mapping {
		m := Mapping{Fields: append([]Field(nil), allTypes.Fields...)}
		change(&m)
		return m
	}
	for name, c := range map[string]struct {
		m Mapping
		p Policy
	}{
		"nothing":       {Mapping{}, PolicyStop},
		"policy":        {allTypes, "ignore"},
		"twice":         {with(func(m *Mapping) { m.Fields[1].Target.Name = "Ratio" }), PolicyStop},
		"name":          {with(func(m *Mapping) { m.Fields[1].Target.Name = "" }), PolicyStop},
		"broken name":   {with(func(m *Mapping) { m.Fields[1].Target.Name = "a\xff" }), PolicyStop},
		"type":          {with(func(m *Mapping) { m.Fields[1].Target.DataType = "Int32" }), PolicyStop},
		"all left out?": {Mapping{Fields: []Field{{Target: powerbi.Column{Name: "A", DataType: powerbi.String}}}}, PolicyStop},
	} {
		if _, err := NewEncoder(c.m, c.p); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\"\\\n\x00\xff😀\u2028")
	f.Fuzz(func(t *testing.T, s string) {
		for _, truncate := range []bool{false, true} {
			out, r := appendText(nil, s, truncate)
			if r == ruleTooLong {
				if len(utf16.Encode([]rune(s))) <= powerbi.MaxStringLength {
					t.Fatalf("refused %d bytes", len(s))
				}
				continue
			}
			var got string
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatal(err)
			}
			if want := each(s); got != want && (r != ruleTruncated || !strings.HasPrefix(want, got)) {
				t.Fatalf("%q became %q", want, got)
			}
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0", "-12.50", "1e5", "00.100e-3", "123456789012345678901234567890", ".5", "5.", "1e400", "-0e9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := parseNumber(s, '.')
		if !ok || n.exponent > maxExponent || n.exponent < -maxExponent {
			return
		}
		want, valid := new(big.Rat).SetString(s)
		if !valid {
			t.Fatalf("%q was read as a number", s)
		}
		plain, _ := n.appendPlain(nil, 0)
		got, valid := new(big.Rat).SetString(string(plain))
		if !valid || got.Cmp(want) != 0 || !json.Valid(plain) {
			t.Fatalf("%q became %q", s, plain)
		}
		value, exact, fits := n.scaled(4)
		if fits {
			back := new(big.Rat).SetFrac(new(big.Int).SetUint64(value), big.NewInt(10000))
			if n.negative {
				back.Neg(back)
			}
			if exact != (back.Cmp(want) == 0) {
				t.Fatalf("%q scaled to %d, exact %v", s, value, exact)
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	f.Add("2026-11-20T08:15:30.250+02:00", "dmy")
	f.Fuzz(func(t *testing.T, s, order string) {
		ms, _, r := parseDate(s, DateOrder(order), written.Dress{})
		if r != ruleNone {
			return
		}
		out, r := appendInstant(nil, ms)
		if r != ruleNone {
			return
		}
		back, err := time.Parse(`"2006-01-02T15:04:05.999"`, string(out))
		if err != nil || back.UnixMilli() != ms {
			t.Fatalf("%q became %s", s, out)
		}
	})
}
