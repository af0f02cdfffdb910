package practice

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"pushdesk/powerbi/practice/faults"
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
func (e endpoint) ping(ctx context.Context) error { return e.ask(ctx, question{path: "ping"}) }

// forward lets time pass for the service.
func (e endpoint) forward(ctx context.Context, d time.Duration) error {
	return e.ask(ctx, question{path: "clock", body: map[string]int64{"forwardMs": d.Milliseconds()}})
}

// character is what makes one service differ from another one on the same folder.
type character struct {
	behavior faults.Behavior
	ahead    time.Duration // of its clock
}

// look asks how the service acts.
func (e endpoint) look(ctx context.Context) (character, error) {
	var c character
	var clock struct {
		AheadMS int64 `json:"aheadMs"`
	}
	err := e.ask(ctx, question{path: "behavior", into: &c.behavior}, question{path: "clock", into: &clock})
	c.ahead = time.Duration(clock.AheadMS) * time.Millisecond
	return c, err
}

// question is a request for a path of the service's own.
type question struct {
	path string
	body any // nil asks, else it changes something
	into any // the answer; nil for none of interest
}

// ask puts questions one after the other.
func (e endpoint) ask(ctx context.Context, questions ...question) error {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(e.CAPEM)) {
		return errors.New("the endpoint has no certificate authority")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for _, q := range questions {
		if err := e.put(ctx, &http.Client{Transport: transport}, q); err != nil {
			return err
		}
	}
	return nil
}

func (e endpoint) put(ctx context.Context, client *http.Client, q question) error {
	method, body := http.MethodGet, []byte(nil)
	if q.body != nil {
		var err error
		if body, err = json.Marshal(q.body); err != nil {
			return err
		}
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, e.URL+"/practice/"+q.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set(ControlHeader, e.Control)
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the practice service answered %s", resp.Status)
	}
	if q.into == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(q.into); err != nil {
		return fmt.Errorf("read what the practice service answered: %w", err)
	}
	return nil
}
