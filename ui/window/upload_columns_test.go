package window

import (
	"fmt"
	"strings"
	"testing"
)

// columns is a text file with columns of numbers.
func columns(t *testing.T, name string, n int) string {
	var names, values []string
	for i := range n {
		names, values = append(names, fmt.Sprintf("Column %02d", i)), append(values, fmt.Sprint(i))
	}
	return written(t, name, strings.Join(names, ",")+"\n"+strings.Join(values, ",")+"\n")
}

func TestUploadOfANarrowerFileAfterAWideOne(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{columns(t, "wide.csv", 80)})
	h.next(p)
	h.next(p)
	h.sees("80 of 80 columns are sent", "Leave out 5 columns")
	p.Dropped([]string{columns(t, "narrow.csv", 3)})
	h.sees("1 row, 3 columns")
	h.next(p)
	h.next(p)
	h.sees("3 of 3 columns are sent")
}
