package workbook

import (
	"fmt"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/header"
	"pushdesk/storage/workbook/infer"
)

func namesOf(headers []infer.Header) (names []string) {
	for _, h := range headers {
		names = append(names, h.Name)
	}
	return names
}

// nameLines are the lines of names as they are in the file.
func (l *Layout) nameLines(grid []header.SampleRow) (lines [][]string) {
	for _, row := range grid {
		if l.HeaderRow == 0 || row.Number > l.HeaderRow || row.Number <= l.HeaderRow-l.HeaderRows {
			continue
		}
		line := make([]string, 0, l.LastCol-l.FirstCol+1)
		for column := l.FirstCol; column <= l.LastCol; column++ {
			line = append(line, cell.Display(row.At(column)))
		}
		lines = append(lines, line)
	}
	return lines
}

// linesAbove are the texts of the lines above the names that hold nothing else.
func (l *Layout) linesAbove(grid []header.SampleRow) (titles [][]string) {
next:
	for _, row := range grid {
		if row.Number > l.HeaderRow-l.HeaderRows {
			break
		}
		var title []string
		for i := range row.Cells {
			c := &row.Cells[i]
			if c.Kind == cell.Blank {
				continue
			}
			if !infer.PlainText(c) {
				continue next
			}
			title = append(title, c.Text)
		}
		if len(title) > 0 {
			titles = append(titles, title)
		}
	}
	return titles
}

// neutral gives the columns neutral names when nearly every row has several values more
// than there are names: nothing tells which values the names belong to.
func (l *Layout) neutral(grid []header.SampleRow) {
	names := len(l.Headers)
	for names > 0 && l.Headers[names-1].Raw == "" {
		names--
	}
	if len(l.Headers)-names < 2 {
		return
	}
	rows, longer := 0, 0
	for _, row := range grid {
		if row.Number < l.FirstRow {
			continue
		}
		rows++
		a, b := row.At(l.FirstCol+names), row.At(l.FirstCol+names+1)
		if !infer.IsBlank(&a) && !infer.IsBlank(&b) {
			longer++
		}
	}
	if rows < 2 || longer*10 < 7*rows {
		return
	}
	l.Headers, l.fewNames = header.NameColumns(nil, 0, 0, l.FirstCol, l.LastCol, nil), names
}

// renamed says which columns have the names of others.
func (l Layout) renamed() []remark.Remark {
	if l.fewNames > 0 {
		return []remark.Remark{remark.New(remark.Guess, infer.NoteNeutral, "Row %s has %s for %s, so nothing tells which name belongs to which column. The columns have neutral names.",
			humanize.Number(l.HeaderRow), humanize.Count(l.fewNames, "name"), humanize.Count(len(l.Headers), "column")).At(l.HeaderRow, 1).
			With(remark.HeaderRow, strconv.Itoa(l.HeaderRow), "give the names to the first columns")}
	}
	var names []string
	for _, h := range l.Headers {
		if was := strings.Join(strings.Fields(h.Raw), " "); was != "" && was != h.Name {
			names = append(names, fmt.Sprintf("%q", h.Name))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []remark.Remark{remark.New(remark.Change, infer.NoteRenamed, "%s the name of another one, so %s renamed: %s.", humanize.Count(len(names), "column has", "columns have"),
		humanize.Plural(len(names), "it was", "they were"), humanize.ListSome(names, 8)).At(l.HeaderRow, int64(len(names)))}
}

// unnamed says which columns have values and no name, so that one was made up; known says
// that this was said of the first.
func (l Layout) unnamed(columns []infer.ColumnProfile, known bool) []remark.Remark {
	if l.HeaderRow == 0 || l.fewNames > 0 {
		return nil
	}
	var names []string
	for i := range columns {
		p := &columns[i]
		if p.Header.Raw == "" && !(known && i == 0) && !remark.Has(p.Remarks, infer.NoteEmpty) {
			names = append(names, fmt.Sprintf("%q", p.Header.Name))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []remark.Remark{remark.New(remark.Change, infer.NoteUnnamed, "%s no name in row %s, so %s called %s.", humanize.Count(len(names), "column has", "columns have"),
		humanize.Number(l.HeaderRow), humanize.Plural(len(names), "it is", "they are"), humanize.ListSome(names, 8)).At(l.HeaderRow, int64(len(names)))}
}

// shift moves the names by one column where the first one holds names of rows.
func (l *Layout) shift(grid []header.SampleRow, merges header.Merged) {
	for _, m := range merges(l.HeaderRow) {
		if m.LastCol >= l.LastCol {
			return // the last column has that name
		}
	}
	if !header.RowNames(header.FirstTable(grid, l.HeaderRow, l.FirstCol, l.LastCol), l.Headers, l.FirstRow) {
		return
	}
	for i := len(l.Headers) - 1; i >= 0; i-- {
		l.Headers[i].Raw, l.Headers[i].Name = "", ""
		if i > 0 {
			l.Headers[i].Raw, l.Headers[i].Name = l.Headers[i-1].Raw, strings.Join(strings.Fields(l.Headers[i-1].Raw), " ")
		}
	}
	header.Distinct(l.Headers)
	l.Remarks = append(l.Remarks, remark.New(remark.Guess, infer.NoteRowNames, "Row %s has one name fewer than every row has values, and the first column looks like names of the rows, so the names are given to the other columns.", humanize.Number(l.HeaderRow)).
		At(l.HeaderRow, 1).With(remark.HeaderRow, strconv.Itoa(l.HeaderRow), "give the names to the first columns"))
}
