package upload

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/table"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/widget"
)

// finder jumps to a cell of the preview, or finds the next one that holds some
// words.
type finder struct {
	entry   *widget.Entry
	next    *widget.Button
	said    *widget.Text
	work    *task.Latest
	grid    *table.Grid
	pages   *workbook.Pages
	headers []infer.Header
	inSight bool // its step is
	content *fyne.Container
}

func newFinder(h page.Host, g *table.Grid) *finder {
	f := &finder{grid: g, work: h.Work().Latest(), said: widget.NewCut("", widget.StyleCaption)}
	f.entry = widget.NewSearch("Find, or go to C120", func(string) { f.say("") })
	f.entry.OnSubmitted = func(string) { f.find() }
	f.next = widget.NewButton(widget.Secondary, "", "Next", f.find)
	f.content = widget.Row(8, widget.AtLeast(200, 0, widget.Bare(f.entry)), f.next)
	f.arrange()
	return f
}

// show offers the finder for the rows of a reading.
func (f *finder) show(pages *workbook.Pages, headers []infer.Header) {
	if f.pages != pages {
		f.work.Cancel()
		f.say("")
	}
	f.pages, f.headers = pages, headers
	f.arrange()
}

// step tells whether the preview is in sight. The finder stands beside the buttons that
// every step has, where it takes no room from the rows.
func (f *finder) step(on bool) {
	f.inSight = on
	f.arrange()
}

func (f *finder) arrange() {
	shown := f.inSight && f.pages != nil && f.pages.Rows() > 0
	widget.ShowIf(f.content, shown)
	widget.ShowIf(f.said, shown)
}

func (f *finder) say(text string) { f.said.SetText(text) }

// address is a cell as people name it: a column and a row, or a row alone.
var address = regexp.MustCompile(`^(?i)([a-z]{0,3})\$?([0-9]{1,7})$`)

func (f *finder) find() {
	text := strings.TrimSpace(f.entry.Text)
	if f.pages == nil || text == "" || f.work.Busy() {
		return
	}
	if m := address.FindStringSubmatch(strings.TrimPrefix(text, "$")); m != nil && f.jump(m[1], m[2]) {
		return
	}
	row, column, ok := f.grid.Current()
	if !ok {
		row, column = 0, -1
	}
	f.say("Looking")
	pages := f.pages
	type found struct {
		row    int64
		column int
		ok     bool
	}
	task.Read(f.work, func(ctx context.Context) (found, error) {
		r, c, ok := pages.Search(ctx, text, int64(row), column, nil)
		return found{r, c, ok}, ctx.Err()
	}, func(x found, err error) {
		switch {
		case err != nil || pages != f.pages:
			f.say("")
		case !x.ok:
			f.say(fmt.Sprintf("“%s” is nowhere.", text))
		default:
			f.grid.Select(int(x.row), x.column)
			if r, ok := pages.Row(x.row); ok {
				f.say("In " + cell.Address(r.Number, f.headers[x.column].Column))
			}
		}
	})
}

// jump goes to a cell by its address. A bare number is looked for as a value first
// when there is no row of that number.
func (f *finder) jump(letters, digits string) bool {
	number, err := strconv.Atoi(digits)
	if err != nil {
		return false
	}
	at := f.pages.Find(number)
	row, ok := f.pages.Row(at)
	if !ok || letters == "" && row.Number != number {
		return false
	}
	column := 0
	if letters != "" {
		column = -1
		for i, h := range f.headers {
			if strings.EqualFold(cell.Column(h.Column), letters) {
				column = i
			}
		}
		if column < 0 {
			f.say(fmt.Sprintf("There is no column %s in this table.", strings.ToUpper(letters)))
			return true
		}
	}
	f.grid.Select(int(at), column)
	f.say("In " + cell.Address(row.Number, f.headers[column].Column))
	if row.Number != number {
		f.say(fmt.Sprintf("Row %d is not in this table; this is row %d.", number, row.Number))
	}
	return true
}
