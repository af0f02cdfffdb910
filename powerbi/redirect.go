package powerbi

import (
	"net"
	"net/url"
	"strings"
)

// homes lists the domains of the Power BI service in each cloud. A tenant lives in
// one cluster, and the API may redirect to it (307). A token is only ever sent to
// these, or to the host it was meant for.
// Source: learn.microsoft.com, "Troubleshoot REST APIs", and the resource of each cloud.
var homes = map[string]string{
	"powerbi.com":                     "public",
	"analysis.windows.net":            "public",
	"powerbigov.us":                   "gcc",
	"analysis.usgovcloudapi.net":      "gcc",
	"high.powerbigov.us":              "gcchigh",
	"high.analysis.usgovcloudapi.net": "gcchigh",
	"mil.powerbigov.us":               "dod",
	"mil.analysis.usgovcloudapi.net":  "dod",
	"powerbi.cn":                      "china",
	"analysis.chinacloudapi.cn":       "china",
}

// redirectTarget returns the address to follow, or nil when it must not be followed.
func redirectTarget(from *url.URL, location string) *url.URL {
	if location == "" {
		return nil
	}
	to, err := from.Parse(location)
	if err != nil || to.User != nil || to.Hostname() == "" {
		return nil
	}
	to.Fragment = ""
	if from.Scheme == to.Scheme && strings.EqualFold(from.Hostname(), to.Hostname()) && port(from) == port(to) {
		return to
	}
	// The clusters of one cloud are one service, and the API sends a tenant's calls to its own.
	if cloud := cloudOf(from.Hostname()); cloud != "" && cloud == cloudOf(to.Hostname()) && from.Scheme == "https" && to.Scheme == "https" && port(to) == "443" {
		return to
	}
	return nil
}

// port returns that of an address, also when it is the usual one of its scheme.
func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// cloudOf finds the cloud of a host by the longest of its domains that is known;
// "" is a host that is not Power BI's.
func cloudOf(host string) string {
	for domain := strings.ToLower(host); domain != ""; {
		if cloud := homes[domain]; cloud != "" {
			return cloud
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return ""
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
