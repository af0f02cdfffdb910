package keychain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"pushdesk/storage"
)

// MaxSealed is the length of the longest thing that is kept in a sealed file, in
// bytes: far above a certificate with its chain, and a person's sign-in.
const MaxSealed = 256 << 10

// sealedVersion is the form of a sealed file's content.
const sealedVersion = 1

// content is what is inside a sealed file. age binds nothing to a file's name, so
// the ID is inside: a file that was put in the place of another is refused.
type content struct {
	Version int    `json:"version"`
	ID      string `json:"id"`
	Kind    kind   `json:"kind"`
	Data    []byte `json:"data"`
}

// kind tells a short secret from a large one of the same connection.
type kind string

const (
	kindSecret kind = "secret" // a client secret
	kindLarge  kind = "large"  // a certificate or a sign-in
)

var (
	errDamaged = errors.New("the sealed file is damaged, or was sealed for another installation")
	errSwapped = errors.New("the sealed file belongs to another connection")
	errTooBig  = errors.New("it is longer than a sealed file may be")
	errNoPlace = errors.New("there is no folder for sealed files")

	errOpenFolder = errors.New("others may write to the folder of the sealed files")
)

// sealedFile is the path of a sealed file in a folder. IDs are UUIDs; anything
// else that could leave the folder is refused.
func sealedFile(folder, id string, k kind) (string, error) {
	if folder == "" {
		return "", errNoPlace
	}
	if id == "" || strings.ContainsAny(id, `/\:.`) || len(id) > 100 {
		return "", fmt.Errorf("%q is no ID for a file", id)
	}
	return filepath.Join(folder, id+"."+string(k)+".age"), nil
}

// private refuses a folder for secrets that other users may write to, or whose parent
// they may: they could put other files in the place of those that are there.
func private(folder string) error {
	if storage.OpenToOthers(folder) || storage.OpenToOthers(filepath.Dir(folder)) {
		return errOpenFolder
	}
	return nil
}

// sealTo writes a sealed file in one step and reads it back.
func sealTo(folder, id string, k kind, data []byte, identity *age.X25519Identity) error {
	path, err := sealedFile(folder, id, k)
	if err != nil {
		return err
	}
	if len(data) > MaxSealed {
		return errTooBig
	}
	text, err := json.Marshal(content{sealedVersion, id, k, data})
	if err != nil {
		return fmt.Errorf("write the sealed content: %w", err)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, identity.Recipient())
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the folder for sealed files: %w", err)
	}
	if err := private(folder); err != nil {
		return err
	}
	if err := storage.WriteFile(path, sealed.Bytes()); err != nil {
		return err
	}
	back, err := unsealFrom(folder, id, k, identity)
	if err != nil {
		return err
	}
	if !bytes.Equal(back, data) {
		return errNotKept
	}
	return nil
}

// unsealFrom reads a sealed file. One that is not there is ErrNotFound.
func unsealFrom(folder, id string, k kind, identity *age.X25519Identity) ([]byte, error) {
	path, err := sealedFile(folder, id, k)
	if err != nil {
		return nil, err
	}
	if err := private(folder); err != nil {
		return nil, err
	}
	sealed, err := readSmall(path)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		return nil, errDamaged
	}
	text, err := io.ReadAll(io.LimitReader(r, 2*MaxSealed))
	if err != nil {
		return nil, errDamaged
	}
	var c content
	switch err := json.Unmarshal(text, &c); {
	case err != nil:
		return nil, errDamaged
	case c.Version != sealedVersion:
		return nil, errNewer
	case c.ID != id || c.Kind != k:
		return nil, errSwapped
	}
	return c.Data, nil
}

// readSmall reads a file that may not be large. One that is not there is ErrNotFound.
func readSmall(path string) ([]byte, error) {
	f, err := storage.OpenRegular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open the sealed file: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 2*MaxSealed+1))
	if err != nil {
		return nil, fmt.Errorf("read the sealed file: %w", err)
	}
	if len(text) > 2*MaxSealed {
		return nil, errDamaged
	}
	return text, nil
}

// isSealed reports whether there is a sealed file, without opening it.
func isSealed(folder, id string, k kind) bool {
	path, err := sealedFile(folder, id, k)
	if err != nil {
		return false
	}
	_, err = os.Lstat(path)
	return err == nil
}

// unlink removes a sealed file. One that is not there is no error.
func unlink(folder, id string, k kind) error {
	path, err := sealedFile(folder, id, k)
	if err != nil {
		return nil //nolint:nilerr // what can have no file has none
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the sealed file: %w", err)
	}
	return nil
}

var (
	errNotKept = errors.New("what was read back is not what was written")
	errNewer   = errors.New("the entry has a form that this version does not know")
)
