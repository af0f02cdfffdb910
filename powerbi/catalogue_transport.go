package powerbi

import "pushdesk/storage/netfail"

var insecure = cause{sentence: "No secure connection to Power BI could be made.",
	remedy: "Something in the network disturbs encrypted traffic: tell the network team and send them the details.", who: whoNetwork}

// transports is the part of the catalogue for requests that got no answer.
var transports = map[netfail.Kind]cause{
	netfail.Stopped: {sentence: "The request was stopped.", remedy: "Start it again whenever you want.", who: whoYou},
	netfail.ProxyWindows: {sentence: "The network's proxy wants a Windows sign-in, which Pushdesk does not support.",
		remedy: "Ask the network team for a proxy that takes a user name and a password, or none.", who: whoNetwork,
		ask: "Name a proxy that takes a user name and a password (Basic), or none, for the Power BI host: the one in use wants a Windows sign-in, which the program does not support."},
	netfail.ProxySignIn: {sentence: "The network's proxy wants a user name and a password.",
		remedy: "Enter them with the proxy's address. If they are there, they are not right.", who: whoNetwork,
		ask: "Send me a user name and a password for the proxy, or let this computer reach the Power BI host without it."},
	netfail.Proxy: {sentence: "The network's proxy does not connect to Power BI.",
		remedy: "Check the proxy's address, or ask the network team to let this program through.", who: whoNetwork,
		ask: "Let the proxy connect to the Power BI host, or tell me the address of the proxy to use."},
	netfail.Name: {sentence: "The name of the Power BI server was not found.",
		remedy: "Check your network and your VPN, and that the connection's cloud is right. If other pages open, ask the network team.", who: whoNetwork,
		ask: "Make the name of the Power BI host known on this network: this computer cannot look it up."},
	netfail.Untrusted: {sentence: "The server's certificate comes from an authority that this computer does not trust.",
		remedy: "Your network may inspect encrypted traffic: ask the network team for its root certificate and add it to the trusted authorities.", who: whoNetwork,
		ask: "Send me the root certificate with which encrypted traffic is inspected, as a PEM file, or leave the Power BI host out of the inspection."},
	netfail.OtherHost: {sentence: "The server's certificate belongs to another server.",
		remedy: "Check the connection's cloud and addresses. In a public network, a sign-in page may be in the way: open a web browser first.", who: whoNetwork},
	netfail.Expired: {sentence: "The server's certificate is not valid at this computer's time.",
		remedy: "Let this computer set its clock automatically. If the clock is right, tell the network team.", who: whoYou},
	netfail.TLS:         insecure,
	netfail.Certificate: insecure,
	netfail.Refused: {sentence: "The server refused the connection.",
		remedy: "Check the connection's cloud and addresses, and that no firewall blocks this program.", who: whoNetwork},
	netfail.Unreachable: {sentence: "This computer has no network that reaches Power BI.",
		remedy: "Check your network and your VPN.", who: whoYou},
	netfail.Timeout: {sentence: "Power BI did not answer in time.",
		remedy: "Check your network and your VPN, then try again. A firewall may also be swallowing the requests: ask the network team.", who: whoNetwork},
	netfail.Cut: {sentence: "The connection to Power BI broke.",
		remedy: "Try again. If it happens again, check your network and your VPN, and ask the network team.", who: whoNetwork},
	netfail.Other: {sentence: "Power BI could not be reached.",
		remedy: "Check your network and your VPN, then try again. If other pages open, ask the network team.", who: whoNetwork},
}
