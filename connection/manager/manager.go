// Package manager asks a secret manager for a client secret, in the way that a person
// has allowed on this computer: by a program, at an address, or in an environment
// variable. A shared connection names the manager and the secret, never the way.
package manager

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// Item stands, in an argument or an address, for what the manager calls the secret.
const Item = "{item}"

// VariablePrefix begins the name of every environment variable that may be read, so that
// a shared file cannot ask for another one.
const VariablePrefix = "PBI_"

// Manager is the way in which a secret manager may be asked. One of Program, Address and
// Environment is set.
type Manager struct {
	Program     []string `json:"program,omitempty"`     // run without a shell; an argument has Item
	Address     string   `json:"address,omitempty"`     // asked with GET; its path or query has Item
	Field       string   `json:"field,omitempty"`       // of the JSON answer, such as data.value; "" = the answer is the secret
	Header      string   `json:"header,omitempty"`      // that carries the token; "" = Authorization: Bearer
	Token       bool     `json:"token,omitempty"`       // a token is stored with the secrets
	Environment bool     `json:"environment,omitempty"` // variables that begin with VariablePrefix
}

// UnmarshalJSON also reads a program alone, as it was written before.
func (m *Manager) UnmarshalJSON(content []byte) error {
	var program []string
	if json.Unmarshal(content, &program) == nil {
		*m = Manager{Program: program}
		return nil
	}
	type plain Manager
	*m = Manager{}
	if err := json.Unmarshal(content, (*plain)(m)); err != nil {
		return fmt.Errorf("read a secret manager: %w", err)
	}
	return nil
}

// String returns the way in a line.
func (m Manager) String() string {
	switch {
	case m.Environment:
		return "environment variables " + VariablePrefix + "..."
	case m.Address != "":
		return m.Address
	}
	var words []string
	for _, w := range m.Program {
		if w == "" || strings.ContainsAny(w, " \t\"") {
			w = `"` + strings.ReplaceAll(w, `"`, `\"`) + `"`
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// What can be wrong with a way to ask.
var (
	ErrProgram = failure.New(failure.Usage, "secret-manager-command", "This is not a command that reads a secret.", "Give the program and its arguments, one of which contains {item}.")
	ErrAddress = failure.New(failure.Usage, "secret-manager-address", "This is not an address that gives a secret.", "Give an https address whose path or query contains {item}, without a user name or password in it.")
	ErrHeader  = failure.New(failure.Usage, "secret-manager-header", "This is not the name of a header.", "It has letters, digits and hyphens, such as X-Vault-Token.")
	ErrWays    = failure.New(failure.Usage, "secret-manager-ways", "A secret manager is asked in one way.", "Give a program, an address, or allow environment variables.")
)

var headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,60}$`)

// Check says what is wrong with a way to ask, or nil.
func (m Manager) Check() error {
	ways := 0
	for _, given := range []bool{len(m.Program) > 0, m.Address != "", m.Environment} {
		if given {
			ways++
		}
	}
	switch {
	case ways != 1, m.Address == "" && (m.Field != "" || m.Header != "" || m.Token):
		return ErrWays
	case m.Address != "":
		return m.checkAddress()
	case m.Environment:
		return nil
	case text.Clean(m.Program[0]) == "" || !slices.ContainsFunc(m.Program[1:], func(arg string) bool { return strings.Contains(arg, Item) }):
		return ErrProgram
	}
	return nil
}

// checkAddress refuses an address in which a shared file could change more than the path
// or the query.
func (m Manager) checkAddress() error {
	path, query, _ := strings.Cut(m.Address, "?")
	u, err := url.Parse(strings.ReplaceAll(path, Item, "item"))
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || strings.Contains(query, "#") || strings.ContainsFunc(m.Address, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return ErrAddress
	}
	if _, after, ok := strings.Cut(path, "://"); !ok || strings.Contains(strings.SplitN(after, "/", 2)[0], Item) || !strings.Contains(strings.TrimPrefix(after, u.Host)+query, Item) {
		return ErrAddress
	}
	host := u.Hostname()
	here := host == "localhost" || net.ParseIP(host).IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !here) { // what is on this computer needs no certificate
		return ErrAddress
	}
	if m.Header != "" && !headerName.MatchString(m.Header) {
		return ErrHeader
	}
	return nil
}

// addressOf returns the address of a secret. What the manager calls it fills parts of
// the path or a value of the query, and nothing else.
func (m Manager) addressOf(item string) (string, error) {
	var parts []string
	for part := range strings.SplitSeq(strings.TrimPrefix(item, "/"), "/") {
		if part == "" || part == "." || part == ".." {
			return "", ErrItem
		}
		parts = append(parts, url.PathEscape(part))
	}
	path, query, asked := strings.Cut(m.Address, "?")
	path = strings.ReplaceAll(path, Item, strings.Join(parts, "/"))
	if asked {
		path += "?" + strings.ReplaceAll(query, Item, url.QueryEscape(item))
	}
	return path, nil
}

// Split reads a command as a person types it: words, and between quotation marks words
// with spaces. No shell reads it.
func Split(line string) (words []string, err error) {
	var word strings.Builder
	in, quoted := false, false
	for _, r := range strings.TrimSpace(line) {
		switch {
		case r == '"':
			quoted, in = !quoted, true
		case !quoted && (r == ' ' || r == '\t'):
			if in {
				words = append(words, word.String())
			}
			word.Reset()
			in = false
		default:
			word.WriteRune(r)
			in = true
		}
	}
	if quoted {
		return nil, ErrProgram
	}
	if in {
		words = append(words, word.String())
	}
	return words, nil
}
