package tenant

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"time"
)

// App is an app registration together with its service principal.
type App struct {
	Name         string    `json:"name"`
	About        string    `json:"about,omitempty"`
	ClientID     string    `json:"clientId"`
	ObjectID     string    `json:"objectId"` // of the service principal: what gets a workspace role
	Secrets      []Secret  `json:"secrets,omitempty"`
	Certificates []string  `json:"certificates,omitempty"` // PEM
	PublicClient bool      `json:"publicClient,omitempty"` // "Allow public client flows"
	ReadsApps    bool      `json:"readsApps,omitempty"`    // may read app registrations through Microsoft Graph
	Disabled     bool      `json:"disabled,omitempty"`
	NoConsent    bool      `json:"noConsent,omitempty"`
	NoPrincipal  bool      `json:"noPrincipal,omitempty"` // registered, but without an enterprise application here
	Workspace    string    `json:"workspace,omitempty"`   // the one suggested with the credentials
	Listed       bool      `json:"listed,omitempty"`      // offered with the ready-made credentials
	Created      time.Time `json:"created"`
}

// Secret is a client secret.
type Secret struct {
	ID      string    `json:"id"`
	Value   string    `json:"value"`
	Expires time.Time `json:"expires"`
}

// User is a person.
type User struct {
	ID   string `json:"id"` // object ID
	UPN  string `json:"upn"`
	Name string `json:"name"`
}

// NewApp returns an app without a secret.
func NewApp(name string, created time.Time) *App {
	return &App{Name: name, ClientID: NewGUID(), ObjectID: NewGUID(), Created: created}
}

// NewSecret returns a secret of the length and the letters that Entra's have.
func NewSecret(expires time.Time) Secret {
	b := make([]byte, 28)
	rand.Read(b) // never fails
	text := base64.RawURLEncoding.EncodeToString(b)
	return Secret{ID: NewGUID(), Value: text[:3] + "8Q~" + text[3:37], Expires: expires}
}

// PublicCertificates returns the certificates registered with the app.
func (a *App) PublicCertificates() []*x509.Certificate {
	list := make([]*x509.Certificate, 0, len(a.Certificates))
	for _, text := range a.Certificates {
		if c, err := parseCertificate([]byte(text)); err == nil {
			list = append(list, c)
		}
	}
	return list
}

// AddCertificate registers a certificate with the app. Its key must be RSA.
func (a *App) AddCertificate(cert *x509.Certificate) error {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	if _, err := parseCertificate(text); err != nil {
		return err
	}
	a.Certificates = append(a.Certificates, string(text))
	return nil
}

// parseCertificate reads a PEM certificate with an RSA key.
func parseCertificate(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("the text is not a PEM certificate")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	if _, ok := c.PublicKey.(*rsa.PublicKey); !ok {
		return nil, errors.New("the certificate's key is not an RSA key")
	}
	return c, nil
}
