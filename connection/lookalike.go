package connection

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"pushdesk/storage/text"
)

// realDomains are the domains of Microsoft's login hosts and of Power BI. A host below
// one of them belongs to Microsoft.
var realDomains = []string{"microsoftonline.com", "microsoftonline.us", "microsoftonline.cn", "microsoft.com", "windows.net", "powerbi.com",
	"powerbigov.us", "powerbi.cn", "usgovcloudapi.net", "chinacloudapi.cn", "chinacloudapi.us"}

// telling are parts of those names that nobody uses by chance.
var telling = []string{"microsoft", "powerbi", "login.windows"}

// likeLatin are letters of other alphabets that look like Latin ones.
var likeLatin = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "ј", "j", "ѕ", "s", "ԁ", "d", "ո", "n", "м", "m", "т", "t", "в", "b",
	"ο", "o", "α", "a", "ι", "i", "ν", "v", "ρ", "p", "τ", "t", "0", "o", "1", "l", "rn", "m", "vv", "w")

// LookAlike reports whether an address is made to be taken for one of Microsoft's. A
// secret that is sent there is lost.
func LookAlike(address string) bool {
	u, err := url.Parse(CleanURL(address))
	if err != nil || u.Hostname() == "" {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if slices.ContainsFunc(realDomains, func(d string) bool { return host == d || strings.HasSuffix(host, "."+d) }) {
		return false
	}
	if strings.HasPrefix(host, "xn--") || strings.Contains(host, ".xn--") {
		return true // letters beyond Latin, written in a way that hides them
	}
	shape := likeLatin.Replace(norm.NFKC.String(host))
	for _, part := range telling {
		if strings.Contains(host, part) || strings.Contains(shape, part) || strings.Contains(shape, likeLatin.Replace(part)) {
			return true
		}
	}
	for _, known := range fixed {
		for _, real := range []string{known.LoginURL, known.APIURL} {
			if name := strings.TrimPrefix(real, "https://"); len(name) > 12 && text.Distance(host, name) <= 3 {
				return true
			}
		}
	}
	return false
}

// checkLookAlike warns of an address that is made to be taken for one of Microsoft's.
func checkLookAlike(address, what string) *Finding {
	if !LookAlike(address) {
		return nil
	}
	u, _ := url.Parse(CleanURL(address))
	return Warning(fmt.Sprintf("The %s looks like one of Microsoft's, but %s does not belong to Microsoft.", what, u.Hostname()),
		"Do not send a secret there unless your administrator has confirmed the address. For Microsoft's own, choose the cloud.")
}

// LookAlikes returns the hosts of a connection's own addresses that are made to be taken
// for Microsoft's. A person has to agree to each by its name.
func LookAlikes(c Connection) (hosts []string) {
	if c.Cloud != CloudCustom {
		return nil
	}
	for _, address := range []string{c.LoginURL, c.APIURL} {
		if u, err := url.Parse(CleanURL(address)); err == nil && LookAlike(address) && !slices.Contains(hosts, u.Hostname()) {
			hosts = append(hosts, u.Hostname())
		}
	}
	return hosts
}
