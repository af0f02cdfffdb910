package storage

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// errNotRegular says that something else than a file is where a file was looked for: a
// pipe, which would be waited for without end, a device, or a folder.
var errNotRegular = errors.New("it is not a file")

// OpenRegular opens a file to read it. What is no file gives an error and is not waited
// for.
func OpenRegular(path string) (*os.File, error) {
	f, err := openNow(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// ReadFile reads a whole file of at most so many bytes. A larger one, and what is no
// file, gives an error.
func ReadFile(path string, most int64) ([]byte, error) {
	f, err := OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(text)) > most {
		return nil, fmt.Errorf("read %s: it is larger than %d bytes", path, most)
	}
	return text, nil
}

// MostKept bounds the small files that the program keeps for itself.
const MostKept = 64 << 20
