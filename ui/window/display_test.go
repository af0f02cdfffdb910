package window

import (
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/storage/failure"
)

// TestADisplayThatDoesNotAnswerIsSaid: no stack trace, but a sentence and what to do.
func TestADisplayThatDoesNotAnswerIsSaid(t *testing.T) {
	folder := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(folder, "wayland-7"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, c := range []struct {
		system string
		env    map[string]string
		says   string
	}{
		{"linux", nil, "There is no display here"},
		{"linux", map[string]string{"DISPLAY": ":49999"}, `The display ":49999" does not answer`},
		{"linux", map[string]string{"DISPLAY": "nonsense"}, `The display "nonsense" does not answer`},
		{"freebsd", map[string]string{"DISPLAY": "127.0.0.1:59535.0"}, "does not answer"},
		{"linux", map[string]string{"WAYLAND_DISPLAY": "wayland-8", "XDG_RUNTIME_DIR": folder}, "There is no display here"},
		{"linux", map[string]string{"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": folder}, ""},
		{"windows", nil, ""},
		{"darwin", nil, ""},
	} {
		err := Display(c.system, func(name string) string { return c.env[name] })
		f, ok := failure.From(err)
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s %v: %v", c.system, c.env, err)
		case c.says != "" && (!ok || !strings.Contains(f.Sentence, c.says) || f.Remedy == "" || f.Kind != failure.Unexpected):
			t.Errorf("%s %v: %+v", c.system, c.env, err)
		}
	}
}

// TestAWindowThatCannotBeMadeIsNoCrash: what Fyne does when a display refuses us.
func TestAWindowThatCannotBeMadeIsNoCrash(t *testing.T) {
	err := opening(func() bool { return false }, func() { panic("NotInitialized: The GLFW library is not initialized") })
	if f, ok := failure.From(err); !ok || !errors.Is(err, errNoDisplay) || !strings.Contains(f.Details, "GLFW") {
		t.Errorf("%v", err)
	}
	err = opening(func() bool { return false }, func() { panic("FormatUnavailable: GLX: Failed to find a suitable GLXFBConfig") })
	if f, ok := failure.From(err); !ok || f.Code != "no-opengl" || !strings.Contains(f.Details, "GLXFBConfig") {
		t.Errorf("%v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a fault of the program was hidden")
		}
	}()
	_ = opening(func() bool { return true }, func() { panic("a fault of ours") })
}
