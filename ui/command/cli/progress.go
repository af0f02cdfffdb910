package cli

import (
	"bytes"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"pushdesk/powerbi/push"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// How often progress is printed: on a terminal, where it rewrites its line, and
// elsewhere, where each is a line of a log.
const (
	terminalEvery = 100 * time.Millisecond
	logEvery      = 10 * time.Second
)

// progress prints how far a job is on standard error.
type progress struct {
	to       io.Writer
	terminal bool
	width    int // of the terminal; 0: not known
	last     time.Time
	length   int    // of the line on the terminal
	said     string // the last line of a log
	waiting  string // what was last said to be waited for
}

func (c *Env) NewProgress() *progress {
	to := c.screen
	if to == nil {
		to = c.Err
	}
	p := &progress{to: to, terminal: c.Terminal && !c.times, last: time.Now()}
	if c.Quiet {
		p.to = io.Discard
	}
	if c.Width != nil {
		p.width = c.Width()
	}
	return p
}

// Line shows one line, unless another was shown just before.
func (p *progress) Line(now bool, format string, args ...any) {
	every := logEvery
	if p.terminal {
		every = terminalEvery
	}
	if !now && time.Since(p.last) < every {
		return
	}
	p.last = time.Now()
	line := text.Value(fmt.Sprintf(format, args...))
	if !p.terminal {
		if line != p.said { // the same says nothing new
			fmt.Fprintln(p.to, line)
		}
		p.said = line
		return
	}
	if p.width > 1 {
		line = text.Shorten(line, p.width-1) // a longer one would begin another line
	}
	fmt.Fprintf(p.to, "\r%-*s", p.length, line)
	p.length = utf8.RuneCountInString(line)
}

// End clears the line of a terminal.
func (p *progress) End() {
	if p.terminal && p.length > 0 {
		fmt.Fprintf(p.to, "\r%*s\r", p.length, "")
		p.length = 0
	}
}

func (p *progress) Checking(total int64) func(int64) {
	return func(rows int64) {
		p.Line(false, "Checking: %s of %s rows", humanize.Number(rows), humanize.Number(total))
	}
}

func (p *progress) sending(total int64) func(push.Progress) {
	return func(now push.Progress) {
		if now.State == push.StateStopping { // what it waits for was said when it was stopped
			p.Line(false, "Stopping: %s sent, %s in progress", humanize.Count(now.RowsSent, "row"), humanize.Count(now.InFlight, "request"))
			return
		}
		if now.State == push.StateWaiting {
			left := ""
			if p.terminal && !now.WaitUntil.IsZero() {
				left = " " + humanize.Duration(max(now.WaitUntil.Sub(now.Now), 0).Round(time.Second))
			}
			said := now.WaitReason + now.WaitUntil.String()
			if !p.terminal && said == p.waiting {
				return // a log has a line when a wait begins
			}
			text := "Waiting" + left
			if !now.WaitUntil.IsZero() {
				text += " until " + humanize.Time(now.WaitUntil, now.Now)
			}
			if now.WaitReason != "" {
				text += ": " + now.WaitReason
			}
			p.Line(said != p.waiting, "%s of %s rows sent. %s", humanize.Number(now.RowsSent), humanize.Number(total), text)
			p.waiting = said
			return
		}
		left := ""
		if now.Left >= time.Second {
			left = ", at least " + humanize.Duration(now.Left) + " left"
		}
		p.Line(false, "Sending: %s of %s rows, %s, %s rows/s%s", humanize.Number(now.RowsSent), humanize.Number(total),
			humanize.Count(now.Batches, "batch", "batches"), humanize.Number(int64(now.Rate)), left)
	}
}

// stampedLines begins each line with the time, while it is on.
type stampedLines struct {
	to     io.Writer
	on     *bool
	inside bool // a line has begun
}

// Write implements io.Writer.
func (s *stampedLines) Write(p []byte) (int, error) {
	if !*s.on {
		return s.to.Write(p)
	}
	for _, line := range bytes.SplitAfter(p, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		if !s.inside && !bytes.Equal(line, []byte("\n")) {
			if _, err := fmt.Fprintf(s.to, "%s ", humanize.Stamp(time.Now())); err != nil {
				return 0, fmt.Errorf("write the time of a line: %w", err)
			}
		}
		if _, err := s.to.Write(line); err != nil {
			return 0, err
		}
		s.inside = !bytes.HasSuffix(line, []byte("\n"))
	}
	return len(p), nil
}
