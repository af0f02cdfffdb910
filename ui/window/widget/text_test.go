package widget_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

func lines(t *testing.T, p *widget.Paragraph) []string {
	t.Helper()
	var out []string
	for _, o := range test.WidgetRenderer(p).Objects() {
		out = append(out, o.(*canvas.Text).Text)
	}
	return out
}

func TestParagraphWraps(t *testing.T) {
	text := "What happened, why, and what to do next; then aVeryLongWordWithoutAnySpacesThatIsWiderThanTheWholeColumnItStandsIn."
	p := widget.NewParagraph(text, widget.StyleBody)
	on(t, 200, widget.Column(0, p))
	got := lines(t, p)
	if len(got) < 4 {
		t.Fatalf("wrapped to %q", got)
	}
	for _, l := range got {
		if w := fyne.MeasureText(l, theme.TextBody, fyne.TextStyle{}).Width; w > 200 {
			t.Errorf("the line %q is %v wide in 200", l, w)
		}
	}
	squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
	if squeeze(strings.Join(got, "")) != squeeze(text) {
		t.Errorf("wrapping lost or changed letters: %q", got)
	}
	height := p.MinSize().Height
	p.Resize(fyne.NewSize(900, 20))
	if p.MinSize().Height >= height {
		t.Error("a wider paragraph must be lower")
	}
	p.SetText("one\ntwo\n\nfour")
	if got := lines(t, p); len(got) != 4 || got[2] != "" {
		t.Errorf("line breaks gave %q", got)
	}
	p.SetText("")
	if p.MinSize().Height != 0 {
		t.Error("an empty paragraph takes room")
	}
}

func TestALongPathIsBrokenBehindItsParts(t *testing.T) {
	path := "/home/ann/Documents/budget/2026/financial-sample.xlsx"
	p := widget.NewParagraph(path, widget.StyleBody)
	on(t, 150, widget.Column(0, p))
	got := lines(t, p)
	if len(got) < 2 || strings.Join(got, "") != path {
		t.Fatalf("broken into %q", got)
	}
	for _, line := range got[:len(got)-1] {
		if !strings.ContainsAny(line[len(line)-1:], "/-.") {
			t.Errorf("%q ends in the middle of a name", line)
		}
	}
}

func TestParagraphOfAnySize(t *testing.T) {
	p := widget.NewParagraph(strings.Repeat("x", 500_000)+strings.Repeat(" word\n", 5000), widget.StyleBody)
	on(t, 300, widget.Column(0, p))
	if got := lines(t, p); len(got) != 200 || got[199] != "…" {
		t.Errorf("%d lines, the last %q; want 200 and an ellipsis", len(got), got[len(got)-1])
	}
	narrow := widget.NewParagraph("日本語 Größe", widget.StyleBody)
	on(t, 300, container.NewWithoutLayout(narrow))
	narrow.Resize(fyne.NewSize(2, 20))
	if got := strings.Join(lines(t, narrow), ""); got != "日本語Größe" {
		t.Errorf("letters were cut in the middle: %q", got)
	}
}

func TestCut(t *testing.T) {
	style := fyne.TextStyle{}
	for _, s := range []string{"short", "a rather long name of a workspace that nobody can show", "日本語の長い名前がここにあります、そしてまだ続きます", strings.Repeat("€", 200_000), ""} {
		got := widget.Cut(s, 120, 14, style)
		if w := fyne.MeasureText(got, 14, style).Width; w > 120.5 {
			t.Errorf("%.20q was cut to %q, %v wide", s, got, w)
		}
		if got != s && (!strings.HasSuffix(got, "…") || !strings.HasPrefix(s, strings.TrimSuffix(got, "…"))) {
			t.Errorf("%.20q was cut to %q", s, got)
		}
	}
	if got := widget.Cut("short", 120, 14, style); got != "short" {
		t.Errorf("what fits was cut to %q", got)
	}
}

func TestRowSharesWhatIsLeft(t *testing.T) {
	a, b := widget.NewText("left", widget.StyleBody), widget.NewCut(strings.Repeat("long ", 50), widget.StyleBody)
	c := widget.NewText("right", widget.StyleBody)
	filler := widget.Fill(b)
	r := widget.Row(10, a, filler, c)
	on(t, 400, r)
	if end := c.Position().X + c.Size().Width; end > 400.5 || end < 399 {
		t.Errorf("the row ends at %v of 400", end)
	}
	a.Hide()
	r.Refresh()
	if filler.Position().X != 0 {
		t.Error("a hidden object still takes room")
	}
}

func TestColumnGivesWrappedTextItsHeight(t *testing.T) {
	p := widget.NewParagraph(strings.Repeat("words and more ", 20), widget.StyleBody)
	below := widget.NewText("below", widget.StyleBody)
	on(t, 300, widget.Column(4, widget.Card(p), below))
	card := p.Size().Height + 2*theme.CardPadding
	if got := below.Position().Y; got < card || got > card+5 {
		t.Errorf("what follows a card of %v stands at %v", card, got)
	}
}
