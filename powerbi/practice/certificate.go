package practice

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"time"
)

// certificates creates a new certificate authority and, signed by it, the
// certificate of the service. The authority's private key is used for this one
// signature and then forgotten, so nobody can sign anything else with an
// authority that a person may have trusted.
//
// names are further host names the certificate is good for, beside localhost
// and the two loopback addresses.
func certificates(names []string) (tls.Certificate, []byte, error) {
	// The real clock: certificates are checked by the clock of the client.
	from := time.Now().Add(-24 * time.Hour)
	ca := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "Pushdesk practice authority", Organization: []string{"Pushdesk practice"}},
		NotBefore:             from,
		NotAfter:              from.AddDate(2, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "Pushdesk practice service"},
		NotBefore:   from,
		NotAfter:    from.AddDate(1, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    append([]string{"localhost"}, names...),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	caKey, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	leafKey, err2 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err := errors.Join(err1, err2); err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make the keys of the certificate: %w", err)
	}
	// A serial number is chosen by CreateCertificate.
	caDER, err1 := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	leafDER, err2 := x509.CreateCertificate(rand.Reader, leaf, ca, &leafKey.PublicKey, caKey)
	if err := errors.Join(err1, err2); err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make the certificate: %w", err)
	}
	caPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER})
	return tls.Certificate{Certificate: [][]byte{leafDER, caDER}, PrivateKey: leafKey}, caPEM, nil
}
