package app

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/cell"
	"pushdesk/storage/keychain"
	"pushdesk/storage/workbook"
)

const benchSheet = "xl/worksheets/sheet1.xml"

// writeWorkbook writes a workbook of 12 columns: whole and decimal numbers, shared
// text, dates, money, booleans and blanks.
func writeWorkbook(b *testing.B, path string, rows int) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const office = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	part := func(name string, write func(w *bufio.Writer)) {
		entry, err := z.Create(name)
		if err != nil {
			b.Fatal(err)
		}
		w := bufio.NewWriterSize(entry, 1<<18)
		w.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`)
		write(w)
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
	}
	text := func(s string) func(*bufio.Writer) { return func(w *bufio.Writer) { w.WriteString(s) } }
	part("[Content_Types].xml", text(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`))
	part("_rels/.rels", text(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="`+office+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`))
	part("xl/workbook.xml", text(`<workbook `+main+` xmlns:r="`+office+`"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>`))
	part("xl/_rels/workbook.xml.rels", text(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="`+office+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="`+office+`/styles" Target="styles.xml"/><Relationship Id="r3" Type="`+office+`/sharedStrings" Target="sharedStrings.xml"/></Relationships>`))
	part("xl/styles.xml", text(`<styleSheet `+main+`><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>`))
	part("xl/sharedStrings.xml", func(w *bufio.Writer) {
		w.WriteString(`<sst ` + main + `>`)
		for i := range 5000 {
			fmt.Fprintf(w, `<si><t>Customer %d of the benchmark</t></si>`, i)
		}
		w.WriteString(`</sst>`)
	})
	part(benchSheet, func(w *bufio.Writer) {
		w.WriteString(`<worksheet ` + main + `><sheetData><row r="1">`)
		for c := range 12 {
			fmt.Fprintf(w, `<c r="%c1" t="inlineStr"><is><t>Field %d</t></is></c>`, 'A'+c, c)
		}
		w.WriteString(`</row>`)
		for r := 2; r <= rows+1; r++ {
			fmt.Fprintf(w, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c><c r="C%d" t="s"><v>%d</v></c><c r="D%d" s="1"><v>%d</v></c><c r="E%d" s="2"><v>%d.%d</v></c><c r="F%d"><v>%d.25</v></c><c r="G%d"><v>%d.5</v></c><c r="H%d" t="b"><v>%d</v></c>`,
				r, r, r, r, r%5000, r, r*7%5000, r, 44000+r%1000, r, 44000+r%900, 1000+r%8999, r, r%100_000, r, r%977, r, r%2)
			if r%5 > 0 {
				fmt.Fprintf(w, `<c r="J%d"><v>%d</v></c>`, r, r*3)
			}
			fmt.Fprintf(w, `<c r="K%d" t="s"><v>%d</v></c><c r="L%d"><v>0.%d</v></c></row>`, r, r%311, r, 100+r%899)
		}
		w.WriteString(`</sheetData></worksheet>`)
	})
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
}

// unzip is the least that any reader needs.
func unzip(b *testing.B, path string) time.Duration {
	start := time.Now()
	z, err := zip.OpenReader(path)
	if err != nil {
		b.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(benchSheet)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if _, err := io.Copy(crc32.NewIEEE(), f); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// BenchmarkFileToEncoded reads 1,000,000 x 12 from opening the file to the last batch of
// 10,000 rows encoded, with the encoder that sends them. x-inflate is the time in units
// of decompressing the sheet, each as the least of all rounds, which take turns. The goal
// is 2.5; peak-MB is the most memory that objects took.
func BenchmarkFileToEncoded(b *testing.B) {
	const rows = 1_000_000
	path := filepath.Join(b.TempDir(), "large.xlsx")
	writeWorkbook(b, path, rows)
	bare, ours := time.Hour, time.Hour
	var peak uint64
	var bytes int64
	for b.Loop() {
		bare = min(bare, unzip(b, path))
		runtime.GC()
		stop := watchHeap(&peak)
		start := time.Now()
		var n int
		n, bytes = encodeAll(b, path)
		ours = min(ours, time.Since(start))
		stop()
		if n != rows/10_000 {
			b.Fatalf("%d batches", n)
		}
	}
	b.ReportMetric(float64(ours)/float64(bare), "x-inflate")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
	b.ReportMetric(float64(bytes)/(1<<20)/ours.Seconds(), "MB-JSON/s")
}

// encodeAll opens a file and encodes every row, in one buffer that is used again.
func encodeAll(b *testing.B, path string) (batches int, bytes int64) {
	r, err := job.OpenWorkbook(b.Context(), path, workbook.Options{}, "", "", 0)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Book.Close()
	encoder, err := mapping.NewEncoder(job.Propose(r, job.Place{}), mapping.PolicyStop)
	if err != nil {
		b.Fatal(err)
	}
	rows, err := r.Book.Rows(b.Context(), r.Layout)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var batch []byte
	n := 0
	for rows.Next() {
		row := rows.Row()
		var ok bool
		if batch, ok = encoder.AppendRow(batch, row.Number, row.Cells, nil); !ok {
			b.Fatalf("row %d was refused", row.Number)
		}
		if n++; n == 10_000 {
			batches, bytes = batches+1, bytes+int64(len(batch))
			batch, n = batch[:0], 0
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return batches, bytes
}

// BenchmarkFileToAccepted sends 1,000,000 x 12 from opening the file to the last
// batch accepted by a practice service, with its limits off and without keeping
// values. x-inflate is the time in units of decompressing the sheet, x-post in units
// of posting as many bodies that are there already, both in the same run. The
// practice service is a process of its own, so that the peak is of the sender alone;
// it checks every value and shares the processors with the sender.
func BenchmarkFileToAccepted(b *testing.B) {
	const rows = 1_000_000
	path := filepath.Join(b.TempDir(), "large.xlsx")
	writeWorkbook(b, path, rows)
	at := serviceElsewhere(b)
	d, err := Open(Options{Home: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if err := d.Secrets.Choose(keychain.PlaceSession); err != nil {
		b.Fatal(err)
	}
	secret := connection.SecretCredential(at.App.ClientSecret)
	saved, err := d.Add(b.Context(), at.connection(), &secret)
	if err != nil {
		b.Fatal(err)
	}
	var inflated, posted, whole time.Duration
	var peak uint64
	var before, after runtime.MemStats
	round := 0
	for b.Loop() {
		round++
		inflated += unzip(b, path)
		runtime.GC()
		runtime.ReadMemStats(&before)
		stop := watchHeap(&peak)
		start := time.Now()
		target := sendWorkbook(b, d, saved.Connection, path, rows, round)
		whole += time.Since(start)
		stop()
		runtime.ReadMemStats(&after)
		posted += postBodies(b, d, saved.Connection, target, rows/10_000)
	}
	b.ReportMetric(float64(whole)/float64(inflated), "x-inflate")
	b.ReportMetric(float64(whole)/float64(posted), "x-post")
	b.ReportMetric(float64(rows*round)/whole.Seconds(), "rows/s")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/rows, "allocs/row")
}

// elsewhere is what a process with a practice service tells of it.
type elsewhere struct {
	URL, Resource, CAFile string
	App                   practice.Credential
}

// connection leads to the service as its Practice app.
func (s elsewhere) connection() connection.Connection {
	return connection.Connection{
		Name: "Bench", Cloud: connection.CloudCustom, Credential: connection.CredentialSecret, TenantID: s.App.TenantID, ClientID: s.App.ClientID,
		LoginURL: s.URL, APIURL: s.URL, Resource: s.Resource, CAFile: s.CAFile, Workspace: practice.Workspace,
	}
}

const serviceEnv = "PUSHDESK_BENCH_SERVICE"

// serviceElsewhere runs a practice service in a process of its own.
func serviceElsewhere(b *testing.B) (s elsewhere) {
	child := exec.Command(os.Args[0], "-test.run=^TestServiceElsewhere$")
	child.Env = append(os.Environ(), serviceEnv+"=1")
	in, err := child.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close() // the sign to end
		child.Wait()
	})
	if err := json.NewDecoder(out).Decode(&s); err != nil {
		b.Fatal(err)
	}
	go io.Copy(io.Discard, out)
	return s
}

// TestServiceElsewhere is the other process.
func TestServiceElsewhere(t *testing.T) {
	if os.Getenv(serviceEnv) == "" {
		t.Skip("it is a part of a benchmark")
	}
	s, err := practice.Start(practice.Options{DiscardRows: true, Behavior: faults.Behavior{NoLimits: true}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	k, _ := s.Credential(practice.AppPractice)
	if err := json.NewEncoder(os.Stdout).Encode(elsewhere{s.APIURL(), s.Resource(), s.CAFile(), k}); err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, os.Stdin)
}

// sendWorkbook opens a file and sends it as the window and the commands do, but
// with the limits of the sender off as well.
func sendWorkbook(b *testing.B, d *App, c connection.Connection, path string, rows int64, round int) history.Table {
	ctx := b.Context()
	r, err := job.OpenWorkbook(ctx, path, workbook.Options{}, "", "", 0)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Book.Close()
	place, err := d.Locate(ctx, job.Destination{Connection: For(c), Dataset: fmt.Sprintf("Bench %d", round), Table: "T", Create: true})
	if err != nil {
		b.Fatal(err)
	}
	m := job.Propose(r, place)
	source, err := r.Book.Rows(ctx, r.Layout)
	if err != nil {
		b.Fatal(err)
	}
	defer source.Close()
	api, err := d.Connector.API(ctx, c.ID)
	if err != nil {
		b.Fatal(err)
	}
	prepared, err := schema.Prepare(ctx, api, place.Target, m, schema.PrepareOptions{})
	if err != nil {
		b.Fatal(err)
	}
	journal, err := d.Runs.Begin()
	if err != nil {
		b.Fatal(err)
	}
	free := plan.Pace{Requests: 1 << 30, RowsPerHour: 1 << 50, SlowFrom: 1 << 50}
	receipt, err := push.Send(ctx, push.NewTarget(api, prepared.Target), m, benchSource{source}, push.Options{Journal: journal, Pace: free}, nil)
	if err != nil || receipt.RowsConfirmed != rows {
		b.Fatalf("%+v, %v", receipt, err)
	}
	return prepared.Target
}

// postBodies posts batches of 10,000 rows that are there already, five at a time.
func postBodies(b *testing.B, d *App, c connection.Connection, t history.Table, batches int) time.Duration {
	client, err := d.Client(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	var body bytes.Buffer
	body.WriteString(`{"rows":[`)
	for i := range 10_000 {
		if i > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"Field 0":%d,"Field 1":"Customer %d of the benchmark","Field 2":"Customer %d of the benchmark","Field 3":"2020-06-18T00:00:00","Field 4":"2020-06-18T02:24:00","Field 5":%d.25,"Field 6":%d.5,"Field 7":true,"Field 8":null,"Field 9":%d,"Field 10":"Customer %d of the benchmark","Field 11":0.5}`,
			i, i%5000, i*7%5000, i, i%977, i*3, i%311)
	}
	body.WriteString(`]}`)
	next := make(chan struct{})
	var workers sync.WaitGroup
	start := time.Now()
	for range powerbi.MaxPending {
		workers.Go(func() {
			for range next {
				if _, err := client.AddRows(b.Context(), t.WorkspaceID, t.DatasetID, t.Table, body.Bytes()); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for range batches {
		next <- struct{}{}
	}
	close(next)
	workers.Wait()
	return time.Since(start)
}

// watchHeap notes the most memory in use until it is stopped.
func watchHeap(peak *uint64) (stop func()) {
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

// benchSource gives the rows of a workbook to the sender.
type benchSource struct{ *workbook.Reader }

func (s benchSource) Row() (int, []cell.Cell) {
	row := s.Reader.Row()
	return row.Number, row.Cells
}
