package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pushdesk/powerbi/job"
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

var (
	pollockFolder = flag.String("pollock", "", "the folder of the Pollock benchmark of messy text files (HPI-Information-Systems/Pollock)")
	pollockBelow  = flag.Float64("below", 9.5, "list the files whose score is below this")
)

// TestPollock reads the files of the Pollock benchmark, of which nothing is said beforehand, and
// prints its measures: success, and precision, recall and F1 of header, records and cells.
func TestPollock(t *testing.T) {
	if *pollockFolder == "" {
		t.Skip("no folder is given")
	}
	var weights map[string]float64
	if data, err := os.ReadFile(filepath.Join(*pollockFolder, "pollock_weights.json")); err != nil || json.Unmarshal(data, &weights) != nil {
		t.Fatalf("no weights: %v", err)
	}
	for _, set := range []string{"polluted_files", "survey_sample"} {
		files, err := filepath.Glob(filepath.Join(*pollockFolder, set, "csv", "*"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s has no files: %v", set, err)
			continue
		}
		var sum measures
		weighted, weight, bare := 0.0, 0.0, 0.0
		for _, file := range files {
			clean, err := os.ReadFile(filepath.Join(*pollockFolder, set, "clean", filepath.Base(file)))
			if err != nil {
				t.Logf("%s has no clean version", filepath.Base(file))
				continue
			}
			header, rows, err := load(t.Context(), file)
			m := measures{}
			if err == nil {
				want := records(string(clean))
				m = compare(want, header, rows)
				bare += m.score() / float64(len(files))
				if header == nil && len(rows) > 0 && len(want) > 0 && len(want[0]) > 0 && want[0][0] == "col_0" {
					for i := range rows[0] { // what the benchmark calls columns without names in some files
						header = append(header, "col_"+strconv.Itoa(i))
					}
					m = compare(want, header, rows)
				}
			}
			for i := range m {
				sum[i] += m[i] / float64(len(files))
			}
			w := weights[filepath.Base(file)]
			weighted, weight = weighted+w*m.score(), weight+w
			if m.score() < *pollockBelow {
				t.Logf("%6.3f of 10, weight %7.2f: %s: header %.3f, records %.3f, cells %.3f %v", m.score(), w, filepath.Base(file), m[3], m[6], m[9], errText(err))
			}
		}
		t.Logf("%s: %d files, success %.4f, header F1 %.4f, record F1 %.4f, cell F1 %.4f, simple score %.3f of 10 (%.3f when columns without names stay so)", set, len(files), sum[0], sum[3], sum[6], sum[9], sum.score(), bare)
		if weight > 0 {
			t.Logf("%s: weighted score %.3f of 10", set, weighted/weight)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// load reads a file as it would be sent, but every value as the file has it. header is nil
// without names.
func load(ctx context.Context, file string) (header []string, rows [][]string, err error) {
	r, err := job.OpenWorkbook(ctx, file, workbook.Options{}, "", "", 0)
	if err == nil {
		defer r.Book.Close()
		r, err = r.Full(ctx, nil)
	}
	if bad, ok := errors.AsType[*workbook.Error](err); ok && bad.Kind == workbook.ErrorEmpty {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if r.Layout.HeaderRow > 0 {
		header = make([]string, 0, len(r.Layout.Headers))
		for _, h := range r.Layout.Headers {
			header = append(header, h.Name)
		}
	}
	reader, err := r.Book.Rows(ctx, r.Layout.WithTypes(infer.Profile{}))
	if err != nil {
		return nil, nil, err
	}
	defer reader.Close()
	for reader.Next() {
		row := make([]string, len(r.Layout.Headers))
		for i, c := range reader.Row().Cells {
			row[i] = cell.Display(c)
		}
		rows = append(rows, row)
	}
	return header, rows, reader.Err()
}

// measures are success, and three of each: header, records, cells.
type measures [10]float64

func (m measures) score() (sum float64) {
	for _, v := range m {
		sum += v
	}
	return sum
}

func compare(want [][]string, header []string, rows [][]string) measures {
	m := measures{1}
	if len(want) == 0 {
		for i := range m {
			m[i] = 1
		}
		return m
	}
	got := rows
	if header != nil {
		got = append([][]string{header}, rows...)
	}
	put := func(at int, want, got []string) {
		switch both := common(want, got); {
		case len(want) == 0:
			m[at], m[at+1], m[at+2] = 1, 1, 1
		case both > 0:
			p, r := both/float64(len(want)), both/float64(len(got))
			m[at], m[at+1], m[at+2] = p, r, 2*p*r/(p+r)
		}
	}
	var wantHeader, gotHeader []string
	for _, v := range want[0] {
		wantHeader = append(wantHeader, normal(v))
	}
	if len(got) > 0 {
		for _, v := range got[0] {
			gotHeader = append(gotHeader, normal(v))
		}
	}
	put(1, wantHeader, gotHeader)
	put(4, joined(want[1:]), joined(got[min(1, len(got)):]))
	put(7, slices.Concat(want...), slices.Concat(got...))
	return m
}

// joined are records as one text each.
func joined(rows [][]string) (all []string) {
	for _, row := range rows {
		var b strings.Builder
		for _, v := range row {
			b.WriteString(normal(v))
		}
		all = append(all, b.String())
	}
	return all
}

// common counts what two lists have in common.
func common(a, b []string) float64 {
	counts, n := map[string]int{}, 0
	for _, v := range a {
		counts[v]++
	}
	for _, v := range b {
		if counts[v] > 0 {
			counts[v]--
			n++
		}
	}
	return float64(n)
}

// normal writes a value as the benchmark compares it: numbers by value, else without
// regard to capitals. It knows fewer ways to write the same than the benchmark does.
func normal(v string) string {
	trimmed := strings.TrimSpace(v)
	switch trimmed {
	case "":
		return ""
	case "True", "true":
		return "1"
	case "False", "false":
		return "0"
	}
	if n, err := strconv.Atoi(trimmed); err == nil {
		return strconv.Itoa(n)
	}
	if f, err := strconv.ParseFloat(trimmed, 64); err == nil && !strings.ContainsAny(trimmed, "xXpP") {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strings.ToLower(v)
}

// records reads a clean version: every value may be in quotes, and a blank line is a
// record without values.
func records(text string) (all [][]string) {
	text = strings.TrimPrefix(text, "\ufeff")
	for len(text) > 0 {
		var row []string
		for more := true; more; {
			var value strings.Builder
			if rest, quoted := strings.CutPrefix(text, `"`); quoted {
				for text = rest; ; {
					i := strings.IndexByte(text, '"')
					if i < 0 {
						value.WriteString(text)
						text = ""
						break
					}
					value.WriteString(text[:i])
					if text = text[i+1:]; !strings.HasPrefix(text, `"`) {
						break
					}
					value.WriteByte('"')
					text = text[1:]
				}
			}
			i := strings.IndexAny(text, ",\r\n")
			if i < 0 {
				i = len(text)
			}
			value.WriteString(text[:i])
			more = i < len(text) && text[i] == ','
			text = text[i:]
			if row = append(row, value.String()); more {
				text = text[1:]
			}
		}
		text = strings.TrimPrefix(strings.TrimPrefix(text, "\r"), "\n")
		if len(row) == 1 && row[0] == "" {
			row = nil
		}
		all = append(all, row)
	}
	return all
}
