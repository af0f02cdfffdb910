package connection

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"pushdesk/storage/text"
)

// CleanSecret makes a secret usable that was copied from a web page or a mail. It
// holds no line breaks, so one that was pasted over several lines is joined; spaces
// inside are left for Validate to point at.
func CleanSecret(s string) string {
	s = strings.NewReplacer("\r", "", "\n", "").Replace(strings.TrimSpace(s))
	return strings.TrimSpace(text.Lines(s))
}

// CleanURL is text.Clean for an address: slashes at the end go, and so does the path
// /v1.0/myorg of the Power BI API, which the program appends itself.
func CleanURL(s string) string {
	s = strings.TrimRight(text.Clean(s), "/")
	if i := len(s) - len(apiPath); i > 0 && strings.EqualFold(s[i:], apiPath) {
		s = s[:i]
	}
	return strings.TrimRight(s, "/")
}

const apiPath = "/v1.0/myorg"

// cleanResource is CleanURL without the "/.default" that makes a scope of a resource.
func cleanResource(s string) string { return strings.TrimSuffix(CleanURL(s), "/.default") }

// cleanPath makes the path of a file independent of the folder the program was
// started in.
func cleanPath(s string) string {
	s = text.Clean(s)
	if n := len(s); n > 1 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		s = s[1 : n-1] // as file managers copy paths
	}
	if rest, ok := strings.CutPrefix(s, "~"+string(filepath.Separator)); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if s == "" {
		return ""
	}
	if full, err := filepath.Abs(s); err == nil {
		return full
	}
	return s
}

// CleanFields cleans every field of a connection, each in its own way. Notes keep
// their lines. The built-in credential exists in the practice cloud only, so any
// other cloud means a client secret. Only the custom cloud has addresses in the connection.
func CleanFields(c *Connection) {
	c.Name = text.Name(c.Name)
	c.Cloud = Cloud(strings.ToLower(text.Clean(string(c.Cloud))))
	c.Credential, c.ExpiresFrom = CredentialKind(text.Clean(string(c.Credential))), ExpirySource(text.Clean(string(c.ExpiresFrom)))
	if c.Credential == "" || c.Credential == CredentialPractice && c.Cloud != CloudPractice {
		c.Credential = CredentialSecret
	}
	c.TenantID, c.ClientID, c.Workspace = text.Clean(c.TenantID), text.Clean(c.ClientID), text.Clean(c.Workspace)
	c.Dataset, c.Table = text.Clean(c.Dataset), text.Clean(c.Table)
	c.Team, c.Reference = strings.ToLower(text.Clean(c.Team)), Reference{text.Clean(c.Reference.Manager), text.Clean(c.Reference.Item)}
	c.LoginURL, c.APIURL, c.Resource = CleanURL(c.LoginURL), CleanURL(c.APIURL), cleanResource(c.Resource)
	c.CAFile = cleanPath(c.CAFile)
	if c.Cloud.Known() && c.Cloud != CloudCustom { // it has addresses of its own
		c.LoginURL, c.APIURL, c.Resource, c.CAFile = "", "", "", ""
	}
	lines := strings.Split(strings.ReplaceAll(c.Notes, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(text.Lines(l), " \t\r")
	}
	c.Notes = strings.TrimSpace(strings.Join(lines, "\n"))
	cleanTags(c)
}

// cleanTags cleans the labels: no empty ones, none twice, capitals aside.
func cleanTags(c *Connection) {
	c.Environment = Environment(strings.ToLower(text.Clean(string(c.Environment))))
	c.Account, c.Expires = text.Clean(c.Account), Day(text.Clean(string(c.Expires)))
	if day, err := ParseDay(string(c.Expires)); err == nil {
		c.Expires = day
	}
	var tags []string
	for _, t := range c.Tags {
		t = text.Name(t)
		if t != "" && !slices.ContainsFunc(tags, func(known string) bool { return strings.EqualFold(known, t) }) {
			tags = append(tags, t)
		}
	}
	c.Tags = tags
}

// NameKey returns the same for names that a person would read as the same: capitals,
// spaces and the way accents are written make no difference.
func NameKey(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text.Name(name))))
}
