package network_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/network"
	"pushdesk/powerbi/practice"
)

func TestCheckAuthorities(t *testing.T) {
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
	check := func(path string) *connection.Finding { return network.CheckAuthorities(connection.FieldCAFile, path) }
	for _, good := range []string{s.CAFile(), write("bundle.pem", "# comment\n"+pem+pem), write("crlf.pem", strings.ReplaceAll(pem, "\n", "\r\n"))} {
		if got := check(good); got != nil {
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
		if f := check(path); f == nil || f.Field != connection.FieldCAFile || f.Level != connection.LevelFail || f.Sentence != want[0] || !strings.Contains(f.Remedy, want[1]) {
			t.Errorf("%s: %+v", path, f)
		}
	}
	bad := check(write("bad.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	if bad == nil || !strings.Contains(bad.Sentence, "cannot be used: read a certificate") {
		t.Errorf("%+v", bad)
	}
}
