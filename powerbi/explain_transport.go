package powerbi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// explain names the reason why there was no answer. The kinds of errors are those
// that net, crypto/tls and net/http give.
func (e *TransportError) explain() cause {
	var (
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		op        *net.OpError
		timeout   net.Error
	)
	err := e.Err
	text := strings.ToLower(err.Error())
	proxy := errors.As(err, &op) && op.Op == "proxyconnect" || strings.Contains(text, "proxyconnect")
	switch {
	case errors.Is(err, context.Canceled):
		return cause{sentence: "The request was stopped.", remedy: "Start it again when you like.", who: whoYou}
	case strings.Contains(text, "proxy authentication required: it offers"):
		return cause{sentence: "The network's proxy wants a Windows sign-in, which Pushdesk does not support.",
			remedy: "Ask the network team for a proxy that takes a user name and a password, or none, and enter it in Settings under Network.", who: whoNetwork,
			ask: "Name a proxy that takes a user name and a password (Basic), or none, for the Power BI host: the one in use wants a Windows sign-in, which the program does not support."}
	case strings.Contains(text, "proxy authentication required"):
		return cause{sentence: "The network's proxy wants a user name and a password.",
			remedy: "Enter them in Settings under Network, with the proxy's address. If they are there, they are not right.", who: whoNetwork,
			ask: "Send me a user name and a password for the proxy, or let this computer reach the Power BI host without it."}
	case proxy:
		return cause{sentence: "The network's proxy does not lead to Power BI.",
			remedy: "Check the proxy's address in Settings under Network (or HTTPS_PROXY), or ask the network team to let this program through.", who: whoNetwork,
			ask: "Let the proxy lead to the Power BI host, or tell me the address of the proxy to use."}
	case errors.As(err, &dns):
		return cause{sentence: "The name of the Power BI server was not found.",
			remedy: "Check your network and your VPN, and that the connection's cloud is right. If other pages open, ask the network team.", who: whoNetwork,
			ask: "Make the name of the Power BI host known on this network: this computer cannot look it up."}
	case errors.As(err, &authority):
		return cause{sentence: "The server's certificate comes from an authority that this computer does not trust.",
			remedy: "Your network may inspect encrypted traffic: ask the network team for its root certificate and add it in Settings under Network.", who: whoNetwork,
			ask: "Send me the root certificate with which encrypted traffic is inspected, as a PEM file, or leave the Power BI host out of the inspection."}
	case errors.As(err, &hostname):
		return cause{sentence: "The server's certificate belongs to another server.",
			remedy: "Check the connection's cloud and addresses. In a public network, a sign-in page may be in the way: open a web browser first.", who: whoNetwork}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return cause{sentence: "The server's certificate is not valid at this computer's time.",
			remedy: "Let this computer set its clock automatically. If the clock is right, tell the network team.", who: whoYou}
	case errors.As(err, &invalid), errors.As(err, &alert), errors.As(err, &record), strings.Contains(text, "tls: "),
		strings.Contains(text, "http response to https client"):
		return cause{sentence: "No secure connection to Power BI could be made.",
			remedy: "Something in the network disturbs encrypted traffic: tell the network team and send them the details.", who: whoNetwork}
	case errors.Is(err, syscall.ECONNREFUSED):
		return cause{sentence: "The server refused the connection.",
			remedy: "Check the connection's cloud and addresses, and that no firewall blocks this program.", who: whoNetwork}
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN):
		return cause{sentence: "This computer has no network that leads to Power BI.",
			remedy: "Check your network and your VPN.", who: whoYou}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return cause{sentence: "Power BI did not answer in time.",
			remedy: "Check your network and your VPN, then try again. A firewall may also be swallowing the requests: ask the network team.", who: whoNetwork}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), e.Sent:
		return cause{sentence: "The connection to Power BI broke.",
			remedy: "Try again. If it goes on, check your network and your VPN, and ask the network team.", who: whoNetwork}
	}
	return cause{sentence: "Power BI could not be reached.",
		remedy: "Check your network and your VPN, then try again. If other pages open, ask the network team.", who: whoNetwork}
}

func (e *TransportError) Sentence() string { return e.explain().sentence }

func (e *TransportError) Remedy() string {
	if e.Sent && !e.Operation.reads() {
		return e.explain().remedy + " " + unknownAdvice(e.Operation)
	}
	return e.explain().remedy
}

func (e *TransportError) Who() string { return e.explain().who }

// Request is what the person who can fix it is asked for, in words to them.
func (e *TransportError) Request() string { return e.explain().request() }

func (e *TransportError) Details() string {
	l := lines{}
	l.add("Operation", string(e.Operation))
	l.add("Cause", cleanMessage(e.Err.Error()))
	if e.Sent {
		l.add("Request", "may have reached the service")
	} else {
		l.add("Request", "did not leave this computer")
	}
	return l.String()
}
