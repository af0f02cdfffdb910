package connection

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // Entra shows the SHA-1 thumbprint; nothing is trusted for it
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"pushdesk/storage/failure"

	"software.sslmate.com/src/go-pkcs12"
)

// certificateSize is how long a file with a certificate may be, in bytes: far
// above a chain with its key.
const certificateSize = 128 << 10

// Certificate is an RSA key with the certificate that is uploaded to the app. It
// is kept sealed, because no keychain has room for it.
type Certificate struct {
	key   *rsa.PrivateKey
	chain []*x509.Certificate // the one of the key first
}

// Subject is whose certificate it is, or its serial number if it does not say.
func (c *Certificate) Subject() string {
	if s := c.chain[0].Subject.String(); s != "" {
		return s
	}
	return "Serial number " + c.chain[0].SerialNumber.String()
}

// Thumbprint is the SHA-1 of the certificate in capitals, as Entra lists it.
func (c *Certificate) Thumbprint() string {
	sum := sha1.Sum(c.chain[0].Raw) //nolint:gosec // see the import
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// Thumbprint256 is its SHA-256, which Entra does not show but newer tools do.
func (c *Certificate) Thumbprint256() string {
	sum := sha256.Sum256(c.chain[0].Raw)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// NotBefore and NotAfter are the time in which it is valid.
func (c *Certificate) NotBefore() time.Time { return c.chain[0].NotBefore }

func (c *Certificate) NotAfter() time.Time { return c.chain[0].NotAfter }

// Bits is the length of the key.
func (c *Certificate) Bits() int { return c.key.N.BitLen() }

// Key and Chain are what it signs with, and what proves the key: its own certificate
// first.
func (c *Certificate) Key() *rsa.PrivateKey { return c.key }

func (c *Certificate) Chain() []*x509.Certificate { return c.chain }

// Format writes whose certificate it is and nothing of the key, whatever the verb.
func (c *Certificate) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "certificate "+c.Thumbprint())
}

// Findings are what is wrong, or looks wrong, with a certificate at a moment. It
// may be used all the same: Entra decides.
func (c *Certificate) Findings(now time.Time) []Finding {
	var found []Finding
	add := func(f *Finding) {
		f.Field = FieldFile
		found = append(found, *f)
	}
	day := func(t time.Time) string { return t.Local().Format("2 January 2006") }
	switch {
	case now.After(c.NotAfter()):
		add(Warning("The certificate expired on "+day(c.NotAfter())+".", "Create a new one, upload it to the app registration, and choose it here."))
	case now.Before(c.NotBefore()):
		add(Warning("The certificate is not valid before "+day(c.NotBefore())+".", "Wait until then, or check this computer's clock."))
	}
	if c.Bits() < 2048 {
		add(Warning(fmt.Sprintf("The key has only %d bits.", c.Bits()), "Entra requires at least 2048: create a new certificate."))
	}
	return found
}

// CertificateError says why a file is not a certificate to sign in with.
type CertificateError struct {
	Password         bool // the file is encrypted: another password may open it
	sentence, remedy string
}

func (e *CertificateError) Error() string { return "read the certificate: " + e.sentence }

// Failure says it in words.
func (e *CertificateError) Failure() *failure.Error {
	return failure.New(failure.Usage, "certificate-unusable", e.sentence, e.remedy)
}

// ErrNoCertificate says that a connection has no certificate yet.
var ErrNoCertificate = Invalid(FieldFile, Failing("There is no certificate.", choosePFX))

const (
	choosePFX  = "Choose the PFX or P12 file, or a PEM file that holds the certificate and its private key."
	exportPFX  = "Export it with its private key as a PFX file, and choose that."
	noPassword = "Decrypt the key first, or put both into a PFX file and give its password."
)

func badCertificate(sentence, remedy string) *CertificateError {
	return &CertificateError{sentence: sentence, remedy: remedy}
}

// ReadCertificate reads a certificate with its key from a PFX (P12) or PEM file.
// The password is that of a PFX file; empty for none. The error is
// *CertificateError.
func ReadCertificate(data []byte, password string) (*Certificate, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, badCertificate("The file is empty.", choosePFX)
	case len(data) > certificateSize:
		return nil, badCertificate("The file is too large for a certificate.", choosePFX)
	case bytes.Contains(data, []byte("-----BEGIN")):
		return readPEM(data)
	case data[0] == 0x30: // an ASN.1 sequence: PFX, or a bare certificate or key
		return readDER(data, password)
	}
	return nil, badCertificate("The file holds no certificate.", choosePFX)
}

func readPEM(data []byte) (*Certificate, error) {
	var certificates []*x509.Certificate
	var keys []any
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		switch {
		case block.Type == "CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, badCertificate("The certificate in the file is damaged.", exportPFX)
			}
			certificates = append(certificates, c)
		case block.Type == "ENCRYPTED PRIVATE KEY", block.Headers["DEK-Info"] != "", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			return nil, badCertificate("The private key in the PEM file is encrypted.", noPassword)
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			key, err := readKey(block.Bytes)
			if err != nil {
				return nil, badCertificate("The private key in the file is damaged, or of a kind that Entra does not accept.", "Entra accepts RSA keys of 2048 bits and more.")
			}
			keys = append(keys, key)
		}
	}
	if len(certificates) == 0 && len(keys) == 0 {
		return nil, badCertificate("The file holds neither a certificate nor a private key.", choosePFX)
	}
	return match(certificates, keys)
}

// readKey reads a private key in one of the forms that PEM files hold.
func readKey(der []byte) (any, error) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	return x509.ParseECPrivateKey(der)
}

func readDER(data []byte, password string) (*Certificate, error) {
	if _, err := x509.ParseCertificate(data); err == nil {
		return nil, onlyPublic
	}
	if _, err := readKey(data); err == nil {
		return nil, badCertificate("The file holds a private key without its certificate.", exportPFX)
	}
	key, leaf, chain, err := pkcs12.DecodeChain(data, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword) && password == "":
		return nil, &CertificateError{Password: true, sentence: "The file has a password.", remedy: "Type the password that it was exported with."}
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return nil, &CertificateError{Password: true, sentence: "The password does not open the file.", remedy: "Type the password that it was exported with."}
	case err != nil && strings.Contains(err.Error(), "private key"):
		return nil, onlyPublic
	case err != nil:
		return nil, badCertificate("The file holds no certificate with a private key that can be read.", exportPFX)
	}
	return match(append([]*x509.Certificate{leaf}, chain...), []any{key})
}

var onlyPublic = badCertificate("This is the public half of the certificate, without its private key.",
	"That half belongs in the app registration in Entra. To sign in, choose the PFX file, or the PEM file with the key.")

// match finds the certificate that belongs to a key.
func match(certificates []*x509.Certificate, keys []any) (*Certificate, error) {
	switch {
	case len(keys) == 0:
		return nil, onlyPublic
	case len(certificates) == 0:
		return nil, badCertificate("The file holds a private key without its certificate.", exportPFX)
	}
	other := false
	for _, k := range keys {
		key, ok := k.(*rsa.PrivateKey)
		if !ok {
			other = true
			continue
		}
		public, ok := key.Public().(*rsa.PublicKey)
		if !ok {
			continue
		}
		at := slices.IndexFunc(certificates, func(c *x509.Certificate) bool { return public.Equal(asPublic(c.PublicKey)) })
		if at < 0 {
			continue
		}
		chain := []*x509.Certificate{certificates[at]}
		chain = append(chain, slices.Delete(slices.Clone(certificates), at, at+1)...)
		return &Certificate{key: key, chain: chain}, nil
	}
	if other {
		return nil, badCertificate("The key is not an RSA key, and Entra accepts no other.", "Create a certificate with an RSA key of 2048 bits or more.")
	}
	return nil, badCertificate("The private key does not belong to any certificate in the file.", "Put the certificate and its own key together, or choose the PFX file.")
}

func asPublic(key any) crypto.PublicKey { return key }

// Encode writes the certificate with its key, for the sealed store and nothing else.
func (c *Certificate) Encode() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(c.key)
	if err != nil {
		return nil, fmt.Errorf("write the certificate's key: %w", err)
	}
	out := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	for _, x := range c.chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: x.Raw})...)
	}
	return out, nil
}
