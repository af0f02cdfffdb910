package delimited

import (
	"errors"
	"io"
	"strings"

	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/stream"
)

// delimiters are those that are looked for, in the order of trust.
var delimiters = []rune{',', ';', '\t', '|'}

// delimiterSample is how many records decide.
const delimiterSample = 200

// sepLine reads the line sep=; with which Excel lets a file name its delimiter.
func sepLine(text string) (delimiter rune, ok bool) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.Trim(strings.TrimRight(line, "\r"), `"`)
	if len(line) < 5 || !strings.EqualFold(line[:4], "sep=") {
		return 0, false
	}
	rest := []rune(line[4:])
	if len(rest) != 1 || rest[0] >= 0x80 {
		return 0, false
	}
	return rest[0], true
}

// findDelimiter tries each delimiter on the first records. The best one gives most
// records the same number of fields, more than one; between equals, the one that
// makes more typed fields. all says that text is the entire file, so that its
// last record is not cut. 0 means one column.
func findDelimiter(text string, all bool) rune {
	best, bestScore := rune(0), 0.0
	for _, d := range delimiters {
		score := delimiterScore(text, d, all)
		if score > bestScore*1.05 {
			best, bestScore = d, score
		}
	}
	return best
}

// sample calls each for the first records of a text, without the last one when that may
// continue behind the text, and returns how they were read.
func sample(text string, d, quote byte, all bool, each func(r *records)) *records {
	r := newRecords(stream.NewWhole(strings.NewReader(text)), d)
	r.quote = quote
	for n := 0; n < delimiterSample && r.next() && (all || !errors.Is(r.err, io.EOF)); n++ {
		each(r)
	}
	return r
}

// findQuote returns what encloses the fields of the first records: apostrophes only
// when they enclose several fields, nearly every one that is no number, and none in
// quotation marks.
func findQuote(text string, d rune, all bool) rune {
	delimiter := byte(noDelimiter)
	if d != 0 {
		delimiter = byte(d)
	}
	texts, marks, first := 0, 0, true
	r := sample(text, delimiter, '\'', all, func(r *records) {
		for i := range r.fields {
			value := string(r.field(i))
			if strings.HasPrefix(value, `"`) {
				marks++
			}
			if !first && value != "" && infer.FitsOnlyText(value) { // names often have none
				texts++
			}
		}
		first = false
	})
	if (r.err == nil || errors.Is(r.err, io.EOF)) && marks == 0 && r.stray.N == 0 && r.quoted > 2 && r.quoted*10 >= texts*9 {
		return '\''
	}
	return '"'
}

func delimiterScore(text string, d rune, all bool) float64 {
	counts := map[int]int{}
	lines, typed, fields := 0, 0, 0
	sample(text, byte(d), '"', all, func(r *records) {
		if len(r.fields) == 1 && len(r.field(0)) == 0 {
			return
		}
		lines++
		counts[len(r.fields)]++
		for i := range r.fields {
			fields++
			if value := strings.TrimSpace(string(r.field(i))); value != "" && !infer.FitsOnlyText(value) {
				typed++
			}
		}
	})
	width, most := 0, 0
	for n, times := range counts {
		if times > most || times == most && n > width {
			width, most = n, times
		}
	}
	if width < 2 {
		return 0
	}
	return float64(most)/float64(lines) + 0.5*float64(typed)/float64(fields) + 0.01*float64(min(width, 20))
}
