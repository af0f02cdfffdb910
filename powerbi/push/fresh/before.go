// Package fresh tells which rows of a source are new to a table: by what runs on this
// computer have sent, and by the values of a column, such as a key or one that grows.
package fresh

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
)

// Overlap is the beginning of a file that the table holds already. The rows are known
// by what they hold, not by the name or the form of the file.
type Overlap struct {
	Rows int64             `json:"rows"`           // the first rows of the file, of those that meet the conditions
	Runs []history.Receipt `json:"-"`              // that have sent them, the oldest first
	Only []string          `json:"only,omitempty"` // columns that one of the files has and the other has not
}

// Unfinished returns the run that is to be resumed before anything is known of the rows;
// nil where all runs are finished.
func (o Overlap) Unfinished() *history.Receipt {
	for i := range o.Runs {
		if o.Runs[i].Resumable {
			return &o.Runs[i]
		}
	}
	return nil
}

// Sentence says which rows were sent before.
func (o Overlap) Sentence() string {
	last := o.Runs[len(o.Runs)-1]
	rows := "The first row of the file was"
	if o.Rows > 1 {
		rows = fmt.Sprintf("Rows 1 to %s of the file were", humanize.Number(o.Rows))
	}
	s := fmt.Sprintf("%s sent to this table before, the last time %s%s.", rows, OnDay(last.Started), FromFile(last))
	if len(o.Runs) == 1 {
		s = fmt.Sprintf("%s sent to this table %s%s.", rows, OnDay(last.Started), FromFile(last))
	}
	return s + o.Differ()
}

// Differ says what the files do not have in common.
func (o Overlap) Differ() string {
	if len(o.Only) == 0 {
		return ""
	}
	return fmt.Sprintf(" Only one of the files has %s.", humanize.ListSome(o.Only, 6))
}

// OnDay names a moment by its weekday too, as a person remembers it.
func OnDay(t time.Time) string {
	return "on " + t.Local().Format("Monday") + ", " + humanize.DateTime(t)
}

// FromFile names the file of a run, after a blank; "" where it is not known.
func FromFile(r history.Receipt) string {
	if r.File == "" {
		return ""
	}
	return fmt.Sprintf(" from %q", filepath.Base(r.File))
}

// Begins finds out how far the beginning of the rows is in the table already. Several
// runs may have sent it, one after the other.
func Begins(runs []history.Receipt, marks []mapping.Mark) (o Overlap) {
	at := map[int64]mapping.Mark{}
	for _, m := range marks {
		at[m.Rows] = m
	}
	for found := true; found; {
		found = false
		for _, r := range slices.Backward(runs) {
			if r.Content.Rows <= o.Rows || r.Skip > o.Rows {
				continue
			}
			only, same := r.Content.Compare(at[r.Content.Rows])
			if !same {
				continue
			}
			o.Rows, o.Runs, found = r.Content.Rows, append(o.Runs, r), true
			for _, name := range only {
				if !slices.Contains(o.Only, name) {
					o.Only = append(o.Only, name)
				}
			}
		}
	}
	return o
}

// Scattered are rows of a file that were sent before, but not as its beginning. They are
// judged by a sample, which of few rows has all.
type Scattered struct {
	Known    int               `json:"known"`    // of the rows that were compared, those that were sent before
	Compared int               `json:"compared"` // rows of the sample
	Of       int64             `json:"of"`       // rows from which it was taken
	Runs     []history.Receipt `json:"-"`        // that have sent some of them, the newest first
}

// Elsewhere compares a sample of rows, of so many, with those of runs, the newest first.
func Elsewhere(h mapping.Hashes, of int64, runs []history.Receipt) (s Scattered) {
	var all []mapping.Hashes
	for _, r := range runs {
		if r.Content.Sample.IsZero() {
			continue
		}
		all = append(all, r.Content.Sample)
		if known, _ := h.In([]mapping.Hashes{r.Content.Sample}); known > 0 {
			s.Runs = append(s.Runs, r)
		}
	}
	if len(s.Runs) > 0 {
		s.Known, s.Compared = h.In(all)
		s.Of = of
	}
	if s.Known == 0 {
		return Scattered{}
	}
	return s
}

// Many reports whether so many of the rows were sent before that a person is asked. A
// single one may be the same by chance.
func (s Scattered) Many() bool { return s.Known > 1 && s.Known*4 >= s.Compared }

// Sentence says how many of the rows were sent before.
func (s Scattered) Sentence() string {
	last := s.Runs[0]
	when := fmt.Sprintf("the last time %s%s", OnDay(last.Started), FromFile(last))
	if int64(s.Compared) == s.Of {
		return fmt.Sprintf("%s of %s %s sent to this table before, but not as the beginning of this file, %s.", humanize.Number(s.Known), humanize.Count(s.Of, "row"), humanize.Plural(s.Known, "was", "were"), when)
	}
	return fmt.Sprintf("About %d %% of %s were sent to this table before, but not as the beginning of this file, %s. This is judged by %s.",
		max(1, s.Known*100/s.Compared), humanize.Count(s.Of, "row"), when, humanize.Count(s.Compared, "row"))
}

// The codes of remarks about rows that the table holds already.
const (
	RemarkKnown  = "rows-known"   // rows that the table holds already are left out
	RemarkKey    = "key-repeated" // several rows have the same key
	RemarkBefore = "rows-before"  // some of the rows were sent before
)

// Remarks says which rows the table holds already.
func Remarks(p *mapping.Past, x Scattered) (list []remark.Remark) {
	if p != nil {
		if p.Count > 0 {
			r := remark.New(remark.Omit, RemarkKnown, "%s: the table holds %s already. Whether other values of such rows have changed is not compared.",
				humanize.Count(p.Count, "row is left out", "rows are left out"), humanize.Plural(p.Count, "it", "them")).In(p.Column)
			r.Count = p.Count
			list = append(list, r)
		}
		if p.Repeated > 0 {
			r := remark.New(remark.Info, RemarkKey, "%s the same value as a row above. All of them are sent.", humanize.Count(p.Repeated, "new row has", "new rows have")).In(p.Column)
			r.Count = p.Repeated
			list = append(list, r)
		}
	}
	if x.Known > 0 {
		list = append(list, remark.New(remark.Info, RemarkBefore, "%s", x.Sentence()))
	}
	return list
}
