package practice

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"pushdesk/storage"
)

// endpointFile tells other processes where the service of a folder is.
const endpointFile = "endpoint.json"

// endpoint is what a running service leaves in its folder for other processes of
// the same user: where it is, whom to trust, and the ready-made credentials.
type endpoint struct {
	URL         string       `json:"url"`
	CAPEM       string       `json:"caPem"`
	PID         int          `json:"pid"`
	Resource    string       `json:"resource"`
	Credentials []Credential `json:"credentials"`
	Control     string       `json:"control"` // the control token
}

// write leaves the endpoint in a folder.
func (e endpoint) write(dir string) error {
	data, err := json.MarshalIndent(e, "", " ")
	if err == nil {
		err = storage.WriteFile(filepath.Join(dir, endpointFile), data)
	}
	if err != nil {
		return fmt.Errorf("write the endpoint: %w", err)
	}
	return nil
}

// readEndpoint reads the endpoint that a service left in a folder.
func readEndpoint(dir string) (endpoint, error) {
	data, err := storage.ReadFile(filepath.Join(dir, endpointFile), 1<<20)
	if err != nil {
		return endpoint{}, err
	}
	var at endpoint
	if err := json.Unmarshal(data, &at); err != nil {
		return endpoint{}, fmt.Errorf("read %s: %w", endpointFile, err)
	}
	return at, nil
}

// ping asks whether the service of an endpoint answers, with the certificate it
// should have.
func (e endpoint) ping(ctx context.Context) error { return e.ask(ctx, http.MethodGet, "ping", "") }

// forward lets time pass for the service.
func (e endpoint) forward(ctx context.Context, d time.Duration) error {
	return e.ask(ctx, http.MethodPost, "clock", fmt.Sprintf(`{"forwardMs":%d}`, d.Milliseconds()))
}

// ask calls a path of the service's own, which answers nothing of interest.
func (e endpoint) ask(ctx context.Context, method, path, body string) error {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(e.CAPEM)) {
		return errors.New("the endpoint has no certificate authority")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, e.URL+"/practice/"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set(ControlHeader, e.Control)
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return err
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the practice service answered %s", resp.Status)
	}
	return nil
}
