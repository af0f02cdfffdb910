package push

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
)

// changed is a service that answers queries with other values than it was sent.
type changed struct {
	busyAPI
	change func(row map[string]any)
}

func (c changed) FindRows(ctx context.Context, w, d, t string, wanted [][]powerbi.Match, most int) ([]map[string]any, error) {
	rows, err := c.busyAPI.FindRows(ctx, w, d, t, wanted, most)
	for _, row := range rows {
		c.change(row)
	}
	return rows, err
}

func TestSample(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(row map[string]any)
		found  int // of 20
	}{
		"as sent":      {nil, 20},
		"another type": {func(row map[string]any) { row["ID"] = row["ID"].(json.Number).String() }, 0},
		"another day":  {func(row map[string]any) { row["CountedOn"] = "2001-01-01T00:00:00" }, 0},
		"rounded":      {func(row map[string]any) { row["Value"] = json.Number("0.3") }, 0},
		"lost a blank": {func(row map[string]any) { delete(row, "Depot") }, -1}, // those without a depot are as they were
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{})
			if c.change != nil {
				b.api = changed{busyAPI{b.client, b.clock}, c.change}
			}
			r, err := b.send(context.Background(), rows(5000), Options{}, nil)
			if err != nil || r.RowsConfirmed != 5000 || r.Sample == nil || r.Sample.Rows != 20 {
				t.Fatalf("%+v, %v", r, err)
			}
			s := r.Sample
			if c.found >= 0 && s.Found != c.found || c.found < 0 && s.Found == 20 || len(s.Missing) != 20-s.Found || (len(r.Unproven) == 0) != (s.Found == 20) {
				t.Errorf("%+v, unproven %q", s, r.Unproven)
			}
		})
	}
}

// TestSampleNotAllowed: where rows cannot be read back, the receipt says so.
func TestSampleNotAllowed(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	b.service.SetExecuteQueriesAllowed(false)
	r, err := b.send(context.Background(), rows(250), Options{}, nil)
	if err != nil || r.Sample == nil || r.Sample.Rows != 0 || r.Sample.Why != history.WhyFailed || len(r.Unproven) != 2 || !strings.HasPrefix(r.Unproven[1], "That the values are stored") {
		t.Errorf("%+v %q, %v", r.Sample, r.Unproven, err)
	}
}

func TestSameValue(t *testing.T) {
	t.Parallel()
	number := func(s string) json.Number { return json.Number(s) }
	for _, c := range []struct {
		t         powerbi.DataType
		sent, got any
		same      bool
	}{
		{powerbi.Int64, number("9007199254740993"), number("9007199254740993"), true},
		{powerbi.Int64, number("9007199254740993"), number("9007199254740992"), false},
		{powerbi.Double, number("0.1"), number("1.0e-1"), true},
		{powerbi.Double, number("0.1"), number("0.10000000000000002"), false},
		{powerbi.Decimal, number("1234.5000"), number("1234.5"), true},
		{powerbi.Decimal, number("1234.5"), "1234.5", false},
		{powerbi.DateTime, "2026-11-20T08:15:30.125", "2026-11-20T08:15:30.127", true},
		{powerbi.DateTime, "2026-11-20T08:15:30", "2026-11-20T08:15:31", false},
		{powerbi.DateTime, "2026-11-20T08:15:30", "20 November", false},
		{powerbi.String, "Gent", "gent", false},
		{powerbi.String, "", nil, true},
		{powerbi.String, "x", nil, false},
		{powerbi.Boolean, true, true, true},
		{powerbi.Boolean, true, "true", false},
		{powerbi.Boolean, nil, false, false},
	} {
		if sameValue(c.t, c.sent, c.got) != c.same {
			t.Errorf("%s: %v and %v", c.t, c.sent, c.got)
		}
	}
}
