package mapping

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"pushdesk/storage/humanize"
)

// LeftOut is how many rows may be left out of a run before that is a failure: a number,
// or a share of the rows of the file. The zero value sets no limit.
type LeftOut struct {
	Set     bool    `json:"set,omitempty"`
	Rows    int64   `json:"rows,omitempty"`
	Percent float64 `json:"percent,omitempty"` // in place of Rows, where Share is set
	Share   bool    `json:"share,omitempty"`
}

var errLeftOut = errors.New("it is a number of rows, such as 10, or a share of them, such as 0.5%")

// ParseLeftOut reads a number of rows, or a share of them with a percent sign.
func ParseLeftOut(text string) (LeftOut, error) {
	text = strings.TrimSpace(text)
	if number, ok := strings.CutSuffix(text, "%"); ok {
		p, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || math.IsNaN(p) || p < 0 || p > 100 {
			return LeftOut{}, errLeftOut
		}
		return LeftOut{Set: true, Percent: p, Share: true}, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return LeftOut{}, errLeftOut
	}
	return LeftOut{Set: true, Rows: n}, nil
}

// Exceeded reports whether n rows of all are more than may be left out.
func (l LeftOut) Exceeded(n, all int64) bool {
	switch {
	case !l.Set:
		return false
	case l.Share:
		return float64(n)*100 > l.Percent*float64(all)
	}
	return n > l.Rows
}

// Allows says how many may be left out: "only 3 rows may", "no rows may".
func (l LeftOut) Allows() string {
	if l.Set && !l.Share && l.Rows == 0 || l.Share && l.Percent == 0 {
		return "no rows may"
	}
	return "only " + l.String() + " may"
}

// String returns the limit in words; "" where none is set.
func (l LeftOut) String() string {
	switch {
	case !l.Set:
		return ""
	case l.Share:
		return strconv.FormatFloat(l.Percent, 'f', -1, 64) + " %"
	}
	return humanize.Count(l.Rows, "row")
}
