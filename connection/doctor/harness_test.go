package doctor_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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
		Workspace:  workspace,
		Credential: secret(c.app.ClientSecret),
	}
}

func secret(value string) func(context.Context) (connection.Credential, string, error) {
	return func(context.Context) (connection.Credential, string, error) {
		return connection.SecretCredential(value), "System keychain", nil
	}
}

// mainChecks are the checks that decide most; the others have tests of their own.
var mainChecks = []string{doctor.Format, doctor.Secret, doctor.Token, doctor.Claims, doctor.API, doctor.Workspace, doctor.Role, doctor.Datasets}

// course writes the statuses of the main checks of a report in order.
func course(r doctor.Report) string {
	var list []string
	for _, id := range mainChecks {
		c, _ := r.Check(id)
		list = append(list, string(c.Status))
	}
	return strings.Join(list, " ")
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

// certificate gives the app of a subject a certificate to sign in with.
func (c *clinic) certificate(s *doctor.Subject) {
	c.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		c.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Depots"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 0, 20)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		c.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		c.Fatal(err)
	}
	public, err := x509.ParseCertificate(der)
	if err == nil {
		err = c.service.AddCertificate(c.app.ClientID, public)
	}
	if err != nil {
		c.Fatal(err)
	}
	cert, err := connection.ReadCertificate(append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...), "")
	if err != nil {
		c.Fatal(err)
	}
	s.Connection.Credential = connection.CredentialCertificate
	s.Credential = func(context.Context) (connection.Credential, string, error) {
		return connection.Credential{Kind: connection.CredentialCertificate, Certificate: cert}, "sealed file", nil
	}
}
