package entra_test

import (
	"compress/gzip"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
)

// TestAnEndlessLoginAnswer: a login host that answers without end, compressed so that
// hardly a byte is on the line, ends with an error and costs a few megabytes.
func TestAnEndlessLoginAnswer(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		text := []byte(`{"tenant_discovery_endpoint":"` + strings.Repeat("x", 1<<20))
		for {
			if _, err := z.Write(text); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	e := connection.Endpoints{LoginURL: server.URL, APIURL: server.URL, Resource: "https://analysis.windows.net/powerbi/api", CAFile: ca}
	hc, err := network.Client(e, network.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	const tenant, client = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"
	tokens, err := entra.NewTokens(e, tenant, client, connection.Credential{Kind: connection.CredentialSecret, Secret: "not-a-real-secret-0123456789"}, hc)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = tokens.Token(t.Context())
	runtime.ReadMemStats(&after)
	var failed *entra.Error
	if !errors.As(err, &failed) || !strings.Contains(failed.Reason, "longer than") {
		t.Errorf("%v %+v", err, failed)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 100<<20 {
		t.Errorf("%d bytes were needed", grown)
	}
}
