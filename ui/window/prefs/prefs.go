// Package prefs keeps how the window looks in a file among what the program keeps, in place of
// the folder that Fyne has for all of its programs.
package prefs

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"sync"

	"fyne.io/fyne/v2"

	"pushdesk/storage"
)

// Name is the name of the file in the program's home.
const Name = "window.json"

// App is Fyne's app with preferences of its own.
type App struct {
	fyne.App
	values *values
}

// Keep returns an app whose preferences are kept in a folder. It reads them at once, before
// there is a window; a file that cannot be read is one without preferences.
func Keep(a fyne.App, home string) *App {
	v := &values{path: filepath.Join(home, Name), all: map[string]json.RawMessage{}}
	if text, err := storage.ReadFile(v.path, storage.MostKept); err == nil {
		_ = json.Unmarshal(text, &v.all)
	}
	if v.all == nil { // the file holds null
		v.all = map[string]json.RawMessage{}
	}
	kept := &App{App: a, values: v}
	fyne.SetCurrentApp(kept) // Fyne's dialogs ask it
	return kept
}

// Preferences implements fyne.App.
func (a *App) Preferences() fyne.Preferences { return a.values }

// Close waits until the last change is kept.
func (a *App) Close() { a.values.writing.Wait() }

// values are preferences by their keys.
//
// Large: fyne.Preferences has a method for each type.
type values struct {
	path string

	mu        sync.Mutex
	all       map[string]json.RawMessage
	changes   int // since the start
	listeners []func()
	writing   sync.WaitGroup
	file      sync.Mutex // held while it is written
	written   int        // of the changes
}

func get[T any](v *values, key string, fallback T) T {
	v.mu.Lock()
	raw, ok := v.all[key]
	v.mu.Unlock()
	var value T
	if !ok || json.Unmarshal(raw, &value) != nil {
		return fallback
	}
	return value
}

func set[T any](v *values, key string, value T) {
	raw, err := json.Marshal(value)
	if err != nil { // such as a number that is none
		return
	}
	v.change(func() bool {
		if bytes.Equal(v.all[key], raw) {
			return false
		}
		v.all[key] = raw
		return true
	})
}

// change changes values, tells those who listen, and writes the file in the background: the
// window never waits for a disk.
func (v *values) change(do func() bool) {
	v.mu.Lock()
	if !do() {
		v.mu.Unlock()
		return
	}
	v.changes++
	listeners := slices.Clone(v.listeners)
	v.mu.Unlock()
	v.writing.Go(v.write)
	for _, tell := range listeners {
		tell()
	}
}

// write keeps what holds now. Not to keep it is no reason to fail.
func (v *values) write() {
	v.file.Lock()
	defer v.file.Unlock()
	v.mu.Lock()
	changes := v.changes
	text, err := json.MarshalIndent(v.all, "", "  ")
	v.mu.Unlock()
	if err != nil || changes == v.written {
		return
	}
	if storage.WriteFile(v.path, append(text, '\n')) == nil {
		v.written = changes
	}
}

// RemoveValue implements fyne.Preferences.
func (v *values) RemoveValue(key string) {
	v.change(func() bool {
		_, there := v.all[key]
		delete(v.all, key)
		return there
	})
}

// AddChangeListener implements fyne.Preferences.
func (v *values) AddChangeListener(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.listeners = append(v.listeners, f)
}

// ChangeListeners implements fyne.Preferences.
func (v *values) ChangeListeners() []func() {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.listeners)
}

// Bool and those that follow implement fyne.Preferences.
func (v *values) Bool(key string) bool                            { return get(v, key, false) }
func (v *values) BoolWithFallback(key string, fallback bool) bool { return get(v, key, fallback) }
func (v *values) SetBool(key string, value bool)                  { set(v, key, value) }
func (v *values) BoolList(key string) []bool                      { return get[[]bool](v, key, nil) }
func (v *values) BoolListWithFallback(key string, fallback []bool) []bool {
	return get(v, key, fallback)
}
func (v *values) SetBoolList(key string, value []bool) { set(v, key, value) }

// Float and those that follow implement fyne.Preferences.
func (v *values) Float(key string) float64 { return get[float64](v, key, 0) }
func (v *values) FloatWithFallback(key string, fallback float64) float64 {
	return get(v, key, fallback)
}
func (v *values) SetFloat(key string, value float64) { set(v, key, value) }
func (v *values) FloatList(key string) []float64     { return get[[]float64](v, key, nil) }
func (v *values) FloatListWithFallback(key string, fallback []float64) []float64 {
	return get(v, key, fallback)
}
func (v *values) SetFloatList(key string, value []float64) { set(v, key, value) }

// Int and those that follow implement fyne.Preferences.
func (v *values) Int(key string) int                                   { return get(v, key, 0) }
func (v *values) IntWithFallback(key string, fallback int) int         { return get(v, key, fallback) }
func (v *values) SetInt(key string, value int)                         { set(v, key, value) }
func (v *values) IntList(key string) []int                             { return get[[]int](v, key, nil) }
func (v *values) IntListWithFallback(key string, fallback []int) []int { return get(v, key, fallback) }
func (v *values) SetIntList(key string, value []int)                   { set(v, key, value) }

// String and those that follow implement fyne.Preferences.
func (v *values) String(key string) string                       { return get(v, key, "") }
func (v *values) StringWithFallback(key, fallback string) string { return get(v, key, fallback) }
func (v *values) SetString(key string, value string)             { set(v, key, value) }
func (v *values) StringList(key string) []string                 { return get[[]string](v, key, nil) }
func (v *values) StringListWithFallback(key string, fallback []string) []string {
	return get(v, key, fallback)
}
func (v *values) SetStringList(key string, value []string) { set(v, key, value) }
