package mapping

import "pushdesk/powerbi"

// BatchBytes is where a batch ends before it has powerbi.MaxRowsPerRequest rows.
// Sources differ on how large a body may be (16 MB, 64 MB); this is well below
// all of them, and halved when the service says that a body is too large (push/sizing.go).
const BatchBytes = 4 << 20

// BodyStart and BodyEnd are what stands around the rows of a body.
const (
	BodyStart = `{"rows":[`
	BodyEnd   = `]}`
)

// BatchSize says where batches end. The check, the plan and the sender share it.
// The zero value is the documented size.
type BatchSize struct {
	Rows  int
	Bytes int
}

// OrDocumented returns the size within what the service accepts.
func (s BatchSize) OrDocumented() BatchSize {
	if s.Rows <= 0 || s.Rows > powerbi.MaxRowsPerRequest {
		s.Rows = powerbi.MaxRowsPerRequest
	}
	if s.Bytes <= 0 {
		s.Bytes = BatchBytes
	}
	s.Bytes = min(s.Bytes, powerbi.MaxBodyBytes)
	return s
}

// apart is how many rows fewer than the limit each of eight batches in a row has.
// Batches that are on their way together differ in size that way, and no two
// choices of them add up to the same number of rows: when a connection breaks,
// the table's row count tells which of them were stored. It costs one row in 600.
var apart = [...]int{0, 1, 2, 4, 8, 16, 32, 64}

// Even reports whether batches are so small on purpose that all have the same
// number of rows.
func (s BatchSize) Even() bool { return s.Rows < 1000 }

// less returns how many rows fewer a batch has that holds so many now; slot counts
// the batches of the run from 0.
func (s BatchSize) less(slot, rows int) int {
	if s.Even() {
		return 0
	}
	return min(apart[slot%len(apart)], rows/20)
}

// Limit returns the most rows of a batch.
func (s BatchSize) Limit(slot int) int { return s.Rows - s.less(slot, s.Rows) }

// Full reports whether a row of so many bytes must go into the next batch.
func (s BatchSize) Full(slot, rows, bytes, row int) bool {
	room := row * (1 + s.less(slot, rows))
	return rows > 0 && (rows >= s.Limit(slot) || bytes+1+room+len(BodyEnd) > s.Bytes)
}
