package window

import (
	"fmt"

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
	f := failure.New(failure.Unexpected, "no-opengl", "The window cannot be drawn: this computer offers no OpenGL 2.1, which is usual on remote desktops and virtual machines without a graphics driver.",
		"Install the driver of the graphics card, or put the opengl32.dll of Mesa, which draws without a graphics card, beside the program.").Because(err)
	if err != nil {
		return f.WithDetails("OpenGL: %v", err)
	}
	return f.WithDetails("OpenGL: %s", version)
}
