package connection_test

import (
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/storage/failure"
)

func TestClouds(t *testing.T) {
	labels := map[string]bool{}
	for _, c := range connection.Clouds {
		if c.Label() == "" || c.Label() == string(c) || labels[c.Label()] {
			t.Errorf("%s: label %q", c, c.Label())
		}
		labels[c.Label()] = true
		e, ok := c.Endpoints()
		if fixed := c != connection.CloudPractice && c != connection.CloudCustom; ok != fixed {
			t.Errorf("%s: endpoints %v", c, ok)
		} else if ok {
			for _, u := range []string{e.LoginURL, e.APIURL, e.Resource} {
				if !strings.HasPrefix(u, "https://") || strings.HasSuffix(u, "/") {
					t.Errorf("%s: %q", c, u)
				}
			}
			if got, err := (connection.Connection{Cloud: c, LoginURL: "https://evil.example.com", CAFile: "x"}).Endpoints(); err != nil || got.LoginURL != e.LoginURL || got.CAFile != "" {
				t.Errorf("%s: %+v, %v; addresses of its own are for the custom cloud only", c, got, err)
			}
		}
	}
	if connection.Cloud("moon").Label() != "moon" || connection.Cloud("moon").Known() {
		t.Error("a cloud nobody knows")
	}
	if e, _ := connection.CloudGCC.Endpoints(); e.LoginURL != "https://login.microsoftonline.com" || e.APIURL != "https://api.powerbigov.us" {
		t.Errorf("GCC signs in at the public host: %+v", e)
	}
}

func TestEndpointsOfConnection(t *testing.T) {
	good := connection.Connection{Name: "Mine", Cloud: connection.CloudCustom, LoginURL: " https://127.0.0.1:1/ ", APIURL: "https://127.0.0.1:1/v1.0/myorg", CAFile: "/ca.pem"}
	e, err := good.Endpoints()
	if err != nil || e.LoginURL != "https://127.0.0.1:1" || e.APIURL != "https://127.0.0.1:1" || e.Resource != "https://analysis.windows.net/powerbi/api" || !strings.HasSuffix(e.CAFile, "ca.pem") {
		t.Errorf("%+v, %v", e, err)
	}
	good.Resource = "https://r.example.com/"
	if e, err := good.Endpoints(); err != nil || e.Resource != "https://r.example.com" {
		t.Errorf("%+v, %v", e, err)
	}
	for want, c := range map[string]connection.Connection{
		"The practice service is not running.":   {Name: "Mine", Cloud: connection.CloudPractice},
		"The login URL is missing.":              {Name: "Mine", Cloud: connection.CloudCustom, APIURL: "https://a.example.com"},
		"The API URL is not encrypted.":          {Name: "Mine", Cloud: connection.CloudCustom, LoginURL: "https://l.example.com", APIURL: "http://a.example.com"},
		"The login URL is not encrypted.":        {Name: "Mine", Cloud: connection.CloudCustom, LoginURL: "HTTP://l.example.com", APIURL: "https://a.example.com"},
		"The resource is not valid":              {Name: "Mine", Cloud: connection.CloudCustom, LoginURL: "https://l.example.com", APIURL: "https://a.example.com", Resource: "r"},
		"This version of Pushdesk does not know": {Name: "Mine", Cloud: "moon"},
		"No cloud is chosen.":                    {Name: "Mine"},
	} {
		_, err := c.Endpoints()
		e, ok := failure.From(err)
		if !ok || !strings.HasPrefix(e.Sentence, want) {
			t.Errorf("%v, want %q", err, want)
			continue
		}
		if e.Remedy == "" || e.Kind != failure.Connection || e.Details != "Connection: Mine" {
			t.Errorf("%q %q %q", e.Remedy, e.Details, err)
		}
	}
}
