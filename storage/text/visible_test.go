package text

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Umsätze 売上 שלום 👩‍👧":     "Umsätze 売上 שלום 👩‍👧",
		"a\tb\nc":                 "a\tb\nc",
		"\x1b[31mred\x07\x7f":     `\u001b[31mred\u0007\u007f`,
		"\u009b31m\u0085":         `\u009b31m\u0085`,
		"inv\u202excod.exe\u2066": `inv\u202excod.exe\u2066`,
		"hidden\U000e0041":        `hidden\udb40\udc41`,
		"\x80\xff":                "\ufffd\ufffd",
		"over\rwritten\u2028line": `over\rwritten\u2028line`,
	} {
		if got := Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Value("a\nb\tc\r"); got != `a\nb\tc\r` {
		t.Errorf("%q", got)
	}
}

// TestWriter: however the text is cut into writes, the same comes out.
func TestWriter(t *testing.T) {
	t.Parallel()
	const in = "ä\x1b[2J\r\nnext\rover 売\u202e\x80 end\n"
	const want = "ä\\u001b[2J\r\nnext\\rover 売\\u202e\ufffd end\n"
	for size := 1; size <= len(in); size++ {
		var out bytes.Buffer
		w := NewWriter(&out)
		for from := 0; from < len(in); from += size {
			if _, err := w.Write([]byte(in[from:min(len(in), from+size)])); err != nil {
				t.Fatal(err)
			}
		}
		if out.String() != want {
			t.Errorf("by %d: %q", size, out.String())
		}
	}
}

// FuzzVisible: nothing that is obeyed passes, and JSON stays the same value.
func FuzzVisible(f *testing.F) {
	f.Add("a\x1b\u0085\U000e0001\ufffd")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range Value(s) {
			if obeyed(r) {
				t.Fatalf("%q passes in %q", r, s)
			}
		}
		if !utf8.ValidString(s) {
			return
		}
		document, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back string
		if err := json.Unmarshal([]byte(Visible(string(document))), &back); err != nil || back != s {
			t.Errorf("%q became %q: %v", s, back, err)
		}
	})
}
