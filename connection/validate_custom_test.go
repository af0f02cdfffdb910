package connection_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/powerbi/practice"
)

func TestValidateCustomAddresses(t *testing.T) {
	const fail = connection.LevelFail
	for _, c := range []struct {
		login, api, resource string
		field                connection.Field
		sentence, remedy     string
	}{
		{"", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is missing.", "https://"},
		{"http://l.example.com", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not encrypted.", "Use https"},
		{"https://l.example.com/" + tenantID, "https://a.example.com", "", connection.FieldLoginURL, "The login URL is more than a host.", "https://l.example.com;"},
		{"https://ann:pw@l.example.com", "https://a.example.com", "", connection.FieldLoginURL, "The login URL holds a user name or a password.", "https://l.example.com."},
		{"l.example.com", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not a web address.", "https://host"},
		{"https://", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not a web address.", ""},
		{"https://:443", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not a web address.", ""},
		{"https://%zz", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not a web address.", ""},
		{"ftp://l.example.com", "https://a.example.com", "", connection.FieldLoginURL, "The login URL does not begin with https.", ""},
		{"https://l.example.com?x=1", "https://a.example.com", "", connection.FieldLoginURL, "The login URL has something after the address.", ""},
		{"https://l.example.com", "", "", connection.FieldAPIURL, "The API URL is missing.", ""},
		{"https://l.example.com", "http://a.example.com", "", connection.FieldAPIURL, "The API URL is not encrypted.", ""},
		{"https://l.example.com", "https://a.example.com#x", "", connection.FieldAPIURL, "The API URL has something after the address.", ""},
		{"https://l.example.com", "https://a.example.com", "power bi", connection.FieldResource, "The resource is not one that a token can be asked for.", "analysis.windows.net"},
		{"https://l.example.com", "https://a.example.com", "https://r.example.com?x", connection.FieldResource, "The resource is not one that a token can be asked for.", ""},
	} {
		conn := sound()
		conn.Cloud, conn.LoginURL, conn.APIURL, conn.Resource = connection.CloudCustom, c.login, c.api, c.resource
		expectOne(t, connection.Validate(conn, secret, true), c.field, fail, c.sentence, c.remedy)
	}
}

func TestValidateCAFile(t *testing.T) {
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pem := string(s.CAPEM())
	check := func(path string) []connection.Finding {
		c := sound()
		c.Cloud, c.LoginURL, c.APIURL, c.CAFile = connection.CloudCustom, "https://l.example.com", "https://a.example.com", path
		return connection.Validate(c, secret, true)
	}
	for _, good := range []string{s.CAFile(), write("bundle.pem", "# comment\n"+pem+pem), write("crlf.pem", strings.ReplaceAll(pem, "\n", "\r\n"))} {
		if got := check(good); len(got) != 0 {
			t.Errorf("%s: %+v", good, got)
		}
	}
	missing := filepath.Join(dir, "missing.pem")
	for path, want := range map[string][2]string{
		missing:                {"There is no CA file " + missing + ".", "path"},
		dir:                    {"The CA file " + dir + " cannot be used: it is not a file.", "PEM"},
		write("empty.pem", ""): {"The CA file " + filepath.Join(dir, "empty.pem") + " holds no PEM certificate.", "BEGIN CERTIFICATE"},
		write("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"): {"The CA file " + filepath.Join(dir, "key.pem") + " holds no PEM certificate.", "BEGIN CERTIFICATE"},
		write("der.cer", "\x30\x82\x01"):                  {"The CA file " + filepath.Join(dir, "der.cer") + " holds no PEM certificate.", "BEGIN CERTIFICATE"},
		write("huge.pem", strings.Repeat(" ", 1<<20)+pem): {"The CA file " + filepath.Join(dir, "huge.pem") + " cannot be used: it is far too large for certificates.", "PEM"},
	} {
		expectOne(t, check(path), connection.FieldCAFile, connection.LevelFail, want[0], want[1])
	}
	bad := check(write("bad.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	if len(bad) != 1 || !strings.Contains(bad[0].Sentence, "cannot be used: read a certificate") {
		t.Errorf("%+v", bad)
	}
}
