package delimited

import "bytes"

// lineEnd is what ends a record.
type lineEnd byte

const (
	endAny  lineEnd = iota // \n, \r\n or \r
	endLF                  // \n or \r\n
	endCRLF                // \r\n
	endCR                  // \r or \r\n
)

// lineEndAt returns where the line at i ends.
func lineEndAt(data []byte, i int) (end int, there bool) {
	for end = i; end < len(data); end++ {
		if data[end] == '\n' || data[end] == '\r' {
			return end, true
		}
	}
	return end, false
}

// skipEnd returns what is behind the line end at i.
func (r *records) skipEnd(data []byte, i int) int {
	if i+1 < len(data) && data[i] == '\r' && data[i+1] == '\n' {
		return i + 2
	}
	return min(i+1, len(data))
}

// lineBreak looks at the line break at i. ends says that it ends the record, and next is
// what is behind it; whole is false when data is too short to tell. Only in a plain
// field it may be a part of the value.
func (r *records) lineBreak(data []byte, i int, eof, plain bool) (ends bool, next int, whole bool) {
	if data[i] == '\r' {
		if i+1 == len(data) && !eof {
			return false, 0, false
		}
		if i+1 < len(data) && data[i+1] == '\n' {
			return true, i + 2, true
		}
	}
	usual := r.ends == endAny || data[i] == '\n' && r.ends == endLF || data[i] == '\r' && r.ends == endCR
	if usual || !plain || i+1 == len(data) && eof {
		return true, i + 1, true
	}
	end, there := lineEndAt(data, i+1)
	if !there && !eof && end-i < maxField {
		return false, 0, false
	}
	so, rest := len(r.fields)+1, bytes.Count(data[i+1:end], []byte{r.delimiter})+1
	switch {
	case r.width == 0, so+rest-1 <= r.width && (so < r.width || rest < r.width):
		r.note(oddBreak)
		return false, i + 1, true
	case so != r.width || rest != r.width:
		r.note(oddUndecided)
	}
	return true, i + 1, true
}

// countLines counts the line ends in text.
func countLines(text []byte) int {
	n := bytes.Count(text, []byte("\n"))
	if bytes.IndexByte(text, '\r') >= 0 {
		n += bytes.Count(text, []byte("\r")) - bytes.Count(text, []byte("\r\n"))
	}
	return n
}
