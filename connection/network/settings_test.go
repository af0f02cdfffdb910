package network_test

import (
	"bufio"
	"encoding/base64"
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
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/storage/netfail"
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
	b := newBench(t)
	address, led := connectProxy(t, "ann", "p@ss word")
	n := network.Settings{Mode: network.Explicit, ProxyURL: address, ProxyUser: "ann", Password: "p@ss word"}
	work := func(n network.Settings) error {
		hc, err := network.Client(b.at, n)
		if err != nil {
			return err
		}
		defer hc.CloseIdleConnections()
		tokens, err := entra.NewTokens(b.at, b.app.TenantID, b.app.ClientID, connection.SecretCredential(b.app.ClientSecret), hc)
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
	var e *entra.Error
	if err := work(n); !errors.As(err, &e) || e.Network != netfail.ProxySignIn || strings.Contains(fmt.Sprintf("%v %+v %s", err, n, e.Failure().Details), "wrong") {
		t.Errorf("%v", err)
	}
	if err := work(network.Settings{Mode: network.Direct}); err != nil {
		t.Error(err)
	}
}

func TestValidateNetwork(t *testing.T) {
	for address, says := range map[string]string{
		"": "missing", "http://proxy:8080": "", "socks5://proxy:1080": "", "proxy:8080": "does not begin", "ftp://p:1": "kind", "http://proxy": "no port",
		"http://ann:x@proxy:80": "user name", "http://proxy/proxy.pac": "PAC", "http://wpad/wpad.dat": "PAC", "http://proxy:99999": "between", "http://proxy:80/path": "extra text", "http://": "cannot be read",
	} {
		found := network.Validate(network.Settings{Mode: network.Explicit, ProxyURL: address})
		if says == "" && len(found) > 0 || says != "" && (len(found) != 1 || !strings.Contains(found[0].Sentence, says)) {
			t.Errorf("%q: %v", address, found)
		}
	}
	if found := network.Validate(network.Settings{Mode: "magic"}); len(found) != 1 || found[0].Level != connection.LevelFail {
		t.Errorf("%v", found)
	}
}

func TestBypass(t *testing.T) {
	n := network.Settings{Mode: network.Explicit, ProxyURL: "http://proxy:8080", Bypass: []string{"*.corp.example", "intra.example", "10.0.0.0/8", " "}}
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
	if n, err := network.Load(path); err != nil || !n.Equal(network.Settings{}) {
		t.Errorf("%v %v", n, err)
	}
	n := network.Settings{Mode: network.Explicit, ProxyURL: "http://ann:mar-ker@proxy:8080", Bypass: []string{"a"}, RootsFile: "/x.pem", Password: "mar-ker"}
	if err := network.Save(path, n); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	if strings.Contains(string(text), "mar-ker") {
		t.Errorf("the password is in the file: %s", text)
	}
	got, err := network.Load(path)
	if err != nil || got.ProxyURL != "http://proxy:8080" || got.ProxyUser != "ann" || got.Password != "" || got.RootsFile != "/x.pem" {
		t.Errorf("%+v %v", got, err)
	}
	for _, broken := range []string{"", "{", `{"mode":5}`, "\x00"} {
		if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := network.Load(path)
		if !errors.Is(err, network.ErrUnreadable) || !got.Equal(network.Settings{}) {
			t.Errorf("%q: %v %v", broken, got, err)
		}
		if left, err := os.ReadFile(path); err != nil || string(left) != broken {
			t.Errorf("%q was touched", broken)
		}
	}
}
