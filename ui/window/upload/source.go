package upload

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"pushdesk/storage/cell"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/assets"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/recent"
	"pushdesk/storage"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/table"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/upload/preview"
	"pushdesk/ui/window/upload/remarks"
	"pushdesk/ui/window/widget"
)

// sourceService is what the step needs from below.
type sourceService interface {
	recentService
	// ChoiceFor gives how a file was read that was opened before. It may wait for the disk.
	ChoiceFor(path string) (recent.Choice, bool)
	// Folder is where the program keeps things; the sample workbook is put there.
	Folder() string
}

// sourceStep opens a file and chooses a table in it. The first rows are shown at
// once; the types are certain when every row was read.
type sourceStep struct {
	frame   frame
	host    page.Host
	service sourceService
	now     bundle
	reads   *task.Latest // of the file
	full    *task.Latest // of every row
	watch   context.CancelFunc
	options workbook.Options // of the file that is open
	remark  string           // on how it came to be open
	sources []workbook.Source
	beforeFile
	openFile
	content *fyne.Container
}

// beforeFile is what stands there until a file is open.
type beforeFile struct {
	zone   fyne.CanvasObject
	path   *widget.Entry
	recent *recentFiles
}

// openFile shows the file that is open, and how it is read.
type openFile struct {
	name    *widget.Text
	chips   *fyne.Container
	recall  *widget.Button
	found   *widget.Paragraph
	remarks *remarks.List
	bar     *widget.Bar
	preview *table.Grid
	finder  *finder
	opened  fyne.CanvasObject
	tablePart
	textPart
}

// tablePart asks where in the file the table is.
type tablePart struct {
	table   *widget.Select
	where   *widget.Field // holds table
	area    *widget.Entry
	areaRow *widget.Field
	head    *widget.Select
	header  []headerChoice // what each option of head means
}

// textPart asks what only text files have.
type textPart struct {
	mark  *widget.Select
	code  *widget.Select
	quote *widget.Select
	text  []fyne.CanvasObject // the three

	comment  *widget.Select
	comments *widget.Field // holds comment, where there are such lines
}

// workbookTypes are the files the dialog offers.
var workbookTypes = []string{".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".xltm", ".ods", ".csv", ".tsv", ".txt"}

func newSourceStep(f frame, h page.Host, d sourceService) *sourceStep {
	s := &sourceStep{frame: f, host: h, service: d, reads: h.Work().Loose(), full: h.Work().Loose()}
	s.bar = widget.NewBar()
	s.path = widget.NewEntry("Or paste the path of a file")
	s.path.OnSubmitted = func(string) { s.openTyped() }
	zone := widget.NewDropZone("Drop an Excel workbook or CSV file here",
		".xlsx, .xlsm, .xlsb, .xls, .ods, .csv and other delimited text. The file is only read, never changed.",
		widget.NewButton(widget.Primary, theme.IconFolder, "Choose a file", s.choose),
		widget.NewButton(widget.Secondary, theme.IconFile, "Use the sample workbook", s.useSample))
	s.recent = newRecentFiles(h, d, s.open, func() { s.content.Refresh() })
	s.zone = widget.NewScrolled(widget.Above(zone, widget.Margins(theme.Gap, 0, 0, 0, widget.Column(theme.Gap, widget.Row(8, widget.Fill(widget.Bare(s.path)),
		widget.NewButton(widget.Secondary, "", "Open", s.openTyped)), s.recent.content))))
	s.name = widget.NewCut("", widget.StyleSection)
	s.chips = widget.Row(6)
	other := widget.NewButton(widget.Secondary, theme.IconFolder, "Choose another file", s.choose)
	s.table = widget.NewSelect(nil, "Choose", func(i int) { s.at(s.sources[i], 0) })
	s.area = widget.NewEntry("A3:F200")
	s.area.OnSubmitted = s.useArea
	s.areaRow = widget.NewField("Or a range", s.area, "")
	s.head = widget.NewSelect(nil, "Choose", s.chooseHeader)
	s.remarks = remarks.New(func(o remark.Option) {
		r := s.now.draft.Reading
		s.reading(func(ctx context.Context) (job.Reading, error) {
			other, err := r.Choose(ctx, o)
			if err == nil && ctx.Err() != nil && other.Book != r.Book {
				return job.Reading{}, errors.Join(ctx.Err(), other.Book.Close())
			}
			return other, err
		})
	})
	s.recall = widget.NewButton(widget.Secondary, "", "Find it again", func() { s.read(s.now.draft.Reading.Book.Path(), workbook.Options{}, false, "") })
	s.mark = widget.NewSelect(delimiterWords(""), "", func(i int) { s.again(func(o *workbook.Options) { o.Delimiter = delimiters[i].mark }) })
	s.code = widget.NewSelect(encodingWords(""), "", func(i int) {
		s.again(func(o *workbook.Options) {
			o.Encoding = ""
			if i > 0 {
				o.Encoding = workbook.Encodings[i-1]
			}
		})
	})
	s.quote = widget.NewSelect(quoteWords('"'), "", func(i int) { s.again(func(o *workbook.Options) { o.Quote = quotes[i].mark }) })
	s.text = []fyne.CanvasObject{widget.NewField("Separated by", s.mark, ""), widget.NewField("Quotes", s.quote, ""), widget.NewField("Encoding", s.code, "")}
	s.comment = widget.NewSelect(commentWords(""), "", func(i int) { s.again(func(o *workbook.Options) { o.Comment = comments[i] }) })
	s.comments = widget.NewField("Comment lines", s.comment, "")
	s.found = widget.NewParagraph("", widget.StyleMuted)
	s.preview = table.New(preview.Rows{})
	s.preview.OnHead = func(column int, _ fyne.Position) { s.toProblem(column) }
	s.preview.OnCopied = func(rows, of int) {
		if rows < of {
			h.Toast(fmt.Sprintf("The first %s of %s rows are copied. The clipboard cannot hold more.", humanize.Number(rows), humanize.Number(of)))
		}
	}
	s.finder = newFinder(h, s.preview)
	s.where = widget.NewField("Sheet, table or named range", s.table, "")
	choices := widget.Even(theme.Gap, s.where, s.areaRow, widget.NewField("Column names", s.head, ""), s.text[0], s.text[1], s.text[2], s.comments)
	top := widget.Margins(0, 0, theme.Gap, 0,
		widget.Card(widget.Row(theme.Gap, widget.NewGlyph(theme.IconTable, theme.ColorMuted, 22), widget.Fill(widget.Beside(theme.Gap, s.name, s.chips)), s.recall, other),
			choices, s.found, s.remarks.Content, s.bar))
	s.opened = widget.Under(top, widget.Panel(1, s.preview))
	s.content = container.NewStack(s.zone, s.opened)
	s.opened.Hide()
	return s
}

// Content implements step.
func (s *sourceStep) Content() fyne.CanvasObject { return s.content }

func (s *sourceStep) enter() { s.recent.load() }

func (s *sourceStep) blocked() string {
	r := s.now.draft.Reading
	switch {
	case s.reads.Busy():
		return "Opening the file"
	case r.Book == nil:
		return "Choose a file first"
	case s.full.Busy():
		return "Every row is read to find the types"
	case r.Profile.Provisional:
		return "The file could not be read to its end"
	case r.Profile.Rows == 0:
		return "There are no rows to send"
	}
	return ""
}

func (s *sourceStep) choose() {
	if !s.frame.sending() {
		page.ChooseFile(s.host.Window(), workbookTypes, s.open)
	}
}

// openTyped opens the file whose path was typed or pasted.
func (s *sourceStep) openTyped() {
	if path := storage.TypedPath(s.path.Text); path != "" {
		s.open(path)
	}
}

// useSample opens the sample workbook, which is written beside what the program keeps.
func (s *sourceStep) useSample() {
	folder := s.service.Folder()
	task.Read(s.reads, func(context.Context) (string, error) { return writeSample(folder) }, func(path string, err error) {
		if err != nil {
			s.frame.explain(err, "The sample workbook could not be written.")
			return
		}
		s.open(path)
	})
	s.frame.refresh()
}

// unlessCancelled opens a file and closes it again when nobody wants it any more.
func unlessCancelled(ctx context.Context, open func() (job.Reading, error)) (job.Reading, error) {
	r, err := open()
	if err == nil && ctx.Err() != nil {
		r.Book.Close()
		return job.Reading{}, ctx.Err()
	}
	return r, err
}

func writeSample(folder string) (string, error) {
	path := filepath.Join(folder, assets.SampleName)
	if err := storage.WriteFile(path, assets.Sample); err != nil {
		return "", fmt.Errorf("write the sample workbook: %w", err)
	}
	return path, nil
}

// open opens a file at its best table, or as it was read the last time.
func (s *sourceStep) open(path string) { s.openFirst([]string{path}) }

// openFirst opens the first of some files and says so.
func (s *sourceStep) openFirst(paths []string) {
	remark := ""
	if len(paths) > 1 {
		remark = fmt.Sprintf("%d files were dropped; only this one is open.", len(paths))
	}
	s.read(paths[0], workbook.Options{}, true, remark)
}

// again opens the same file, in another way if change is not nil.
func (s *sourceStep) again(change func(o *workbook.Options)) {
	o := s.options
	if change != nil {
		change(&o)
	}
	s.read(s.now.draft.Reading.Book.Path(), o, false, "")
}

// read opens a file, the way it was read the last time if recall is set; the one that
// is open stays until that has worked.
func (s *sourceStep) read(path string, o workbook.Options, recall bool, remark string) {
	s.frame.bring(stepSource)
	task.Read(s.reads, func(ctx context.Context) (job.Reading, error) {
		if was, ok := s.service.ChoiceFor(path); ok && recall {
			return unlessCancelled(ctx, func() (job.Reading, error) { return job.OpenChosen(ctx, path, o, was) })
		}
		return unlessCancelled(ctx, func() (job.Reading, error) { return job.OpenWorkbook(ctx, path, o, "", "", 0) })
	}, func(r job.Reading, err error) {
		if err == nil {
			s.options, s.remark = r.Options(), remark
			s.take(r)
			return
		}
		s.arrange() // back to what is shown
		var bad *workbook.Error
		if errors.As(err, &bad) && bad.Kind == workbook.ErrorPassword {
			s.frame.askPassword(path, bad, func(password string) {
				o.Password = password
				s.read(path, o, recall, remark)
			})
			return
		}
		if bad != nil && bad.Kind == workbook.ErrorNotFound {
			s.recent.forget(path)
		}
		s.frame.say(s.unopened(path, err))
		s.frame.refresh()
	})
	s.frame.refresh()
}

// unopened says why a file was not opened, and which one is open still.
func (s *sourceStep) unopened(path string, err error) widget.Message {
	name := filepath.Base(path)
	failed := name + " could not be opened."
	m := page.Explain(err, failed)
	if !strings.Contains(m.Sentence, name) {
		m.Sentence = failed + " " + m.Sentence
	}
	if open := s.now.draft.Reading.Book; open != nil {
		m.Remedy = strings.TrimSpace(m.Remedy + " " + filepath.Base(open.Path()) + " is still open below.")
	}
	return m
}

// at reads another table of the file, or the same with another header row.
func (s *sourceStep) at(source workbook.Source, headerRow int) {
	r := s.now.draft.Reading
	s.reading(func(ctx context.Context) (job.Reading, error) { return r.At(ctx, source, headerRow) })
}

// useArea reads a range that was typed.
func (s *sourceStep) useArea(text string) {
	r := s.now.draft.Reading
	if strings.TrimSpace(text) == "" || r.Book == nil {
		return
	}
	// With a sheet named, nothing is read to find the range, and the window does not wait.
	source, err := r.Book.Find(context.Background(), r.Layout.Source.Sheet, text)
	if err != nil {
		m := page.Explain(err, "That is not a range.")
		s.areaRow.Say(widget.Error, m.Sentence, m.Remedy)
		return
	}
	s.areaRow.Say(widget.Neutral, "", "")
	s.at(source, 0)
}

// show implements step.
func (s *sourceStep) show(b bundle) {
	changed := b.reading != s.now.reading
	s.now = b
	if !changed {
		return
	}
	there := b.draft.Reading.Book != nil
	widget.ShowIf(s.zone, !there)
	widget.ShowIf(s.opened, there)
	if !there {
		s.reads.Cancel()
		s.full.Cancel()
		s.options, s.remark = workbook.Options{}, ""
	}
	s.arrange()
}

// take shows a reading at once and reads all of it in the background.
func (s *sourceStep) take(r job.Reading) {
	was := s.now.draft.Reading.Book
	s.frame.giveReading(s.now.draft.From(r))
	if was != nil && was != r.Book {
		go was.Close() // it may wait for a reader on a slow disk
	}
	s.readAll(r)
	s.frame.quiet()
	s.frame.refresh()
}

// readAll reads every row, for the types.
func (s *sourceStep) readAll(r job.Reading) {
	var rows, share atomic.Int64
	if s.watch != nil {
		s.watch()
	}
	s.watch = s.host.Work().Every(150*time.Millisecond, func() {
		if s.full.Busy() {
			s.bar.Set(float64(share.Load())/1000, "Reading every row to find the types", humanize.Number(rows.Load())+" rows")
		}
	})
	s.bar.Set(0, "Reading every row to find the types", "")
	s.bar.Show()
	folder := s.service.Folder()
	task.Read(s.full, func(ctx context.Context) (job.Reading, error) {
		return r.Paged(ctx, folder, func(n int64, fraction float64) {
			rows.Store(n)
			share.Store(int64(1000 * fraction))
		})
	}, func(r job.Reading, err error) {
		s.watch()
		s.bar.Hide()
		if err != nil {
			s.frame.explainFile(err, "The file could not be read to its end.")
			s.frame.refresh()
			return
		}
		s.frame.giveReading(s.now.draft.ReadAs(r))
		s.frame.refresh()
		s.recent.add(r)
	})
}

// arrange shows what is known of the reading.
func (s *sourceStep) arrange() {
	r := s.now.draft.Reading
	if r.Book == nil {
		return
	}
	s.name.SetText(filepath.Base(r.Book.Path()))
	s.chips.Objects = []fyne.CanvasObject{
		widget.NewChip(widget.Neutral, "", strings.ToUpper(r.Book.Format())), widget.NewChip(widget.Neutral, "", humanize.Bytes(r.Book.Size())),
	}
	s.sources = r.Book.Sources()
	words := make([]string, 0, len(s.sources)+1)
	chosen := -1
	for i, source := range s.sources {
		words = append(words, sourceWord(source))
		if source.Name == r.Layout.Source.Name && source.Kind == r.Layout.Source.Kind && source.Sheet == r.Layout.Source.Sheet {
			chosen = i
		}
	}
	if chosen < 0 {
		s.sources, words = append(s.sources[:len(s.sources):len(s.sources)], r.Layout.Source), append(words, sourceWord(r.Layout.Source))
		chosen = len(words) - 1
	}
	s.table.SetOptions(words)
	s.table.SetSelected(chosen)
	s.arrangeHeader(r.Layout)
	s.remarks.Show(r)
	widget.ShowIf(s.recall, r.Recalled != "")
	isText := r.Book.IsText()
	for _, o := range s.text {
		widget.ShowIf(o, isText)
	}
	widget.ShowIf(s.comments, isText && (r.Book.TextForm().Comment != "" || s.options.Comment != ""))
	widget.ShowIf(s.areaRow, !isText)
	widget.ShowIf(s.where, !isText || len(words) > 1) // most text files are one table
	if isText {
		form := r.Book.TextForm()
		s.mark.SetOptions(delimiterWords(form.Delimiter))
		s.code.SetOptions(encodingWords(form.Encoding))
		s.quote.SetOptions(quoteWords(form.Quote))
		s.quote.SetSelected(quoteIndex(s.options.Quote))
		s.comment.SetOptions(commentWords(form.Comment))
		s.comment.SetSelected(max(0, slices.Index(comments, s.options.Comment)))
		s.mark.SetSelected(delimiterIndex(s.options.Delimiter))
		s.code.SetSelected(encodingIndex(s.options.Encoding))
	}
	s.found.SetText(strings.TrimSpace(summary(r) + " " + s.remark))
	s.preview.SetSource(preview.Rows{Reading: r})
	s.finder.show(r.Pages, r.Layout.Headers)
	s.content.Refresh()
}

// Rows that are offered as column names, and the first of them in pairs.
const (
	headersOffered = 25
	pairsOffered   = 8
)

// reading shows another reading of the open file.
func (s *sourceStep) reading(read func(ctx context.Context) (job.Reading, error)) {
	task.Read(s.reads, read, func(r job.Reading, err error) {
		if err != nil {
			s.frame.explain(err, "The table could not be read.")
			s.arrange() // back to what is shown
			s.frame.refresh()
			return
		}
		s.options = r.Options()
		s.take(r)
	})
	s.frame.refresh()
}

// toProblem goes to the first cell of a column that has problems, when its head is
// clicked.
func (s *sourceStep) toProblem(column int) {
	r := s.now.draft.Reading
	row, _ := r.Profile.Columns[column].Problems()
	if r.Pages == nil || row == 0 {
		return
	}
	s.preview.Select(int(r.Pages.Find(row)), column)
	s.finder.say("First problem, in " + cell.Address(row, r.Layout.Headers[column].Column))
}
