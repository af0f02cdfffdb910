package powerbi

// silence is why there was no answer.
type silence string

const (
	noStopped      silence = "stopped"       // by the caller
	noProxyWindows silence = "proxy windows" // the proxy wants a Windows sign-in
	noProxySignIn  silence = "proxy sign-in" // the proxy wants a user name and a password
	noProxy        silence = "proxy"         // the proxy does not answer, or refuses to lead on
	noName         silence = "name"          // the host's name is not known
	noUntrusted    silence = "untrusted"     // the certificate's authority is not trusted
	noOtherHost    silence = "other host"    // the certificate is for another host
	noExpired      silence = "expired"       // the certificate is for another time
	noInsecure     silence = "insecure"      // no secure connection could be agreed on
	noRefused      silence = "refused"       // the host takes no connections
	noUnreachable  silence = "unreachable"   // no way leads to the host
	noTimeout      silence = "timeout"       // no answer in time
	noCut          silence = "cut"           // the connection broke
	noOther        silence = "other"
)

// transports is the part of the catalogue for requests that got no answer.
var transports = map[silence]cause{
	noStopped: {sentence: "The request was stopped.", remedy: "Start it again when you like.", who: whoYou},
	noProxyWindows: {sentence: "The network's proxy wants a Windows sign-in, which Pushdesk does not support.",
		remedy: "Ask the network team for a proxy that takes a user name and a password, or none, and enter it in Settings under Network.", who: whoNetwork,
		ask: "Name a proxy that takes a user name and a password (Basic), or none, for the Power BI host: the one in use wants a Windows sign-in, which the program does not support."},
	noProxySignIn: {sentence: "The network's proxy wants a user name and a password.",
		remedy: "Enter them in Settings under Network, with the proxy's address. If they are there, they are not right.", who: whoNetwork,
		ask: "Send me a user name and a password for the proxy, or let this computer reach the Power BI host without it."},
	noProxy: {sentence: "The network's proxy does not lead to Power BI.",
		remedy: "Check the proxy's address in Settings under Network (or HTTPS_PROXY), or ask the network team to let this program through.", who: whoNetwork,
		ask: "Let the proxy lead to the Power BI host, or tell me the address of the proxy to use."},
	noName: {sentence: "The name of the Power BI server was not found.",
		remedy: "Check your network and your VPN, and that the connection's cloud is right. If other pages open, ask the network team.", who: whoNetwork,
		ask: "Make the name of the Power BI host known on this network: this computer cannot look it up."},
	noUntrusted: {sentence: "The server's certificate comes from an authority that this computer does not trust.",
		remedy: "Your network may inspect encrypted traffic: ask the network team for its root certificate and add it in Settings under Network.", who: whoNetwork,
		ask: "Send me the root certificate with which encrypted traffic is inspected, as a PEM file, or leave the Power BI host out of the inspection."},
	noOtherHost: {sentence: "The server's certificate belongs to another server.",
		remedy: "Check the connection's cloud and addresses. In a public network, a sign-in page may be in the way: open a web browser first.", who: whoNetwork},
	noExpired: {sentence: "The server's certificate is not valid at this computer's time.",
		remedy: "Let this computer set its clock automatically. If the clock is right, tell the network team.", who: whoYou},
	noInsecure: {sentence: "No secure connection to Power BI could be made.",
		remedy: "Something in the network disturbs encrypted traffic: tell the network team and send them the details.", who: whoNetwork},
	noRefused: {sentence: "The server refused the connection.",
		remedy: "Check the connection's cloud and addresses, and that no firewall blocks this program.", who: whoNetwork},
	noUnreachable: {sentence: "This computer has no network that leads to Power BI.",
		remedy: "Check your network and your VPN.", who: whoYou},
	noTimeout: {sentence: "Power BI did not answer in time.",
		remedy: "Check your network and your VPN, then try again. A firewall may also be swallowing the requests: ask the network team.", who: whoNetwork},
	noCut: {sentence: "The connection to Power BI broke.",
		remedy: "Try again. If it goes on, check your network and your VPN, and ask the network team.", who: whoNetwork},
	noOther: {sentence: "Power BI could not be reached.",
		remedy: "Check your network and your VPN, then try again. If other pages open, ask the network team.", who: whoNetwork},
}
