package numeric

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		text   string
		value  float64
		digits int
		whole  bool
	}{
		{"0", 0, 0, true}, {"-0", math.Copysign(0, -1), 0, true}, {"7", 7, 1, true}, {"+5", 5, 1, true}, {".5", 0.5, 1, false}, {"5.", 5, 1, true},
		{"100", 100, 1, true}, {"100.00", 100, 1, true}, {"0.10", 0.1, 1, false}, {"12e3", 12000, 2, true}, {"1.5E+2", 150, 2, true}, {"1.5E+0", 1.5, 2, false},
		{"1200E-2", 12, 2, true}, {"123456789012345", 123456789012345, 15, true}, {"1234567890123456", 1234567890123456, 16, true},
		{"0.30000000000000004", 0.30000000000000004, 17, false}, {"4.9406564584124654E-324", 5e-324, 17, false}, {"1.7976931348623157E308", math.MaxFloat64, 17, true},
		{"00012", 12, 2, true}, {"1e-999", 0, 1, false}, {"9223372036854775807", 9223372036854775807, 19, true},
	} {
		got, ok := ParseNumber([]byte(c.text))
		if !ok || got.Value != c.value || math.Signbit(got.Value) != math.Signbit(c.value) || got.digits != c.digits || got.whole != c.whole {
			t.Errorf("%q: got %+v %v, want %v with %d digits, whole %v", c.text, got, ok, c.value, c.digits, c.whole)
		}
	}
	for _, text := range []string{"", " ", "-", "+", ".", "e5", "1e", "1e+", "1_000", "0x10", "inf", "-Inf", "nan", "NaN", "1 2", "1,5", "1.2.3", "1e5.5", "--1", "1e400", "5%", "12a"} {
		if got, ok := ParseNumber([]byte(text)); ok {
			t.Errorf("%q was read as %v", text, got.Value)
		}
	}
}

// TestParseNumberAgainstStrconv holds random numbers in several writings against
// the standard library.
func TestParseNumberAgainstStrconv(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200_000 {
		f := math.Float64frombits(random.Uint64())
		if random.IntN(2) == 0 {
			f = float64(random.Int64N(1e16)-5e15) / math.Pow10(random.IntN(12))
		}
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		format := []byte("efgEG")[random.IntN(5)]
		text := strconv.FormatFloat(f, format, random.IntN(20)-1, 64)
		want, err := strconv.ParseFloat(text, 64)
		got, ok := ParseNumber([]byte(text))
		if err == nil && (!ok || got.Value != want) {
			t.Fatalf("%s: got %v %v, want %v", text, got.Value, ok, want)
		}
	}
}

func TestExactText(t *testing.T) {
	for text, want := range map[string]string{
		"123456789012345": "", "1234567890123456": "1234567890123456", "-1234567890123456": "-1234567890123456", "0001234567890123456": "1234567890123456",
		"1.2345678901234567E+18": "1234567890123456700", "12345678901234567.00": "12345678901234567", "0.30000000000000004": "", "0.123456789012345678": "",
		"1234567890123456.5": "", "1E+20": "", "1.00000000000000000001e+300": "", "-1.2345678901234567e16": "-12345678901234567",
	} {
		n, ok := ParseNumber([]byte(text))
		if got := string(n.ExactText([]byte(text))); !ok || got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// TestSerialsAgainstExcelize holds whole seconds of the years 1900 to 9999 against
// a second opinion.
func TestSerialsAgainstExcelize(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 50_000 {
		serial := float64(61+random.IntN(lastSerial-61)) + float64(random.IntN(86400))/86400
		for _, system1904 := range []bool{false, true} {
			if system1904 && serial >= lastSerial-shift1904 {
				continue
			}
			want, err := excelize.ExcelDateToTime(serial, system1904)
			if err != nil {
				t.Fatal(err)
			}
			var c cell.Cell
			if !SetSerial(&c, serial, meansDateTime, system1904) || c.Int != want.Round(time.Second).UnixMilli() {
				t.Fatalf("serial %v (1904 %v): got %v, want %v", serial, system1904, time.UnixMilli(c.Int).UTC(), want)
			}
		}
	}
}

func TestCivilDayAgainstTime(t *testing.T) {
	for day := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 10000; day = day.AddDate(0, 0, 13) {
		got, ok := written.CivilDay(day.Year(), int(day.Month()), day.Day())
		if !ok || got*86400 != day.Unix() {
			t.Fatalf("%v: got day %d", day, got)
		}
	}
	for _, bad := range [][3]int{{2023, 2, 29}, {1900, 2, 29}, {2023, 13, 1}, {2023, 0, 1}, {2023, 4, 31}, {0, 1, 1}, {10000, 1, 1}, {2023, 1, 0}} {
		if _, ok := written.CivilDay(bad[0], bad[1], bad[2]); ok {
			t.Errorf("%v is taken as a day", bad)
		}
	}
}
