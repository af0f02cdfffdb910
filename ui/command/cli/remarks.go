package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
)

// Remark is a remark as the terminal shows it: with the flags that choose otherwise.
type Remark struct {
	remark.Remark
	Flags []string `json:"flags,omitempty"`
}

// Remarks adds the flags to remarks.
func Remarks(list []remark.Remark) (all []Remark) {
	for _, r := range list {
		shown := Remark{Remark: r}
		for _, o := range r.Options {
			if flag := Flag(o); flag != "" {
				shown.Flags = append(shown.Flags, flag)
			}
		}
		all = append(all, shown)
	}
	return all
}

// flags are what to type for a setting.
var flags = map[remark.Setting]string{
	remark.Type: "--type", remark.HeaderRow: "--header-row", remark.HeaderRows: "--header-rows", remark.Sheet: "--sheet", remark.Range: "--range",
	remark.KeepTotals: "--keep-totals", remark.LeaveTotal: "--leave-totals", remark.Encoding: "--encoding", remark.Delimiter: "--delimiter", remark.Quote: "--quote", remark.Comment: "--comment",
	remark.DateOrder: "--date-order", remark.Decimal: "--decimal-mark", remark.LeaveOut: "--leave-out", remark.MapColumn: "--map",
	remark.FillDown: "--fill-down", remark.Detect: "--detect", remark.Hidden: "--skip-hidden",
	remark.Zone: "--zone", remark.Blank: "--bad-rows",
	remark.OnDrift: "--on-drift", remark.Accept: "--accept-guesses",
}

// Flag returns what to type to choose an option; "" when there is no flag for it.
func Flag(o remark.Option) string {
	flag, ok := flags[o.Setting]
	switch {
	case !ok || o.Value == "":
	case strings.ContainsAny(o.Value, "$`!\\\"") && !strings.Contains(o.Value, "'"): // which mean something within double quotes
		flag += " '" + o.Value + "'"
	case strings.ContainsAny(o.Value, " \t\"'$&|;<>()*?!#~\\=`"):
		flag += " " + strconv.Quote(o.Value)
	default:
		flag += " " + o.Value
	}
	for _, and := range o.And {
		if more := Flag(and); more != "" {
			flag += " " + more
		}
	}
	return flag
}

// mostAlike is how many remarks of one kind about columns are printed: for each column of a
// table that can be sent. A sheet may have many more.
const mostAlike = powerbi.MaxColumns

// PrintRemarks prints remarks, one a line, with the flags that choose otherwise.
func PrintRemarks(w io.Writer, list []Remark) {
	if len(list) == 0 {
		return
	}
	title := "\nRemarks:"
	if slices.ContainsFunc(list, func(r Remark) bool { return len(r.Flags) > 0 }) { // also where a command without them says so
		title = "\nRemarks, with flags of pushdesk send:"
	}
	fmt.Fprintln(w, title)
	alike := map[string]int{}
	for _, r := range list {
		line := r.Sentence
		if r.Column != "" {
			if alike[r.Code]++; alike[r.Code] > mostAlike {
				continue
			}
			line = fmt.Sprintf("Column %q: %s", r.Column, line)
		}
		to := " To "
		for _, o := range r.Options {
			switch flag := Flag(o); {
			case flag == "":
			case o.Does == "":
				line += ", or " + flag
			default:
				line += to + o.Does + ": " + flag
				to = "; to "
			}
		}
		fmt.Fprintln(w, "  "+line)
	}
	for _, code := range slices.Sorted(maps.Keys(alike)) {
		if more := alike[code] - mostAlike; more > 0 {
			fmt.Fprintf(w, "  %s more %s like those of other columns (%s). --json lists all of them.\n", humanize.Number(more), humanize.Plural(more, "remark"), code)
		}
	}
	fmt.Fprintln(w)
}
