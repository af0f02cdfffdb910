package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

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
	remark.Type: "--type", remark.HeaderRow: "--header-row", remark.Sheet: "--sheet", remark.Range: "--range",
	remark.KeepTotals: "--keep-totals", remark.Encoding: "--encoding", remark.Delimiter: "--delimiter", remark.Quote: "--quote", remark.Comment: "--comment",
	remark.DateOrder: "--date-order", remark.Decimal: "--decimal-mark", remark.LeaveOut: "--leave-out", remark.MapColumn: "--map",
	remark.OnDrift: "--on-drift", remark.Accept: "--accept-guesses",
}

// Flag returns what to type to choose an option; "" when there is no flag for it.
func Flag(o remark.Option) string {
	flag, ok := flags[o.Setting]
	if !ok || o.Value == "" {
		return flag
	}
	if strings.ContainsAny(o.Value, " \t\"'$&|;<>()*?!#~\\=") {
		return flag + " " + strconv.Quote(o.Value)
	}
	return flag + " " + o.Value
}

// PrintRemarks prints remarks, one a line, with the flags that choose otherwise.
func PrintRemarks(w io.Writer, list []Remark) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w, "\nRemarks:")
	for _, r := range list {
		line := r.Sentence
		if r.Column != "" {
			line = fmt.Sprintf("Column %q: %s", r.Column, line)
		}
		for i, flag := range r.Flags {
			if i == 0 && r.Options[0].Does != "" {
				line += fmt.Sprintf(" To %s: %s", r.Options[0].Does, flag)
			} else {
				line += ", or " + flag
			}
		}
		fmt.Fprintln(w, "  "+line)
	}
	fmt.Fprintln(w)
}
