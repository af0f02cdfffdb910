package window

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// pixelFormat is the PIXELFORMATDESCRIPTOR of Windows.
type pixelFormat struct {
	size, version uint16
	flags         uint32
	kind, colour  uint8
	_             [30]byte // what nothing is asked of
}

// The flags of a pixel format that draws on a window with OpenGL.
const drawsWindow = 0x1 | 0x4 | 0x20 // PFD_DOUBLEBUFFER, PFD_DRAW_TO_WINDOW, PFD_SUPPORT_OPENGL

// openGL returns the version of OpenGL that a window gets here. It makes one that nobody
// sees, and draws nothing on it.
func openGL() (version string, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	gl := syscall.NewLazyDLL("opengl32.dll") // one beside the program is preferred, as by the window itself
	user, gdi := windows.NewLazySystemDLL("user32.dll"), windows.NewLazySystemDLL("gdi32.dll")
	if err := gl.Load(); err != nil {
		return "", fmt.Errorf("load OpenGL: %w", err)
	}
	class, err := windows.UTF16PtrFromString("STATIC")
	if err != nil {
		return "", err
	}
	window, _, err := user.NewProc("CreateWindowExW").Call(0, uintptr(unsafe.Pointer(class)), 0, 0, 0, 0, 16, 16, 0, 0, 0, 0)
	if window == 0 {
		return "", fmt.Errorf("make a window: %w", err)
	}
	defer user.NewProc("DestroyWindow").Call(window) //nolint:errcheck // it is gone with the program
	surface, _, err := user.NewProc("GetDC").Call(window)
	if surface == 0 {
		return "", fmt.Errorf("get the surface of the window: %w", err)
	}
	defer user.NewProc("ReleaseDC").Call(window, surface) //nolint:errcheck // it is gone with the program
	wish := pixelFormat{version: 1, flags: drawsWindow, colour: 24}
	wish.size = uint16(unsafe.Sizeof(wish))
	format, _, err := gdi.NewProc("ChoosePixelFormat").Call(surface, uintptr(unsafe.Pointer(&wish)))
	if format == 0 {
		return "", fmt.Errorf("choose a pixel format: %w", err)
	}
	if ok, _, err := gdi.NewProc("SetPixelFormat").Call(surface, format, uintptr(unsafe.Pointer(&wish))); ok == 0 {
		return "", fmt.Errorf("set the pixel format: %w", err)
	}
	context, _, err := gl.NewProc("wglCreateContext").Call(surface)
	if context == 0 {
		return "", fmt.Errorf("make a context: %w", err)
	}
	defer gl.NewProc("wglDeleteContext").Call(context) //nolint:errcheck // it is gone with the program
	if ok, _, err := gl.NewProc("wglMakeCurrent").Call(surface, context); ok == 0 {
		return "", fmt.Errorf("use the context: %w", err)
	}
	defer gl.NewProc("wglMakeCurrent").Call(0, 0) //nolint:errcheck // it is gone with the program
	const glVersion, glRenderer = 0x1F02, 0x1F01
	get := func(what uintptr) string {
		text, _, _ := gl.NewProc("glGetString").Call(what)
		if text == 0 {
			return ""
		}
		return windows.BytePtrToString(*(**byte)(unsafe.Pointer(&text)))
	}
	return strings.TrimSpace(get(glVersion) + " " + get(glRenderer)), nil
}

// drawable returns why the window cannot be drawn here.
func drawable() error {
	version, err := openGL()
	return judgeOpenGL(version, err)
}
