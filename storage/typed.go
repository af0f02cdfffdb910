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
	if len(text) > 6 && strings.EqualFold(text[:6], "file:/") {
		return localPath(text[5:], runtime.GOOS == "windows")
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

// localPath is the path that is behind file: in an address. On Windows ///C:/x is C:\x, and
// //server/share is a folder of another computer.
func localPath(address string, windows bool) string {
	path := address
	if plain, err := url.PathUnescape(address); err == nil {
		path = plain
	}
	host := ""
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		at := strings.IndexByte(rest+"/", '/')
		host, path = rest[:at], rest[at:]
	}
	if !windows {
		return path
	}
	path = strings.ReplaceAll(path, "/", `\`)
	drive := func(s string) bool { return len(s) >= 2 && s[1] == ':' }
	switch inner := strings.TrimLeft(path, `\`); {
	case drive(host): // file://C:/x, which many programs write
		return host + path
	case host != "" && !strings.EqualFold(host, "localhost"):
		return `\\` + host + path
	case drive(inner):
		return inner
	case strings.HasPrefix(path, `\\`):
		return `\\` + inner
	}
	return path
}
