package window

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"regexp"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"

	"pushdesk/storage/failure"
)

// judgeOpenGL returns why the window cannot be drawn with a version of OpenGL, such as
// "1.1.0 GDI Generic": the window needs 2.1. That is what Windows itself has, and all
// there is where the graphics driver is missing.
func judgeOpenGL(version string, err error) error {
	var major, minor int
	if err == nil {
		if _, scan := fmt.Sscanf(version, "%d.%d", &major, &minor); scan != nil || major > 2 || major == 2 && minor >= 1 {
			return nil // what cannot be read may work
		}
	}
	remedy := "Install the driver of the graphics card, or that of Mesa, which draws without one."
	if runtime.GOOS == "windows" {
		remedy = "Install the driver of the graphics card, or put the opengl32.dll of Mesa, which draws without a graphics card, beside the program."
	}
	f := failure.New(failure.Unexpected, "no-opengl", "The window cannot be drawn: this computer offers no OpenGL 2.1, which is usual on remote desktops and virtual machines without a graphics driver.", remedy).Because(err)
	if err != nil {
		return f.WithDetails("OpenGL: %v", err)
	}
	return f.WithDetails("OpenGL: %s", version)
}

// aboutOpenGL recognizes what the libraries below Fyne say of OpenGL.
var aboutOpenGL = regexp.MustCompile(`GLX|EGL|WGL|NSGL|OpenGL|FormatUnavailable|VersionUnavailable`)

// shown shows a window, and returns why it cannot be drawn. Fyne only logs that, and would
// then wait for good without a window.
func shown(w fyne.Window) error {
	said, was := &bytes.Buffer{}, log.Writer()
	log.SetOutput(said)
	w.Show()
	log.SetOutput(was)
	there := true
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			switch c := context.(type) {
			case driver.X11WindowContext:
				there = c.WindowHandle != 0
			case driver.WaylandWindowContext:
				there = c.WaylandSurface != 0
			case driver.WindowsWindowContext:
				there = c.HWND != 0
			case driver.MacWindowContext:
				there = c.NSWindow != 0
			}
		})
	}
	if there {
		_, _ = was.Write(said.Bytes())
		return nil
	}
	cause := strings.TrimSpace(said.String())
	if _, why, ok := strings.Cut(cause, "Cause: "); ok { // as Fyne logs an error
		cause, _, _ = strings.Cut(why, "\n")
	}
	if aboutOpenGL.MatchString(cause) {
		return judgeOpenGL("", errors.New(cause))
	}
	return errNoDisplay.WithDetails("%s", cause)
}
