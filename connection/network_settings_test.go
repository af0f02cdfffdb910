package connection_test

import (
	"bufio"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
)

// connectProxy is a real proxy for CONNECT, which wants a user and a password when
// they are given.
func connectProxy(t *testing.T, user, password string) (address string, led *atomic.Int64) {
	t.Helper()
	led = new(atomic.Int64)
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user != "" && r.Header.Get("Proxy-Authorization") != want {
			w.Header().Set("Proxy-Authenticate", `Basic realm="proxy"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		to, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		led.Add(1)
		here, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			to.Close()
			return
		}
		fmt.Fprint(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { defer to.Close(); io.Copy(to, bufio.NewReader(buffered)) }()
		go func() { defer here.Close(); io.Copy(here, to) }()
	}))
	t.Cleanup(s.Close)
	return s.URL, led
}

// Every request goes through the proxy of the settings: to Entra and to Power BI.
func TestRequestsGoThroughTheProxy(t *testing.T) {
	b := newBench(t, practice.Options{})
	address, led := connectProxy(t, "ann", "p@ss word")
	n := connection.Network{Mode: connection.NetworkExplicit, ProxyURL: address, ProxyUser: "ann", Password: "p@ss word"}
	work := func(n connection.Network) error {
		hc, err := connection.HTTPClient(b.at, n)
		if err != nil {
			return err
		}
		defer hc.CloseIdleConnections()
		tokens, err := connection.NewTokens(b.at, b.app.TenantID, b.app.ClientID, connection.SecretCredential(b.app.ClientSecret), hc)
		if err != nil {
			return err
		}
		_, err = powerbi.NewClient(b.at.APIURL, tokens, hc).Workspaces(t.Context())
		return err
	}
	if err := work(n); err != nil || led.Load() == 0 {
		t.Errorf("%v, %d connections through the proxy", err, led.Load())
	}
	before := led.Load()
	n.Bypass = []string{"127.0.0.1"}
	if err := work(n); err != nil || led.Load() != before {
		t.Errorf("%v; a host that is to be reached directly went through the proxy", err)
	}
	n.Bypass, n.Password = nil, "wrong"
	var e *connection.EntraError
	if err := work(n); !errors.As(err, &e) || e.Network != connection.NetworkProxySignIn || strings.Contains(fmt.Sprintf("%v %+v %s", err, n, e.Details()), "wrong") {
		t.Errorf("%v", err)
	}
	if err := work(connection.Network{Mode: connection.NetworkDirect}); err != nil {
		t.Error(err)
	}
}

func TestValidateNetwork(t *testing.T) {
	for address, says := range map[string]string{
		"": "missing", "http://proxy:8080": "", "socks5://proxy:1080": "", "proxy:8080": "no beginning", "ftp://p:1": "kind", "http://proxy": "no port",
		"http://ann:x@proxy:80": "user name", "http://proxy/proxy.pac": "PAC", "http://wpad/wpad.dat": "PAC", "http://proxy:99999": "between", "http://proxy:80/path": "behind", "http://": "cannot be read",
	} {
		found := connection.ValidateNetwork(connection.Network{Mode: connection.NetworkExplicit, ProxyURL: address})
		if says == "" && len(found) > 0 || says != "" && (len(found) != 1 || !strings.Contains(found[0].Sentence, says)) {
			t.Errorf("%q: %v", address, found)
		}
	}
	if found := connection.ValidateNetwork(connection.Network{Mode: "magic"}); len(found) != 1 || found[0].Level != connection.LevelFail {
		t.Errorf("%v", found)
	}
	key := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}), 0o600); err != nil {
		t.Fatal(err)
	}
	if found := connection.ValidateNetwork(connection.Network{RootsFile: key}); len(found) != 1 || found[0].Field != connection.FieldRootsFile {
		t.Errorf("%v", found)
	}
}

func TestBypass(t *testing.T) {
	n := connection.Network{Mode: connection.NetworkExplicit, ProxyURL: "http://proxy:8080", Bypass: []string{"*.corp.example", "intra.example", "10.0.0.0/8", " "}}
	for host, direct := range map[string]bool{"a.corp.example": true, "corp.example": true, "INTRA.example": true, "x.intra.example": true, "10.1.2.3": true,
		"notintra.example": false, "11.1.1.1": false, "api.powerbi.com": false} {
		proxy, err := n.Proxy(&url.URL{Scheme: "https", Host: host + ":443"})
		if err != nil || (proxy == nil) != direct {
			t.Errorf("%s: %v, %v", host, proxy, err)
		}
	}
}

func TestNetworkFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "network.json")
	if n, notice, err := connection.LoadNetwork(path); err != nil || notice != "" || !n.Equal(connection.Network{}) {
		t.Errorf("%v %q %v", n, notice, err)
	}
	n := connection.Network{Mode: connection.NetworkExplicit, ProxyURL: "http://ann:mar-ker@proxy:8080", Bypass: []string{"a"}, RootsFile: "/x.pem", Password: "mar-ker"}
	if err := connection.SaveNetwork(path, n); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	if strings.Contains(string(text), "mar-ker") {
		t.Errorf("the password is in the file: %s", text)
	}
	got, _, err := connection.LoadNetwork(path)
	if err != nil || got.ProxyURL != "http://proxy:8080" || got.ProxyUser != "ann" || got.Password != "" || got.RootsFile != "/x.pem" {
		t.Errorf("%+v %v", got, err)
	}
	for _, broken := range []string{"", "{", `{"mode":5}`, "\x00"} {
		if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		got, notice, err := connection.LoadNetwork(path)
		if err != nil || notice == "" || !got.Equal(connection.Network{}) {
			t.Errorf("%q: %v %q %v", broken, got, notice, err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%q was not set aside", broken)
		}
	}
}
