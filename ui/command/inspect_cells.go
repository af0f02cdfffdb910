package command

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook"
	"pushdesk/ui/command/cli"
)

// inspectedCell is one cell as a line of JSON. Value is a JSON number for a number
// and a boolean for a boolean, else a text: dates and date-times in ISO 8601
// without a zone, times of day as hh:mm:ss, durations in ISO 8601, errors by the
// name that Excel shows.
type inspectedCell struct {
	Sheet string `json:"sheet"`
	Cell  string `json:"cell"`
	Kind  string `json:"kind"`
	Value any    `json:"value"`
	Raw   string `json:"raw"`
}

// printCells prints every cell with a value, a line each.
func printCells(ctx context.Context, c *cli.Env, book *workbook.Book, sheet string, rows int) error {
	out := bufio.NewWriterSize(c.Out, 64<<10)
	line := json.NewEncoder(out)
	line.SetEscapeHTML(false)
	err := book.Cells(ctx, sheet, rows, func(s workbook.Stored) error {
		return line.Encode(inspectedCell{Sheet: s.Sheet, Cell: cell.Address(s.Row, s.Column), Kind: s.Cell.Kind.String(), Value: cellValue(s.Cell), Raw: s.Raw})
	})
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return err
}

// cellValue is what a cell means, as JSON writes it.
func cellValue(c cell.Cell) any {
	switch c.Kind {
	case cell.Number:
		if c.Text != "" && json.Valid([]byte(c.Text)) {
			return json.Number(c.Text) // more digits than a float64 keeps
		}
		return c.Float
	case cell.Boolean:
		return c.Int != 0
	case cell.Date:
		return time.UnixMilli(c.Int).UTC().Format(time.DateOnly)
	case cell.DateTime:
		return time.UnixMilli(c.Int).UTC().Format("2006-01-02T15:04:05.999")
	case cell.Time:
		return time.UnixMilli(c.Int).UTC().Format("15:04:05.999")
	case cell.Duration:
		return isoDuration(c.Int)
	}
	return c.Text
}

// isoDuration writes milliseconds as an ISO 8601 duration, such as PT26H30M.
func isoDuration(millis int64) string {
	var b strings.Builder
	if millis < 0 {
		b.WriteByte('-')
		millis = -millis
	}
	b.WriteString("PT")
	hours, minutes, seconds, rest := millis/3_600_000, millis/60_000%60, millis/1000%60, millis%1000
	if hours > 0 {
		fmt.Fprintf(&b, "%dH", hours)
	}
	if minutes > 0 {
		fmt.Fprintf(&b, "%dM", minutes)
	}
	switch {
	case rest > 0:
		b.WriteString(strings.TrimRight(fmt.Sprintf("%d.%03d", seconds, rest), "0") + "S")
	case seconds > 0 || millis == 0:
		fmt.Fprintf(&b, "%dS", seconds)
	}
	return b.String()
}
