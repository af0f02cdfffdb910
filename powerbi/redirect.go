package powerbi

import (
	"net"
	"net/url"
	"strings"
)

// homes lists, for the API host of each cloud, the domains of its clusters. A
// tenant lives in one cluster, and the API may redirect to it (307). A token is
// only ever sent to these, or to the host it was meant for.
// Source: learn.microsoft.com, "Troubleshoot REST APIs", and the resource of each cloud.
var homes = map[string][]string{
	"api.powerbi.com":        {"powerbi.com", "analysis.windows.net"},
	"api.powerbigov.us":      {"powerbigov.us", "analysis.usgovcloudapi.net"},
	"api.high.powerbigov.us": {"high.powerbigov.us", "high.analysis.usgovcloudapi.net"},
	"api.mil.powerbigov.us":  {"mil.powerbigov.us", "mil.analysis.usgovcloudapi.net"},
	"api.powerbi.cn":         {"powerbi.cn", "analysis.chinacloudapi.cn"},
}

// redirectTarget gives the address to follow, or nil when it must not be followed.
func redirectTarget(from *url.URL, location string) *url.URL {
	if location == "" {
		return nil
	}
	to, err := from.Parse(location)
	if err != nil || to.User != nil || to.Hostname() == "" {
		return nil
	}
	to.Fragment = ""
	sameHost := strings.EqualFold(from.Hostname(), to.Hostname())
	if to.Scheme != "https" {
		// Only a test server on this computer is spoken to without TLS.
		if from.Scheme == "http" && to.Scheme == "http" && sameHost && from.Port() == to.Port() {
			return to
		}
		return nil
	}
	if sameHost || sameCloud(from.Hostname(), to.Hostname()) {
		return to
	}
	return nil
}

// sameCloud tells whether both hosts belong to the Power BI service of one cloud.
func sameCloud(from, to string) bool {
	from, to = strings.ToLower(from), strings.ToLower(to)
	for api, domains := range homes {
		if (from == api || within(from, domains)) && within(to, domains) {
			return true
		}
	}
	return false
}

func within(host string, domains []string) bool {
	for _, d := range domains {
		if host == d || strings.HasSuffix(host, "."+d) {
			return true
		}
	}
	return false
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
