package keychain

import (
	"maps"
	"sync"
)

// fake is a keychain in memory that can be told to block or to fail.
type fake struct {
	mu    sync.Mutex
	items map[string]string
	calls []string

	before func(call, id string) error // called before every call, without the lock; may block
	after  func(call, id string) error // called when it was carried out
	garble func(value string) string   // what set really stores
}

func newFake() *fake { return &fake{items: map[string]string{}} }

func (f *fake) do(call, id string, body func() error) error {
	if f.before != nil {
		if err := f.before(call, id); err != nil {
			return err
		}
	}
	f.mu.Lock()
	f.calls = append(f.calls, call)
	err := body()
	f.mu.Unlock()
	if err == nil && f.after != nil {
		err = f.after(call, id)
	}
	return err
}

func (f *fake) get(id string) (value string, err error) {
	err = f.do("get", id, func() error {
		var ok bool
		if value, ok = f.items[id]; !ok {
			return ErrNotFound
		}
		return nil
	})
	return value, err
}

func (f *fake) set(id, value string) error {
	return f.do("set", id, func() error {
		if f.garble != nil {
			value = f.garble(value)
		}
		f.items[id] = value
		return nil
	})
}

func (f *fake) delete(id string) error {
	return f.do("delete", id, func() error {
		if _, ok := f.items[id]; !ok {
			return ErrNotFound
		}
		delete(f.items, id)
		return nil
	})
}

// content is what the keychain holds.
func (f *fake) content() map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.items)
}
