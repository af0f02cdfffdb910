package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// retired are phrases that no longer stand in what people read, with what to write
// in their place.
var retired = []struct{ phrase, better string }{
	{`came to no end`, "did not finish"},
	{`come(s)? to (an|its|their) end`, "finish, end"},
	{`stands? in the way`, "must be fixed"},
	{`laid by`, "was added"},
	{`lays? (a table|it|them) by`, "add"},
	{`(are|is) said to`, "Microsoft says"},
	{`(runs?|waits?|continues?) by itself`, "automatically"},
	{`goes? on by itself`, "continues automatically"},
	{`on their way are waited for`, "finishing requests in progress"},
	{`put right`, "fixed, repaired"},
	{`held a slip`, "contained an error"},
	{`whoever`, "name the person: your administrator, the person who can fix it"},
	{`not certain`, "unknown"},
	{`doubtful (batch|row)`, "unknown"},
	{`no connection is what`, "no connections match"},
	{`(run|program|user|rows?|accounts?) of this computer`, "on this computer"},
	{`regard to capitals`, "ignores case"},
	{`outer blanks`, "leading or trailing spaces"},
	{`\(default: found\)`, "(default: detected)"},
	{`at most so many|leave out so many`, "at most this many"},
	{`what (it|they) signs? in with|what they sign in with`, "its secret, their stored secrets"},
	{`no way back`, "cannot be undone"},
	{`what becomes of`, "what to do with"},
	{`does it take the place of`, "is replaced only if"},
	{`take the rows .* back|takes? (it|them) back`, "remove the rows, undo"},
	{`passphrase of yours`, "with a passphrase"},
	{`could be sent as whole$`, "as whole numbers (type Int64)"},
	{`the first after 0 s`, "say nothing when there is no wait"},
	{`takes no connections`, "refuses connections"},
	{`secret (has )?ended|secret ends|ended on|ends on`, "expired, expires"},
	{`a fault of its own`, "an internal error"},
	{`going on already`, "already in progress"},
	{`that which`, "name the thing"},
	{`when you like`, "whenever you want"},
	{`taken up again|take(s|n)? it up again`, "resume"},
	{`broken off`, "stopped, interrupted"},
	{`lead(s)? (on )?to (the host|power bi)`, "connect to"},
	{`blanks (around|at)`, "spaces"},
	{`no rows are what`, "no rows match"},
	{`comes? so far|not begun|was begun`, "start, reach"},
	{`be looked into`, "cannot be read"},
	{`a fault of`, "a bug, an error"},
	{`nothing is doubled|doubled rows`, "duplicates"},
	{`for ever\b`, "forever"},
	{`as the system says`, "system settings"},
	{`(is|are) there (already|twice)`, "already exists, appears twice"},
	{`look(s)? in power bi|look whether`, "check"},
	{`lets? the connection in`, "accepts the connection"},
}

// RetiredWords finds retired phrases in the string literals of product code and in
// the pages for people.
func RetiredWords(root string, all []Package, documents ...string) ([]string, error) {
	patterns := make([]*regexp.Regexp, len(retired))
	for i, r := range retired {
		patterns[i] = regexp.MustCompile(`(?i)\b(?:` + r.phrase + `)`)
	}
	var found []string
	look := func(at, text string) {
		for i, p := range patterns {
			if m := p.FindString(strings.Join(strings.Fields(text), " ")); m != "" {
				found = append(found, fmt.Sprintf("%s: “%s”: better “%s”", at, m, retired[i].better))
			}
		}
	}
	eachText(all, func(_ Package, at, text string) { look(at, text) })
	for _, d := range documents {
		text, err := os.ReadFile(filepath.Join(root, d))
		if err != nil {
			return nil, err
		}
		for n, paragraph := range strings.Split(string(text), "\n\n") {
			look(fmt.Sprintf("%s, paragraph %d", d, n+1), paragraph)
		}
	}
	return found, nil
}

// eachText calls f with every string literal of the product code.
func eachText(all []Package, f func(p Package, at, text string)) {
	for _, p := range all {
		for _, file := range p.Files {
			ast.Inspect(file.Tree, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if text, err := strconv.Unquote(l.Value); err == nil {
						f(p, file.at(l), text)
					}
				}
				return true
			})
		}
	}
}

var (
	below = []string{"connection/...", "powerbi/...", "storage/..."}
	// others may name controls: those of other programs, and the practice service has
	// pages of its own.
	others = []string{"powerbi/practice/", "storage/home.go", "storage/workbook/errors.go", "connection/validate.go"}
	// values are files that write times as they stand in files.
	values = []string{"storage/humanize/", "storage/cell/", "ui/command/inspect_cells.go", "connection/expiry.go", "powerbi/job/audit/", "powerbi/practice/"}
	// frontEnd is what only a front end can name: a flag, a command, a variable of the
	// environment, a page, a button.
	frontEnd = regexp.MustCompile(`(^|\s)--[a-z]|PUSHDESK_|\bpushdesk [a-z]|\bin Settings\b|\b[Pp]ress\b|\b[Cc]lick\b|\bbutton\b`)
	// clock is a layout of package time with hours, for people: those of documents have
	// a T, a Z or the difference to UTC.
	clock = regexp.MustCompile(`^[^TZ-]*(2006-01-02[^TZ-]*)?\b(15|3):04[^TZ-]*$`)
)

// FrontEndWords finds texts below ui that name what only a front end has. They say
// what to do; the window and the terminal add where, by the code of the failure.
func FrontEndWords(all []Package) (found []string) {
	eachText(all, func(p Package, at, text string) {
		if m := frontEnd.FindString(text); m != "" && within(p.Path, below...) && !begins(at, others) {
			found = append(found, fmt.Sprintf("%s: “%s” belongs to a front end", at, strings.TrimSpace(m)))
		}
	})
	return found
}

// Clocks finds times of day that are written outside humanize, which alone makes them
// local and the same everywhere.
func Clocks(all []Package) (found []string) {
	eachText(all, func(_ Package, at, text string) {
		if clock.MatchString(text) && !begins(at, values) {
			found = append(found, fmt.Sprintf("%s: the layout %q: times are written by storage/humanize", at, text))
		}
	})
	return found
}

func begins(at string, paths []string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(at, p) })
}
