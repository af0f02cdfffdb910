package network

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"pushdesk/connection"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// Ways out of this computer.
const (
	FromSystem = ""         // the proxy that the environment names
	Direct     = "direct"   // no proxy
	Explicit   = "explicit" // the proxy of these settings
)

// Settings are how requests leave this computer, to sign in and to send alike. The
// zero value goes the way the environment names and trusts the system's
// authorities.
type Settings struct {
	Mode      string   `json:"mode,omitempty"`
	ProxyURL  string   `json:"proxyUrl,omitempty"`  // without a user name
	ProxyUser string   `json:"proxyUser,omitempty"` // for Basic sign-in
	Bypass    []string `json:"bypass,omitempty"`    // hosts to reach without the proxy
	RootsFile string   `json:"rootsFile,omitempty"` // PEM, trusted beside the system's authorities

	// Password is the proxy's. It is kept with the secrets, never in a file.
	Password string `json:"-"`
}

// Equal reports whether two settings are the same, the password included.
func (n Settings) Equal(o Settings) bool {
	return n.Mode == o.Mode && n.ProxyURL == o.ProxyURL && n.ProxyUser == o.ProxyUser && n.RootsFile == o.RootsFile &&
		n.Password == o.Password && slices.Equal(n.Bypass, o.Bypass)
}

// Format writes the settings without the password, whatever the verb.
func (n Settings) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "network: "+n.Describe())
}

// Describe says in a few words how requests leave this computer.
func (n Settings) Describe() string {
	switch n.Mode {
	case Direct:
		return "no proxy"
	case Explicit:
		return "the proxy " + n.ProxyURL
	}
	return "system settings"
}

// Fields of the network settings.
const (
	FieldProxyURL  connection.Field = "proxyUrl"
	FieldRootsFile connection.Field = "rootsFile"
	FieldMode      connection.Field = "mode"
)

// Validate checks the form of the settings. It asks nobody and reads nothing: see
// CheckAuthorities.
func Validate(n Settings) []connection.Finding {
	var found []connection.Finding
	add := func(field connection.Field, f *connection.Finding) {
		if f != nil {
			f.Field = field
			found = append(found, *f)
		}
	}
	switch n.Mode {
	case FromSystem, Direct:
	case Explicit:
		add(FieldProxyURL, checkProxyURL(n.ProxyURL))
	default:
		add(FieldMode, connection.Failing(fmt.Sprintf("This version of Pushdesk does not know the network setting %q.", n.Mode), "Choose another one, or update Pushdesk."))
	}
	return found
}

const proxyExample = "Write it as http://proxy.example.com:8080."

func checkProxyURL(address string) *connection.Finding {
	address = text.Clean(address)
	if address == "" {
		return connection.Failing("The proxy's address is missing.", proxyExample)
	}
	if strings.HasSuffix(strings.ToLower(address), ".pac") || strings.Contains(strings.ToLower(address), "wpad") {
		return connection.Failing("This is a file that chooses a proxy (PAC), which Pushdesk does not read.", "Ask the network team for the address and port of a proxy. "+proxyExample)
	}
	if !strings.Contains(address, "://") {
		return connection.Failing("The proxy's address does not begin with http://.", proxyExample)
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return connection.Failing("The proxy's address cannot be read.", proxyExample)
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5":
		return connection.Failing(fmt.Sprintf("Pushdesk does not support proxies of the kind %q.", u.Scheme), "It supports http, https and socks5. "+proxyExample)
	case u.User != nil:
		return connection.Failing("The proxy's address contains a user name or a password.", "Enter them in their own fields, where they are stored safely.")
	case u.Port() == "":
		return connection.Warning("The proxy's address has no port.", proxyExample)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "":
		return connection.Failing("The proxy address has extra text at the end.", proxyExample)
	}
	if port, err := strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
		return connection.Failing("The proxy's port is not between 1 and 65535.", proxyExample)
	}
	return nil
}

// SplitProxy takes a user name and a password out of a proxy's address, as they
// are pasted, so that they do not end up in a file.
func (n Settings) SplitProxy() Settings {
	u, err := url.Parse(text.Clean(n.ProxyURL))
	if err != nil || u.User == nil {
		return n
	}
	n.ProxyUser = u.User.Username()
	if password, ok := u.User.Password(); ok {
		n.Password = password
	}
	u.User = nil
	n.ProxyURL = u.String()
	return n
}

// Proxy gives the proxy that a request to an address goes through; nil for none.
func (n Settings) Proxy(to *url.URL) (*url.URL, error) {
	switch n.Mode {
	case Direct:
		return nil, nil
	case Explicit:
		if n.passes(to.Hostname()) {
			return nil, nil
		}
		proxy, err := url.Parse(text.Clean(n.ProxyURL))
		if err != nil {
			return nil, errors.New("the proxy's address cannot be read")
		}
		if n.ProxyUser != "" {
			proxy.User = url.UserPassword(n.ProxyUser, n.Password)
		}
		return proxy, nil
	}
	return httpproxy.FromEnvironment().ProxyFunc()(to)
}

// passes reports whether a host is reached without the proxy: it, or a domain that
// it belongs to, is on the list; "*.example.com" means the same as "example.com".
func (n Settings) passes(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc(n.Bypass, func(rule string) bool {
		rule = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(text.Clean(rule)), "*"), ".")
		if _, network, err := net.ParseCIDR(rule); err == nil {
			ip := net.ParseIP(host)
			return ip != nil && network.Contains(ip)
		}
		return rule != "" && (host == rule || strings.HasSuffix(host, "."+rule))
	})
}

// ErrUnreadable says that the settings cannot be read. The file is left as it is.
var ErrUnreadable = failure.New(failure.Unexpected, "network-settings-unreadable", "The network settings cannot be read.",
	"Delete the file, or restore it from a backup. Until then the system settings are used.")

// Load reads the settings. A missing file means the system's way. The error is
// ErrUnreadable.
func Load(path string) (n Settings, err error) {
	content, err := storage.ReadFile(path, 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, nil
	}
	if err == nil {
		err = json.Unmarshal(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), &n)
	}
	if err != nil {
		return Settings{}, ErrUnreadable.Because(err).WithDetails("File: %s\nCause: %v", path, err)
	}
	return n.SplitProxy(), nil
}

// Save writes the settings, without the password.
func Save(path string, n Settings) error {
	content, err := json.MarshalIndent(n.SplitProxy(), "", "  ")
	if err != nil {
		return fmt.Errorf("write the network settings: %w", err)
	}
	return storage.WriteFile(path, append(content, '\n'))
}

// signInsOf tells which ways to sign in a proxy offers.
func signInsOf(answer *http.Response) (basic bool, others []string) {
	for _, offer := range answer.Header.Values("Proxy-Authenticate") {
		scheme, _, _ := strings.Cut(strings.TrimSpace(offer), " ")
		switch {
		case strings.EqualFold(scheme, "basic"):
			basic = true
		case scheme != "" && len(scheme) < 32:
			others = append(others, scheme)
		}
	}
	return basic, others
}
