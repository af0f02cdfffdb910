// Package words puts the receipt of a run into sentences, for every front end.
package words

import (
	"fmt"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
)

// FilterNote returns which rows of the file were sent, and how many of them met the
// conditions; "" if every row was.
func FilterNote(r history.Receipt) string {
	if r.Mapping == nil {
		return ""
	}
	words := r.Mapping.FilterWords()
	if words == "" {
		return ""
	}
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
	list = append(list, doubts(r)...)
	if r.RowsSent > r.RowsUnproven && r.RowsConfirmed == 0 {
		list = append(list, strings.TrimSpace("That the table holds every row that was accepted. "+Unconfirmed(r)))
	}
	switch s := r.Sample; {
	case r.RowsSent == 0:
	case s == nil || s.Rows == 0:
		list = append(list, strings.TrimSpace("That the values are stored as they were sent. "+notReadBack(s)))
	case s.Found < s.Rows:
		list = append(list, fmt.Sprintf("That the values are stored as they were sent: of %s that were read back, %d are not in the table as they were sent.", humanize.Count(s.Rows, "row"), s.Rows-s.Found))
	}
	return list
}

// shownDoubts is how many batches are put into words; the data has all.
const shownDoubts = 20

// doubts says of batches whose reply was lost what is not proven.
func doubts(r history.Receipt) (list []string) {
	for i, d := range r.Doubts {
		if i == shownDoubts {
			list = append(list, fmt.Sprintf("The same of %s more.", humanize.Count(len(r.Doubts)-i, "batch", "batches")))
			break
		}
		list = append(list, doubt(d, r.Status.Finished()))
	}
	return list
}

// doubt says what is not proven of a batch. A run that is not finished may not have sent it
// again yet.
func doubt(d history.Doubt, finished bool) string {
	rows := fmt.Sprintf("rows %s to %s of the sheet (%s, batch %s)", humanize.Number(d.FirstRow), humanize.Number(d.LastRow), humanize.Count(d.Rows, "row"), humanize.Number(d.Batch))
	switch {
	case d.Doubled:
		return "That the table holds " + rows + " once: it holds them more than once. Power BI stored an earlier request late, after they were sent again."
	case d.Kind == history.DoubtResent:
		once, again := "", "are sent again when the run continues, if they were not yet"
		if finished {
			again = "were sent again"
		}
		if d.Once {
			once = " At the end of the run it held them once."
		}
		return "That the table holds " + rows + " once: the reply to their request was lost, the table did not show them, and they " + again + "." + once + " If Power BI stores an earlier request late, the table holds them more than once."
	case d.Kind == history.DoubtAnswered:
		return "That " + rows + " were stored: the reply to their request was lost, and they count as sent because you said so."
	}
	return "That " + rows + " were stored: the reply to their request was lost, and only the table's row count says so. Others may have added as many rows."
}

// notReadBack returns why no rows were read back.
func notReadBack(s *history.Sample) string {
	switch {
	case s == nil:
		return ""
	case s.Why == history.WhyDropped:
		return "The table drops old rows, so none were looked for."
	case s.Why == history.WhyFailed:
		return "Rows could not be read back. " + s.Error
	}
	return ""
}

// Unconfirmed returns why the table's row count does not confirm the rows that were
// sent; "" if it does.
func Unconfirmed(r history.Receipt) string {
	u := r.Unconfirmed
	if u == nil {
		return ""
	}
	switch u.Why {
	case history.WhyNoBase:
		return "The table's row count could not be asked before the run. " + u.Error
	case history.WhyUnknown:
		return "The row count proves nothing while it is unknown whether some rows were stored."
	case history.WhyStopped:
		return "The run was stopped before its rows were counted."
	case history.WhySending:
		return "Another run on this computer kept sending into the table, so its row count proves nothing."
	case history.WhyFailed:
		return "The table's row count could not be asked. " + u.Error
	case history.WhyDropped:
		return fmt.Sprintf("The table keeps about the newest %s rows and drops old ones, so its row count proves nothing.", humanize.Number(powerbi.MaxRowsFIFO))
	}
	s := fmt.Sprintf("The table holds %s, and %s were expected.", humanize.Count(u.Rows, "row"), humanize.Number(u.Expected))
	switch {
	case u.OthersUnknown > 0:
		return s + fmt.Sprintf(" Another run on this computer does not know whether %s of its rows were stored.", humanize.Number(u.OthersUnknown))
	case u.Rows > u.Expected:
		return s + " Others may have added rows meanwhile."
	}
	return s + " Power BI may show them later, or others may have deleted rows."
}
