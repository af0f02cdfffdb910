package workbook

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pushdesk/storage/workbook/internal/biff/bifftest"
)

// writeLargeBinary writes as an .xlsb what writeLarge writes as an .xlsx.
func writeLargeBinary(b *testing.B, path string, rows, columns int) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := zip.NewWriter(file)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed+2) })
	texts := make([]string, 5000)
	for i := range texts {
		texts[i] = fmt.Sprintf("Customer %d of the test", i)
	}
	const sheet = "xl/worksheets/sheet1.bin"
	for name, content := range bifftest.Workbook(0, []string{"yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.00%", `"$"#,##0.00`}, texts, nil, bifftest.BinarySheet{Name: "Data"}) {
		if name == sheet {
			continue
		}
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	f, err := w.Create(sheet)
	if err != nil {
		b.Fatal(err)
	}
	out := bufio.NewWriterSize(f, 1<<16)
	out.Write(bifftest.Bytes(bifftest.Binary(129), bifftest.Binary(145)))
	random := rand.New(rand.NewPCG(1, 2))
	for row := 1; row <= rows; row++ {
		out.Write(bifftest.Row(row, false))
		for column := range columns {
			if row == 1 {
				out.Write(bifftest.Cell(binText, column, 0, bifftest.Counted(fmt.Sprintf("Field %d", column))))
				continue
			}
			switch column % 10 {
			case 0:
				out.Write(bifftest.Cell(binRK, column, 0, rk(row, false)))
			case 1, 2:
				out.Write(bifftest.Cell(binShared, column, 0, uint32(min(random.IntN(len(texts)), row))))
			case 3:
				out.Write(bifftest.Cell(binRK, column, 1, rk(44000+random.IntN(1000), false)))
			case 4:
				out.Write(bifftest.Cell(binReal, column, 2, 44000+random.Float64()*1000))
			case 5:
				out.Write(bifftest.Cell(binRK, column, 4, rk(random.IntN(1_000_000), true)))
			case 6:
				out.Write(bifftest.Cell(binReal, column, 3, float64(random.IntN(1000))/1000))
			case 7:
				out.Write(bifftest.Cell(binBoolean, column, 0, byte(random.IntN(2))))
			case 8:
				out.Write(bifftest.Cell(binReal, column, 0, random.NormFloat64()*1000))
			}
		}
	}
	out.Write(bifftest.Bytes(bifftest.Binary(146), bifftest.Binary(130)))
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkScanXLSB reads every typed cell of 1,000,000 x 12 of a binary workbook, with
// the measures of BenchmarkScan. The goal for Rows is 1.5.
func BenchmarkScanXLSB(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.xlsb")
	writeLargeBinary(b, path, largeRows, largeColumns)
	book, layout := openLarge(b, path)
	bare, ours := time.Hour, time.Hour
	var peak uint64
	b.ReportAllocs()
	for b.Loop() {
		size, took := inflatePart(b, path, "xl/worksheets/sheet1.bin")
		bare = min(bare, took)
		b.SetBytes(size)
		stop := watchHeap(&peak)
		start := time.Now()
		r, err := book.Rows(context.Background(), layout)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for r.Next() {
			n++
		}
		if r.Close(); r.Err() != nil || n != largeRows-1 {
			b.Fatalf("%d rows: %v", n, r.Err())
		}
		ours = min(ours, time.Since(start))
		stop()
	}
	b.ReportMetric(ours.Seconds()/bare.Seconds(), "x-inflate")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
}

// BenchmarkScanXLS opens a full sheet of an old workbook, 65,536 x 12, shows its first
// rows (Preview) and reads all of them (Rows).
func BenchmarkScanXLS(b *testing.B) {
	var records [][]byte
	for row := range 65_536 {
		for column := range largeColumns {
			if row == 0 {
				records = append(records, xlsLabel(row, column, fmt.Sprintf("Field %d", column)))
				continue
			}
			records = append(records, xlsNumber(row, column, column%4, 40000+float64(row)/8))
		}
	}
	path := filepath.Join(b.TempDir(), "large.xls")
	data := (&bifftest.Book{Formats: oldFormats, Sheets: []bifftest.Sheet{{Name: "Data", Records: records}}}).File()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("Preview", func(b *testing.B) {
		for b.Loop() {
			book, layout := openLarge(b, path)
			if rows, err := book.Preview(context.Background(), layout, 200); err != nil || len(rows) != 200 {
				b.Fatalf("%d rows: %v", len(rows), err)
			}
			book.Close()
		}
	})
	b.Run("Rows", func(b *testing.B) {
		book, layout := openLarge(b, path)
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			r, err := book.Rows(context.Background(), layout)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for r.Next() {
				n++
			}
			if r.Close(); r.Err() != nil || n != 65_535 {
				b.Fatalf("%d rows: %v", n, r.Err())
			}
		}
	})
}
