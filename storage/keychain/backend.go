package keychain

import (
	"errors"

	"github.com/zalando/go-keyring"
)

// service names our entries in the keychain; the other half of an entry's name is
// the ID of its connection.
const service = "app.pushdesk.connections"

// ErrNotFound says that no secret is stored for an ID.
var ErrNotFound = errors.New("no secret is stored")

// backend is a keychain whose calls cannot be stopped. get and delete answer
// ErrNotFound for an entry that is not there.
type backend interface {
	get(id string) (string, error)
	set(id, value string) error
	delete(id string) error
}

// system is the keychain of the operating system.
type system struct{}

func (system) get(id string) (string, error) {
	value, err := keyring.Get(service, id)
	return value, known(err)
}

func (system) set(id, value string) error { return known(keyring.Set(service, id, value)) }

func (system) delete(id string) error { return known(keyring.Delete(service, id)) }

func known(err error) error {
	if errors.Is(err, keyring.ErrNotFound) {
		return ErrNotFound
	}
	return err
}
