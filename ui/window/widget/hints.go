package widget

// hints say where to click, by the code of a failure. The packages below name no page
// and no button.
var hints = map[string]string{
	"network-proxy":         "The proxy is set in Settings, under Network.",
	"network-proxy-sign-in": "They are set in Settings, under Network.",
	"network-proxy-windows": "The proxy is set in Settings, under Network.",
	"network-untrusted":     "Certificate authorities are added in Settings, under Network.",
}
