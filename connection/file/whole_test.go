package file_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/file"
)

// odd are pieces of what people, programs and attackers put into a field.
var odd = []string{"a", "Sales", " ", "\t", "\n", "\r\n", "\x00", "\x1b[2J", "\x7f", "\u009b31m", "\u202e", "\u2066", "\u200b", "\u200d", "\u2028", "\ufeff", "\u00a0", "\u0130", "ß", "e\u0301", "é", "Ａ", "\ufffd", "\uffff", "\U000e0041", "👩\u200d💻",
	"\xff", "\xc0\x80", "\xed\xa0\x80", `"`, `\`, `\u0000`, "/", "//", "/v1.0/myorg", "/.default", "~/", "../", "'", "{", "]", "<", "&", "=1+1", "null", "9999999999999999999", "https://x.example/", "\u212a", "K", "k", "ſ", "s"}

// oddText makes a text of such pieces, now and then a long one.
func oddText(rnd *rand.Rand) string {
	n := rnd.IntN(5)
	if rnd.IntN(40) == 0 {
		n = 20_000
	}
	var b strings.Builder
	for range n {
		b.WriteString(odd[rnd.IntN(len(odd))])
	}
	return b.String()
}

// oddConnection fills every field there is.
func oddConnection(t *testing.T, rnd *rand.Rand) (c connection.Connection) {
	t.Helper()
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		switch {
		case v.Type() == reflect.TypeFor[time.Time]():
			years := []int{-5, 0, 1970, 2026, 9999, 10_000, 300_000}
			v.Set(reflect.ValueOf(time.Date(years[rnd.IntN(len(years))], 5, 6, 7, 8, 9, rnd.IntN(1e9), time.FixedZone("", rnd.IntN(3)*86_399))))
		case v.Kind() == reflect.String:
			v.SetString(oddText(rnd))
		case v.Kind() == reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), rnd.IntN(4), 4))
			for i := range v.Len() {
				fill(v.Index(i))
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		default:
			t.Fatalf("no values for a %s", v.Type())
		}
	}
	fill(reflect.ValueOf(&c).Elem())
	if rnd.IntN(3) > 0 { // else it is refused as it is
		c.Cloud = connection.Clouds[rnd.IntN(len(connection.Clouds))]
	}
	if rnd.IntN(2) > 0 {
		c.Created, c.Updated, c.Used = time.Time{}, time.Time{}, time.Time{}
	}
	return c
}

// TestWhatIsWrittenIsRead: whatever is put into a connection, the file is read again whole by
// a program that starts afterwards, or the change is refused and the file is as it was.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	times := 150
	if testing.Short() {
		times = 50
	}
	for seed := range uint64(2) {
		rnd := rand.New(rand.NewPCG(seed, 14))
		s, path := newStore(t)
		wrote, refused := 0, 0
		var removed []file.Removed
		for n := range times {
			before, _ := os.ReadFile(path)
			list := s.List()
			var some connection.Connection
			if len(list) > 0 {
				some = list[rnd.IntN(len(list))]
			}
			c := oddConnection(t, rnd)
			var err error
			var what string
			switch do := rnd.IntN(12); {
			case do < 4 || some.ID == "":
				what = "add"
				_, err = s.Add(c)
			case do < 7:
				what = "update"
				c.ID, c.Updated = some.ID, some.Updated
				_, err = s.Update(c)
			case do == 7:
				what = "duplicate"
				_, err = s.Duplicate(some.ID)
			case do == 8:
				what = "label"
				environment := c.Environment
				_, err = s.Label([]string{some.ID}, connection.Labels{Environment: &environment, Add: c.Tags, Drop: some.Tags})
			case do == 9:
				what = "touch"
				err = s.Touch(some.ID)
				if err == nil {
					err = s.LearnExpiry(some.ID, c.Expires)
				}
			case do == 10 || removed == nil:
				what = "remove"
				removed, err = s.Remove(some.ID)
			default:
				what = "restore"
				_, err = s.Restore(removed)
				removed = nil
			}
			after, _ := os.ReadFile(path)
			if err != nil {
				if refused++; !bytes.Equal(before, after) {
					t.Fatalf("seed %d, %d, %s: refused (%v), and the file changed", seed, n, what, err)
				}
				continue
			}
			wrote++
			again, err := file.Open(path)
			if err != nil {
				t.Fatalf("seed %d, %d, %s of %+q: %v", seed, n, what, c, err)
			}
			is, kept := s.List(), again.List()
			if len(is) != len(kept) {
				t.Fatalf("seed %d, %d, %s: %d connections, %d read", seed, n, what, len(is), len(kept))
			}
			for i := range is {
				a, b := is[i], kept[i]
				if !a.Created.Equal(b.Created) || !a.Updated.Equal(b.Updated) || !a.Used.Equal(b.Used) {
					t.Fatalf("seed %d, %d, %s: times\n%v\n%v", seed, n, what, a, b)
				}
				a.Created, a.Updated, a.Used = b.Created, b.Updated, b.Used
				if !a.Equal(b) {
					t.Fatalf("seed %d, %d, %s:\nwritten %+q\nread    %+q", seed, n, what, a, b)
				}
			}
		}
		if wrote < times/4 || refused < times/20 {
			t.Errorf("%d written, %d refused", wrote, refused)
		}
	}
}

// TestFileGrowsNoLargerThanIsRead: the change that makes the file larger than it is read is
// refused, also where JSON needs more bytes than the text, and the file stays.
func TestFileGrowsNoLargerThanIsRead(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	s, path := newStore(t)
	notes := strings.Repeat("\"x\u2028", 7<<20/5) // five bytes that are nine in JSON
	for i := range 3 {
		before, _ := os.Stat(path)
		c := sound()
		c.Name, c.Notes = fmt.Sprintf("Sales %d", i), notes
		_, err := s.Add(c)
		if i < 2 {
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		if !errors.Is(err, file.ErrFull) {
			t.Errorf("%v", err)
		}
		if after, err := os.Stat(path); err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
			t.Errorf("the file changed, %v", err)
		}
	}
	if again := open(t, path); len(again.List()) != 2 || len(s.List()) != 2 {
		t.Errorf("%d connections are read", len(again.List()))
	}
}

// TestEveryFieldIsCleanedOnReading: a connection file that another hand wrote holds nothing
// that a terminal obeys, in any field.
func TestEveryFieldIsCleanedOnReading(t *testing.T) {
	var c connection.Connection
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		switch {
		case v.Type() == reflect.TypeFor[time.Time]():
		case v.Kind() == reflect.String:
			v.SetString("x\x1b[2J\u009b31m\u202egnp\u2066\u200f\x7f\U000e0041y")
		case v.Kind() == reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0))
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		}
	}
	fill(reflect.ValueOf(&c).Elem())
	c.ID = "11111111-2222-4333-8444-555555555555"
	path := filepath.Join(t.TempDir(), "connections.json")
	if err := os.WriteFile(path, file.Encode(t, c), 0o600); err != nil {
		t.Fatal(err)
	}
	list := open(t, path).List()
	if len(list) != 1 {
		t.Fatalf("%d connections", len(list))
	}
	if said := fmt.Sprintf("%+v", list[0]); strings.ContainsAny(said, "\x1b\u009b\u202e\u2066\u200f\x7f\U000e0041") {
		t.Errorf("%+q", said)
	}
}
