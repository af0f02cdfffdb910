package connection

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/google/uuid"
)

var (
	guidPattern = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	bareGUID    = regexp.MustCompile(`(?i)^[0-9a-f]{32}$`)
)

// IsGUID reports whether a text is a GUID and nothing else, in the form with dashes
// that Microsoft's services use.
func IsGUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// FindGUID returns the first GUID in a text, also one without its dashes.
func FindGUID(s string) string {
	if bareGUID.MatchString(s) {
		if id, err := uuid.Parse(s); err == nil {
			return id.String()
		}
	}
	return guidPattern.FindString(s)
}

// isDomain reports whether a text is a domain name of at least two labels, as a
// tenant has. Tenants' domains are ASCII.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 || len(s) > 253 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "-") != l {
			return false
		}
		for _, c := range []byte(l) {
			if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
				return false
			}
		}
	}
	return strings.Trim(labels[len(labels)-1], "0123456789") != "" // no address of numbers, no version
}

func looksLikeURL(s string) bool { return strings.Contains(s, "/") }

// domainIn finds the tenant's domain in the path of a login address, such as
// https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token.
func domainIn(s string) string {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	if first, _, _ := strings.Cut(strings.Trim(u.Path, "/"), "/"); isDomain(first) {
		return first
	}
	return ""
}
