package connection_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/failure"
)

// testKey is one RSA key for all tests: making one is slow under -race.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func selfSigned(t *testing.T, key crypto.Signer, until time.Time) *x509.Certificate {
	t.Helper()
	form := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Depots upload"}, NotBefore: until.AddDate(-1, 0, 0), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func pemBlock(kind string, der []byte, headers map[string]string) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der, Headers: headers})
}

func pkcs8(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestCertificatesThatWork(t *testing.T) {
	key := testKey()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	cert, foreign := selfSigned(t, key, time.Now().AddDate(1, 0, 0)), selfSigned(t, other, time.Now().AddDate(1, 0, 0))
	c8, c1, mine, theirs := pemBlock("PRIVATE KEY", pkcs8(t, key), nil), pemBlock("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key), nil),
		pemBlock("CERTIFICATE", cert.Raw, nil), pemBlock("CERTIFICATE", foreign.Raw, nil)
	pfx := func(e *pkcs12.Encoder, password string, chain ...*x509.Certificate) []byte {
		data, err := e.Encode(key, cert, chain, password)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	service, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { service.Close() })
	app, _ := service.Credential(practice.AppPractice)
	if err := service.AddCertificate(app.ClientID, cert); err != nil {
		t.Fatal(err)
	}
	at := connection.Endpoints{LoginURL: service.LoginURL(), APIURL: service.APIURL(), Resource: service.Resource(), CAPEM: service.CAPEM()}
	for name, c := range map[string]struct {
		data     []byte
		password string
	}{
		"PKCS#8, key first":  {append(bytes.Clone(c8), mine...), ""},
		"PKCS#1, key last":   {append(bytes.Clone(mine), c1...), ""},
		"another before it":  {bytes.Join([][]byte{theirs, mine, c8}, []byte("some words\n")), ""},
		"with a mark before": {append([]byte("\xef\xbb\xbf"), append(bytes.Clone(c8), mine...)...), ""},
		"PFX, modern":        {pfx(pkcs12.Modern2023, "geheim"), "geheim"},
		"PFX, legacy":        {pfx(pkcs12.LegacyRC2, "geheim"), "geheim"},
		"PFX, no password":   {pfx(pkcs12.Modern2023, ""), ""},
		"PFX, passwordless":  {pfx(pkcs12.Passwordless, ""), ""},
		"PFX with a chain":   {pfx(pkcs12.LegacyDES, "geheim", foreign), "geheim"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := connection.ReadCertificate(c.data, c.password)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.Subject(), "Depots upload") || got.Bits() != 2048 || len(got.Thumbprint()) != 40 || !got.NotAfter().Equal(cert.NotAfter) || len(got.Findings(time.Now())) != 0 {
				t.Errorf("%s %s %d %v", got.Subject(), got.Thumbprint(), got.Bits(), got.Findings(time.Now()))
			}
			stored, err := got.Encode()
			if err != nil {
				t.Fatal(err)
			}
			again, err := connection.ReadCertificate(stored, "")
			if err != nil || again.Thumbprint256() != got.Thumbprint256() {
				t.Fatalf("what is kept cannot be read: %v", err)
			}
			tokens, err := entra.NewTokens(at, app.TenantID, app.ClientID, connection.Credential{Kind: connection.CredentialCertificate, Certificate: again}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tokens.Token(t.Context()); err != nil {
				t.Fatal(err)
			}
			if text := fmt.Sprintf("%v %+v %#v", got, got, connection.Credential{Certificate: got}); strings.Contains(text, key.D.String()[:20]) {
				t.Error("the key is printed")
			}
		})
	}
	// A certificate that the app does not have is refused by Entra, in words.
	unknown, err := connection.ReadCertificate(append(bytes.Clone(theirs), pemBlock("PRIVATE KEY", pkcs8(t, other), nil)...), "")
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := entra.NewTokens(at, app.TenantID, app.ClientID, connection.Credential{Kind: connection.CredentialCertificate, Certificate: unknown}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tokens.Token(t.Context())
	var refused *entra.Error
	if !errors.As(err, &refused) || refused.Code != 700027 || refused.Failure().Who != failure.AppOwner {
		t.Errorf("%v", err)
	}
}

func TestCertificateTraps(t *testing.T) {
	key := testKey()
	cert := selfSigned(t, key, time.Now().AddDate(1, 0, 0))
	mine, c8 := pemBlock("CERTIFICATE", cert.Raw, nil), pemBlock("PRIVATE KEY", pkcs8(t, key), nil)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecCert := selfSigned(t, ec, time.Now().AddDate(1, 0, 0))
	pfx, err := pkcs12.Modern2023.Encode(key, cert, nil, "geheim")
	if err != nil {
		t.Fatal(err)
	}
	trust, err := pkcs12.Modern2023.EncodeTrustStore([]*x509.Certificate{cert}, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data     []byte
		password string
		says     string
		remedy   string
	}{
		"empty":                  {[]byte(" \n"), "", "empty", "PFX"},
		"huge":                   {bytes.Repeat([]byte("x"), 200<<10), "", "too large", "PFX"},
		"no certificate":         {[]byte("hello"), "", "no certificate", "PFX"},
		"encrypted PKCS#8":       {append(pemBlock("ENCRYPTED PRIVATE KEY", []byte{1}, nil), mine...), "", "is encrypted", "PFX"},
		"old encrypted PEM":      {append(pemBlock("RSA PRIVATE KEY", []byte{1}, map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}), mine...), "", "is encrypted", "Decrypt"},
		"elliptic curve":         {append(pemBlock("PRIVATE KEY", pkcs8(t, ec), nil), pemBlock("CERTIFICATE", ecCert.Raw, nil)...), "", "not an RSA key", "RSA"},
		"key of another":         {append(bytes.Clone(c8), pemBlock("CERTIFICATE", ecCert.Raw, nil)...), "", "does not belong", "own key"},
		"only the certificate":   {mine, "", "public half", "PFX"},
		"only the .cer":          {cert.Raw, "", "public half", "app registration"},
		"only the key":           {c8, "", "without its certificate", "PFX"},
		"only the key, DER":      {pkcs8(t, key), "", "without its certificate", "PFX"},
		"damaged key":            {append(pemBlock("PRIVATE KEY", []byte{1, 2, 3}, nil), mine...), "", "damaged", "RSA"},
		"damaged certificate":    {append(pemBlock("CERTIFICATE", []byte{1, 2, 3}, nil), c8...), "", "damaged", "PFX"},
		"a password is wanted":   {pfx, "", "has a password", "Type the password"},
		"wrong password":         {pfx, "nonsense", "does not open", "Type the password"},
		"cut PFX":                {pfx[:len(pfx)/2], "geheim", "that can be read", "PFX"},
		"certificates alone":     {trust, "", "", "PFX"},
		"another PEM altogether": {pemBlock("PUBLIC KEY", []byte{1}, nil), "", "neither", "PFX"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := connection.ReadCertificate(c.data, c.password)
			var e *connection.CertificateError
			if !errors.As(err, &e) || !strings.Contains(e.Failure().Sentence, c.says) || !strings.Contains(e.Failure().Remedy, c.remedy) {
				t.Errorf("%v", err)
			}
		})
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	old := selfSigned(t, small, time.Now().AddDate(0, 0, -1))
	got, err := connection.ReadCertificate(append(pemBlock("PRIVATE KEY", pkcs8(t, small), nil), pemBlock("CERTIFICATE", old.Raw, nil)...), "")
	if err != nil {
		t.Fatal(err)
	}
	if found := got.Findings(time.Now()); len(found) != 2 || !strings.Contains(found[0].Sentence, "expired") || !strings.Contains(found[1].Sentence, "1024 bits") {
		t.Errorf("%v", found)
	}
	if found := got.Findings(time.Now().AddDate(-3, 0, 0)); !strings.Contains(found[0].Sentence, "not valid before") {
		t.Errorf("%v", found)
	}
}

func FuzzReadCertificate(f *testing.F) {
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "")
	f.Add([]byte{0x30, 0x82, 1, 1, 2, 1, 3}, "x")
	f.Fuzz(func(t *testing.T, data []byte, password string) {
		c, err := connection.ReadCertificate(data, password)
		if err != nil && !errors.As(err, new(*connection.CertificateError)) || err == nil && c.Subject() == "" {
			t.Errorf("%v, %v", c, err)
		}
	})
}
