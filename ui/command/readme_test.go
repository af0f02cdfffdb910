package command

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
)

// TestReadmeNumbers: the numbers of the README are those of the program.
func TestReadmeNumbers(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := strings.Join(strings.Fields(string(data)), " ")
	for _, says := range []string{
		fmt.Sprintf("text in %d encodings", len(workbook.Encodings)),
		fmt.Sprintf("%d columns, %s rows a request, %d requests a minute (an hour from %s rows in the table), %s rows an hour, %s rows a table, or about %s with basicFIFO",
			powerbi.MaxColumns, humanize.Number(powerbi.MaxRowsPerRequest), powerbi.MaxRequests, humanize.Number(powerbi.SlowFromRows),
			humanize.Number(powerbi.MaxRowsPerHour), humanize.Number(powerbi.MaxRowsNone), humanize.Number(powerbi.MaxRowsFIFO)),
	} {
		if !strings.Contains(readme, says) {
			t.Errorf("the README does not say: %s", says)
		}
	}
}
