package connection

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pushdesk/storage/text"
)

// realDomains are the domains of Microsoft's login hosts and of Power BI. A host below
// one of them belongs to Microsoft; below windows.net and the like everybody can rent one.
var realDomains = []string{"microsoftonline.com", "microsoftonline.us", "microsoftonline.cn", "microsoft.com", "login.windows.net", "analysis.windows.net", "powerbi.com",
	"powerbigov.us", "powerbi.cn", "analysis.usgovcloudapi.net", "login.chinacloudapi.cn", "analysis.chinacloudapi.cn"}

// telling are parts of those names that nobody uses by chance.
var telling = []string{"microsoft", "powerbi", "login.windows", "windows.net", "usgovcloudapi", "chinacloudapi"}

// likeLatin are letters of other alphabets that look like Latin ones.
var likeLatin = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "ј", "j", "ѕ", "s", "ԁ", "d", "ո", "n", "м", "m", "т", "t", "в", "b",
	"ο", "o", "α", "a", "ι", "i", "ν", "v", "ρ", "p", "τ", "t", "ı", "i", "0", "o", "1", "l", "rn", "m", "vv", "w")

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
	if mixed(host) {
		return true
	}
	shape := likeLatin.Replace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1 // the marks of letters
		}
		return r
	}, norm.NFKD.String(host)))
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

// mixed reports whether a part of a host between two points has Latin letters beside
// letters that look like them, of an alphabet that nobody writes in one word with Latin.
func mixed(host string) bool {
	for part := range strings.SplitSeq(host, ".") {
		latin, other := false, false
		for _, r := range part {
			latin = latin || unicode.Is(unicode.Latin, r)
			other = other || unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Coptic, unicode.Lisu)
		}
		if latin && other {
			return true
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
