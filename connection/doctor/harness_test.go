package doctor_test

import (
	"context"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/powerbi/practice"
)

// clinic is a practice service and a subject that is well there.
type clinic struct {
	*testing.T
	service *practice.Service
	app     practice.Credential
}

func open(t *testing.T, app string) *clinic {
	t.Helper()
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c, ok := s.Credential(app)
	if !ok {
		t.Fatalf("no credential %q", app)
	}
	return &clinic{t, s, c}
}

// subject is a connection to the service as the app, with a workspace chosen.
func (c *clinic) subject(workspace string) doctor.Subject {
	return doctor.Subject{
		Connection: connection.Connection{ID: "5d0cf6a5-3b1f-4c2e-9a77-1f1f2d6d0001", Name: "Depots", Cloud: connection.CloudCustom,
			Credential: connection.CredentialSecret, TenantID: c.app.TenantID, ClientID: c.app.ClientID,
			LoginURL: c.service.LoginURL(), APIURL: c.service.APIURL(), Resource: c.service.Resource(), CAFile: c.service.CAFile()},
		Endpoints: connection.Endpoints{LoginURL: c.service.LoginURL(), APIURL: c.service.APIURL(),
			Resource: c.service.Resource(), CAPEM: c.service.CAPEM()},
		Workspace: workspace,
		Secret:    secret(c.app.ClientSecret),
	}
}

func secret(value string) func(context.Context) (string, string, error) {
	return func(context.Context) (string, string, error) { return value, "System keychain", nil }
}

// course writes the statuses of a report in order.
func course(r doctor.Report) string {
	var b strings.Builder
	for i, c := range r.Checks {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s", c.Status)
	}
	return b.String()
}

func at(t *testing.T, r doctor.Report, id string) doctor.Check {
	t.Helper()
	c, ok := r.Check(id)
	if !ok {
		t.Fatalf("no check %q", id)
	}
	return c
}

// pemOf gives the certificate of a test server.
func pemOf(s *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}
