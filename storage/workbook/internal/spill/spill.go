// Package spill keeps what does not fit into memory in an encrypted file.
package spill

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	// maxBytes bounds the file, far above a sheet that is as large as Excel allows
	// with the usual dozen of columns.
	maxBytes = 8 << 30
	prefix   = ".~pushdesk-rows-"
)

// File is a file of pages that are written once, one behind the other, and read in
// any order. It is encrypted with a key that only this value has, so that nobody can
// read what a killed program leaves on the disk.
type File struct {
	file   *os.File
	out    *bufio.Writer
	seal   cipher.AEAD
	sealed []byte  // of the page being written
	ends   []int64 // where each page ends
}

// ErrFull says that the pages need more room than they may take.
var ErrFull = errors.New("the rows need more room than the file for them may take")

// New makes an empty file in a folder, which is made as well.
func New(folder string) (*File, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the preview: %w", err)
	}
	f, err := os.CreateTemp(folder, prefix+"*") // 0600
	if err != nil {
		return nil, fmt.Errorf("make a file for the preview: %w", err)
	}
	_ = os.Remove(f.Name()) // where a file may be removed while it is open, nothing is left behind
	return &File{file: f, out: bufio.NewWriterSize(f, 256<<10), seal: seal}, nil
}

// Sweep removes the files that killed programs have left in a folder. One that a
// running program still reads is either gone from the folder already or cannot be
// removed.
func Sweep(folder string) {
	list, _ := os.ReadDir(folder) // there may be none yet
	for _, f := range list {
		if strings.HasPrefix(f.Name(), prefix) {
			_ = os.Remove(filepath.Join(folder, f.Name()))
		}
	}
}

// Pages returns how many pages there are.
func (s *File) Pages() int { return len(s.ends) }

func (s *File) end(page int) int64 {
	if page < 0 {
		return 0
	}
	return s.ends[page]
}

// nonce numbers the pages: a key seals one file, and each of its pages once.
func (s *File) nonce(page int) []byte {
	return binary.LittleEndian.AppendUint64(make([]byte, s.seal.NonceSize()-8), uint64(page))
}

// Append writes the next page.
func (s *File) Append(page []byte) error {
	s.sealed = s.seal.Seal(s.sealed[:0], s.nonce(len(s.ends)), page, nil)
	at := s.end(len(s.ends)-1) + int64(len(s.sealed))
	if at > maxBytes {
		return ErrFull
	}
	if _, err := s.out.Write(s.sealed); err != nil {
		return err
	}
	s.ends = append(s.ends, at)
	return nil
}

// Flush makes the pages readable. None is written after it.
func (s *File) Flush() error {
	err := s.out.Flush()
	s.out, s.sealed = nil, nil
	return err
}

// Read returns a page.
func (s *File) Read(page int) ([]byte, error) {
	from := s.end(page - 1)
	sealed := make([]byte, s.ends[page]-from)
	if _, err := s.file.ReadAt(sealed, from); err != nil {
		return nil, err
	}
	return s.seal.Open(sealed[:0], s.nonce(page), sealed, nil)
}

// Close removes the file.
func (s *File) Close() error {
	err := s.file.Close()
	_ = os.Remove(s.file.Name())
	return err
}
