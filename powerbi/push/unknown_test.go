package push

import (
	"strings"
	"testing"

	"pushdesk/powerbi/push/history"
)

// TestUnknownWithoutARequestID names no request that never had an ID: the program
// ended before its reply came.
func TestUnknownWithoutARequestID(t *testing.T) {
	b := history.UnknownBatch{FirstRow: 2, LastRow: 3, Rows: 2, Reason: "the program ended before the answer came"}
	if d := (&UnknownError{Batches: []history.UnknownBatch{b}}).Failure().Details; strings.Contains(d, "request ID") {
		t.Error(d)
	}
	b.RequestID = "abc"
	if d := (&UnknownError{Batches: []history.UnknownBatch{b}}).Failure().Details; !strings.Contains(d, ", request ID abc: ") {
		t.Error(d)
	}
}
