package network_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/network"
	"pushdesk/storage/failure"
)

func TestHTTPClient(t *testing.T) {
	b := newBench(t)
	get := func(e connection.Endpoints) error {
		hc, err := network.Client(e, network.Settings{})
		if err != nil {
			return err
		}
		defer hc.CloseIdleConnections()
		answer, err := hc.Get(b.service.APIURL() + "/practice/ping")
		if err == nil {
			answer.Body.Close()
		}
		return err
	}
	for name, e := range map[string]connection.Endpoints{
		"in memory": {CAPEM: b.service.CAPEM()}, "a file": {CAFile: b.service.CAFile()}, "both": {CAPEM: b.service.CAPEM(), CAFile: b.service.CAFile()},
	} {
		if err := get(e); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var untrusted *tls.CertificateVerificationError
	if err := get(connection.Endpoints{}); !errors.As(err, &untrusted) {
		t.Errorf("an authority nobody named is trusted: %v", err)
	}

	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, e := range map[string]connection.Endpoints{
		"missing": {CAFile: empty + "x"}, "empty": {CAFile: empty}, "a folder": {CAFile: t.TempDir()}, "in memory": {CAPEM: []byte("x")},
	} {
		err := get(e)
		if f, ok := failure.From(err); !ok || !errors.Is(err, network.ErrAuthorities) || f.Sentence == "" || f.Remedy == "" || f.Details == "" || f.Cause == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHTTPClientSettings(t *testing.T) {
	hc, err := network.Client(connection.Endpoints{}, network.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	transport := hc.Transport.(*http.Transport)
	if transport == http.DefaultTransport || transport.Proxy == nil || hc.Timeout <= 0 {
		t.Error("not a transport of its own, no proxy from the environment, or no limit")
	}
	if c := transport.TLSClientConfig; c.InsecureSkipVerify || c.MinVersion < tls.VersionTLS12 || c.RootCAs != nil {
		t.Errorf("%+v", c)
	}
}
