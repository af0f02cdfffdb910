package job

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"time"

	"pushdesk/storage/workbook/infer"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook"
)

// Upload is everything that a run needs to be told.
type Upload struct {
	Reading Reading
	Place   Place
	Mapping mapping.Mapping
	Policy  mapping.Policy // "" = stop at the first problem
	Mode    plan.Mode      // "" = append
	Rows    int64          // in the source, for the time left; 0 = not counted

	Skip    int64  // rows at the beginning that are left out
	Limit   int64  // rows that are sent at most; 0 = all
	OneHour bool   // stop where the run would have to wait for the hour
	InParts bool   // replace also when the limits leave the table partly filled for a while
	Reshape bool   // give a table that exists the columns of the mapping first
	Of      string // the run whose corrected rows these are

	Brake *push.Pause // holds the run while it is on; may be nil
}

// Take changes an upload as a choice of its plan says.
func (u Upload) Take(c plan.Choice) Upload {
	u.OneHour = c.OneHour
	switch c.Kind {
	case plan.ChoiceNewest:
		u.Skip = c.Skip
	case plan.ChoiceFits:
		u.Limit = c.Limit
	case plan.ChoiceRetention:
		u.Place.Destination.Retention, u.Place.Target.Retention = c.Retention, c.Retention
	case plan.ChoiceReplace:
		u.Mode = plan.ModeReplace
	}
	return u
}

// Propose maps the columns of a reading to a table. One that exists gets all of
// its columns, by name; a new one gets a column for each of the file, with the
// type that its values have.
func Propose(r Reading, p Place) mapping.Mapping {
	headers, letters := make([]string, len(r.Layout.Headers)), make([]string, len(r.Layout.Headers))
	for i, h := range r.Layout.Headers {
		headers[i], letters[i] = h.Name, cell.Column(h.Column)
	}
	m := mapping.Mapping{Table: p.Target.Table}
	if p.Exists && !p.Destination.Reshape && len(p.Learned.Columns) > 0 {
		m = mapping.Fit(p.Target.Table, p.Learned.Columns, headers, letters)
	} else {
		for i, name := range powerbi.CleanColumnNames(headers) {
			m.Fields = append(m.Fields, mapping.Field{From: i, Header: headers[i], Letter: letters[i], Use: true,
				Target: powerbi.Column{Name: name, DataType: DataType(r.Profile.Columns[i].Type)}})
		}
	}
	for i := range m.Fields {
		if from := m.Fields[i].From; from >= 0 {
			m.Fields[i] = Written(m.Fields[i], r.Profile.Columns[from])
		}
	}
	return m
}

// From fills a field with a column of the file.
func From(f mapping.Field, r Reading, column int) mapping.Field {
	h := r.Layout.Headers[column]
	f.From, f.Header, f.Letter, f.Use = column, h.Name, cell.Column(h.Column), true
	return Written(f, r.Profile.Columns[column])
}

// Written tells a field how numbers and dates are written in the texts of its
// column, as far as the column's values show it.
func Written(f mapping.Field, p infer.ColumnProfile) mapping.Field {
	f.DecimalMark, f.DateOrder = "", mapping.DateOrderUnknown
	text := p.Text
	if text.Type == "" || text.Type == infer.TypeText {
		text = p.OfferText
	}
	if text.Ambiguous {
		return f
	}
	if text.Decimal != 0 {
		f.DecimalMark = string(text.Decimal)
	}
	switch text.Order {
	case infer.DayFirst:
		f.DateOrder = mapping.DayFirst
	case infer.MonthFirst:
		f.DateOrder = mapping.MonthFirst
	}
	return f
}

// DataType gives the push type for the type of a spreadsheet column. Durations
// have none and are sent as text.
func DataType(t infer.Type) powerbi.DataType {
	switch t {
	case infer.TypeWhole:
		return powerbi.Int64
	case infer.TypeDecimal:
		return powerbi.Double
	case infer.TypeBoolean:
		return powerbi.Boolean
	case infer.TypeDateTime:
		return powerbi.DateTime
	}
	return powerbi.String
}

// SchemaError says that the table, as it is mapped, cannot be made or filled.
type SchemaError struct{ Problem powerbi.SchemaProblem }

func (e *SchemaError) Error() string { return "the mapping does not make a table" }

// Sentence says what happened.
func (e *SchemaError) Sentence() string { return e.Problem.Sentence }

// Remedy says what to do next.
func (e *SchemaError) Remedy() string { return e.Problem.Remedy }

// Who says who can fix it.
func (e *SchemaError) Who() string { return "you" }

// Details are for support.
func (e *SchemaError) Details() string { return "" }

// CheckMapping gives the first thing that keeps a mapping from being sent as a
// *SchemaError.
func CheckMapping(m mapping.Mapping) error {
	for _, p := range m.Check() {
		if !p.Warning {
			return &SchemaError{Problem: p}
		}
	}
	return nil
}

// Check reads every row and converts it as a run would.
func Check(ctx context.Context, u Upload, progress func(rows int64)) (mapping.CheckReport, error) {
	if err := CheckMapping(u.Mapping); err != nil {
		return mapping.CheckReport{}, err
	}
	rows, err := u.Reading.Book.Rows(ctx, u.Reading.asSent(u.Mapping).Layout)
	if err != nil {
		return mapping.CheckReport{}, err
	}
	report, err := mapping.CheckRows(ctx, rowSource{rows}, u.Mapping, mapping.CheckOptions{Policy: u.policy(), Progress: progress})
	return report, errors.Join(err, rows.Close())
}

// Plan works out what a run will cost, from what the check has counted and what
// this computer has sent into the dataset lately.
func (j *Jobs) Plan(u Upload, report mapping.CheckReport, now time.Time) (plan.Plan, error) {
	in, err := j.planInput(u, report, now)
	if err != nil {
		return plan.Plan{}, err
	}
	return plan.Make(in), nil
}

// planInput is what a plan is made from.
func (j *Jobs) planInput(u Upload, report mapping.CheckReport, now time.Time) (plan.Input, error) {
	in := plan.Input{
		Rows: report.RowsToSend, Bytes: report.Bytes, Batches: report.Batches,
		Columns: len(u.Mapping.Used()), ExistingRows: u.Place.Rows,
		Retention: u.Place.Target.Retention, Mode: u.Mode, Create: !u.Place.Exists, Now: now,
		Skip: u.Skip, Limit: u.Limit, OneHour: u.OneHour, Filtered: report.RowsFiltered,
	}
	if t := u.Place.Target; t.DatasetID != "" {
		quota, err := j.Runs.Quota(context.Background(), t.DatasetID, t.Table, now)
		if err != nil {
			return in, err
		}
		in.Quota = &quota
	}
	return in, nil
}

// Earlier gives the runs that have sent the same rows in the same way to the same
// table before, the newest first.
func (j *Jobs) Earlier(ctx context.Context, u Upload) ([]history.Receipt, error) {
	if u.Place.Target.DatasetID == "" {
		return nil, nil
	}
	hash, err := u.Reading.Book.Hash(ctx)
	if err != nil {
		return nil, err
	}
	sheet, area := sheetAndRange(u.Reading.Layout.Source)
	list, err := j.Runs.Same(ctx, u.Place.Target, u.Mapping, hash, sheet, area)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(r history.Receipt) bool { return r.RowsSent+r.RowsUnknown == 0 || !r.Undone.IsZero() }), nil
}

// sheetAndRange is what of a workbook a run reads, as its receipt says it.
func sheetAndRange(s workbook.Source) (sheet, area string) {
	if s.Kind != workbook.KindSheet {
		area = s.Range.String()
	}
	return s.Sheet, area
}

// Send makes the dataset where it is missing and sends the rows. The receipt
// holds what happened, also with an error; its RunID is empty when nothing was
// begun.
func (j *Jobs) Send(ctx context.Context, u Upload, on func(push.Progress)) (history.Receipt, error) {
	c := u.Place.Destination.Connection
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return history.Receipt{}, err
	}
	u.Reading = u.Reading.asSent(u.Mapping)
	book := u.Reading.Book
	hash, err := book.Hash(ctx)
	if err != nil {
		return history.Receipt{}, err
	}
	rows, err := book.Rows(ctx, u.Reading.Layout)
	if err != nil {
		return history.Receipt{}, err
	}
	defer rows.Close()
	if u.Reshape {
		if err := j.reshape(ctx, u); err != nil {
			return history.Receipt{}, err
		}
	}
	prepared, err := schema.Prepare(ctx, api, u.Place.Target, u.Mapping,
		schema.PrepareOptions{Known: j.Known, APIURL: c.Service})
	if err != nil {
		return history.Receipt{}, err
	}
	journal, err := j.Runs.Begin()
	if err != nil {
		return history.Receipt{}, err
	}
	j.Connector.Used(c.ID)
	path, err := filepath.Abs(book.Path())
	if err != nil {
		return history.Receipt{}, errors.Join(fmt.Errorf("find the folder of the file: %w", err), journal.Close())
	}
	// How the file was read is kept before the first row leaves, so that a run
	// that is broken off can be taken up again.
	if err := j.remember(journal.ID(), path, hash, u); err != nil {
		return history.Receipt{}, errors.Join(fmt.Errorf("keep how the file is read: %w", err), journal.Close())
	}
	sheet, area := sheetAndRange(u.Reading.Layout.Source)
	rehearsal := rehearsal{ctx: ctx, book: book, layout: u.Reading.Layout}
	defer rehearsal.Close()
	receipt, err := push.Send(ctx, push.NewTarget(api, prepared.Target), u.Mapping, rowSource{rows}, push.Options{
		Mode: u.Mode, Policy: u.policy(), Journal: journal, TotalRows: u.Rows,
		File: path, Sheet: sheet, Range: area, FileHash: hash, By: whoami(), Connection: c.Name, Of: u.Of,
		Skip: u.Skip, Limit: u.Limit, OneHour: u.OneHour, InParts: u.InParts, Reread: rehearsal.open, Pause: u.Brake,
	}, on)
	if receipt.RunID == "" {
		j.forget(journal.ID())
	}
	return receipt, err
}

// rehearsal reads the rows of a workbook once more.
type rehearsal struct {
	ctx    context.Context
	book   *workbook.Book
	layout workbook.Layout
	rows   *workbook.Reader
}

func (r *rehearsal) open() (mapping.Source, error) {
	rows, err := r.book.Rows(r.ctx, r.layout)
	if err != nil {
		return nil, err
	}
	r.rows = rows
	return rowSource{rows}, nil
}

// Close ends the reading, if there was one.
func (r *rehearsal) Close() error {
	if r.rows == nil {
		return nil
	}
	return r.rows.Close()
}

// whoami names the person and the computer, for receipts.
func whoami() string {
	name := os.Getenv("USER")
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if host, err := os.Hostname(); err == nil && host != "" {
		name += "@" + host
	}
	return name
}

func (u Upload) policy() mapping.Policy {
	if u.Policy == "" {
		return mapping.PolicyStop
	}
	return u.Policy
}
