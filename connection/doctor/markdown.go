package doctor

import (
	"fmt"
	"strings"
)

// Markdown writes the report for a wiki, a ticket or a file.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Test of %s\n\n**%s.** %s\n\nTested %s, in %s.\n", plain(r.Connection), upperFirst(string(r.Verdict)), plain(r.Summary),
		r.Started.Format("2006-01-02 15:04:05 -07:00"), short(r.Duration))
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

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
