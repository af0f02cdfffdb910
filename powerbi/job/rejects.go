package job

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/export"
	"pushdesk/storage/workbook/infer"
)

// The columns that a file of rejects has beside the original ones.
const (
	rejectRow     = "Pushdesk row"
	rejectProblem = "Pushdesk problem"
)

// SaveRejects writes the rows that a run rejected into a new file, .xlsx or .csv by
// its name: the original cells, the row in the sheet, and what is wrong. It reads
// the run's file once more, which must be unchanged.
func (j *Jobs) SaveRejects(ctx context.Context, runID, path, password string) (n int64, err error) {
	was, err := j.Runs.Get(ctx, runID)
	if err != nil {
		return 0, err
	}
	of, err := j.Runs.Info(ctx, runID)
	if err != nil {
		return 0, err
	}
	refused, err := j.Runs.Refused(ctx, runID)
	if err != nil {
		return 0, err
	}
	r, err := j.reopen(ctx, runID, ResumeOptions{Password: password})
	if err != nil {
		return 0, err
	}
	defer r.book.Close()
	if r.hash != was.FileHash {
		return 0, &history.ChangedError{File: was.File}
	}
	rows, err := r.book.Rows(ctx, r.layout)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var header []string
	for _, h := range r.layout.Headers {
		header = append(header, h.Name)
	}
	about := [][2]string{{"Rejected rows of run", runID}, {"Sent on", humanize.DateTime(was.Started)}, {"File", was.File}, {"Sheet", was.Sheet},
		{"Dataset", was.Dataset}, {"Table", was.Table}, {"Workspace", was.Workspace},
		{"What next", "Correct the values in the first sheet and send the file as the corrected rows of this run."}}
	w, err := export.New(path, "Rejects", append(header, rejectRow, rejectProblem), about)
	if err != nil {
		return 0, err
	}
	commas := decimalCommas(path, of.Mapping)
	line := make([]cell.Cell, 0, len(header)+2)
	n, err = push.EachReject(ctx, rowSource{rows}, of.Mapping, was.Policy, of.Skip, of.Limit, refused, func(x push.Reject) error {
		line = append(line[:0], x.Cells...)
		for len(line) < len(header) {
			line = append(line, cell.Cell{})
		}
		for i, c := range line {
			if commas[i] && c.Kind == cell.Number {
				line[i] = cell.Cell{Kind: cell.Text, Text: strings.Replace(cell.Display(cell.Cell{Kind: cell.Number, Float: c.Float, Text: c.Text}), ".", ",", 1)}
			}
		}
		line = append(line, cell.Cell{Kind: cell.Number, Float: float64(x.Row)}, cell.Cell{Kind: cell.Text, Text: problemsOf(x)})
		return w.Write(line)
	})
	if err == nil && n == 0 {
		err = failure.New(failure.Usage, "no-rejects", "This run has rejected no rows.", nothingToDo).WithDetails("Run ID: %s", runID)
	}
	if err != nil {
		w.Abandon()
		return n, err
	}
	return n, w.Close()
}

// decimalCommas reports which columns of a text file must be written with a decimal
// comma, because the run reads their texts that way.
func decimalCommas(path string, m mapping.Mapping) map[int]bool {
	commas := map[int]bool{}
	for _, f := range m.Fields {
		if strings.EqualFold(filepath.Ext(path), ".csv") && f.From >= 0 && f.DecimalMark == "," {
			commas[f.From] = true
		}
	}
	return commas
}

// problemsOf says in one text what is wrong with a row.
func problemsOf(x push.Reject) string {
	var all []string
	for _, p := range x.Problems {
		s := p.Rule + "."
		if p.Column != "" {
			s = fmt.Sprintf("%s (%s): %s.", p.Column, p.Address, p.Rule)
		}
		all = append(all, s+" "+p.Advice)
	}
	return strings.Join(all, "\n")
}

// misfit says why a file does not fit a run as its corrected rows.
func misfit(why string) error {
	return failure.New(failure.Data, "rejects-misfit", "The file does not fit the run as its corrected rows: "+why+".",
		"Save the rejected rows again, and correct the values only; the names of the columns must stay.")
}

// Corrected returns the draft of a file with corrected rows of a run: with the same
// mapping, to the same table. It is checked, planned and sent as any other. Close
// the book of its reading.
func (j *Jobs) Corrected(ctx context.Context, runID, path, password string) (Draft, error) {
	was, err := j.Runs.Get(ctx, runID)
	if err != nil {
		return Draft{}, err
	}
	of, err := j.Runs.Info(ctx, runID)
	if err != nil {
		return Draft{}, err
	}
	c, err := j.RunConnection(ctx, runID)
	if err != nil {
		return Draft{}, err
	}
	r, err := OpenWorkbook(ctx, path, workbook.Options{Password: password, Guarded: true}, "", "", 1)
	if err != nil {
		return Draft{}, err
	}
	d, err := j.corrected(ctx, r, of.Mapping)
	if err == nil {
		d.Place, err = j.Locate(ctx, Destination{Connection: c, Workspace: was.WorkspaceID, Dataset: was.DatasetID, Table: was.Table})
	}
	if err != nil {
		return Draft{}, errors.Join(err, r.Book.Close())
	}
	d.Policy, d.Mode, d.Of = mapping.PolicyStop, plan.ModeAppend, runID
	return d, nil
}

// corrected reads every row and finds the columns of a mapping by their names.
func (j *Jobs) corrected(ctx context.Context, r Reading, m mapping.Mapping) (d Draft, err error) {
	r.Layout.Source.Totals = infer.KeepAll // every row of the file was one that was left out
	if d.Reading, err = r.Full(ctx, nil); err != nil {
		return d, err
	}
	headers := d.Reading.Layout.Headers
	if !slices.ContainsFunc(headers, func(h infer.Header) bool { return h.Name == rejectRow }) {
		return d, misfit(fmt.Sprintf("the column %q is missing", rejectRow))
	}
	// Texts stay texts while the file is read: the mapping tells how numbers and dates
	// are written, as it did for the run.
	d.Reading.Profile.Columns = slices.Clone(d.Reading.Profile.Columns)
	for i := range d.Reading.Profile.Columns {
		d.Reading.Profile.Columns[i].Text = infer.TextFormat{}
	}
	d.Reading.Layout = d.Reading.Layout.WithTypes(d.Reading.Profile)
	m.Fields, m.Filter, m.Past = slices.Clone(m.Fields), nil, nil // they met the conditions, and their values may be others now
	for i, f := range m.Fields {
		if f.From < 0 {
			continue
		}
		at := slices.IndexFunc(headers, func(h infer.Header) bool { return h.Name == f.Header })
		if at < 0 && f.Use {
			return d, misfit(fmt.Sprintf("the column %q is missing", f.Header))
		}
		m.Fields[i].From, m.Fields[i].Letter = at, ""
		m.Fields[i].Dress.Bare = true // what the run could read was saved as it was read
		if at >= 0 {
			m.Fields[i].Letter = cell.Column(headers[at].Column)
		}
	}
	d.Mapping = m
	return d, nil
}

// SuggestRejects is a name for the file with the rows that a run left out.
func SuggestRejects(r history.Receipt) string {
	name := strings.TrimSuffix(filepath.Base(r.File), filepath.Ext(r.File))
	return name + " rejects " + strconv.FormatInt(r.RowsRejected, 10) + ".xlsx"
}

// Opens returns why the file of a run cannot be opened; a protected one without its password
// has the code workbook.CodePassword.
func (j *Jobs) Opens(ctx context.Context, runID, password string) error {
	r, err := j.reopen(ctx, runID, ResumeOptions{Password: password})
	if err != nil {
		return err
	}
	return r.book.Close()
}
