package shared

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// What the files of a folder are called. A copy of a file keeps the ending, whatever the
// program that copies folders puts before it; git, Subversion and merge tools add theirs
// behind it.
var (
	PlainName = regexp.MustCompile(`(?i)\.json$`)
	CopyName  = regexp.MustCompile(`(?i)\.json(\.(orig|mine|theirs|working|r\d+|merge-(left|right)\.r\d+)|~.+)?$`)
)

// Files lists the files of a folder whose names fit. Names that begin with a point, or end
// as temporary files of Windows do (sales.json~RF1a2b.TMP), are those of files that are
// being written, or belong to sync programs.
func Files(folder string, name *regexp.Regexp) (paths []string, err error) {
	list, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the folder: %w", err)
	}
	for _, f := range list {
		if !strings.HasPrefix(f.Name(), ".") && !strings.EqualFold(filepath.Ext(f.Name()), ".tmp") && name.MatchString(f.Name()) {
			paths = append(paths, filepath.Join(folder, f.Name()))
		}
	}
	return paths, nil
}
