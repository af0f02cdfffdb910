package compound

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"pushdesk/storage/workbook/internal/fault"

	"github.com/richardlehane/mscfb"
)

// Stream is a stream of a compound file.
type Stream struct {
	Size int64

	file io.ReaderAt
	name string
}

// Find finds the stream of a name, in small letters. The streams of documents inside
// the document do not count.
func Find(file io.ReaderAt, size int64, name string) (*Stream, error) {
	s := &Stream{file: file, name: name}
	content, err := s.open()
	if err != nil {
		return nil, err
	}
	if s.Size = content.Size; s.Size > size {
		return nil, fault.Truncated("its content claims %d bytes, and the file has %d", s.Size, size)
	}
	return s, nil
}

// open finds the stream with a reader of the container that belongs to the caller.
func (s *Stream) open() (found *mscfb.File, err error) {
	err = eachStream(&pages{file: s.file}, func(name string, content *mscfb.File) (bool, error) {
		if name == s.name && len(content.Path) == 0 && !content.FileInfo().IsDir() {
			found = content
		}
		return found != nil, nil
	})
	if err == nil && found == nil {
		err = fault.Corrupt("its content is missing")
	}
	return found, err
}

// From returns a reader of the stream from an offset on. It may also be moved forward.
func (s *Stream) From(offset int64) (io.ReadSeeker, error) {
	content, err := s.open()
	if err != nil {
		return nil, err
	}
	r := &reader{content}
	if offset > 0 {
		_, err = r.Seek(offset, io.SeekStart)
	}
	return r, err
}

// reader explains what the container's reader finds wrong. One that panics does so on
// the content of the file.
type reader struct{ content *mscfb.File }

func (r *reader) Read(b []byte) (n int, err error) {
	defer guard(&err)
	n, err = r.content.Read(b[:min(len(b), mostRead)]) // it takes the square of the sectors to join them
	return n, explain(err)
}

func (r *reader) Seek(offset int64, whence int) (at int64, err error) {
	defer guard(&err)
	if whence == io.SeekStart && offset >= r.content.Size {
		return 0, fault.Truncated("its list of sheets leads beyond its end")
	}
	at, err = r.content.Seek(offset, whence)
	return at, explain(err)
}

func guard(err *error) {
	if p := recover(); p != nil {
		*err = fault.Corrupt("its container is broken: %v", p)
	}
}

func explain(err error) error {
	var broken mscfb.Error
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return err
	case errors.As(err, &broken) && strings.Contains(err.Error(), "EOF"): // it does not wrap the cause
		return fault.Truncated("the file ends before its content does")
	case errors.As(err, &broken):
		return fault.Corrupt("its container is broken: %v", err)
	}
	return fmt.Errorf("read the container: %w", err)
}

const (
	mostRead  = 32 << 10
	pageSize  = 4 << 10
	pageCount = 64
)

// pages keeps what was read last: the container's reader follows a chain of sectors
// with a read of four bytes for each. It belongs to one goroutine.
type pages struct {
	file   io.ReaderAt
	number [pageCount]int64 // of the pages, from one on
	page   [pageCount][]byte
}

func (p *pages) ReadAt(b []byte, offset int64) (int, error) {
	page := offset / pageSize
	if from := offset % pageSize; len(b) <= pageSize && offset >= 0 && from+int64(len(b)) <= pageSize {
		slot := page % pageCount
		if p.number[slot] != page+1 {
			if p.page[slot] == nil {
				p.page[slot] = make([]byte, pageSize)
			}
			p.number[slot] = 0
			n, err := p.file.ReadAt(p.page[slot][:pageSize], page*pageSize)
			if p.page[slot] = p.page[slot][:n]; err != nil && !errors.Is(err, io.EOF) {
				return 0, err
			}
			p.number[slot] = page + 1
		}
		if kept := p.page[slot]; from+int64(len(b)) <= int64(len(kept)) {
			return copy(b, kept[from:]), nil
		}
	}
	return p.file.ReadAt(b, offset)
}
