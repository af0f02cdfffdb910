package workbook

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// writeLarge writes a workbook of rows x columns with the usual mix: shared text,
// whole and decimal numbers, dates, money, percentages, booleans and blanks.
func writeLarge(tb testing.TB, path string, rows, columns int) {
	tb.Helper()
	file, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	w := zip.NewWriter(file)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed+2) })
	texts := make([]string, 5000)
	for i := range texts {
		texts[i] = fmt.Sprintf("Customer %d of the test", i)
	}
	base := bookOf("").with("xl/sharedStrings.xml", sst(texts...)).with("xl/worksheets/sheet1.xml", "")
	for name, text := range base {
		f, err := w.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		io.WriteString(f, text)
	}
	f, err := w.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		tb.Fatal(err)
	}
	out := bufio.NewWriterSize(f, 1<<16)
	out.WriteString(xmlHead + `<worksheet ` + mainNS + `><dimension ref="A1"/><sheetData>`)
	random := rand.New(rand.NewPCG(1, 2))
	for row := 1; row <= rows; row++ {
		fmt.Fprintf(out, `<row r="%d" spans="1:%d">`, row, columns)
		for column := range columns {
			address := columnName(column) + fmt.Sprint(row)
			if row == 1 {
				fmt.Fprintf(out, `<c r="%s" t="inlineStr"><is><t>Field %d</t></is></c>`, address, column)
				continue
			}
			switch column % 10 {
			case 0:
				fmt.Fprintf(out, `<c r="%s"><v>%d</v></c>`, address, row)
			case 1, 2:
				fmt.Fprintf(out, `<c r="%s" t="s"><v>%d</v></c>`, address, min(random.IntN(len(texts)), row))
			case 3:
				fmt.Fprintf(out, `<c r="%s" s="1"><v>%d</v></c>`, address, 44000+random.IntN(1000))
			case 4:
				fmt.Fprintf(out, `<c r="%s" s="2"><v>%.6f</v></c>`, address, 44000+random.Float64()*1000)
			case 5:
				fmt.Fprintf(out, `<c r="%s" s="6"><v>%.2f</v></c>`, address, random.Float64()*10000)
			case 6:
				fmt.Fprintf(out, `<c r="%s" s="5"><v>%.3f</v></c>`, address, random.Float64())
			case 7:
				fmt.Fprintf(out, `<c r="%s" t="b"><v>%d</v></c>`, address, random.IntN(2))
			case 8:
				fmt.Fprintf(out, `<c r="%s"><v>%g</v></c>`, address, random.NormFloat64()*1000)
			}
		}
		out.WriteString(`</row>`)
	}
	out.WriteString(`</sheetData></worksheet>`)
	if err := out.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
}

func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return string(rune('A'+i/26-1)) + string(rune('A'+i%26))
}

// inflate reads the sheet of a workbook without looking at it: the least that any
// reader needs.
func inflate(tb testing.TB, path string) (bytes int64, took time.Duration) {
	tb.Helper()
	return inflatePart(tb, path, "xl/worksheets/sheet1.xml")
}

func inflatePart(tb testing.TB, path, part string) (bytes int64, took time.Duration) {
	tb.Helper()
	start := time.Now()
	z, err := zip.OpenReader(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(part)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	n, err := io.Copy(crc32.NewIEEE(), f)
	if err != nil {
		tb.Fatal(err)
	}
	return n, time.Since(start)
}

func openLarge(b *testing.B, path string) (*Book, Layout) {
	b.Helper()
	book, err := Open(context.Background(), path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { book.Close() })
	src, err := book.Find(context.Background(), "", "")
	if err != nil {
		b.Fatal(err)
	}
	layout, err := book.Layout(context.Background(), src, 0)
	if err != nil {
		b.Fatal(err)
	}
	return book, layout
}

// The workload of the goals: 1,000,000 rows of 12 columns, of mixed kinds.
const (
	largeRows    = 1_000_000
	largeColumns = 12
)

// largest makes the workbook of the goals once for all benchmarks, in a folder that
// TestMain removes.
func largest(b *testing.B) string {
	b.Helper()
	if largeFolder == "" {
		var err error
		if largeFolder, err = os.MkdirTemp("", "pushdesk-bench-"); err != nil {
			b.Fatal(err)
		}
		writeLarge(b, filepath.Join(largeFolder, "large.xlsx"), largeRows, largeColumns)
	}
	return filepath.Join(largeFolder, "large.xlsx")
}

var largeFolder string

func TestMain(m *testing.M) {
	code := m.Run()
	if largeFolder != "" {
		_ = os.RemoveAll(largeFolder)
	}
	os.Exit(code)
}

// BenchmarkScan reads every typed cell of 1,000,000 x 12 (Rows), and decides the types
// of the columns besides (Profile). Each round decompresses the sheet and does no more
// first: "x-inflate" is the time against that, as the least of all rounds, since other
// programs only ever make both longer. "peak-MB" is the most memory that objects took.
// The goal for Rows is 2.0.
func BenchmarkScan(b *testing.B) {
	path := largest(b)
	book, layout := openLarge(b, path)
	for _, bench := range []struct {
		name string
		run  func() (int64, error)
	}{
		{"Rows", func() (n int64, err error) {
			r, err := book.Rows(context.Background(), layout)
			if err != nil {
				return 0, err
			}
			defer r.Close()
			for r.Next() {
				n++
			}
			return n, r.Err()
		}},
		{"Profile", func() (int64, error) {
			p, err := book.Profile(context.Background(), layout, nil)
			return p.Rows, err
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			bare, ours := time.Hour, time.Hour
			var peak uint64
			for b.Loop() {
				size, took := inflate(b, path)
				bare = min(bare, took)
				b.SetBytes(size)
				stop := watchHeap(&peak)
				start := time.Now()
				n, err := bench.run()
				if err != nil || n != largeRows-1 {
					b.Fatalf("%d rows: %v", n, err)
				}
				ours = min(ours, time.Since(start))
				stop()
			}
			b.ReportMetric(ours.Seconds()/bare.Seconds(), "x-inflate")
			b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
		})
	}
}

// BenchmarkExcelize reads the same rows with excelize's streaming reader and its raw
// values, the fastest that it has: texts without types.
func BenchmarkExcelize(b *testing.B) {
	path := largest(b)
	bare, theirs := time.Hour, time.Hour
	var peak uint64
	for b.Loop() {
		_, took := inflate(b, path)
		bare = min(bare, took)
		stop := watchHeap(&peak)
		start := time.Now()
		f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows("Data")
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for rows.Next() {
			if _, err := rows.Columns(); err != nil {
				b.Fatal(err)
			}
			n++
		}
		if err := errors.Join(rows.Close(), f.Close()); err != nil || n != largeRows {
			b.Fatalf("%d rows: %v", n, err)
		}
		theirs = min(theirs, time.Since(start))
		stop()
	}
	b.ReportMetric(theirs.Seconds()/bare.Seconds(), "x-inflate")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
}

// BenchmarkOpen opens 1,000,000 x 12 and lists the sheets; BenchmarkPreview also finds
// the header and reads the first 200 rows. The goal for each is 50 ms.
func BenchmarkOpen(b *testing.B) {
	path := largest(b)
	b.ReportAllocs()
	for b.Loop() {
		book, err := Open(context.Background(), path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if len(book.Sources()) == 0 {
			b.Fatal("no sheet")
		}
		book.Close()
	}
}

func BenchmarkPreview(b *testing.B) {
	path := largest(b)
	b.ReportAllocs()
	for b.Loop() {
		book, layout := openLarge(b, path)
		rows, err := book.Preview(context.Background(), layout, 200)
		if err != nil || len(rows) != 200 {
			b.Fatalf("%d rows: %v", len(rows), err)
		}
		book.Close()
	}
}

// BenchmarkDistinctTexts reads 500,000 rows of six texts, all of them different: the
// text table stays within its own size.
func BenchmarkDistinctTexts(b *testing.B) {
	path := filepath.Join(b.TempDir(), "texts.xlsx")
	writeDistinct(b, path, 500_000, 3)
	var peak uint64
	for b.Loop() {
		book, layout := openLarge(b, path)
		stop := watchHeap(&peak)
		p, err := book.Profile(context.Background(), layout, nil)
		stop()
		if err != nil || p.Rows != 500_000 {
			b.Fatalf("%d rows: %v", p.Rows, err)
		}
		book.Close()
	}
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
}

// writeDistinct writes a workbook in which every text is used once.
func writeDistinct(b *testing.B, path string, rows, columns int) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := zip.NewWriter(file)
	for name, text := range book("").with("xl/worksheets/sheet1.xml", "").with("xl/sharedStrings.xml", "") {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	for name, write := range map[string]func(out *bufio.Writer){
		"xl/sharedStrings.xml": func(out *bufio.Writer) {
			out.WriteString(`<sst>`)
			for i := range columns {
				fmt.Fprintf(out, `<si><t>Name %d</t></si>`, i)
			}
			for i := range rows * columns {
				fmt.Fprintf(out, `<si><t>Text number %d of very many</t></si>`, i)
			}
			out.WriteString(`</sst>`)
		},
		"xl/worksheets/sheet1.xml": func(out *bufio.Writer) {
			out.WriteString(`<worksheet ` + mainNS + `><sheetData>`)
			for row := range rows + 1 {
				fmt.Fprintf(out, `<row r="%d">`, row+1)
				for column := range columns {
					fmt.Fprintf(out, `<c r="%s%d" t="s"><v>%d</v></c>`, columnName(column), row+1, row*columns+column)
				}
				out.WriteString(`</row>`)
			}
			out.WriteString(`</sheetData></worksheet>`)
		},
	} {
		f, err := w.Create(name)
		if err != nil {
			b.Fatal(err)
		}
		out := bufio.NewWriter(f)
		if write(out); out.Flush() != nil {
			b.Fatal("not written")
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}

// watchHeap notes the most memory that objects take until it is stopped.
func watchHeap(peak *uint64) (stop func()) {
	runtime.GC()
	quit, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			metrics.Read(sample)
			*peak = max(*peak, sample[0].Value.Uint64())
			select {
			case <-quit:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() { close(quit); <-gone }
}

// BenchmarkCSV reads 500,000 records of 12 fields.
func BenchmarkCSV(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.csv")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	out := bufio.NewWriter(file)
	fmt.Fprintln(out, "id,name,city,when,stamp,amount,share,ok,note,a,b,c")
	for i := range 500_000 {
		fmt.Fprintf(out, "%d,Customer %d,\"City, %d\",2024-03-%02d,2024-03-01 10:%02d:00,%d.25,0.%03d,true,,x,y,%d\n", i, i%5000, i%100, i%28+1, i%60, i%10000, i%1000, i)
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	info, _ := file.Stat()
	file.Close()
	book, layout := openLarge(b, path)
	// What the standard library takes to split the same records, and nothing else.
	b.Run("Standard", func(b *testing.B) {
		b.SetBytes(info.Size())
		for b.Loop() {
			in, err := os.Open(path)
			if err != nil {
				b.Fatal(err)
			}
			r := csv.NewReader(bufio.NewReaderSize(in, 256<<10))
			r.ReuseRecord = true
			for _, err = r.Read(); err == nil; _, err = r.Read() {
			}
			if in.Close(); !errors.Is(err, io.EOF) {
				b.Fatal(err)
			}
		}
	})
	// What it takes to find out how the file is to be read, whatever its length.
	b.Run("Detect", func(b *testing.B) {
		for b.Loop() {
			again, err := Open(context.Background(), path, Options{})
			if err != nil {
				b.Fatal(err)
			}
			again.Close()
		}
	})
	b.Run("Profile", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(info.Size())
		for b.Loop() {
			p, err := book.Profile(context.Background(), layout, nil)
			if err != nil || p.Rows != 500_000 {
				b.Fatalf("%d rows: %v", p.Rows, err)
			}
		}
	})
}
