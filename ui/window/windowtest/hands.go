//go:build display

package windowtest

import (
	"context"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Press clicks the button that says text, of an icon button what it does.
func (p *Program) Press(text string) {
	p.t.Helper()
	p.clicks++
	p.click("the button "+strconv.Quote(text), func(i Item) bool {
		return i.Kind == KindButton && i.Text == text && !i.Off
	})
}

// Click clicks on a piece of text, such as a row of a list or an option.
func (p *Program) Click(text string) {
	p.t.Helper()
	p.clicks++
	p.click("the text "+strconv.Quote(text), func(i Item) bool { return i.Text == text })
}

// click brings what fits into sight, waits until it stands still, and clicks it.
func (p *Program) click(what string, fits func(Item) bool) {
	p.t.Helper()
	x, y := p.settled(what, fits).Seen.Centre()
	p.tool("xdotool", "mousemove", "--window", p.window, strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

// settled waits until the first item that fits is in sight and has stopped moving.
func (p *Program) settled(what string, fits func(Item) bool) Item {
	p.t.Helper()
	var before Item
	var item Item
	p.until(what+" is in sight", func() bool {
		s := p.Screen()
		at := slices.IndexFunc(s.Items, fits)
		if at < 0 {
			before = Item{}
			return false
		}
		item = s.Items[at]
		if item.Seen.Width < min(item.Box.Width, 8) || item.Seen.Height < item.Box.Height*0.75 {
			p.scrollTo(item)
			before = Item{}
			return false
		}
		still := before.Box == item.Box && before.Seen == item.Seen
		before = item
		return still
	})
	return item
}

// scrollTo turns the wheel once towards an item.
func (p *Program) scrollTo(i Item) {
	p.t.Helper()
	if i.View.Empty() {
		return
	}
	x, y := i.View.Centre()
	wheel := "5"
	if i.Box.Y < i.View.Y {
		wheel = "4"
	}
	p.tool("xdotool", "mousemove", "--window", p.window, strconv.Itoa(x), strconv.Itoa(y), "click", wheel)
}

// Fill replaces what the entry of a form row holds.
func (p *Program) Fill(label, text string) {
	p.t.Helper()
	entry := func(i Item) bool { return i.Kind == KindEntry && i.Label == label }
	p.click("the entry "+strconv.Quote(label), entry)
	p.until("the keyboard is on "+strconv.Quote(label), func() bool {
		return slices.ContainsFunc(p.Screen().Items, func(i Item) bool { return entry(i) && i.Focused })
	})
	p.Key("ctrl+a", "BackSpace")
	p.Type(text)
	want, hidden := text, strings.Repeat("•", len([]rune(text)))
	p.until(strconv.Quote(label)+" holds "+strconv.Quote(text), func() bool {
		return slices.ContainsFunc(p.Screen().Items, func(i Item) bool { return entry(i) && (i.Text == want || i.Text == hidden) })
	})
}

// Choose picks an option from the list of a form row.
func (p *Program) Choose(label, option string) {
	p.t.Helper()
	p.clicks++
	p.click("the list "+strconv.Quote(label), func(i Item) bool { return i.Kind == KindSelect && i.Label == label })
	p.until("the list is open", func() bool { return p.Screen().Over })
	p.Click(option)
	p.until(strconv.Quote(label)+" is "+strconv.Quote(option), func() bool {
		return slices.ContainsFunc(p.Screen().Items, func(i Item) bool {
			return i.Kind == KindSelect && i.Label == label && i.Text == option
		})
	})
}

// Type types text where the keyboard is. Letters that are not on an American
// keyboard are pasted.
func (p *Program) Type(text string) {
	p.t.Helper()
	if text == "" {
		return
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		clip := exec.Command("xclip", "-selection", "clipboard", "-i")
		clip.Stdin = strings.NewReader(text)
		if err := clip.Run(); err != nil {
			p.fail("copy %q: %v", text, err)
		}
		p.until("the clipboard holds "+strconv.Quote(text), func() bool { // xclip hands over to a process of its own
			ctx, cancel := context.WithTimeout(p.t.Context(), 2*time.Second)
			defer cancel()
			held, err := exec.CommandContext(ctx, "xclip", "-selection", "clipboard", "-o").Output()
			return err == nil && string(held) == text
		})
		p.Key("ctrl+v")
		return
	}
	p.tool("xdotool", "type", "--delay", "4", "--", text)
}

// Key presses keys one after the other, such as Tab, Escape or ctrl+n.
func (p *Program) Key(keys ...string) {
	p.t.Helper()
	p.tool("xdotool", append([]string{"key", "--delay", "8"}, keys...)...)
}

// WaitFor waits until every piece of text is on the window. Text that is scrolled
// out of sight counts.
func (p *Program) WaitFor(pieces ...string) {
	p.t.Helper()
	p.WaitAtMost(patience, pieces...)
}

// WaitAtMost is WaitFor for work that takes longer.
func (p *Program) WaitAtMost(d time.Duration, pieces ...string) {
	p.t.Helper()
	end := time.Now().Add(d)
	for {
		words := p.Screen().Words()
		missing := slices.DeleteFunc(slices.Clone(pieces), func(piece string) bool { return strings.Contains(words, piece) })
		if len(missing) == 0 {
			return
		}
		if time.Now().After(end) {
			p.fail("waited in vain for %q", missing)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Says tells whether text is on the window now.
func (p *Program) Says(text string) bool {
	p.t.Helper()
	return strings.Contains(p.Screen().Words(), text)
}

// Focused is what the keyboard is on: the form row's label, or the words, or for
// what has none the kind of thing.
func (p *Program) Focused() string {
	p.t.Helper()
	i, ok := p.focused()
	switch {
	case !ok:
		return ""
	case i.Label != "" && i.Kind != KindButton:
		return i.Label
	case i.Text == "":
		return string(i.Kind)
	}
	return i.Text
}

func (p *Program) focused() (i Item, ok bool) {
	p.t.Helper()
	items := p.Screen().Items
	at := slices.IndexFunc(items, func(i Item) bool { return i.Focused })
	if at < 0 {
		return i, false
	}
	return items[at], true
}

// TabTo presses Tab until the keyboard is on something (Focused).
func (p *Program) TabTo(what string) {
	p.t.Helper()
	var passed []string
	for range 40 {
		before, _ := p.focused()
		p.Key("Tab")
		p.until("Tab goes on", func() bool {
			now, ok := p.focused()
			return ok && (now.Box != before.Box || now.Kind != before.Kind)
		})
		if passed = append(passed, p.Focused()); p.Focused() == what {
			return
		}
	}
	p.fail("Tab never comes to %q but to %q", what, passed)
}
