package storage

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// TypedPath is a path as people type it and as file managers and terminals copy it: in
// quotes, as a file:// address, or from the home folder.
func TypedPath(text string) string {
	text = strings.Trim(strings.TrimSpace(text), `"'`) // also the quote that is left of "C:\Sales\" on a command line of Windows
	if scheme, _, ok := strings.Cut(text, "://"); ok && strings.EqualFold(scheme, "file") {
		if u, err := url.Parse(text); err == nil {
			return localPath(u, runtime.GOOS == "windows")
		}
	}
	for _, begin := range []string{"~/", "~" + string(filepath.Separator)} {
		if rest, ok := strings.CutPrefix(text, begin); ok {
			if home, err := os.UserHomeDir(); err == nil {
				return filepath.Join(home, rest)
			}
		}
	}
	return text
}

// localPath is the path that a file:// address names. On Windows file:///C:/x is C:\x, and
// file://server/share is a folder of another computer.
func localPath(u *url.URL, windows bool) string {
	if !windows {
		return u.Path
	}
	path := strings.ReplaceAll(u.Path, "/", `\`)
	if u.Host != "" && u.Host != "localhost" {
		return `\\` + u.Host + path
	}
	return strings.TrimPrefix(path, `\`)
}
