package web

import (
	"net"
	"slices"
	"strings"
)

// Host is where the service is: the address it listens on, and further names that
// it is dialed under.
type Host struct {
	Address string // IP address and port
	Names   []string
}

// URL returns the address of the service.
func (h Host) URL() string { return "https://" + h.Address }

// Own reports whether a Host header is a name of this service.
func (h Host) Own(host string) bool {
	host = strings.ToLower(host)
	_, port, _ := net.SplitHostPort(h.Address)
	if host == h.Address || host == "localhost:"+port || host == "127.0.0.1:"+port {
		return true
	}
	name, _, _ := strings.Cut(host, ":")
	return slices.ContainsFunc(h.Names, func(n string) bool { return strings.EqualFold(n, name) })
}

// Origin returns the address the client used, so that links and issuer match it when
// it dialed the service under another of its names.
func (h Host) Origin(q *Request) string {
	if h.Own(q.Host) {
		return "https://" + strings.ToLower(q.Host)
	}
	return h.URL()
}

// Aliases returns every name of the service with its port.
func (h Host) Aliases() []string {
	return append([]string{h.Address, strings.Replace(h.Address, "127.0.0.1", "localhost", 1)}, h.Names...)
}
