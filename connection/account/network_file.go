package account

import (
	"path/filepath"
	"sync"

	"pushdesk/connection/network"
	"pushdesk/storage"
)

// networkFile is the file of the network settings, as it was last read or written.
type networkFile struct {
	path string

	mu       sync.Mutex // held for moments only
	settings network.Settings
	state    storage.FileState
	err      error // why the file cannot be read
}

// refresh reads the file if it was changed.
func (f *networkFile) refresh() {
	state, err := storage.StateOf(f.path)
	f.mu.Lock()
	same := err == nil && f.err == nil && state.Same(f.state)
	f.mu.Unlock()
	if same {
		return
	}
	settings, err := network.Load(f.path)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.settings, f.state, f.err = settings, state, err
}

func (f *networkFile) now() (network.Settings, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.settings, f.err
}

func networkPath(home string) string { return filepath.Join(home, "network.json") }
