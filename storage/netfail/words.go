package netfail

import (
	"strings"

	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// words say a kind to a person. {server} is what was not reached, {reason} what the
// system says.
type words struct {
	sentence, remedy string
	ask              string // what the network team is asked for; "" where the user can fix it
}

const checkNetwork = "Check the internet connection and the VPN."

var inWords = map[Kind]words{
	Stopped: {"The request was stopped.", "Start it again whenever you want.", ""},
	Name: {"The address of {server} is not known to your network.", checkNetwork + " If other pages open, ask the network team.",
		"Make the address of {server} resolvable on this network: this computer cannot look it up."},
	Refused: {"{server} refuses connections.", "A firewall may be in the way: ask the network team to let this program reach the host.",
		"Let this computer make HTTPS connections to {server}: they are refused."},
	Unreachable: {"There is no network route to {server}.", checkNetwork, ""},
	Timeout: {"{server} did not answer in time.", checkNetwork + " Then try again. A firewall may also be swallowing the requests: ask the network team.",
		"Let HTTPS requests from this computer to {server} through: they get no answer."},
	Cut: {"The connection to {server} was cut.", "Try again. If it happens again, check the internet connection and the VPN, and ask the network team.",
		"Find out what cuts the HTTPS connections from this computer to {server}, and let them through."},
	Untrusted: {"This computer does not trust the certificate of {server}.", "Your network probably inspects encrypted traffic: ask the network team for its root certificate and add it to the network settings.",
		"Send me the root certificate with which encrypted traffic is inspected, as a PEM file, or leave {server} out of the inspection."},
	OtherHost: wrongCertificate,
	Expired: {"The certificate of {server} is not valid at this computer's time.", "Let this computer set its clock automatically. If the clock is right, tell the network team.",
		"Find out why a certificate that has expired comes for {server}, and let the connection through."},
	Certificate: wrongCertificate,
	TLS: {"No secure connection to {server} could be made.", "Something in the network interferes with encrypted traffic: send the details to the network team.",
		"Find out what interferes with encrypted connections from this computer to {server}, and let them through."},
	ProxyWindows: {"The network's proxy requires a Windows sign-in ({reason}), which Pushdesk does not support.", "Ask the network team for a proxy that takes a user name and a password, or none, and enter it in the network settings.",
		"Name a proxy that takes a user name and a password (Basic), or none, for {server}: the one in use requires a Windows sign-in ({reason}), which the program does not support."},
	ProxySignIn: {"The network's proxy requires a user name and a password.", "Enter them in the network settings, with the proxy's address. If they are there, they are wrong.",
		"Send me a user name and a password for the proxy, or let this computer reach {server} without it."},
	Proxy: {"The network's proxy does not connect to {server}.", "Check the proxy's address in the network settings, or ask the network team to let this program reach the host.",
		"Let the proxy connect to {server}, or tell me the address of the proxy to use."},
	Other: {"{server} could not be reached.", checkNetwork + " If other pages open, ask the network team.",
		"Let this computer make HTTPS connections to {server}."},
}

var wrongCertificate = words{"The certificate of {server} is not valid for it: {reason}.", "Check this computer's clock. In a public network, open a web browser and sign in to the network first.",
	"Find out why a certificate that is not valid for {server} comes in its place ({reason}), and let the connection through."}

// Explain says a kind in words. server is what was not reached, as in "the login host
// login.example.com"; reason is what the system says, see Reason. The code is "network-"
// with the kind.
func Explain(kind Kind, server, reason string) *failure.Error {
	w, ok := inWords[kind]
	if !ok {
		w = inWords[Other]
	}
	fill := func(s string) string {
		return text.UpperFirst(strings.NewReplacer("{server}", server, "{reason}", reason).Replace(s))
	}
	f := failure.New(failure.Connection, "network-"+strings.ReplaceAll(string(kind), " ", "-"), fill(w.sentence), w.remedy)
	if w.ask != "" {
		f = f.FixedBy(failure.NetworkTeam, fill(w.ask))
	}
	return f
}
