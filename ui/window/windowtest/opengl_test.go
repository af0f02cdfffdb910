//go:build display && linux

package windowtest

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestNoOpenGL: where OpenGL is missing or too old, as on remote desktops, the program says
// so, and what works all the same, and ends.
func TestNoOpenGL(t *testing.T) {
	if wine() != "" {
		t.Skip("it is for this system")
	}
	own := screenWithout(t, "GLX")
	for name, env := range map[string][]string{"missing": {"DISPLAY=" + own}, "too old": {"MESA_GL_VERSION_OVERRIDE=1.4"}} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
			defer stop()
			c := exec.CommandContext(ctx, os.Getenv(binaryVariable))
			c.Dir = t.TempDir()
			c.Env = append(append(os.Environ(), "PUSHDESK_HOME="+t.TempDir(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir()), env...)
			out, err := c.CombinedOutput()
			said := string(out)
			if c.ProcessState.ExitCode() != 1 || !strings.Contains(said, "no OpenGL 2.1") || !strings.Contains(said, "pushdesk send FILE --practice") || strings.Contains(said, "goroutine") {
				t.Errorf("%v, %d:\n%s", err, c.ProcessState.ExitCode(), said)
			}
		})
	}
}

// screenWithout starts a screen in memory that lacks an extension, and returns its name.
func screenWithout(t *testing.T, extension string) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset", "-extension", extension)
	c.ExtraFiles = []*os.File{w}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	_ = w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return ":" + strings.TrimSpace(number)
}
