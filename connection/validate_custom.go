package connection

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
)

func checkLoginURL(s string) *Finding {
	s = CleanURL(s)
	u, f := checkURL(s, "login URL")
	if f != nil {
		return f
	}
	if u.Path != "" {
		return fail("The login URL is more than a host.", "Use only https://%s; the program adds the tenant.", u.Host)
	}
	return nil
}

func checkAPIURL(s string) *Finding {
	_, f := checkURL(CleanURL(s), "API URL")
	return f
}

// checkURL checks an address that a secret or a token will be sent to.
func checkURL(s, what string) (*url.URL, *Finding) {
	if s == "" {
		return nil, fail("The "+what+" is missing.", "Custom addresses need one, such as https://host.example.com.")
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" && u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return nil, fail("The "+what+" is not a web address.", "Write it as https://host.example.com.")
	case strings.EqualFold(u.Scheme, "http"):
		return nil, fail("The "+what+" is not encrypted.", "Use https, so that nobody on the way can read the secret or the data.")
	case !strings.EqualFold(u.Scheme, "https"):
		return nil, fail("The "+what+" does not begin with https.", "Write it as https://host.example.com.")
	case u.User != nil:
		return nil, fail("The "+what+" holds a user name or a password.", "Leave that out: https://%s.", u.Host)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fail("The "+what+" has something after the address.", "End it before the ? or #.")
	}
	return u, nil
}

func checkResource(s string) *Finding {
	s = cleanResource(s)
	if s == "" || isGUID(s) {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" || strings.ContainsAny(s, " ?#") {
		return fail("The resource is not one that a token can be asked for.", "Leave it empty for the public cloud's, or write it like %s.", fixed[CloudPublic].Resource)
	}
	return nil
}

// checkCAFile checks that a file of authorities can be read and holds one.
func checkCAFile(path string) *Finding {
	path = cleanPath(path)
	if path == "" {
		return nil
	}
	if _, err := readAuthorities(path); err != nil {
		return fail(err.Sentence(), "%s", err.Remedy())
	}
	return nil
}

// maxAuthorities bounds a file of authorities: the largest bundle in use, all
// public authorities of the world, is a quarter of it.
const maxAuthorities = 1 << 20

// readAuthorities reads the certificates of a PEM file.
func readAuthorities(path string) ([]byte, *CAError) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = errors.New("it is not a file")
	case info.Size() > maxAuthorities:
		err = errors.New("it is far too large for certificates")
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, &CAError{Path: path, Err: err}
	}
	if err := checkAuthorities(text); err != nil {
		return nil, &CAError{Path: path, Err: err}
	}
	return text, nil
}

// errNoCertificate is what is wrong with a file of another kind.
var errNoCertificate = errors.New("no PEM certificate in it")

// checkAuthorities tells whether a text holds PEM certificates that can be read.
func checkAuthorities(text []byte) error {
	found := false
	for rest := text; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Errorf("read a certificate: %w", err)
		}
		found = true
	}
	if !found {
		return errNoCertificate
	}
	return nil
}

// CAError says that a file of certificate authorities cannot be used.
type CAError struct {
	Path string // empty for authorities in memory
	Err  error
}

func (e *CAError) Error() string {
	return fmt.Sprintf("read the certificate authorities of %q: %v", e.Path, e.Err)
}

func (e *CAError) Unwrap() error { return e.Err }

// Sentence says what happened.
func (e *CAError) Sentence() string {
	switch {
	case errors.Is(e.Err, fs.ErrNotExist):
		return fmt.Sprintf("There is no CA file %s.", e.Path)
	case errors.Is(e.Err, fs.ErrPermission):
		return fmt.Sprintf("This user may not read the CA file %s.", e.Path)
	case errors.Is(e.Err, errNoCertificate):
		return fmt.Sprintf("The CA file %s holds no PEM certificate.", e.Path)
	}
	return fmt.Sprintf("The CA file %s cannot be used: %v.", e.Path, e.Err)
}

// Remedy says what to do next.
func (e *CAError) Remedy() string {
	switch {
	case errors.Is(e.Err, fs.ErrNotExist):
		return "Check the path; write it in full."
	case errors.Is(e.Err, fs.ErrPermission):
		return "Copy it to a folder of your own, or ask for the right to read it."
	}
	return "Use the authority's certificate as PEM text: it begins with -----BEGIN CERTIFICATE-----."
}

// Who says who can fix it.
func (e *CAError) Who() string { return "you" }

// Details are for support.
func (e *CAError) Details() string { return "CA file: " + e.Path + "\nCause: " + e.Err.Error() }
