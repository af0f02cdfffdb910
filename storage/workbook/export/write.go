// Package export writes a table into a new workbook or text file.
package export

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"pushdesk/storage"
	"pushdesk/storage/cell"
)

// Writer writes a table into a new file, row by row. Close finishes the file and
// puts it in its place; until then nothing is there.
type Writer interface {
	Write(cells []cell.Cell) error
	Close() error
	// Abandon gives the file up.
	Abandon()
}

// Kind is the kind of the temporary folders of workbooks that are being written: see
// storage.SweepFolders.
const Kind = "export"

const dayMillis = 86_400_000

// ErrExists says that a file is there already, which is never overwritten.
var ErrExists = errors.New("the file exists already")

// New makes a writer for a file that does not exist yet, by the ending of its
// name: .csv makes a text file with commas, everything else an Excel workbook.
// about are pairs for a sheet of their own, in a workbook.
func New(path, sheet string, header []string, about [][2]string) (Writer, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), ErrExists)
	}
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		return newTextWriter(path, header)
	}
	file, err := storage.CreateExport(path)
	if err != nil {
		return nil, err
	}
	folder, err := storage.NewFolder(Kind)
	if err != nil {
		file.Abort()
		return nil, fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	w := &bookWriter{file: file, folder: folder, name: sheet, book: excelize.NewFile(excelize.Options{TmpDir: folder.Path}), formats: map[string]int{}}
	for _, h := range header {
		w.header = append(w.header, h)
	}
	if err := w.begin(about); err != nil {
		w.Abandon()
		return nil, fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return w, nil
}

// textWriter writes a CSV file with the texts as they are, guarded: see Guard.
type textWriter struct {
	file *storage.File
	csv  *csv.Writer
	line []string
}

func newTextWriter(path string, header []string) (*textWriter, error) {
	f, err := storage.CreateExport(path)
	if err != nil {
		return nil, err
	}
	w := &textWriter{file: f, csv: csv.NewWriter(f)}
	w.csv.UseCRLF = true
	if _, err = f.Write([]byte("\ufeff")); err == nil {
		names := make([]string, len(header))
		for i, name := range header {
			names[i] = Guard(name)
		}
		err = w.csv.Write(names)
	}
	if err != nil {
		f.Abort()
		return nil, err
	}
	return w, nil
}

func (w *textWriter) Write(cells []cell.Cell) error {
	w.line = w.line[:0]
	for _, c := range cells {
		text := cell.Display(c)
		if c.Kind == cell.Number && c.Style == cell.Percent && c.Text == "" {
			text = cell.PlainNumber(c.Float) // the value, not what is shown
		}
		if c.Kind == cell.Text || c.Kind == cell.Error { // a file says what its errors are called
			text = Guard(text)
		}
		w.line = append(w.line, text)
	}
	return w.csv.Write(w.line)
}

func (w *textWriter) Close() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		w.file.Abort()
		return err
	}
	return w.file.Commit()
}

func (w *textWriter) Abandon() { w.file.Abort() }

// bookWriter writes an Excel workbook. Beyond the rows of one sheet it continues in
// another.
type bookWriter struct {
	file    *storage.File
	folder  *storage.Folder // for the rows that excelize does not keep in memory
	name    string
	header  []any
	book    *excelize.File
	sheet   *excelize.StreamWriter
	sheets  int
	row     int
	formats map[string]int
	line    []any
}

func (w *bookWriter) begin(about [][2]string) error {
	if err := w.book.SetSheetName("Sheet1", w.name); err != nil {
		return err
	}
	if err := w.next(); err != nil || len(about) == 0 {
		return err
	}
	if _, err := w.book.NewSheet("About"); err != nil {
		return err
	}
	for i, pair := range about {
		for j, text := range pair {
			if err := w.book.SetCellStr("About", cell.Address(i+1, j), text); err != nil {
				return err
			}
		}
	}
	return w.book.SetColWidth("About", "A", "B", 40)
}

// next begins a sheet.
func (w *bookWriter) next() (err error) {
	name := w.name
	if w.sheets > 0 {
		name = fmt.Sprintf("%s %d", w.name, w.sheets+1)
		if _, err := w.book.NewSheet(name); err != nil {
			return err
		}
		if err := w.sheet.Flush(); err != nil {
			return err
		}
	}
	w.sheets++
	if w.sheet, err = w.book.NewStreamWriter(name); err != nil {
		return err
	}
	bold, err := w.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := w.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := w.sheet.SetColWidth(1, max(len(w.header), 1), 18); err != nil {
		return err
	}
	w.row = 1
	return w.sheet.SetRow("A1", w.header, excelize.RowOpts{StyleID: bold})
}

func (w *bookWriter) Write(cells []cell.Cell) error {
	if w.row == excelize.TotalRows {
		if err := w.next(); err != nil {
			return err
		}
	}
	w.line = w.line[:0]
	for _, c := range cells {
		v, err := w.value(c)
		if err != nil {
			return err
		}
		w.line = append(w.line, v)
	}
	w.row++
	return w.sheet.SetRow(cell.Address(w.row, 0), w.line)
}

// value is a cell as a workbook keeps it: numbers as numbers and dates as dates, as
// far as it can, and everything else as text that is never a formula.
func (w *bookWriter) value(c cell.Cell) (any, error) {
	styled := func(format string, v any) (any, error) {
		id, ok := w.formats[format]
		if !ok {
			var err error
			if id, err = w.book.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
				return nil, err
			}
			w.formats[format] = id
		}
		return excelize.Cell{StyleID: id, Value: v}, nil
	}
	switch c.Kind {
	case cell.Blank:
		return nil, nil
	case cell.Boolean:
		return c.Int != 0, nil
	case cell.Number:
		switch {
		case c.Text != "": // more digits than a workbook keeps
			return styled("@", c.Text)
		case c.Style == cell.Percent:
			return styled("0.00%", c.Float)
		case c.Style == cell.ZeroPadded:
			return styled(strings.Repeat("0", int(c.Width)), c.Float)
		}
		return c.Float, nil
	case cell.Date, cell.DateTime:
		format := "yyyy-mm-dd"
		if c.Kind == cell.DateTime {
			format = "yyyy-mm-dd hh:mm:ss.000"
		}
		// Every program reads serials from 1 March 1900 on as the same day.
		if serial := float64(c.Int)/dayMillis + 25_569; serial >= 61 && serial < 2_958_466 {
			return styled(format, serial)
		}
	case cell.Time, cell.Duration:
		if c.Int >= 0 {
			return styled("[h]:mm:ss.000", float64(c.Int)/dayMillis)
		}
	}
	return cell.Display(c), nil
}

func (w *bookWriter) Close() error {
	defer w.Abandon()
	err := w.sheet.Flush()
	if err == nil {
		err = w.book.Write(w.file)
	}
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return w.file.Commit()
}

func (w *bookWriter) Abandon() {
	w.file.Abort()
	_ = w.book.Close()
	w.folder.Remove()
}
