package text_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pushdesk/storage/text"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"  a b  ":                       "a b",
		"a\r\n":                         "a",
		"a\tb\nc":                       "a b c",
		"\ufeff\u200ba\u200bb\u2060c":   "abc",
		"\u00a0a\u00a0b\u2003":          "a b",
		"a\x00b\x1b[0m\x7f":             "ab[0m",
		"a\xffb":                        "ab",
		"soft\u00adhyphen \u202eabc":    "softhyphen abc",
		"می\u200cخواهم":                 "می\u200cخواهم", // the word is another without it
		"\U0001f469\u200d\U0001f4bb ok": "\U0001f469\u200d\U0001f4bb ok",
		"ab\u200dcd":                    "abcd",
		"م\u200c":                       "م",
		"\u200cم":                       "م",
		"Müller & Söhne <EU>":           "Müller & Söhne <EU>",
		strings.Repeat(" ", 100000):     "",
	} {
		if got := text.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := text.Name("\t a \u00a0 b\u200b  c\n"); got != "a b c" {
		t.Errorf("Name gives %q", got)
	}
	if got := text.Lines("a\x1b[31m\u202e\n\tb  "); got != "a[31m\n\tb  " {
		t.Errorf("Lines gives %q", got)
	}
	if got := text.Line(" a\n b "); got != " a  b " {
		t.Errorf("Line gives %q", got)
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"äöüß", 3, "äö…"}, {"äöü", 3, "äöü"}, {"a\xffb", 9, "a\ufffdb"}, {"ab", 1, "…"},
	} {
		if got := text.Shorten(c.in, c.most); got != c.want {
			t.Errorf("Shorten(%q, %d) = %q, want %q", c.in, c.most, got, c.want)
		}
	}
}

func TestFirst(t *testing.T) {
	for in, want := range map[string][2]string{"": {"", ""}, "äb": {"Äb", "äb"}, "The": {"The", "the"}, "1a": {"1a", "1a"}} {
		if up, low := text.UpperFirst(in), text.LowerFirst(in); up != want[0] || low != want[1] {
			t.Errorf("%q: %q and %q", in, up, low)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"kitten", "sitting", 3}, {"Sales", "Sles", 1}, {"äb", "ab", 1},
	} {
		if got := text.Distance(c.a, c.b); got != c.want || text.Distance(c.b, c.a) != c.want {
			t.Errorf("%q and %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
	long := strings.Repeat("a", 1<<16)
	if got := text.Distance(long, long+"b"); got != 0 {
		t.Errorf("long texts with the same start differ by %d", got)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"Sales", "sales ", "Sales 2026", "Orders", "Salaries", "AB", "Orders"}
	for wanted, want := range map[string][]string{
		"sles":   {"Sales", "sales "},
		"Order":  {"Orders"},
		"sales":  {"Sales", "sales ", "Sales 2026"},
		"xyz":    nil,
		"":       nil,
		"  ":     nil,
		"\u00e4": nil,
	} {
		if got := text.Nearest(wanted, names); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", wanted, got, want)
		}
	}
}

func ExampleNearest() {
	fmt.Println(text.Nearest("ordres", []string{"Sales", "Orders"}))
	// Output: [Orders]
}

func ExampleClean() {
	fmt.Printf("%q\n", text.Clean(" Sales\u200b\n2026 "))
	// Output: "Sales 2026"
}
