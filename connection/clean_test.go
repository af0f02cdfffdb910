package connection_test

import (
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/storage/text"
)

func TestCleanSecret(t *testing.T) {
	for in, want := range map[string]string{
		"abc8Q~x.y_z-1\n":  "abc8Q~x.y_z-1",
		" a b ":            "a b",
		"abc\r\n  def\n":   "abc  def",
		"a\u200bb\ufeff":   "ab",
		"\x00":             "",
		"ünï\u00a0":        "ünï",
		"a\nb":             "ab",
		"tab\tinside":      "tab\tinside",
		"\u00a0a\u2028\n ": "a",
	} {
		if got := connection.CleanSecret(in); got != want {
			t.Errorf("CleanSecret(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanURL(t *testing.T) {
	for in, want := range map[string]string{
		" https://api.example.com/ ":               "https://api.example.com",
		"https://api.example.com/v1.0/myorg":       "https://api.example.com",
		"https://api.example.com/V1.0/MyOrg//":     "https://api.example.com",
		"https://api.example.com/a/v1.0/myorg/":    "https://api.example.com/a",
		"/v1.0/myorg":                              "/v1.0/myorg",
		"https://host/xv1.0/myorg":                 "https://host/xv1.0/myorg",
		"":                                         "",
		"///":                                      "",
		"https://127.0.0.1:8443":                   "https://127.0.0.1:8443",
		"https://api.example.com/v1.0/myorg/x":     "https://api.example.com/v1.0/myorg/x",
		"https://api.example.com/v1.0/myorg\u200b": "https://api.example.com",
	} {
		if got := connection.CleanURL(in); got != want {
			t.Errorf("CleanURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanFields(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := filepath.Abs("ca.pem")
	if err != nil {
		t.Fatal(err)
	}
	c := connection.Connection{
		Name: "  Sales \n  EU ", Cloud: " Custom", TenantID: " t\u200b ", ClientID: "\tc\n", Workspace: " W ",
		Notes: "\n one \r\n\ttwo\u200b \n\n", LoginURL: "https://l.example.com/", APIURL: "https://a.example.com/v1.0/myorg/",
		Resource: "https://r.example.com/api/.default", CAFile: ` "ca.pem" `, Credential: connection.CredentialPractice,
	}
	connection.CleanFields(&c)
	want := connection.Connection{
		Name: "Sales EU", Cloud: connection.CloudCustom, TenantID: "t", ClientID: "c", Workspace: "W",
		Notes: "one\n\ttwo", LoginURL: "https://l.example.com", APIURL: "https://a.example.com",
		Resource: "https://r.example.com/api", CAFile: here, Credential: connection.CredentialSecret,
	}
	if !c.Equal(want) {
		t.Errorf("\n%+v\nwant\n%+v", c, want)
	}
	again := c
	connection.CleanFields(&again)
	if !again.Equal(c) {
		t.Errorf("cleaning twice changes it: %+v", again)
	}
	t.Setenv("HOME", filepath.Dir(here))
	t.Setenv("USERPROFILE", filepath.Dir(here))
	c = connection.Connection{Cloud: connection.CloudCustom, CAFile: "~" + string(filepath.Separator) + "ca.pem"}
	connection.CleanFields(&c)
	if c.CAFile != here {
		t.Errorf("%+v", c)
	}
	// A named cloud has addresses of its own: none are kept that would not be used.
	for _, cloud := range connection.Clouds {
		c = connection.Connection{Cloud: cloud, Credential: connection.CredentialPractice, LoginURL: "https://l.example.com", APIURL: "https://a.example.com", Resource: "https://r.example.com", CAFile: here}
		connection.CleanFields(&c)
		if custom := cloud == connection.CloudCustom; (c.LoginURL != "") != custom || (c.APIURL != "") != custom || (c.Resource != "") != custom || (c.CAFile != "") != custom {
			t.Errorf("%+v", c)
		}
		if (c.Credential == connection.CredentialPractice) != (cloud == connection.CloudPractice) {
			t.Errorf("%+v", c)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", " a\u200db ", "\xff\u200c\u00adx", "\U0001f469\u200d\U0001f4bb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, clean := range map[string]func(string) string{"Clean": text.Clean, "CleanSecret": connection.CleanSecret, "CleanName": text.Name, "CleanURL": connection.CleanURL} {
			once := clean(s)
			if twice := clean(once); twice != once {
				t.Errorf("%s(%q) = %q, and again %q", name, s, once, twice)
			}
			if strings.ContainsAny(once, "\x00\u200b\ufeff\n\r") || strings.TrimSpace(once) != once {
				t.Errorf("%s(%q) = %q", name, s, once)
			}
		}
	})
}
