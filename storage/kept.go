package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"pushdesk/storage/failure"
)

// Kept is a JSON file that several programs read and change. The zero value of T stands for
// a file that is missing, and for one that is damaged where its content can be learned
// again; that one is set aside when it is next changed.
type Kept[T any] struct {
	path, what string
	needed     bool
	mu         sync.Mutex
}

// keptLock is how long the file is waited for when another program changes it.
const keptLock = 10 * time.Second

// OpenKept uses a file that need not exist yet. what names its content in errors.
func OpenKept[T any](path, what string) *Kept[T] { return &Kept[T]{path: path, what: what} }

// Needed says that nothing else knows what the file holds: damage is an error with the code
// kept-file-damaged.
func (k *Kept[T]) Needed() *Kept[T] {
	k.needed = true
	return k
}

// Path is where the file is.
func (k *Kept[T]) Path() string { return k.path }

// Read returns what the file holds. It waits for no other program.
func (k *Kept[T]) Read() (T, error) {
	value, _, err := k.read()
	return value, err
}

func (k *Kept[T]) read() (value T, damaged bool, err error) {
	data, err := ReadFile(k.path, MostKept)
	if errors.Is(err, fs.ErrNotExist) {
		return value, false, nil
	}
	if err != nil {
		return value, false, fmt.Errorf("read %s: %w", k.what, err)
	}
	if err := json.Unmarshal(data, &value); err != nil {
		var none T
		if k.needed {
			return none, true, failure.New(failure.Unexpected, "kept-file-damaged", fmt.Sprintf("The file that holds %s is damaged.", k.what),
				"Put back a copy of the file, or rename it to go on without what it holds.").WithDetails("File: %s", k.path).Because(err)
		}
		return none, true, nil
	}
	return value, false, nil
}

// Change reads the file, changes what it holds and writes it, while no other program does.
// Nothing is written if do fails.
func (k *Kept[T]) Change(do func(*T) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(k.path), 0o700); err != nil {
		return fmt.Errorf("make the folder of %s: %w", k.what, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), keptLock)
	defer cancel()
	lock, err := WaitLock(ctx, k.path+".lock")
	if err != nil {
		return fmt.Errorf("lock %s: %w", k.what, err)
	}
	defer lock.Unlock()
	value, damaged, err := k.read()
	if err != nil {
		return err
	}
	if err := do(&value); err != nil {
		return err
	}
	if damaged {
		if _, err := SetAside(k.path, time.Now()); err != nil {
			return fmt.Errorf("set aside %s: %w", k.what, err)
		}
	}
	data, err := json.MarshalIndent(value, "", "  ")
	if err == nil {
		err = WriteFile(k.path, append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", k.what, err)
	}
	return nil
}
