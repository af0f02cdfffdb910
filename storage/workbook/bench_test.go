package workbook

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
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
	start := time.Now()
	z, err := zip.OpenReader(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open("xl/worksheets/sheet1.xml")
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
	src, err := book.Find("", "")
	if err != nil {
		b.Fatal(err)
	}
	layout, err := book.Layout(context.Background(), src, 0)
	if err != nil {
		b.Fatal(err)
	}
	return book, layout
}

// BenchmarkScan reads 100,000 x 20 typed cells, and Profile besides infers the
// types. "x-inflate" is the time against bare decompression in the same run.
func BenchmarkScan(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.xlsx")
	writeLarge(b, path, 100_000, 20)
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
			var bare, ours time.Duration
			for b.Loop() {
				size, took := inflate(b, path)
				bare += took
				b.SetBytes(size)
				start := time.Now()
				n, err := bench.run()
				if err != nil || n != 99_999 {
					b.Fatalf("%d rows: %v", n, err)
				}
				ours += time.Since(start)
			}
			b.ReportMetric(ours.Seconds()/bare.Seconds(), "x-inflate")
			b.ReportMetric(ours.Seconds()/float64(b.N)*1e3, "ms/scan")
		})
	}
}

// BenchmarkPreview opens a workbook of 300,000 x 12, finds its header and reads the
// first 200 rows.
func BenchmarkPreview(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.xlsx")
	writeLarge(b, path, 300_000, 12)
	b.ReportAllocs()
	for b.Loop() {
		book, err := Open(context.Background(), path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		src, err := book.Find("", "")
		if err != nil {
			b.Fatal(err)
		}
		layout, err := book.Layout(context.Background(), src, 0)
		if err != nil {
			b.Fatal(err)
		}
		rows, err := book.Preview(context.Background(), layout, 200)
		if err != nil || len(rows) != 200 {
			b.Fatalf("%d rows: %v", len(rows), err)
		}
		book.Close()
	}
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
