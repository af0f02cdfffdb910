package delimited

// oddKind is something odd about a record.
type oddKind int

const (
	oddStray     oddKind = iota // a quote in an unexpected place
	oddUnclosed                 // a quote that is never closed
	oddBreak                    // a line break in a value without quotes
	oddUndecided                // a line break that may be one in a value
	oddBlanks                   // blanks before an opening or behind a closing quote
	oddWrapped                  // a line that was one value in quotes
	oddTail                     // other delimiters behind such a line
	oddComment                  // a comment line
	oddMark                     // a byte order mark inside the file
	oddFormula                  // values such as ="007"
	oddNull                     // \N
	oddSlashed                  // a value in which a backslash stands for a character
	oddNullWord                 // NULL
	oddTab                      // a tab behind a value
	oddProtected                // an apostrophe before digits
	oddJoined                   // amounts with a decimal comma that were cut in two
	oddCut                      // values of columns of a fixed width without a space between
	oddBeside                   // a line beside a table that is drawn
	oddPieces                   // a row that goes over several lines
	oddEscaped                  // a bar with a backslash
	oddElided                   // dots in the place of rows
	oddTables                   // another table that is drawn begins
	oddKinds
)

// tally counts records, and keeps the first lines.
type tally struct {
	n     int64
	lines []int
}

// keptLines is how many lines a tally keeps.
const keptLines = 5

func (t *tally) add(line, n int) {
	if t.n += int64(n); len(t.lines) < keptLines && (len(t.lines) == 0 || t.lines[len(t.lines)-1] != line) {
		t.lines = append(t.lines, line)
	}
}

func (r *records) note(kind oddKind) { r.odd[kind]++; r.strange = true }
