package push

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
)

const (
	sampleRows  = 20  // read back after a run
	sampleAlike = 500 // rows that look like one of them, at most
	matchLength = 200 // characters of a text that is looked for
)

// sampler keeps some rows of those that were accepted: the first, and others with the
// same chance for each batch. Their values are in memory only.
type sampler struct {
	rows [][]byte // JSON
	at   []int    // sheet rows
	seen int      // batches
}

// keep considers a batch that was accepted.
func (s *sampler) keep(b *batch) {
	if b.size() == 0 || len(b.body) == 0 { // of an earlier session: its rows are not known any more
		return
	}
	take := func(slot, i int) {
		row := bytes.Clone(b.row(i))
		if slot == len(s.rows) {
			s.rows, s.at = append(s.rows, row), append(s.at, b.rows[i])
			return
		}
		s.rows[slot], s.at[slot] = row, b.rows[i]
	}
	if s.seen++; s.seen == 1 {
		for i := range min(b.size(), sampleRows/2) {
			take(len(s.rows), i*(b.size()-1)/max(1, min(b.size(), sampleRows/2)-1))
		}
		return
	}
	if len(s.rows) < sampleRows {
		take(len(s.rows), rand.IntN(b.size()))
	} else if slot := rand.IntN(s.seen); slot > 0 && slot < sampleRows {
		take(slot, rand.IntN(b.size()))
	}
}

// readBack looks for the sample in the table after a run.
func (s *sampler) readBack(ctx context.Context, r *run, base int64) {
	if len(s.rows) == 0 || ctx.Err() != nil {
		return
	}
	c := r.report
	if r.target.Limits().drops(max(base, 0) + c.RowsSent) {
		c.Sample = &history.Sample{Why: history.WhyDropped}
		return
	}
	for i := 0; i < r.polls(); i++ {
		r.wait(ctx, pollAfter[i], waitCount)
		found, _, err := s.find(ctx, r)
		if errors.Is(err, errors.ErrUnsupported) {
			c.Sample = nil
			return
		}
		if err != nil {
			c.Sample = &history.Sample{Why: history.WhyFailed, Error: history.Explain(err).Sentence}
			if !passing(err) {
				return
			}
			continue
		}
		c.Sample = &history.Sample{Rows: len(found)}
		for i, times := range found {
			if times > 0 {
				c.Sample.Found++
			} else {
				c.Sample.Missing = append(c.Sample.Missing, s.at[i])
			}
		}
		if c.Sample.Found == c.Sample.Rows {
			return
		}
	}
}

// find counts how often the table holds each row of the sample exactly as it was sent. cut
// says that so many rows look like them that not all of those were compared.
func (s *sampler) find(ctx context.Context, r *run) (found []int, cut bool, err error) {
	columns := r.mapping.Schema().Columns
	sent, wanted, err := s.matches(columns)
	if err != nil {
		return nil, false, err
	}
	var got []map[string]any
	err = r.await(ctx, func(own context.Context) (err error) {
		got, err = r.target.Find(own, wanted, sampleAlike)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	for _, row := range sent {
		n := 0
		for _, g := range got {
			if sameRow(columns, row, g) {
				n++
			}
		}
		found = append(found, n)
	}
	return found, len(got) == sampleAlike, nil
}

// matches returns the sample's rows as values, and what to look for: texts, whole
// numbers and true or false, which compare exactly everywhere.
func (s *sampler) matches(columns []powerbi.Column) (sent []map[string]any, wanted [][]powerbi.Match, err error) {
	for _, line := range s.rows {
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		var row map[string]any
		if err := d.Decode(&row); err != nil {
			return nil, nil, fmt.Errorf("read a row that was sent: %w", err)
		}
		var all []powerbi.Match
		for _, c := range columns {
			switch v := row[c.Name].(type) {
			case nil:
				all = append(all, powerbi.Match{Column: c.Name})
			case bool:
				all = append(all, powerbi.Match{Column: c.Name, Value: v})
			case json.Number:
				if n, err := v.Int64(); err == nil && c.DataType == powerbi.Int64 {
					all = append(all, powerbi.Match{Column: c.Name, Value: n})
				}
			case string:
				if c.DataType == powerbi.String && len(v) > 0 && len(v) <= matchLength {
					all = append(all, powerbi.Match{Column: c.Name, Value: v})
				}
			}
			if len(all) == 4 { // enough to tell most rows apart
				break
			}
		}
		sent, wanted = append(sent, row), append(wanted, all)
	}
	return sent, wanted, nil
}

// sameRow compares a row that was sent with one that was read back.
func sameRow(columns []powerbi.Column, sent, got map[string]any) bool {
	for _, c := range columns {
		if !sameValue(c.DataType, sent[c.Name], got[c.Name]) {
			return false
		}
	}
	return true
}

// storedStep is how exactly the service keeps a moment: 1/300 of a second.
const storedStep = time.Second / 300

func sameValue(t powerbi.DataType, sent, got any) bool {
	if sent == nil || got == nil {
		return sent == nil && got == nil || sent == "" && got == nil // an empty text may come back as blank
	}
	switch a := sent.(type) {
	case json.Number:
		b, ok := got.(json.Number)
		return ok && sameNumber(t, a.String(), b.String())
	case string:
		b, ok := got.(string)
		if !ok {
			return false
		}
		if t != powerbi.DateTime {
			return a == b
		}
		x, errA := time.Parse("2006-01-02T15:04:05", a)
		y, errB := time.Parse("2006-01-02T15:04:05", b)
		return errA == nil && errB == nil && x.Sub(y).Abs() <= storedStep
	}
	return sent == got
}

// sameNumber compares numbers by their values: a Double as such, everything else
// exactly.
func sameNumber(t powerbi.DataType, a, b string) bool {
	if t == powerbi.Double {
		x, errA := json.Number(a).Float64()
		y, errB := json.Number(b).Float64()
		return errA == nil && errB == nil && x == y
	}
	x, okA := new(big.Rat).SetString(a)
	y, okB := new(big.Rat).SetString(b)
	return okA && okB && x.Cmp(y) == 0
}
