package text

import "testing"

func TestDecode(t *testing.T) {
	for data, want := range map[string]string{
		"":                            "",
		"Größe":                       "Größe",
		"\xef\xbb\xbfGröße":           "Größe",
		"\xff\xfea\x00\xdf\x00\n\x00": "aß\n",
		"\xfe\xff\x00a\x00\xdf":       "aß",
		"\xffa":                       "\xffa",
	} {
		if got := Decode([]byte(data)); got != want {
			t.Errorf("%q: %q, want %q", data, got, want)
		}
	}
}
