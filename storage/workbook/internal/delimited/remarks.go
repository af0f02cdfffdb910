package delimited

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/charset"
	"pushdesk/storage/workbook/internal/format"
)

// named is the delimiter as it stands in the text.
func (r *rules) named() format.Delimiter {
	if r.mark != "" {
		return format.Delimiter(r.mark)
	}
	return format.Delimiter(rune(r.delimiter))
}

// nameOf names a delimiter in the plural.
func nameOf(d format.Delimiter) string {
	switch d {
	case ",":
		return "commas"
	case ";":
		return "semicolons"
	case "\t":
		return "tabs"
	case " ":
		return "spaces"
	}
	if r := d.Single(); r > 0 {
		return fmt.Sprintf("%q", r)
	}
	return fmt.Sprintf("%q", string(d))
}

// settingOf is how a delimiter is chosen.
func settingOf(d format.Delimiter) string {
	if d == "\t" {
		return "tab"
	}
	return strings.ReplaceAll(string(d), "\t", `\t`)
}

func delimiterName(d format.Delimiter) string {
	switch d {
	case "":
		return "one column"
	case format.FixedWidth:
		return "columns of a fixed width"
	case format.Drawn:
		return "a table drawn with characters"
	}
	return "fields separated by " + nameOf(d)
}

// sayBlank says that there is nothing to read.
func (d *delimited) sayBlank() {
	what := "It has only blank lines."
	if d.file.Size == 0 {
		what = "It has no bytes at all."
	}
	d.listing.Remarks = append(d.listing.Remarks, remark.New(remark.Info, "empty-file", "The file is empty. %s", what))
}

// say says how the text is read, and why.
func (d *delimited) say(chosen format.Options, found charset.Found, s shape, named, sample string) {
	form := d.form
	add := func(r remark.Remark) { d.listing.Remarks = append(d.listing.Remarks, r) }
	marks := ""
	switch form.Quote {
	case '\'':
		marks = ", text enclosed in apostrophes"
	case format.NoQuote:
		marks = ", quotation marks read as letters"
	}
	why := ""
	if s.why != "" && chosen.Delimiter == "" && named == "" {
		why = ": " + s.why
	}
	encoding := charset.Name(form.Encoding)
	if chosen.Encoding == "" {
		encoding += ", " + found.Why
	}
	add(remark.New(remark.Info, "text-form", "Text file, encoding %s%s, %s%s%s.", encoding, marks, delimiterName(form.Delimiter), named, why))
	if found.Rival != "" {
		add(remark.New(remark.Guess, "encoding-guess", "The encoding is a guess: %s and %s fit about equally well. If letters look wrong, choose the other one.",
			charset.Name(found.Name), charset.Name(found.Rival)).With(remark.Encoding, found.Rival, "read the file as "+charset.Name(found.Rival)))
	}
	if n := len(found.Foreign); n > 0 {
		lines := tally{n: int64(n), lines: found.Foreign[:min(n, keptLines)]}
		add(remark.New(remark.Damage, "mixed-encoding", "%s%s UTF-8, as the rest of the file is not: letters there are wrong. Have the file exported again.",
			humanize.Count(int64(n), "line"), places(lines)+humanize.Plural(n, " is", " are")).At(found.Foreign[0], int64(n)).On(linesOf(lines)...))
	}
	if strings.HasPrefix(form.Encoding, "utf-16") && d.file.Size%2 == 1 {
		add(remark.New(remark.Damage, "half-letter", "The file ends with half a letter, which was left out: something may be missing."))
	}
	if s.guess && chosen.Delimiter == "" && named == "" {
		other := s.next.named()
		add(remark.New(remark.Guess, "delimiter-guess", "The delimiter is a guess: %s fit about as well as %s.", nameOf(other), nameOf(form.Delimiter)).
			With(remark.Delimiter, settingOf(other), "separate the values by "+nameOf(other)))
	}
	if s.lead && s.best.width > 1 {
		add(remark.New(remark.Change, "delimiter-blank", "Every delimiter is followed by a space, which is not part of the values."))
	}
	switch {
	case s.table != nil:
		d.sayDrawn(s, chosen)
	case s.exact:
		add(remark.New(remark.Info, "fixed-width", "The line of dashes shows where the %d columns begin.", len(s.starts)).At(s.ruled, 1).With(remark.Delimiter, "none", "read every line as one value"))
	case form.Delimiter == format.FixedWidth && chosen.Delimiter == "":
		add(remark.New(remark.Guess, "fixed-width", "No delimiter was found, but the values stand below each other in %d columns, with spaces between.", len(s.starts)).
			With(remark.Delimiter, "none", "read every line as one value"))
	case chosen.Delimiter == "" && named == "" && s.best.sentences():
		add(remark.New(remark.Guess, "no-table", "The text does not look like a table: %s separate the pieces of its sentences.", nameOf(form.Delimiter)).With(remark.Delimiter, "none", "read every line as one value"))
	case form.Delimiter == "" && chosen.Delimiter == "" && looksLikeText(s.best.records):
		r := remark.New(remark.Guess, "no-table", "The text comes out as one column, and it does not look like a table.")
		if columnsOf(s.best.records, true) != nil {
			r = r.With(remark.Delimiter, "fixed", "read columns of fixed width")
		}
		if alikeColons(s.best.records) {
			r = r.With(remark.Delimiter, ":", "separate the values by colons")
		}
		add(r.With(remark.Delimiter, "", "choose what separates the values"))
	}
	if s.trim {
		add(remark.New(remark.Change, "padding", "The values are padded with spaces, which are left out."))
	}
	if s.names > 0 {
		add(remark.New(remark.Guess, "unnamed-column", "The names in line %s are one fewer than the values of each line: the first column has no name and is called \"Column A\".", humanize.Number(s.names)).At(s.names, 1))
	}
	if s.joins != nil {
		add(remark.New(remark.Guess, "decimal-commas", "Lines have %s more than there are names, because amounts such as %s have a decimal comma as well. Each of them is read as one amount.", humanize.Count(len(s.joins), "value"), s.example).
			With(remark.Delimiter, ",", "separate the values at every comma"))
	}
	if s.heading > 0 {
		add(remark.New(remark.Info, "comment-names", "The names of the columns are in a comment, line %s.", humanize.Number(s.heading)).At(s.heading, 1))
	}
	if n, line, example := twiceEncoded(sample); n > 0 && strings.HasPrefix(form.Encoding, "utf") {
		add(remark.New(remark.Damage, "encoded-twice", "%s wrong, such as %q, first in line %s: the text seems to have been converted to UTF-8 twice. They are sent as they are. Have the file exported again.",
			humanize.Count(n, "letter looks", "letters look"), example, humanize.Number(line)).At(line, n))
	}
	switch {
	case s.best.trailing && s.leading:
		add(remark.New(remark.Info, "trailing-delimiter", "The lines begin and end with a delimiter."))
	case s.best.trailing:
		add(remark.New(remark.Info, "trailing-delimiter", "The lines end with a delimiter behind their last value."))
	}
	if s.escape && s.best.marks > 0 {
		add(remark.New(remark.Info, "escaped-quotes", "Quotation marks inside values have a backslash in front of them, which is not a part of the value."))
	}
}

// sayDrawn says how a table that is drawn is read.
func (d *delimited) sayDrawn(s shape, chosen format.Options) {
	what, plain := "The text is a table drawn with lines, as programs print it on a console: bars separate its values, and the spaces around them are left out.", "|"
	if s.table.markdown {
		what = "The text is a table as in Markdown: bars separate its values, and the spaces around them are left out."
	}
	if s.table.doubled {
		what = "The text is a table as in wikis, with two bars between its names: bars separate its values, and the spaces around them are left out."
	}
	if s.table.bars != "|" {
		plain = string(format.NoDelimiter)
	}
	r := remark.New(remark.Change, "drawn-table", "%s", what).At(s.table.line, 1)
	if chosen.Delimiter == "" && plain == "|" {
		r = r.With(remark.Delimiter, plain, "split at every bar")
	} else if chosen.Delimiter == "" {
		r = r.With(remark.Delimiter, plain, "read every line as one value")
	}
	d.listing.Remarks = append(d.listing.Remarks, r)
}

// twiceEncoded counts pairs of letters that are the two bytes of a Western letter in UTF-8,
// read as letters of Windows-1252. Text that has others beyond ASCII is none.
func twiceEncoded(text string) (n int64, line int, example string) {
	others := int64(0)
	number := 1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		next, more := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case r == '\n':
			number++
		case (r == 'Ã' || r == 'Â') && (next >= 0x80 && next < 0xc0 || strings.ContainsRune("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ", next)):
			if n++; n == 1 {
				line, example = number, text[i:i+size+more]
			}
			size += more
		case r >= utf8.RuneSelf:
			others++
		}
		i += size
	}
	if n < 2 || others > n {
		return 0, 0, ""
	}
	return n, line, example
}

// said says what was odd about the records.
func (d *delimitedRows) said() (all []remark.Remark) {
	c := &d.records.counts
	say := func(kind remark.Kind, code string, t tally, what, one, many, then string) *remark.Remark {
		if t.n == 0 {
			return nil
		}
		r := remark.New(kind, code, "%s %s%s. %s", humanize.Count(t.n, what), humanize.Plural(t.n, one, many), places(t), then)
		all = append(all, r.At(t.lines[0], t.n).On(linesOf(t)...))
		return &all[len(all)-1]
	}
	with := func(r *remark.Remark, setting remark.Setting, value, does string) {
		if r != nil {
			*r = r.With(setting, value, does)
		}
	}
	name := charset.Name(d.book.form.Encoding)
	say(remark.Damage, "control-characters", d.faults[charset.Control], "control character", "was dropped", "were dropped", "They are not part of any value.")
	with(say(remark.Guess, "mixed-encoding", d.faults[charset.Repair], "byte", "is not "+name+" as the rest of the file is", "are not "+name+" as the rest of the file is",
		"Only such bytes are read in another encoding; check these lines."), remark.Encoding, "", "read the whole file in another encoding")
	with(say(remark.Damage, "unknown-bytes", d.faults[charset.Lost], "character", "is no "+name, "are no "+name, "Such characters are shown as \ufffd."),
		remark.Encoding, "", "read the file in another encoding")
	with(say(remark.Guess, "stray-quote", c[oddStray], "record", "has a quotation mark in an unexpected place", "have a quotation mark in an unexpected place",
		"It is read as it is written."), remark.Quote, "none", "read quotation marks as letters")
	with(say(remark.Guess, "unclosed-quote", c[oddUnclosed], "record", "has a quotation mark that is never closed", "have a quotation mark that is never closed",
		"It is read as a letter of the value."), remark.Quote, "none", "read all quotation marks as letters")
	say(remark.Change, "quote-blanks", c[oddBlanks], "value", "has spaces around its quotation marks", "have spaces around their quotation marks", "The spaces are left out.")
	say(remark.Info, "line-break", c[oddBreak], "record", "has a line break inside a value that is not in quotes", "have a line break inside a value that is not in quotes", "It does not end the row.")
	say(remark.Guess, "line-break-guess", c[oddUndecided], "line break", "may end a row or be part of a value", "may end a row or be part of a value", "It is read as the end of the row.")
	say(remark.Change, "wrapped-lines", c[oddWrapped], "line", "was one value in quotes as a whole", "were one value in quotes as a whole", "The values inside are read.")
	say(remark.Omit, "line-tails", c[oddTail], "line", "has quotes around it and blank values of another delimiter behind it", "have quotes around them and blank values of another delimiter behind them", "These are left out.")
	with(say(remark.Omit, "comment-lines", c[oddComment], "line", "is a comment, beginning with "+d.book.form.Comment, "are comments, beginning with "+d.book.form.Comment, "Comments are left out."),
		remark.Comment, format.NoComment, "keep them as rows")
	say(remark.Omit, "order-marks", c[oddMark], "line", "begins with a byte order mark, as a file does", "begin with a byte order mark, as a file does", "The marks are dropped. Files were probably joined.")
	with(say(remark.Guess, "fixed-width-cut", c[oddCut], "line", "has no space between two columns", "have no space between two columns", "Their values may be cut in the wrong place."),
		remark.Delimiter, "none", "read every line as one value")
	say(remark.Omit, "beside-table", c[oddBeside], "line", "stands beside the table that is drawn", "stand beside the table that is drawn", "Such lines are left out.")
	say(remark.Guess, "drawn-tables", c[oddTables], "line", "begins another table that is drawn", "begin other tables that are drawn", "Check that the rows are those of one table. To read another one, save it in a file of its own.")
	say(remark.Change, "joined-lines", c[oddPieces], "row", "goes over several lines", "go over several lines", "The pieces of a value are joined, with a line break between.")
	say(remark.Change, "escaped-bars", c[oddEscaped], "value", "has a bar with a backslash in front of it", "have a bar with a backslash in front of it", "The backslash is not part of the value.")
	say(remark.Damage, "dots-for-rows", c[oddElided], "line", "has dots in the place of rows", "have dots in the place of rows", "The program that printed the table left these rows out. Have it write all of them.")
	say(remark.Change, "formula-text", c[oddFormula], "value", `is written as a formula, such as ="007"`, `are written as formulas, such as ="007"`, "What stands in its quotes is the value.")
	say(remark.Change, "tabs", c[oddTab], "value", "has a tab behind it", "have a tab behind them", "It only keeps spreadsheets from changing them, and is left out.")
	say(remark.Change, "apostrophes", c[oddProtected], "value", "has an apostrophe before its digits", "have an apostrophe before their digits", "It only keeps spreadsheets from changing them, and is left out.")
	say(remark.Change, "null-marks", c[oddNull], "value", `is \N, the sign of databases for nothing`, `are \N, the sign of databases for nothing`, "Such values are blank.")
	say(remark.Change, "escapes", c[oddSlashed], "value", `has a backslash before a letter, such as \t for a tab`, `have a backslash before a letter, such as \t for a tab`, "The character that it stands for is read.")
	say(remark.Change, "null-words", c[oddNullWord], "value", "is NULL, the word of databases for nothing", "are NULL, the word of databases for nothing", "Such values are blank.")
	return all
}

// places says where: " (line 4)" or " (lines 4, 6 and more)".
func places(t tally) string {
	lines := linesOf(t)
	if len(lines) == keptLines && t.n > keptLines {
		lines = append(lines, "more")
	}
	return humanize.Plural(len(lines), " (line ", " (lines ") + humanize.List(lines) + ")"
}

func linesOf(t tally) (all []string) {
	for _, line := range t.lines {
		all = append(all, humanize.Number(line))
	}
	return all
}
