package window

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pushdesk/storage/failure"
)

// errNoDisplay is the failure of a window that has nowhere to open.
var errNoDisplay = failure.New(failure.Unexpected, "no-display", "There is no display here, so the window cannot open.",
	"Start Pushdesk in a desktop session.")

// displayPatience is how long a display may take to answer.
const displayPatience = 3 * time.Second

// Display returns an error that says why no window can open here, or nil. Fyne would
// end with a stack trace. Only on Linux and BSD can a display be missing.
func Display(system string, getenv func(string) string) error {
	if system == "windows" || system == "darwin" {
		return drawable()
	}
	if name := getenv("WAYLAND_DISPLAY"); name != "" && waylandAnswers(name, getenv("XDG_RUNTIME_DIR")) {
		return nil
	}
	name := getenv("DISPLAY")
	if name == "" {
		return errNoDisplay
	}
	if err := x11Answers(name); err != nil {
		f := failure.New(failure.Unexpected, errNoDisplay.Code, fmt.Sprintf("The display %q does not answer, so the window cannot open.", name),
			"Start Pushdesk in a desktop session, or set DISPLAY to a running one.")
		return f.Because(err).WithDetails("%v", err)
	}
	return nil
}

func waylandAnswers(name, folder string) bool {
	if !filepath.IsAbs(name) {
		name = filepath.Join(folder, name)
	}
	return dial("unix", name) == nil
}

// x11Answers connects to a display such as :0, :1.0 or host:10.0.
func x11Answers(name string) error {
	if filepath.IsAbs(name) { // macOS names its socket
		return nil
	}
	at := strings.LastIndex(name, ":")
	if at < 0 {
		return fmt.Errorf("connect to the display: %q is no name of one", name)
	}
	host, number := name[:at], name[at+1:]
	number, _, _ = strings.Cut(number, ".")
	var screen int
	if _, err := fmt.Sscanf(number, "%d", &screen); err != nil || screen < 0 || screen > 59535 {
		return fmt.Errorf("connect to the display: %q is no name of one", name)
	}
	switch host, _, _ := strings.Cut(host, "/"); host {
	case "", "unix":
		socket := fmt.Sprintf("/tmp/.X11-unix/X%d", screen)
		err := dial("unix", socket)
		if err != nil && dial("unix", "@"+socket) == nil {
			return nil
		}
		return err
	default:
		return dial("tcp", net.JoinHostPort(host, fmt.Sprint(6000+screen)))
	}
}

func dial(network, address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), displayPatience)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, network, address)
	if err != nil {
		return fmt.Errorf("connect to the display: %w", err)
	}
	return c.Close()
}

// opening runs a window. A panic before it has started is a display that cannot be
// used, such as one that refuses this user.
func opening(started func() bool, run func()) (err error) {
	defer func() {
		if started() {
			return
		}
		if cause := recover(); cause != nil {
			fmt.Fprintln(os.Stderr) // behind what Fyne has logged
			if err = errNoDisplay.WithDetails("%v", cause); aboutOpenGL.MatchString(fmt.Sprint(cause)) {
				err = judgeOpenGL("", fmt.Errorf("make the window: %v", cause))
			}
		}
	}()
	run()
	return nil
}
