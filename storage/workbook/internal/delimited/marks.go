package delimited

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"pushdesk/storage/workbook/infer"
)

// joined is the byte that stands for a delimiter of several characters while a text is cut
// into records. It is a control character, which no clean text has.
const joined = 0x1c

// markRunes are what delimiters of several characters are made of. Commas are none: two of
// them are a blank column in most files.
const markRunes = "|;:~^#&@$*!<>=%\t"

// mostMarkRunes is how many characters a delimiter may have that is looked for.
const mostMarkRunes = 5

// severalOf looks for a delimiter of several characters that divides the lines of a text: as
// often in every line, so that it leaves no blank name. It returns "" when there is none.
func severalOf(text string, all bool) (mark string) {
	lines := sampleLines(text)
	if !all && len(lines) > 1 && len(lines) < mostSampled {
		lines = lines[:len(lines)-1] // it may be cut
	}
	var kept []string
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		for n := 1; n < quotedLines && i+n < len(lines) && strings.Count(line, `"`)%2 == 1; n++ { // a value over several lines
			if joined := strings.Join(lines[i:i+n+1], " "); strings.Count(joined, `"`)%2 == 0 {
				line, i = joined, i+n
			}
		}
		if strings.TrimSpace(line) != "" {
			kept = append(kept, unquoted(line))
		}
	}
	if len(kept) < 2 {
		return ""
	}
	best := 0
	for first := range min(len(kept)-1, mostTitles) { // titles and comments stand above
		for _, candidate := range runsOf(kept[first]) {
			n := strings.Count(kept[first], candidate)
			if n == 1 && strings.HasSuffix(kept[first], candidate) {
				continue // blank values behind a line
			}
			if lines := without(kept, candidate); n*len(candidate) > best && lines[0] == kept[first] && len(lines)*10 >= 6*len(kept) && (len(lines) == len(kept) || !alike(kept, candidate)) && divides(lines, candidate, n) {
				mark, best = candidate, n*len(candidate)
			}
		}
		if best > 0 && first > 0 && !typedBehind(without(kept, mark), mark) {
			return "" // a column of text that has such characters, and its name
		}
		if best > 0 {
			break
		}
	}
	return mark
}

// mostTitles is how many lines may stand above the first one that is divided.
const mostTitles = 10

// alike reports whether a delimiter of one character stands as often in every line.
func alike(lines []string, mark string) bool {
	for _, d := range delimiters {
		n := strings.Count(lines[0], string(d))
		if strings.IndexByte(mark, d) < 0 && n > 0 && !slices.ContainsFunc(lines, func(line string) bool { return strings.Count(line, string(d)) != n }) {
			return true
		}
	}
	return false
}

// without leaves out the lines that have nothing of a mark: titles, comments and notes.
func without(lines []string, mark string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !strings.ContainsAny(line, mark) })
}

// unquoted leaves out what stands between quotation marks, if each has its other half.
func unquoted(line string) string {
	parts := strings.Split(line, `"`)
	if len(parts)%2 == 0 {
		return line
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = "x"
	}
	return strings.Join(parts, "")
}

// runsOf returns the runs of marks in a line.
func runsOf(line string) (all []string) {
	isMark := func(r rune) bool { return strings.ContainsRune(markRunes, r) }
	for _, run := range strings.FieldsFunc(line, func(r rune) bool { return !isMark(r) }) {
		if len(run) > 1 && len(run) <= mostMarkRunes {
			all = append(all, run)
		}
	}
	return all
}

// divides reports whether a mark divides every line into as many values, and is no blank
// between two delimiters of one character: these hardly stand elsewhere, and no name is
// blank.
func divides(lines []string, mark string, n int) bool {
	single := byte(0)
	for _, d := range delimiters {
		if strings.IndexByte(mark, d) >= 0 {
			single = d
		}
	}
	switch {
	case single == '\t' && mark != "\t|\t", single == ';' && strings.Trim(mark, ";") != "":
		return false // a column of signs
	case single == 0 && n < 2 && !typedBehind(lines, mark):
		return false // as in an address: fe80::1
	}
	others, odd := 0, 0
	for i, line := range lines {
		if strings.Count(line, mark) != n {
			// A line may be damaged where the names show that one character cannot divide them.
			if odd++; i == 0 || single == 0 || n < 2 || odd*5 > len(lines) {
				return false
			}
			continue
		}
		if single != 0 && strings.Count(line, string(single)) != n*strings.Count(mark, string(single)) {
			if others++; i == 0 || others*5 > len(lines)+5 {
				return false
			}
		}
		for _, v := range strings.Split(line, mark) {
			if i == 0 && strings.TrimSpace(v) == "" && !strings.HasSuffix(line, mark) {
				return false
			}
		}
	}
	return true
}

// typedBehind reports whether names stand above values of another kind.
func typedBehind(lines []string, mark string) bool {
	names := strings.Split(lines[0], mark)
	for i := range names {
		typed := infer.FitsOnlyText(names[i])
		for _, line := range lines[1:] {
			values := strings.Split(line, mark)
			typed = typed && i < len(values) && values[i] != "" && !infer.FitsOnlyText(values[i])
		}
		if typed {
			return true
		}
	}
	return false
}

// joiner reads a text with one byte in the place of each mark.
type joiner struct {
	src  io.Reader
	mark []byte
	held []byte // read and not yet given away
	out  []byte
	err  error
}

// Read implements io.Reader.
func (j *joiner) Read(p []byte) (int, error) {
	for len(j.out) == 0 {
		if j.err != nil {
			return 0, j.err
		}
		block := make([]byte, max(len(p), 512))
		n, err := j.src.Read(block)
		rest := append(j.held, block[:n]...)
		j.err, j.out = err, make([]byte, 0, len(rest))
		for at := bytes.Index(rest, j.mark); at >= 0; at = bytes.Index(rest, j.mark) {
			j.out = append(append(j.out, rest[:at]...), joined)
			rest = rest[at+len(j.mark):]
		}
		k := 0
		if err == nil { // a mark may begin at the end
			for k = min(len(j.mark)-1, len(rest)); k > 0 && !bytes.HasPrefix(j.mark, rest[len(rest)-k:]); k-- {
			}
		}
		j.out = append(j.out, rest[:len(rest)-k]...)
		j.held = bytes.Clone(rest[len(rest)-k:])
	}
	n := copy(p, j.out)
	j.out = j.out[n:]
	return n, nil
}
