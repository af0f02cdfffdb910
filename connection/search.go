package connection

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Match tells whether a connection is what a search asks for. Every word must be
// somewhere in its name, cloud, workspace, IDs, account, tags or notes; a word such
// as tag:eu, env:production or cloud:china looks there alone. Capitals, and the way
// accents are written, make no difference.
func Match(c Connection, query string) bool {
	all := strings.Join([]string{c.Name, c.Cloud.Label(), c.Workspace, c.TenantID, c.ClientID, c.Account, string(c.Environment),
		strings.Join(c.Tags, "\n"), c.Notes}, "\n")
	in := map[string]string{
		"tag": strings.Join(c.Tags, "\n"), "env": string(c.Environment), "environment": string(c.Environment),
		"cloud": string(c.Cloud) + "\n" + c.Cloud.Label(), "name": c.Name, "workspace": c.Workspace,
		"tenant": c.TenantID, "client": c.ClientID,
	}
	for _, word := range strings.Fields(searchKey(query)) {
		text := all
		if where, rest, ok := strings.Cut(word, ":"); ok {
			if special, known := in[where]; known {
				if rest == "" {
					continue // still being typed
				}
				text, word = special, rest
			}
		}
		if !strings.Contains(searchKey(text), word) {
			return false
		}
	}
	return true
}

// searchKey is the same for texts that a person would read as the same.
func searchKey(s string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(s))) }
