package traffic

import "testing"

func TestDocumentedLimits(t *testing.T) {
	want := Limits{RowsPerRequest: 10_000, RowsPerHour: 1_000_000, Requests: 120, SlowFrom: 250_000, Pending: 5,
		RowsFIFO: 200_000, RowsFIFOSlack: 10_000, RowsNone: 5_000_000, BodyBytes: 16 << 20, Queries: 120}
	if got := (Limits{}).OrDocumented(); got != want {
		t.Errorf("limits %+v", got)
	}
	if got := (Limits{Requests: 3}).OrDocumented(); got.Requests != 3 || got.Pending != 5 {
		t.Errorf("own limits %+v", got)
	}
}
