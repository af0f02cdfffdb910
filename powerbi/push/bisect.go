package push

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// What finding the rows of a refused batch may cost. One bad row in 10,000 takes about
// 15 requests.
const (
	testsPerBatch = 64
	testsPerRun   = 256
)

// bisector finds the rows of refused batches that the service does not accept.
type bisector struct {
	*run
	counter  *counter
	resolver *resolver
	queue    *queue
	reader   *reader
	// ask sends a batch while nothing else is in flight, until it is accepted or refused
	// for good. If the run ends first it returns wasRefused; the batch may be unknown then.
	ask func(ctx context.Context, b *batch) verdict

	looked  bool              // whether the table has the columns
	tests   int               // POSTs spent on it
	rejects []mapping.Problem // rows that were found
}

// find sends a refused batch in parts until the rows are found that the service does
// not accept. Those are rejected; all others are sent. It asks about one half at a
// time: if that is accepted the other half must hold the row, and if it is refused the
// other half waits until the row is found.
func (s *bisector) find(ctx context.Context, b *batch) {
	if s.full(ctx, b) || s.unknown(ctx, b.err) {
		s.queue.putBack(b)
		return
	}
	if s.resolver.keptPart(ctx, b) {
		return
	}
	suspect, bad := numbers(b.size()), true // bad: known to hold a row that is refused
	refusedItself := true                   // and not by exclusion
	var rest []int                          // not asked about yet
	words := b.err
	for tests := 0; ; tests++ {
		if len(suspect) == 0 {
			if len(rest) == 0 {
				break
			}
			suspect, rest, bad, refusedItself = rest, nil, false, false
		}
		if len(suspect) == 1 && refusedItself {
			s.reject(b, suspect[0], words)
			suspect = nil
			continue
		}
		if tests >= testsPerBatch || s.tests >= testsPerRun {
			s.end(history.StatusFailed, &ManyRefusedError{words})
		}
		if s.stop != nil {
			s.giveBack(b, slices.Concat(suspect, rest))
			return
		}
		ask := suspect
		if bad && len(suspect) > 1 {
			ask = suspect[:(len(suspect)+1)/2]
		}
		other := suspect[len(ask):]
		s.tests++
		piece := b.pick(ask)
		switch s.ask(ctx, piece) {
		case wasAccepted:
			suspect, refusedItself = other, false
		case wasBadRows, wasTooLarge:
			words = piece.err
			suspect, bad, refusedItself = ask, true, true
			rest = slices.Concat(other, rest)
		default: // the run has ended
			if !slices.Contains(s.resolver.unknown, piece) {
				other = suspect
			}
			s.giveBack(b, slices.Concat(other, rest))
			return
		}
	}
	s.reader.recycle(b)
}

// giveBack lets some rows of a batch be sent again.
func (s *bisector) giveBack(b *batch, rows []int) {
	if len(rows) > 0 {
		slices.Sort(rows)
		s.queue.putBack(b.pick(rows))
	}
	s.reader.recycle(b)
}

// reject leaves out a row that the service does not accept.
func (s *bisector) reject(b *batch, i int, why error) {
	p := mapping.Problem{Row: b.rows[i], Rule: "Power BI refused this row", Advice: "It said: " + aboutOneRow(why), Severity: mapping.SeverityError}
	if f := columnInError(s.mapping, why); f != nil {
		p.Column, p.Rule = f.Target.Name, "Power BI refused this value"
		p.Value = mapping.Shorten(valueIn(b.row(i), f.Target.Name))
		if f.Letter != "" {
			p.Address = f.Letter + strconv.Itoa(p.Row)
		}
	}
	s.rejects = append(s.rejects, p)
	s.report.RowsRejected++
	s.report.RowsRefused++
	s.note(history.Entry{Kind: history.Rejected, Rows: 1, Spans: []history.Span{{b.index[i], b.index[i]}}, Problem: &p})
	if s.o.Policy == mapping.PolicyStop {
		s.end(history.StatusFailed, &RefusedRowError{p})
	}
}

// RefusedRowError is a row that the service does not accept, under the policy "stop".
type RefusedRowError struct{ Problem mapping.Problem }

func (e *RefusedRowError) Error() string {
	return fmt.Sprintf("row %d: %s", e.Problem.Row, e.Problem.Rule)
}

// Failure is the error in words.
func (e *RefusedRowError) Failure() *failure.Error {
	p := e.Problem
	where := fmt.Sprintf("row %d", p.Row)
	if p.Column != "" {
		where = fmt.Sprintf("the value in %s, column “%s”", cmp.Or(p.Address, where), p.Column)
	}
	return failure.New(failure.Data, "row-refused", "Power BI refused "+where+", so the run stopped. "+p.Advice,
		"Correct the row and send it as a corrected row of this run. Resuming the run leaves the row out and sends the rest; other refused rows stop it again unless such rows are to be skipped.").
		WithDetails("Row: %d\nValue: %s", p.Row, p.Value)
}

// AllRefusedError is a run of which the service did not accept a single row.
type AllRefusedError struct {
	Rows  int64
	First mapping.Problem
}

func (e *AllRefusedError) Error() string { return "the service refused every row" }

// Failure is the error in words.
func (e *AllRefusedError) Failure() *failure.Error {
	return failure.New(failure.Data, "all-refused",
		fmt.Sprintf("Power BI refused every row (%s), so nothing was sent. %s", humanize.Count(e.Rows, "row"), e.First.Advice),
		"Compare the columns and types of the mapping with those of the table in Power BI, then send the file again.").WithDetails("Row: %d", e.First.Row)
}

// unknown reports whether a batch was refused for a column that the table lacks, and ends the run.
func (s *bisector) unknown(ctx context.Context, why error) bool {
	column, told := "", false
	if t, ok := s.counter.target.(pushTable); ok && !s.looked {
		column, told = t.lacks(ctx, s.mapping)
		s.looked = told
	}
	if f := columnInError(s.mapping, why); f != nil && !told && !s.looked && schema.SaysNoColumn(saysOf(why)) {
		column = f.Target.Name
	}
	if column == "" {
		return false
	}
	s.end(history.StatusFailed, &schema.UnknownColumnError{Column: column, Table: s.counter.target.Table().Table, Said: saysOf(why), Details: history.Explain(why).Details})
	return true
}

// full reports whether a batch was refused because the table is full rather than for
// its rows, and ends the run then.
func (s *bisector) full(ctx context.Context, b *batch) bool {
	held := s.counter.base + s.report.RowsSent
	if s.counter.base < 0 {
		n, err := s.counter.count(ctx)
		if err != nil {
			return false // then the rows are asked about, within the bounds for that
		}
		held = n
	}
	most := s.target.Limits().Rows
	if held+int64(b.size()) <= most {
		return false
	}
	s.end(history.StatusFailed, failure.New(failure.Data, "table-full",
		fmt.Sprintf("The table is full: it holds %s, and Power BI accepts at most %s.", humanize.Count(held, "row"), humanize.Number(most)),
		"Send the rest into another dataset, or replace the table's rows."))
	return true
}

// ManyRefusedError says that finding bad rows one by one would cost too much.
type ManyRefusedError struct{ Last error }

func (e *ManyRefusedError) Error() string {
	return "the service refuses too many rows: " + e.Last.Error()
}
func (e *ManyRefusedError) Unwrap() error { return e.Last }

// Failure is the error in words.
func (e *ManyRefusedError) Failure() *failure.Error {
	return failure.New(failure.Data, "many-refused",
		"Power BI refuses so many rows that finding them one by one would take too many requests. It said: "+saysOf(e.Last),
		"Compare the columns and types of the mapping with those of the table in Power BI. If the table is wrong, correct it there and resume the run. If the mapping is wrong, undo the run if it has sent rows, and send the file again with another mapping: resuming would send the same.").
		Because(e.Last).WithDetails("%s", history.Explain(e.Last).Details)
}
