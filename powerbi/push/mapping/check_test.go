package mapping

import (
	"context"
	"errors"
	"testing"

	"pushdesk/storage/cell"
)

func TestCheckRows(t *testing.T) {
	src := rows(3000)
	src.Bad = map[int]cell.Cell{}
	for i := 100; i < 1700; i++ {
		src.Bad[i] = num(0.5)
	}
	src.Bad[5] = cell.Cell{Kind: cell.Error, Text: "#N/A"}
	src.Bad[6] = textCell("abc")
	var last int64
	r, err := CheckRows(context.Background(), src, stockMapping, CheckOptions{Policy: PolicySkip, Progress: func(n int64) { last = n }})
	if err != nil {
		t.Fatal(err)
	}
	if r.Rows != 3000 || last != 3000 || r.RowsWithProblems != 1601 || r.RowsToSend != 1399 || r.Errors() != 1601 {
		t.Errorf("rows %d, with problems %d, to send %d, errors %d", r.Rows, r.RowsWithProblems, r.RowsToSend, r.Errors())
	}
	if len(r.Problems) != 1000 || r.Problems[0].Address != "A8" || r.Problems[999].Address != "A1100" {
		t.Errorf("%d problems kept, %+v to %+v", len(r.Problems), r.Problems[0], r.Problems[len(r.Problems)-1])
	}
	want := []ProblemCount{
		{Column: "ID", Letter: "A", Rule: words[ruleNotWhole].rule, Severity: SeverityError, Count: 1600},
		{Column: "ID", Letter: "A", Rule: words[ruleNotNumber].rule, Severity: SeverityError, Count: 1},
		{Column: "ID", Letter: "A", Rule: words[ruleErrorValue].rule, Severity: SeverityNote, Count: 1},
	}
	for i, w := range want {
		if i >= len(r.ProblemCounts) {
			t.Fatalf("%+v", r.ProblemCounts)
		}
		g := r.ProblemCounts[i]
		if g.Column != w.Column || g.Letter != w.Letter || g.Rule != w.Rule || g.Severity != w.Severity || g.Count != w.Count || g.First.Address == "" {
			t.Errorf("%+v, want %+v", g, w)
		}
	}
}

func TestCheckRowsUnderPolicies(t *testing.T) {
	for policy, want := range map[Policy]int64{PolicyStop: 0, "": 0, PolicySkip: 9, PolicyBlank: 10} {
		src := rows(10)
		src.Bad = map[int]cell.Cell{3: num(0.5)}
		r, err := CheckRows(context.Background(), src, stockMapping, CheckOptions{Policy: policy})
		if err != nil || r.RowsToSend != want || r.RowsWithProblems != 1 {
			t.Errorf("%s: %d to send, %d with problems, %v", policy, r.RowsToSend, r.RowsWithProblems, err)
		}
	}
}

func TestCheckRowsEnds(t *testing.T) {
	src := rows(10)
	src.Fails = 5
	r, err := CheckRows(context.Background(), src, stockMapping, CheckOptions{})
	if !errors.Is(err, src.Broken) || r.Rows != 5 {
		t.Errorf("damaged: %d rows, %v", r.Rows, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	endless := rows(1 << 40)
	endless.At = func(i int) {
		if i == 10_000 {
			cancel()
		}
	}
	if r, err := CheckRows(ctx, endless, stockMapping, CheckOptions{}); !errors.Is(err, context.Canceled) || r.Rows > 10_000+checkEvery {
		t.Errorf("cancelled: %d rows, %v", r.Rows, err)
	}
	r, err = CheckRows(context.Background(), rows(0), stockMapping, CheckOptions{})
	if err != nil || r.Rows != 0 || r.Batches != 0 || r.Bytes != 0 || r.Problems == nil {
		t.Errorf("empty: %+v, %v", r, err)
	}
}
