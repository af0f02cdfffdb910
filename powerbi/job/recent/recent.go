// Package recent remembers the files that were opened, and how a person wanted each to be
// read.
package recent

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pushdesk/storage"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

// Choice is how a person wants a file to be read, where it was not found by itself. It
// holds no password.
type Choice struct {
	Delimiter workbook.Delimiter `json:"delimiter,omitempty"` // of a text file; "" = find it
	Quote     rune               `json:"quote,omitempty"`     // of a text file, see workbook.Options
	Encoding  string             `json:"encoding,omitempty"`  // of a text file; "" = find it
	Comment   string             `json:"comment,omitempty"`   // of a text file, see workbook.Options
	Source    workbook.Source    `json:"source"`              // without a name: the best there is
	HeaderRow int                `json:"headerRow,omitempty"` // see workbook.Book.Layout
}

// Differs reports whether anything but the source was chosen.
func (c Choice) Differs() bool {
	return len(c.Words()) > 0 || c.Source.Kind == workbook.SourceRange
}

// Or returns the choice with what it leaves open as another one has it, and of that one what
// was taken. The source is its own: same says that the other one is about the same table, so
// that its rows of names and the like hold here.
func (c Choice) Or(was Choice, same bool) (all, taken Choice) {
	all = c
	if c.Delimiter == "" {
		all.Delimiter, taken.Delimiter = was.Delimiter, was.Delimiter
	}
	if c.Quote == 0 {
		all.Quote, taken.Quote = was.Quote, was.Quote
	}
	if c.Encoding == "" {
		all.Encoding, taken.Encoding = was.Encoding, was.Encoding
	}
	if c.Comment == "" {
		all.Comment, taken.Comment = was.Comment, was.Comment
	}
	if !same {
		return all, taken
	}
	s, t := &all.Source, &taken.Source
	if t.Kind = s.Kind; c.HeaderRow == 0 && (s.HeaderRows == 0 || s.Kind == workbook.SourceTable) {
		all.HeaderRow, taken.HeaderRow = was.HeaderRow, was.HeaderRow
		if s.Kind != workbook.SourceTable {
			s.HeaderRows, t.HeaderRows = was.Source.HeaderRows, was.Source.HeaderRows
		}
	}
	if s.Totals == infer.KeepProven {
		s.Totals, t.Totals = was.Source.Totals, was.Source.Totals
	}
	if len(s.FillDown) == 0 {
		s.FillDown, t.FillDown = was.Source.FillDown, was.Source.FillDown
	}
	if !s.SkipHidden {
		s.SkipHidden, t.SkipHidden = was.Source.SkipHidden, was.Source.SkipHidden
	}
	return all, taken
}

// about reports whether two choices are about the same table of a file. A text file has one.
func (c Choice) about(other Choice) bool {
	return c.Source.Kind == other.Source.Kind && c.Source.Sheet == other.Source.Sheet && c.Source.Name == other.Source.Name
}

// For returns the choice among several for a table. Of a text file, which has one table, the
// first is meant; what a table was is told by its name and place.
func For(all []Choice, source workbook.Source, text bool) (c Choice, ok bool) {
	for _, was := range all {
		if was.Source.Kind == source.Kind && (source.Kind != workbook.SourceRange || was.Source.Range == source.Range) &&
			(text || was.Source.Name == source.Name && was.Source.Sheet == source.Sheet) {
			return was, true
		}
	}
	return Choice{}, false
}

// Same reports whether another choice says the same of how the rows are read, maybe of another
// file.
func (c Choice) Same(other Choice) bool {
	return slices.Equal(c.Words(), other.Words()) && c.Source.Kind == other.Source.Kind && c.Source.Range == other.Source.Range &&
		(c.Source.Name == other.Source.Name || c.Source.Kind == workbook.SourceSheet)
}

// Words says what is chosen, in phrases; none when nothing but the source is.
func (c Choice) Words() (all []string) {
	add := func(holds bool, format string, args ...any) {
		if holds {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	switch c.Delimiter {
	case "":
	case workbook.NoDelimiter:
		add(true, "every line as one value")
	case workbook.FixedWidth:
		add(true, "columns of a fixed width")
	case workbook.Drawn:
		add(true, "a table that is drawn")
	default:
		add(true, "values separated by %q", string(c.Delimiter))
	}
	add(c.Quote == workbook.NoQuote, "quotation marks as letters")
	add(c.Quote > 0, "values enclosed in %c", c.Quote)
	add(c.Encoding != "", "encoding %s", workbook.EncodingName(c.Encoding))
	add(c.Comment == workbook.NoComment, "comments as rows")
	add(c.Comment != "" && c.Comment != workbook.NoComment, "comments that begin with %s", c.Comment)
	add(c.HeaderRow < 0, "no column names")
	switch lines := c.Source.HeaderRows; {
	case c.HeaderRow > 0 && lines > 1 && c.Source.Kind != workbook.SourceTable:
		add(true, "column names in %d rows down to row %s", lines, humanize.Number(c.HeaderRow))
	case c.HeaderRow > 0:
		add(true, "column names in row %s", humanize.Number(c.HeaderRow))
	case c.HeaderRow == 0 && lines > 0 && c.Source.Kind != workbook.SourceTable:
		add(true, "column names in %s", humanize.Count(int64(lines), "row"))
	}
	add(c.Source.Totals == infer.KeepAll, "totals and notes sent as rows")
	add(c.Source.Totals == infer.KeepNone, "totals and notes left out")
	add(len(c.Source.FillDown) > 0, "%s filled down", humanize.ListSome(c.Source.FillDown, 6))
	add(c.Source.SkipHidden, "hidden rows and columns left out")
	return all
}

// File is a file that was opened before.
type File struct {
	Path   string    `json:"path"` // absolute
	Opened time.Time `json:"opened"`
	Choice Choice    `json:"choice"`           // of the table that was read last
	Others []Choice  `json:"others,omitempty"` // of its other sheets and tables, the latest first
}

// chosen reports whether anything but the source was chosen for one of its tables.
func (f File) chosen() bool {
	return f.Choice.Differs() || slices.ContainsFunc(f.Others, Choice.Differs)
}

// mostOthers is how many other tables of a file are remembered.
const mostOthers = 50

// Files remembers the files that were opened and how each was read, in one file that several
// programs may use. One that cannot be read is begun anew: it can be chosen again.
type Files struct{ kept *storage.Kept[[]File] }

// New returns the memory that is kept in a file.
func New(path string) *Files {
	return &Files{storage.OpenKept[[]File](path, "the files that were opened")}
}

// How many files are remembered, and how many more for which something was chosen: their
// next ones may be sent by a job that nobody watches.
const (
	mostFiles   = 50
	mostChoices = 500
)

// Recent lists the files that were opened, the latest first. It does not look whether
// they are still there: one may lie on a drive that does not answer.
func (f *Files) Recent() []File {
	all, _ := f.kept.Read()
	return all
}

// Opened keeps a file as the latest one, and how it is read.
func (f *Files) Opened(path string, c Choice, now time.Time) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	return f.kept.Change(func(all *[]File) error {
		now := File{Path: path, Opened: now.UTC(), Choice: c}
		list := slices.DeleteFunc(*all, func(x File) bool {
			if x.Path == path {
				now.Others = slices.DeleteFunc(append([]Choice{x.Choice}, x.Others...), func(o Choice) bool { return o.about(c) })
				now.Others = now.Others[:min(len(now.Others), mostOthers)]
			}
			return x.Path == path
		})
		*all = fewer(slices.Insert(list, 0, now))
		return nil
	})
}

// fewer leaves out the files that are too many.
func fewer(all []File) (kept []File) {
	plain, chosen := 0, 0
	for _, x := range all {
		n, most := &plain, mostFiles
		if x.chosen() {
			n, most = &chosen, mostChoices
		}
		if *n++; *n <= most {
			kept = append(kept, x)
		}
	}
	return kept
}

// ForgetFile takes a file off the list.
func (f *Files) ForgetFile(path string) error {
	return f.kept.Change(func(all *[]File) error {
		*all = slices.DeleteFunc(*all, func(x File) bool { return x.Path == path })
		return nil
	})
}

// ChoiceFor returns how a file was read the last time, or else how the last one of its
// folder and of its pattern was: orders-2024-03.csv is read as orders-2024-02.csv.
func (f *Files) ChoiceFor(path string) (Choice, bool) {
	if all := f.ChoicesFor(path); len(all) > 0 {
		return all[0], true
	}
	return Choice{}, false
}

// ChoicesFor returns how the tables of a file, and then those of the others of its pattern,
// were read, the latest first.
func (f *Files) ChoicesFor(path string) (list []Choice) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	all := f.Recent()
	for _, is := range []func(string) bool{func(p string) bool { return p == path }, func(p string) bool { return p != path && Kind(p) == Kind(path) }} {
		for _, was := range all {
			if is(was.Path) {
				list = append(append(list, was.Choice), was.Others...)
			}
		}
	}
	return list
}

// Kind is a path with a mark for each run of digits in the file's name, and for each name of
// a month: orders-march.csv is of the kind of orders-april.csv. It is kept.
func Kind(path string) string {
	folder, name := filepath.Split(path)
	return folder + strings.ToLower(marked(name, '#'))
}

// Pattern names the files of a kind for people: orders-*.csv.
func Pattern(path string) string { return marked(filepath.Base(path), '*') }

// marked is a name with a mark for each number and month.
func marked(name string, mark byte) string {
	var b strings.Builder
	for rest := name; rest != ""; {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		letters := len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsLetter))
		switch {
		case digits > 0:
			b.WriteByte(mark)
			rest = rest[digits:]
		case letters > 0:
			if word := rest[:letters]; isMonth(strings.ToLower(word)) {
				b.WriteByte(mark)
			} else {
				b.WriteString(word)
			}
			rest = rest[letters:]
		default:
			_, n := utf8.DecodeRuneInString(rest)
			b.WriteString(rest[:n])
			rest = rest[n:]
		}
	}
	return b.String()
}

// isMonth reports whether a word is the name of a month in English or German, or its
// first three letters.
func isMonth(word string) bool {
	for _, month := range []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
		"januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember"} {
		if word == month || word == string([]rune(month)[:3]) {
			return true
		}
	}
	return word == "sept"
}
