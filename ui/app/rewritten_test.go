package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
)

// TestTheBytesThatWereCheckedAreSent: a file is written again in place while it is sent, with
// the same size and time. The run is not done, whether its rows were checked before, or a
// part of them is sent, or nothing was checked.
func TestTheBytesThatWereCheckedAreSent(t *testing.T) {
	rows := func(what string) []byte {
		var b bytes.Buffer
		b.WriteString("Depot;Units\n")
		for i := range 150_000 {
			fmt.Fprintf(&b, "%s %06d;%06d\n", what, i, i)
		}
		return b.Bytes()
	}
	for name, set := range map[string]func(d *job.Draft, check func() job.Draft){
		"checked":     func(d *job.Draft, check func() job.Draft) { *d = check() },
		"a part":      func(d *job.Draft, check func() job.Draft) { *d = check(); d.Limit = 60_500 },
		"not checked": func(*job.Draft, func() job.Draft) {},
	} {
		t.Run(name, func(t *testing.T) {
			d := openApp(t, t.TempDir())
			c := practiceConnection(t, d)
			path := filepath.Join(t.TempDir(), "stock.csv")
			if err := os.WriteFile(path, rows("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			before, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			r, place := readFor(t, d, c, path)
			defer r.Book.Close()
			u := job.Draft{Reading: r, Place: place, Mapping: job.Propose(r, place)}
			set(&u, func() job.Draft {
				checked, err := d.Check(t.Context(), u, nil)
				if err != nil {
					t.Fatal(err)
				}
				return checked
			})
			written := false
			receipt, err := d.Send(t.Context(), u, job.Control{}, func(push.Progress) {
				if written {
					return
				}
				written = true
				f, err := os.OpenFile(path, os.O_WRONLY, 0)
				if err == nil {
					_, err = f.Write(rows("new"))
				}
				if err := errors.Join(err, f.Close(), os.Chtimes(path, before.ModTime(), before.ModTime())); err != nil {
					t.Error(err)
				}
			})
			var changed *history.ChangedError
			if !errors.As(err, &changed) || receipt.Status != history.StatusFailed {
				t.Errorf("%s, %d rows sent: %v", receipt.Status, receipt.RowsSent, err)
			}
		})
	}
}

// TestAResumedRunReadsTheSameRows: the rows that are read when a run is resumed compare with
// those that were checked, dates, texts and numbers of a workbook included.
func TestAResumedRunReadsTheSameRows(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	p, err := d.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := sample(t)
	place, err := d.Locate(t.Context(), job.PracticeDestination(For(c), r))
	if err != nil {
		t.Fatal(err)
	}
	u, err := d.Check(t.Context(), job.Draft{Reading: r, Place: place, Mapping: job.Propose(r, place)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Service().Faults().Add(faults.Fault{Operation: faults.OpRows, Status: 409})
	first, err := d.Send(t.Context(), u, job.Control{}, nil)
	if err == nil || first.RowsSent != 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := d.Resume(t.Context(), first.RunID, job.ResumeOptions{}, nil)
	if err != nil || again.Status != history.StatusDone || again.RowsConfirmed != 480 {
		t.Errorf("%s, %d confirmed, %v", again.Status, again.RowsConfirmed, err)
	}
}
