package network

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"pushdesk/connection"
	"pushdesk/storage"
	"pushdesk/storage/failure"
)

// CheckAuthorities reads a file of certificate authorities and reports what is wrong
// with it, or nil. The field is the one that names the file. It waits for the disk.
func CheckAuthorities(field connection.Field, path string) *connection.Finding {
	if path == "" {
		return nil
	}
	if _, err := readAuthorities(path); err != nil {
		f, _ := failure.From(err)
		finding := connection.Failing(f.Sentence, "%s", f.Remedy)
		finding.Field = field
		return finding
	}
	return nil
}

// maxAuthorities bounds a file of authorities: the largest bundle in use, all
// public authorities of the world, is a quarter of it.
const maxAuthorities = 1 << 20

// readAuthorities reads the certificates of a PEM file.
func readAuthorities(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = errors.New("it is not a file")
	case info.Size() > maxAuthorities:
		err = errors.New("it is far too large for certificates")
	}
	var text []byte
	if err == nil {
		text, err = storage.ReadFile(path, maxAuthorities)
	}
	if err != nil {
		return nil, unusable(path, err)
	}
	if err := checkAuthorities(text); err != nil {
		return nil, unusable(path, err)
	}
	return text, nil
}

// errNoCertificate is what is wrong with a file of another kind.
var errNoCertificate = errors.New("no PEM certificate in it")

// checkAuthorities reports whether a text holds PEM certificates that can be read.
func checkAuthorities(text []byte) error {
	found := false
	for rest := text; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Errorf("read a certificate: %w", err)
		}
		found = true
	}
	if !found {
		return errNoCertificate
	}
	return nil
}

// ErrAuthorities says that a file of certificate authorities cannot be used.
var ErrAuthorities = failure.New(failure.Connection, "ca-file", "The CA file cannot be used.",
	"Use the authority's certificate as PEM text: it begins with -----BEGIN CERTIFICATE-----.")

// unusable says why; path is empty for authorities in memory.
func unusable(path string, err error) error {
	f := *ErrAuthorities
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Sentence, f.Remedy = fmt.Sprintf("There is no CA file %s.", path), "Check the path. Write it in full."
	case errors.Is(err, fs.ErrPermission):
		f.Sentence, f.Remedy = fmt.Sprintf("You are not allowed to read the CA file %s.", path), "Copy it to a folder of your own, or ask for the right to read it."
	case errors.Is(err, errNoCertificate):
		f.Sentence = fmt.Sprintf("The CA file %s holds no PEM certificate.", path)
	default:
		f.Sentence = fmt.Sprintf("The CA file %s cannot be used: %v.", path, err)
	}
	return f.Because(err).WithDetails("CA file: %s\nCause: %v", path, err)
}
