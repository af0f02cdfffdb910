package widget

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"pushdesk/ui/window/theme"
)

// maxLines keeps a text somebody else wrote from filling memory with textures.
const maxLines = 200

// Paragraph is text that wraps at its width, without Label's inner margin.
type Paragraph struct {
	said
	// MostLines is after how many lines the text ends in an ellipsis; 0 shows it whole.
	MostLines int
}

// NewParagraph makes one.
func NewParagraph(content string, style Style) *Paragraph {
	p := &Paragraph{said: newSaid(content, style)}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	r := &paragraphRenderer{p: p}
	r.Refresh()
	return r
}

type paragraphRenderer struct {
	p       *Paragraph
	lines   []fyne.CanvasObject
	wrapped string  // the content and
	width   float32 // the width the lines were made for
	style   Style
}

func (r *paragraphRenderer) Destroy()                     {}
func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.lines }

func (r *paragraphRenderer) lineHeight() float32 {
	return fyne.MeasureText("M", r.p.style.size(), r.p.style.fyne()).Height
}

func (r *paragraphRenderer) MinSize() fyne.Size {
	if r.p.content == "" {
		return fyne.NewSize(1, 0)
	}
	return fyne.NewSize(40, r.lineHeight()*float32(max(len(r.lines), 1)))
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	if size.Width > 0 && (size.Width != r.width || r.wrapped != r.p.content || r.style != r.p.style) {
		r.wrap(size.Width)
	}
	h := r.lineHeight()
	for i, o := range r.lines {
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(0, float32(i)*h))
	}
}

func (r *paragraphRenderer) wrap(width float32) {
	r.width, r.wrapped, r.style = width, r.p.content, r.p.style
	lines := wrap(r.p.content, width, func(s string) float32 {
		return fyne.MeasureText(s, r.style.size(), r.style.fyne()).Width
	})
	if most := r.p.MostLines; most > 0 && len(lines) > most {
		last := lines[most-1] + " " + lines[most] // too wide, or it would be one line
		lines = append(lines[:most-1:most-1], Cut(last, width, r.style.size(), r.style.fyne()))
	}
	for len(r.lines) < len(lines) {
		r.lines = append(r.lines, canvas.NewText("", nil))
	}
	r.lines = r.lines[:len(lines)]
	for i, line := range lines {
		t := r.lines[i].(*canvas.Text)
		t.Text = line
		r.dress(t)
	}
}

func (r *paragraphRenderer) dress(t *canvas.Text) {
	t.TextSize, t.TextStyle = r.p.style.size(), r.p.style.fyne()
	t.Alignment = r.p.style.Align
	t.Color = theme.Color(r.p.style.color())
}

func (r *paragraphRenderer) Refresh() {
	r.Layout(r.p.Size())
	for _, o := range r.lines {
		r.dress(o.(*canvas.Text))
		o.Refresh()
	}
	canvas.Refresh(r.p)
}

// wrap breaks s into lines that fit width: at spaces, and inside a word only
// where the word alone is too long.
func wrap(s string, width float32, measure func(string) float32) []string {
	var lines []string
	if s == "" {
		return nil
	}
	most := longest(width)
	fits := func(s string) bool { return len(s) <= most && measure(s) <= width }
	for _, paragraph := range strings.Split(s, "\n") {
		line := ""
		for _, word := range strings.Split(strings.TrimRight(paragraph, " \t\r"), " ") {
			longer := word
			if line != "" {
				longer = line + " " + word
			}
			if fits(longer) {
				line = longer
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			for !fits(word) && len(lines) < maxLines {
				n := fitting(word, width, measure)
				if n == len(word) {
					break // one letter, wider than the line
				}
				// Paths and IDs are broken behind their parts where there is one.
				if at := strings.LastIndexAny(word[:n], `/\-_.?&`); at >= n/2 {
					n = at + 1
				}
				lines = append(lines, word[:n])
				word = word[n:]
			}
			line = word
			if len(lines) >= maxLines {
				break
			}
		}
		lines = append(lines, line)
		if len(lines) >= maxLines {
			lines = append(lines[:maxLines-1], "…")
			break
		}
	}
	return lines
}

// fitting is how many bytes of s fit width, at least one letter.
func fitting(s string, width float32, measure func(string) float32) int {
	_, first := utf8.DecodeRuneInString(s)
	low, high := first, min(len(s), max(longest(width), first+1))
	for high-low > 1 {
		mid := (low + high) / 2
		for mid > low && !utf8.RuneStart(s[mid]) {
			mid--
		}
		if mid == low {
			break
		}
		if measure(s[:mid]) <= width {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}
