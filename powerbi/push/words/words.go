// Package words puts the receipt of a run into sentences, for every front end.
package words

import (
	"fmt"
	"strings"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
)

// FilterNote returns which rows of the file were sent, and how many of them met the
// conditions; "" if every row was.
func FilterNote(r history.Receipt) string {
	if len(r.Filter()) == 0 {
		return ""
	}
	words := r.Mapping.FilterWords()
	if r.Filtered == 0 || r.Skip > 0 { // it is not known of all rows, or some were passed over uncounted
		return words
	}
	return fmt.Sprintf("%s: %s of %s", words, humanize.Number(r.RowsRead), humanize.Count(r.RowsRead+r.Filtered, "row"))
}

// ReadBack returns what became of the rows that were read back from the table; "" if
// none were.
func ReadBack(r history.Receipt) string {
	if r.Sample == nil || r.Sample.Rows == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %s are in the table as they were sent", r.Sample.Found, humanize.Count(r.Sample.Rows, "row"))
}

// Unproven returns what a receipt cannot prove.
func Unproven(r history.Receipt) (list []string) {
	if r.RowsUnknown > 0 {
		list = append(list, fmt.Sprintf("Whether %s were stored: the answers were lost.", humanize.Count(r.RowsUnknown, "row")))
	}
	if r.RowsSent > 0 && r.RowsConfirmed == 0 {
		list = append(list, strings.TrimSpace("That the table holds every row that was accepted. "+r.ConfirmNote))
	}
	switch s := r.Sample; {
	case r.RowsSent == 0:
	case s == nil || s.Rows == 0:
		note := ""
		if s != nil {
			note = s.Note
		}
		list = append(list, strings.TrimSpace("That the values are stored as they were sent. "+note))
	case s.Found < s.Rows:
		list = append(list, fmt.Sprintf("That the values are stored as they were sent: of %s that were read back, %d are not in the table as they were sent.", humanize.Count(s.Rows, "row"), s.Rows-s.Found))
	}
	return list
}
