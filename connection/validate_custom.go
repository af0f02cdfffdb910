package connection

import (
	"net/url"
	"strings"
)

func checkLoginURL(s string) *Finding {
	s = CleanURL(s)
	u, f := checkURL(s, "login URL")
	if f != nil {
		return f
	}
	if u.Path != "" {
		return Failing("The login URL is more than a host.", "Use only https://%s; the program adds the tenant.", u.Host)
	}
	return checkLookAlike(s, "login URL")
}

func checkAPIURL(s string) *Finding {
	if _, f := checkURL(CleanURL(s), "API URL"); f != nil {
		return f
	}
	return checkLookAlike(s, "API URL")
}

// checkURL checks an address that a secret or a token will be sent to.
func checkURL(s, what string) (*url.URL, *Finding) {
	if s == "" {
		return nil, Failing("The "+what+" is missing.", "Custom addresses need one, such as https://host.example.com.")
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" && u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return nil, Failing("The "+what+" is not a web address.", "Write it as https://host.example.com.")
	case strings.EqualFold(u.Scheme, "http"):
		return nil, Failing("The "+what+" is not encrypted.", "Use https, so that nobody in between can read the secret or the data.")
	case !strings.EqualFold(u.Scheme, "https"):
		return nil, Failing("The "+what+" does not begin with https.", "Write it as https://host.example.com.")
	case u.User != nil:
		return nil, Failing("The "+what+" holds a user name or a password.", "Remove it: https://%s.", u.Host)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, Failing("The "+what+" has something after the address.", "End it before the ? or #.")
	}
	return u, nil
}

func checkResource(s string) *Finding {
	s = cleanResource(s)
	if s == "" || IsGUID(s) {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" || strings.ContainsAny(s, " ?#") {
		return Failing("The resource is not valid: a token cannot be requested for it.", "Leave it empty for the public cloud's, or write it like %s.", fixed[CloudPublic].Resource)
	}
	return nil
}
