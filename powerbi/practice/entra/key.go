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

// signingKey signs tokens.
type signingKey struct {
	wait func() (*rsa.PrivateKey, error)
}

// keyOf returns the key of a tenant, made when it has none yet.
func keyOf(t *tenant.Tenant) (signingKey, error) {
	t.Lock()
	defer t.Unlock()
	switch {
	case t.InMemory():
		k := signingKey{wait: memoryKey}
		go k.wait() // most likely ready when the first token is asked for
		return k, nil
	case t.SigningKey != "":
		k, err := parseSigningKey(t.SigningKey)
		if err != nil {
			return signingKey{}, t.Unreadable(err)
		}
		return k, nil
	}
	k := signingKey{wait: sync.OnceValues(makeKey)}
	var err error
	t.SigningKey, err = k.pem()
	return k, err
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

func parseSigningKey(text string) (signingKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return signingKey{}, errors.New("the signing key is not PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return signingKey{}, fmt.Errorf("the signing key cannot be read: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return signingKey{}, errors.New("the signing key is not an RSA key")
	}
	return signingKey{wait: func() (*rsa.PrivateKey, error) { return key, nil }}, nil
}

func (k signingKey) pem() (string, error) {
	key, err := k.wait()
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("write the signing key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
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
	key, err := k.wait()
	if err != nil {
		return JSONWebKey{}, err
	}
	id := keyID(&key.PublicKey)
	return JSONWebKey{Type: "RSA", Use: "sig", ID: id, X5T: id,
		N: base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		E: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes())}, nil
}
