// Package audit writes runs as a list that other programs read.
package audit

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/words"
	"pushdesk/storage/workbook/export"
)

// CSV returns runs as a CSV file with a line each, which Excel opens as it is.
func CSV(list []history.Receipt) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff") // or Excel takes it for another encoding
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	if err := w.Write([]string{"Run", "Started", "Ended", "Status", "By", "Connection", "File", "File hash", "Sheet", "Range", "Workspace", "Dataset", "Dataset ID", "Table", "Mode",
		"Rows read", "Rows sent", "Rows confirmed", "Rows not proven", "Rows rejected", "Rows unknown", "Rows not sent", "Rows before", "Rows after",
		"Requests", "Repeated", "Seconds", "Seconds waited", "Rows read back", "Read back as sent", "Not proven", "Undone", "Reason", "Conditions", "Rows that do not meet them"}); err != nil {
		return nil, fmt.Errorf("write the audit: %w", err)
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, r := range list {
		seconds := func(ms int64) string { return strconv.FormatFloat(float64(ms)/1000, 'f', 3, 64) }
		looked, found := "", ""
		if r.Sample != nil {
			looked, found = strconv.Itoa(r.Sample.Rows), strconv.Itoa(r.Sample.Found)
		}
		line := []string{r.RunID, at(r.Started), at(r.Ended), string(r.Status), r.By, r.Connection, r.File, r.FileHash, r.Sheet, r.Range,
			r.Workspace, r.Dataset, r.DatasetID, r.Table, string(r.Mode),
			whole(r.RowsRead), whole(r.RowsSent), whole(r.RowsConfirmed), whole(r.RowsUnproven), whole(r.RowsRejected), whole(r.RowsUnknown), whole(r.RowsNotSent), maybe(r.RowsBefore), maybe(r.RowsAfter),
			strconv.Itoa(r.Requests), strconv.Itoa(r.Retries), seconds(r.DurationMs), seconds(r.WaitedMs), looked, found,
			strings.Join(r.Unproven, " "), at(r.Undone), r.Reason, words.FilterNote(r), whole(r.Filtered)}
		for i := range line {
			line[i] = export.Guard(line[i])
		}
		if err := w.Write(line); err != nil {
			return nil, fmt.Errorf("write the audit: %w", err)
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// at is a moment as a spreadsheet reads it, local as everything that a person sees.
func at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

func maybe(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}
