package connection

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
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"

	"pushdesk/storage"
)

// Ways out of this computer.
const (
	NetworkEnvironment = ""         // the proxy that HTTPS_PROXY and NO_PROXY name
	NetworkDirect      = "direct"   // no proxy
	NetworkExplicit    = "explicit" // the proxy of these settings
)

// Network is how requests leave this computer, to sign in and to send alike. The
// zero value goes the way the environment names and trusts the system's
// authorities.
type Network struct {
	Mode      string   `json:"mode,omitempty"`
	ProxyURL  string   `json:"proxyUrl,omitempty"`  // without a user name
	ProxyUser string   `json:"proxyUser,omitempty"` // for Basic sign-in
	Bypass    []string `json:"bypass,omitempty"`    // hosts to reach without the proxy
	RootsFile string   `json:"rootsFile,omitempty"` // PEM, trusted beside the system's authorities

	// Password is the proxy's. It is kept with the secrets, never in a file.
	Password string `json:"-"`
}

// Equal tells whether two settings are the same, the password included.
func (n Network) Equal(o Network) bool {
	return n.Mode == o.Mode && n.ProxyURL == o.ProxyURL && n.ProxyUser == o.ProxyUser && n.RootsFile == o.RootsFile &&
		n.Password == o.Password && slices.Equal(n.Bypass, o.Bypass)
}

// Format writes the settings without the password, whatever the verb.
func (n Network) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "network: "+n.Describe())
}

// Describe says in a few words how requests leave this computer.
func (n Network) Describe() string {
	switch n.Mode {
	case NetworkDirect:
		return "no proxy"
	case NetworkExplicit:
		return "the proxy " + n.ProxyURL
	}
	return "as the system says"
}

// Fields of the network settings.
const (
	FieldProxyURL  Field = "proxyUrl"
	FieldRootsFile Field = "rootsFile"
	FieldMode      Field = "mode"
)

// ValidateNetwork checks the form of the settings, without asking anybody.
func ValidateNetwork(n Network) []Finding {
	var found []Finding
	add := func(field Field, f *Finding) {
		if f != nil {
			f.Field = field
			found = append(found, *f)
		}
	}
	switch n.Mode {
	case NetworkEnvironment, NetworkDirect:
	case NetworkExplicit:
		add(FieldProxyURL, checkProxyURL(n.ProxyURL))
	default:
		add(FieldMode, fail(fmt.Sprintf("This version of Pushdesk does not know the network setting %q.", n.Mode), "Choose another one, or update Pushdesk."))
	}
	if n.RootsFile != "" {
		add(FieldRootsFile, checkCAFile(n.RootsFile))
	}
	return found
}

const proxyExample = "Write it as http://proxy.example.com:8080."

func checkProxyURL(text string) *Finding {
	text = Clean(text)
	if text == "" {
		return fail("The proxy's address is missing.", proxyExample)
	}
	if strings.HasSuffix(strings.ToLower(text), ".pac") || strings.Contains(strings.ToLower(text), "wpad") {
		return fail("This is a file that chooses a proxy (PAC), which Pushdesk does not read.", "Ask the network team for the address and port of a proxy. "+proxyExample)
	}
	if !strings.Contains(text, "://") {
		return fail("The proxy's address has no beginning.", proxyExample)
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return fail("The proxy's address cannot be read.", proxyExample)
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5":
		return fail(fmt.Sprintf("Pushdesk does not know proxies of the kind %q.", u.Scheme), "It knows http, https and socks5. "+proxyExample)
	case u.User != nil:
		return fail("The proxy's address holds a user name or a password.", "Put them into their own fields: there they are kept safe.")
	case u.Port() == "":
		return warn("The proxy's address has no port.", proxyExample)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "":
		return fail("There is something behind the proxy's address.", proxyExample)
	}
	if port, err := strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
		return fail("The proxy's port is not between 1 and 65535.", proxyExample)
	}
	return nil
}

// SplitProxy takes a user name and a password out of a proxy's address, as they
// are pasted, so that they do not end up in a file.
func (n Network) SplitProxy() Network {
	u, err := url.Parse(Clean(n.ProxyURL))
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
func (n Network) Proxy(to *url.URL) (*url.URL, error) {
	switch n.Mode {
	case NetworkDirect:
		return nil, nil
	case NetworkExplicit:
		if n.passes(to.Hostname()) {
			return nil, nil
		}
		proxy, err := url.Parse(Clean(n.ProxyURL))
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

// passes tells whether a host is reached without the proxy: it, or a domain that
// it belongs to, is on the list; "*.example.com" means the same as "example.com".
func (n Network) passes(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc(n.Bypass, func(rule string) bool {
		rule = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(Clean(rule)), "*"), ".")
		if _, network, err := net.ParseCIDR(rule); err == nil {
			ip := net.ParseIP(host)
			return ip != nil && network.Contains(ip)
		}
		return rule != "" && (host == rule || strings.HasSuffix(host, "."+rule))
	})
}

// LoadNetwork reads the settings. A missing file means the system's way. One that
// cannot be understood is set aside, which the notice says in a sentence. The error
// is that of the disk.
func LoadNetwork(path string) (n Network, notice string, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Network{}, "", nil
	}
	if err != nil {
		return Network{}, "", fmt.Errorf("read the network settings: %w", err)
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), &n); err == nil {
		return n.SplitProxy(), "", nil
	}
	aside := path + ".broken-" + time.Now().UTC().Format("20060102-150405.000")
	if err := os.Rename(path, aside); err != nil {
		return Network{}, "", fmt.Errorf("set the broken network settings aside: %w", err)
	}
	return Network{}, fmt.Sprintf("The network settings could not be read and were set aside as %s. The system's are used.", aside), nil
}

// SaveNetwork writes the settings, without the password.
func SaveNetwork(path string, n Network) error {
	text, err := json.MarshalIndent(n.SplitProxy(), "", "  ")
	if err != nil {
		return fmt.Errorf("write the network settings: %w", err)
	}
	return storage.WriteFile(path, append(text, '\n'))
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
