package delimited

import (
	"strings"

	"pushdesk/storage/workbook/internal/format"
)

// delimiters are those that are looked for, in the order of trust. Those of the second
// row are rare, and their signs stand in ordinary text as well.
var (
	delimiters = []byte{',', ';', '\t', '|'}
	rare       = []byte{'^', '~', 0x1f, 0x01, ' '}
)

// mostSampled is how many records decide.
const mostSampled = 1000

// commentMarks are what comment lines begin with.
var commentMarks = []string{"#", "//", "%"}

// sepLine reads the line sep=; with which Excel lets a file name its delimiter. A program
// may have added delimiters of its own behind it.
func sepLine(text string) (delimiter format.Delimiter, ok bool) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.Trim(strings.TrimRight(line, "\r"), `"`)
	if len(line) < 5 || !strings.EqualFold(line[:4], "sep=") {
		return "", false
	}
	rest := []rune(strings.TrimPrefix(line[4:], `\t`))
	if strings.HasPrefix(line[4:], `\t`) {
		rest = append([]rune{'\t'}, rest...)
	}
	for len(rest) > 1 && strings.ContainsRune(`,;"`+"\t", rest[len(rest)-1]) {
		rest = rest[:len(rest)-1]
	}
	if strings.ContainsAny(string(rest), "\"'") || len(rest) > 1 && strings.Trim(string(rest), markRunes) != "" || len(rest) > mostMarkRunes || rest[0] >= 0x80 {
		return "", false
	}
	return format.Delimiter(rest), true
}

// findEnds finds which line ends end records: the most frequent ones outside of quotes.
func findEnds(text string) lineEnd {
	var crlf, lf, cr int
	inside := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			inside = !inside
		case '\n':
			if !inside {
				lf++
			}
		case '\r':
			switch {
			case i+1 < len(text) && text[i+1] == '\n':
				if i++; !inside {
					crlf++
				}
			case i+1 == len(text): // it may be cut
			case !inside:
				cr++
			}
		}
	}
	switch {
	case lf+cr > 1 && crlf > 1 && linesAlike(text):
		return endAny
	case crlf > 1 && crlf >= lf+cr:
		return endCRLF
	case lf > 1 && crlf == 0 && lf > 2*cr:
		return endLF
	case cr > 1 && crlf == 0 && cr > 4*lf:
		return endCR
	}
	return endAny
}

// apostrophes reports whether several values seem to be enclosed in apostrophes.
func apostrophes(text string) bool {
	open, shut := 0, 0
	for i := 0; i < len(text); i++ {
		if text[i] != '\'' {
			continue
		}
		if i == 0 || strings.IndexByte(",;\t|\n\r ", text[i-1]) >= 0 {
			open++
		}
		if i+1 == len(text) || strings.IndexByte(",;\t|\n\r", text[i+1]) >= 0 {
			shut++
		}
	}
	return open > 2 && shut > 2
}

// escapes reports whether a backslash makes quotes letters: one in front of a quote that
// ends no field.
func escapes(text string, quote, delimiter byte) bool {
	n := 0
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '\\' && text[i+1] == quote {
			if next := text[i+2]; next != delimiter && next != '\n' && next != '\r' && next != quote {
				n += 3 // nothing else can be meant
			} else if next == quote && i+3 < len(text) && (text[i+3] == delimiter || text[i+3] == '\r' || text[i+3] == '\n') {
				n++
			} else if next != quote {
				n--
			}
			i++
		}
	}
	return n > 0
}

// follows reports whether nearly every delimiter follows a blank.
func follows(text string, delimiter byte) bool {
	all, blank := 0, 0
	for i := 1; i < len(text); i++ {
		if text[i] == delimiter {
			if all++; text[i-1] == ' ' {
				blank++
			}
		}
	}
	return all > 2 && blank*20 >= all*19
}

// leads reports whether nearly every delimiter is followed by a blank.
func leads(text string, delimiter byte) bool {
	all, blank := 0, 0
	for i := 0; i+1 < len(text); i++ {
		if text[i] == delimiter {
			if all++; text[i+1] == ' ' {
				blank++
			}
		}
	}
	return all > 2 && blank*20 >= all*19
}

// linesAlike reports whether the bare line ends of a text with several kinds stand between
// lines that a delimiter divides as often as most, so that they end records as well.
func linesAlike(text string) bool {
	type line struct {
		text string
		bare bool // it ends with \n or \r alone
	}
	var lines []line
	for len(text) > 0 && len(lines) < mostSampled {
		end, _ := lineEndAt([]byte(text), 0)
		is := line{text: text[:end], bare: true}
		if text = text[end:]; strings.HasPrefix(text, "\r\n") {
			text, is.bare = text[2:], false
		} else if text != "" {
			text = text[1:]
		}
		if quote := strings.Count(is.text, `"`)%2 == 1; quote {
			return false // a value in quotes over several lines
		}
		lines = append(lines, is)
	}
	for _, d := range delimiters {
		counts, most := map[int]int{}, 0
		for _, l := range lines {
			n := strings.Count(unquoted(l.text), string(d))
			if counts[n]++; counts[n] > counts[most] {
				most = n
			}
		}
		bare, ends, records, whole, so := 0, 0, 0, 0, 0
		for i, l := range lines {
			n := strings.Count(unquoted(l.text), string(d))
			if so += n; !l.bare || i == len(lines)-1 {
				if records++; i == 0 || so == strings.Count(unquoted(lines[0].text), string(d)) {
					whole++
				}
				so = 0
				continue
			}
			if bare++; n == most && strings.Count(unquoted(lines[i+1].text), string(d)) == most {
				ends++
			}
		}
		switch {
		case most == 0, whole*10 >= 9*records && !lines[0].bare:
		case ends == bare, ends*10 >= 9*bare && bare*3 > len(lines):
			return true
		}
	}
	return false
}
