package doctor

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// Text writes the report as plain text to copy into a message.
func (r Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Pushdesk connection test\n\nConnection: %s\nTested:     %s, in %s\nResult:     %s. %s\n",
		r.Connection, r.Started.Format("2006-01-02 15:04:05 -07:00"), humanize.Duration(r.Duration), r.Verdict, r.Summary)
	if len(r.Capabilities) > 0 {
		b.WriteString("\nWhat it can do\n")
		for _, c := range r.Capabilities {
			fmt.Fprintf(&b, "  %-8s %s: %s\n", c.Title, c.Answer, c.Why)
		}
	}
	if r.Retirement != "" {
		fmt.Fprintf(&b, "\n%s\n", r.Retirement)
	}
	group := ""
	for _, c := range r.Checks {
		if c.Group != group {
			group = c.Group
			fmt.Fprintf(&b, "\n%s\n", groupTitle(group))
		}
		fmt.Fprintf(&b, "  [%s] %s", c.Status, c.Title)
		if c.Status != Skipped {
			fmt.Fprintf(&b, " (%s)", humanize.Duration(c.Duration))
		}
		b.WriteByte('\n')
		indented(&b, "", c.Evidence)
		if c.Remedy != "" {
			indented(&b, "What to do: ", c.Remedy)
		}
		if c.Who != "" && c.Remedy != "" {
			indented(&b, "Who can: ", c.Who)
		}
		indented(&b, "", c.Details)
	}
	return b.String()
}

func groupTitle(group string) string {
	switch group {
	case GroupLocal:
		return "This computer"
	case GroupEntra:
		return "Microsoft Entra"
	}
	return "Power BI"
}

func indented(b *strings.Builder, label, text string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			fmt.Fprintf(b, "         %s%s\n", label, line)
			label = ""
		}
	}
}

// Markdown writes the report for a wiki, a ticket or a file.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Test of %s\n\n**%s.** %s\n\nTested %s, in %s.\n", plain(r.Connection), text.UpperFirst(string(r.Verdict)), plain(r.Summary),
		r.Started.Format("2006-01-02 15:04:05 -07:00"), humanize.Duration(r.Duration))
	if len(r.Capabilities) > 0 {
		b.WriteString("\n## What it can do\n\n| | | |\n|---|---|---|\n")
		for _, c := range r.Capabilities {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.Title, c.Answer, plain(c.Why))
		}
	}
	if r.Retirement != "" {
		fmt.Fprintf(&b, "\n%s\n", plain(r.Retirement))
	}
	group := ""
	for _, c := range r.Checks {
		if c.Group != group {
			group = c.Group
			fmt.Fprintf(&b, "\n## %s\n\n", groupTitle(group))
		}
		fmt.Fprintf(&b, "- **%s: %s.** %s", c.Status, c.Title, plain(c.Evidence))
		if c.Remedy != "" {
			fmt.Fprintf(&b, " *What to do:* %s", plain(c.Remedy))
			if c.Who != "" {
				fmt.Fprintf(&b, " *Who can:* %s.", c.Who)
			}
		}
		b.WriteByte('\n')
		if c.Details != "" {
			b.WriteString("\n  ```text\n")
			for line := range strings.Lines(c.Details) {
				b.WriteString("  " + strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "```", "'''") + "\n")
			}
			b.WriteString("  ```\n\n")
		}
	}
	return b.String()
}

// plain keeps a text from being read as marks of Markdown or HTML.
func plain(s string) string {
	return strings.NewReplacer("|", "\\|", "<", "\\<", "*", "\\*", "`", "\\`", "[", "\\[", "\n", " ").Replace(s)
}

// MarshalJSON writes the duration in milliseconds.
func (c Check) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ID         string `json:"id"`
		Group      string `json:"group"`
		Title      string `json:"title"`
		Status     Status `json:"status"`
		Evidence   string `json:"evidence"`
		Remedy     string `json:"remedy"`
		Who        string `json:"who,omitempty"`
		Details    string `json:"details,omitempty"`
		DurationMS int64  `json:"durationMs"`
	}{c.ID, c.Group, c.Title, c.Status, c.Evidence, c.Remedy, c.Who, c.Details, c.Duration.Milliseconds()})
}

// MarshalJSON writes the duration in milliseconds, and the letter if there is one.
func (r Report) MarshalJSON() ([]byte, error) {
	checks, capabilities := r.Checks, r.Capabilities
	if checks == nil {
		checks = []Check{}
	}
	if capabilities == nil {
		capabilities = []Capability{}
	}
	var letter *Letter
	if l, ok := r.Letter(); ok {
		letter = &l
	}
	return json.Marshal(struct {
		Verdict    Status    `json:"verdict"`
		Summary    string    `json:"summary"`
		Ready      bool      `json:"ready"`
		Unproven   bool      `json:"unproven,omitempty"`
		Checks     []Check   `json:"checks"`
		Connection string    `json:"connection"`
		Started    time.Time `json:"started"`
		DurationMS int64     `json:"durationMs"`

		Capabilities []Capability `json:"capabilities"`
		Retirement   string       `json:"retirement"`
		Letter       *Letter      `json:"letter,omitempty"`
	}{r.Verdict, r.Summary, r.Ready, r.Unproven, checks, r.Connection, r.Started, r.Duration.Milliseconds(), capabilities, r.Retirement, letter})
}
