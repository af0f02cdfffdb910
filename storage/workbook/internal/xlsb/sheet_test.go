package xlsb

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"pushdesk/storage/workbook/internal/biff"
	"pushdesk/storage/workbook/internal/biff/bifftest"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/stream/streamtest"
	"pushdesk/storage/workbook/internal/styles"
	"pushdesk/storage/workbook/internal/texts"
)

// readSheet reads the records of a sheet without a file around them.
func readSheet(part []byte, pieces *rand.Rand) (rows, values int, err error) {
	src := stream.New(context.Background(), bytes.NewReader(part))
	defer src.Close()
	s := &sheetRows{Row: biff.Row{Buffer: format.NewBuffer(format.Request{Last: -1, Raw: true}), Styles: &styles.Table{}}, records: newRecords(src),
		strings: texts.New(context.Background(), nil), ctx: context.Background(), stream: src}
	if pieces != nil {
		s.records = newRecords(&streamtest.Pieces{Text: string(part), Random: pieces})
	}
	for s.Next() {
		rows++
		values += s.Values
	}
	return rows, values, s.failed
}

// FuzzXLSB: no panic; reading to the end without an error implies that the end of the rows
// was there, and that the way the bytes arrive does not matter.
func FuzzXLSB(f *testing.F) {
	sheet := func(rows ...[]byte) []byte {
		return bifftest.Bytes(bifftest.Binary(129), bifftest.Binary(145), bytes.Join(rows, nil), bifftest.Binary(146), bifftest.Binary(130))
	}
	f.Add(sheet(bifftest.Row(1, false, bifftest.Cell(cellReal, 0, 0, 1.5), bifftest.Cell(cellText, 1, 0, bifftest.Counted("text")))))
	f.Add(sheet(bifftest.Row(1, true, bifftest.Cell(cellRK, 0, 0, uint32(7)), bifftest.Cell(cellError, 1, 0, byte(7))), bifftest.Row(3, false)))
	f.Add(sheet(bifftest.Row(2, false, bifftest.Binary(shortRK, uint32(0), uint32(6)), bifftest.Cell(cellRich, 3, 0, byte(0), bifftest.Counted("😀")))))
	f.Add(sheet(bifftest.Row(2, false, bifftest.Cell(cellShared, 0, 0, uint32(1)))))
	f.Fuzz(func(t *testing.T, part []byte) {
		if len(part) > 1<<20 {
			return
		}
		rows, values, err := readSheet(part, nil)
		again, valuesAgain, errAgain := readSheet(part, rand.New(rand.NewPCG(1, uint64(len(part)))))
		if (err == nil) != (errAgain == nil) || err == nil && (rows != again || values != valuesAgain) {
			t.Fatalf("read whole: %d rows, %v; in pieces: %d rows, %v", rows, err, again, errAgain)
		}
		if err == nil && !bytes.Contains(part, bifftest.Binary(endSheetData)[:2]) {
			t.Fatalf("%d rows without an end of the rows", rows)
		}
		if err == nil && rows > len(part)/14 {
			t.Fatalf("%d rows were made up", rows)
		}
	})
}
