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
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// endpoint is what a running service leaves in its folder for other processes of
// the same user: where it is, whom to trust, and the ready-made credentials.
type endpoint struct {
	URL         string       `json:"url"`
	CAPEM       string       `json:"caPem"`
	PID         int          `json:"pid"`
	Resource    string       `json:"resource"`
	Credentials []Credential `json:"credentials"`
}

// writeEndpoint leaves the endpoint of a service with a folder.
func (s *Service) writeEndpoint() error {
	if s.opts.Dir == "" {
		return nil
	}
	data, err := json.MarshalIndent(endpoint{URL: s.url, CAPEM: string(s.caPEM), PID: os.Getpid(),
		Resource: resource, Credentials: s.Credentials()}, "", " ")
	if err != nil {
		return fmt.Errorf("write the endpoint: %w", err)
	}
	if err := writeFile(filepath.Join(s.dir, endpointFile), data, 0o600); err != nil {
		return fmt.Errorf("write the endpoint: %w", err)
	}
	return nil
}

// Local is the embedded practice service of this computer: started by this
// process, or by another one of the same user and joined.
type Local struct {
	service *Service
	at      endpoint
}

// Open starts the practice service on a folder, or joins the one that another
// process already runs there. It waits, as long as ctx, for one that is just
// starting. A folder left by a process that was killed is taken over.
func Open(ctx context.Context, dir string) (*Local, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the practice folder: %w", err)
	}
	wait := time.NewTicker(25 * time.Millisecond)
	defer wait.Stop()
	for {
		lock := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
		mine, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock the practice folder: %w", err)
		}
		if mine {
			s, err := start(Options{Dir: dir}, lock)
			if err != nil {
				return nil, fmt.Errorf("start the practice service: %w", err)
			}
			return &Local{service: s, at: endpoint{URL: s.url, CAPEM: string(s.caPEM), Resource: resource}}, nil
		}
		lock.Close()
		at, err := readEndpoint(dir)
		if err == nil {
			err = at.ping(ctx)
		}
		if err == nil {
			return &Local{at: at}, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("join the practice service: %w", errors.Join(ctx.Err(), err))
		case <-wait.C:
		}
	}
}

func readEndpoint(dir string) (endpoint, error) {
	data, err := os.ReadFile(filepath.Join(dir, endpointFile))
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
func (e endpoint) ping(ctx context.Context) error {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(e.CAPEM)) {
		return errors.New("the endpoint has no certificate authority")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.URL+"/practice/ping", nil)
	if err != nil {
		return err
	}
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

// LoginURL is the login host of the service.
func (l *Local) LoginURL() string { return l.at.URL }

// APIURL is the API host of the service.
func (l *Local) APIURL() string { return l.at.URL }

// Resource is the resource to ask tokens for.
func (l *Local) Resource() string { return l.at.Resource }

// CAPEM is the certificate authority to trust.
func (l *Local) CAPEM() []byte { return bytes.Clone([]byte(l.at.CAPEM)) }

// Service is the service when this process runs it, and nil when it joined one.
func (l *Local) Service() *Service { return l.service }

// Credentials gives the ready-made apps.
func (l *Local) Credentials() []Credential {
	if l.service != nil {
		return l.service.Credentials()
	}
	return append([]Credential(nil), l.at.Credentials...)
}

// Ping tells whether the service still answers. After an error, Open again: the
// process that ran the service may have ended.
func (l *Local) Ping(ctx context.Context) error { return l.at.ping(ctx) }

// Close ends the service when this process runs it. A joined service runs on.
func (l *Local) Close() error {
	if l.service == nil {
		return nil
	}
	return l.service.Close()
}
