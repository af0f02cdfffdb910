package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"sync"

	"pushdesk/powerbi/practice/tenant"
)

// signingKey returns the key that signs tokens. It may have to be waited for.
type signingKey func() (*rsa.PrivateKey, error)

// keyOf returns the key of a tenant, made when it has none yet.
func keyOf(t *tenant.Tenant) (signingKey, error) {
	if t.InMemory() {
		go memoryKey() // most likely ready when the first token is asked for
		return memoryKey, nil
	}
	t.Lock()
	defer t.Unlock()
	if t.SigningKey == "" {
		key, err := makeKey()
		if err != nil {
			return nil, err
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, fmt.Errorf("write the signing key: %w", err)
		}
		t.SigningKey = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	key, err := parseKey(t.SigningKey)
	if err != nil {
		return nil, t.Unreadable(err)
	}
	return func() (*rsa.PrivateKey, error) { return key, nil }, nil
}

// memoryKey is the key of the services of this process that keep nothing. To make
// a key takes most of the time of a start, so they share one. A token is still
// good for one service only, because each has a tenant of its own.
var memoryKey = sync.OnceValues(makeKey)

func makeKey() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make the signing key: %w", err)
	}
	return key, nil
}

func parseKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the signing key is not PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if key, ok := parsed.(*rsa.PrivateKey); ok {
		return key, nil
	}
	return nil, errors.Join(errors.New("the signing key is not an RSA key"), err)
}

// keyID names a public key.
func keyID(key *rsa.PublicKey) string {
	sum := sha256.Sum256(key.N.Bytes())
	return base64.RawURLEncoding.EncodeToString(sum[:20])
}

// JSONWebKey is a public key as the login service publishes it.
type JSONWebKey struct {
	Type string `json:"kty"`
	Use  string `json:"use"`
	ID   string `json:"kid"`
	X5T  string `json:"x5t"`
	N    string `json:"n"`
	E    string `json:"e"`
}

// public returns the key as a JSON Web Key.
func (k signingKey) public() (JSONWebKey, error) {
	key, err := k()
	if err != nil {
		return JSONWebKey{}, err
	}
	id := keyID(&key.PublicKey)
	return JSONWebKey{Type: "RSA", Use: "sig", ID: id, X5T: id,
		N: base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		E: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes())}, nil
}
