package store

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/traffic"
)

// File keeps the rows of a table in one file and only counts in memory.
//
// The file is a sequence of blocks, each one line of JSON (blockHead) followed by
// the lines of its rows. The head tells the length and the checksum of the block:
// what a killed process left half-written at the end is recognized and dropped
// with its whole batch when the file is opened again.
// Dropped rows are only noted (Dropped) until they are the larger part of the
// file, which is then written anew.
type File struct {
	path string
	live atomic.Int64 // rows held: readable while a long read holds mu

	mu      sync.Mutex
	size    int64 // of the file
	rows    int64 // in the file, dropped ones included
	dropped int64
	columns []powerbi.Column // of the last block
	recent  []traffic.Stored // batches of the last hour before the file was opened
}

// blockHead is the first line of a block.
type blockHead struct {
	Columns []powerbi.Column `json:"columns,omitempty"` // when they differ from those of the block before
	Rows    int              `json:"rows"`
	Bytes   int64            `json:"bytes"`
	CRC     uint32           `json:"crc"`
	At      int64            `json:"at"`                // milliseconds since 1970
	Dropped int64            `json:"dropped,omitempty"` // from here on, this many of the oldest rows of the file are gone
}

var checksums = crc32.MakeTable(crc32.Castagnoli)

// Open opens the rows of a table, or starts with none. It reads the
// heads of the blocks and checks the last block.
func Open(path string, now time.Time) (*File, error) {
	s := &File{path: path}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open stored rows: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() { // a pipe would be waited for without end
		err = fmt.Errorf("%s is not a file", filepath.Base(path))
	}
	if err != nil {
		return nil, fmt.Errorf("open stored rows: %w", err)
	}
	for s.size < info.Size() {
		head, next, err := readHead(f, s.size, info.Size())
		if err != nil {
			return nil, fmt.Errorf("read stored rows: %w", err)
		}
		if next == 0 || (next == info.Size() && !intact(f, next-head.Bytes, head)) {
			break // cut short: this batch never was
		}
		s.take(head)
		if at := time.UnixMilli(head.At); head.Rows > 0 && at.After(now.Add(-time.Hour)) {
			s.recent = append(s.recent, traffic.Stored{At: at, Rows: int64(head.Rows)})
		}
		s.size = next
	}
	if s.size < info.Size() {
		if err := f.Truncate(s.size); err != nil {
			return nil, fmt.Errorf("drop a batch that was cut short: %w", err)
		}
	}
	return s, nil
}

// take applies the head of a block that is now part of the file.
func (s *File) take(head blockHead) {
	if head.Columns != nil {
		s.columns = head.Columns
	}
	s.rows += int64(head.Rows)
	if head.Dropped > 0 {
		s.dropped = min(head.Dropped, s.rows)
	}
	s.live.Store(s.rows - s.dropped)
}

// readHead reads the head at an offset, and where the next block begins: 0 if
// this one does not end within the file.
func readHead(f io.ReaderAt, at, size int64) (blockHead, int64, error) {
	r := bufio.NewReaderSize(io.NewSectionReader(f, at, size-at), 4096)
	line, err := r.ReadBytes('\n')
	if errors.Is(err, io.EOF) {
		return blockHead{}, 0, nil
	}
	if err != nil {
		return blockHead{}, 0, err
	}
	var head blockHead
	if json.Unmarshal(line, &head) != nil || head.Bytes < 0 || head.Bytes > size || head.Rows < 0 {
		return blockHead{}, 0, nil
	}
	next := at + int64(len(line)) + head.Bytes
	if next > size {
		return blockHead{}, 0, nil
	}
	return head, next, nil
}

// intact compares the checksum of a block.
func intact(f io.ReaderAt, at int64, head blockHead) bool {
	sum := crc32.New(checksums)
	n, err := io.Copy(sum, io.NewSectionReader(f, at, head.Bytes))
	return err == nil && n == head.Bytes && sum.Sum32() == head.CRC
}

func (s *File) Append(columns []powerbi.Column, lines []byte, n int, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	head := blockHead{Rows: n, Bytes: int64(len(lines)), CRC: crc32.Checksum(lines, checksums), At: at.UnixMilli()}
	if !sameColumns(s.columns, columns) {
		head.Columns = columns
	}
	return s.write(head, lines)
}

// write adds a block at the end of the file, or leaves the file as it was.
func (s *File) write(head blockHead, lines []byte) error {
	line, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("store rows: %w", err)
	}
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("store rows: %w", err)
	}
	line = append(line, '\n')
	_, err = f.WriteAt(line, s.size)
	if err == nil && len(lines) > 0 {
		_, err = f.WriteAt(lines, s.size+int64(len(line)))
	}
	if err != nil {
		err = errors.Join(err, f.Truncate(s.size))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("store rows: %w", err)
	}
	s.size += int64(len(line) + len(lines))
	s.take(head)
	return nil
}

func (s *File) Count() int64 { return s.live.Load() }

func (s *File) Trim(keep int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows-s.dropped <= keep {
		return nil
	}
	if keep <= 0 {
		return s.empty()
	}
	if dropped := s.rows - keep; dropped <= keep {
		return s.write(blockHead{Dropped: dropped}, nil)
	}
	return s.rewrite(s.rows - keep)
}

// rewrite writes the file anew without the oldest rows and puts it in place of
// the old one.
func (s *File) rewrite(drop int64) error {
	fresh := &File{path: s.path + ".new"}
	if err := os.Remove(fresh.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("compact stored rows: %w", err)
	}
	var fail error
	err := s.eachBlock(func(columns []powerbi.Column, head blockHead, first int64, lines []byte) bool {
		if skip := drop - first; skip > 0 {
			lines, head.Rows = afterLines(lines, int(skip)), head.Rows-int(skip)
		}
		fail = fresh.Append(columns, lines, head.Rows, time.UnixMilli(head.At))
		return fail == nil
	}, drop)
	if err = errors.Join(err, fail); err != nil {
		return fmt.Errorf("compact stored rows: %w", err)
	}
	if err := os.Rename(fresh.path, s.path); err != nil {
		return fmt.Errorf("compact stored rows: %w", err)
	}
	s.size, s.rows, s.dropped, s.columns = fresh.size, fresh.rows, 0, fresh.columns
	s.live.Store(s.rows)
	return nil
}

// eachBlock reads the blocks that hold rows from number `from` on. first is the
// number, in the file, of a block's first row.
func (s *File) eachBlock(yield func(columns []powerbi.Column, head blockHead, first int64, lines []byte) bool, from int64) error {
	if s.size == 0 {
		return nil
	}
	f, err := os.Open(s.path)
	if err != nil {
		return fmt.Errorf("read stored rows: %w", err)
	}
	defer f.Close()
	var columns []powerbi.Column
	var lines []byte
	var first int64
	for at := int64(0); at < s.size; {
		head, next, err := readHead(f, at, s.size)
		if err != nil {
			return fmt.Errorf("read stored rows: %w", err)
		}
		if next == 0 {
			return fmt.Errorf("read stored rows: the file changed at byte %d", at)
		}
		if head.Columns != nil {
			columns = head.Columns
		}
		if head.Rows > 0 && first+int64(head.Rows) > from {
			if int64(cap(lines)) < head.Bytes {
				lines = make([]byte, head.Bytes)
			}
			lines = lines[:head.Bytes]
			if _, err := f.ReadAt(lines, next-head.Bytes); err != nil {
				return fmt.Errorf("read stored rows: %w", err)
			}
			if !yield(columns, head, first, lines) {
				return nil
			}
		}
		first += int64(head.Rows)
		at = next
	}
	return nil
}

func (s *File) Each(yield func([]powerbi.Column, []byte) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.eachBlock(func(columns []powerbi.Column, _ blockHead, first int64, lines []byte) bool {
		if skip := s.dropped - first; skip > 0 {
			lines = afterLines(lines, int(skip))
		}
		for len(lines) > 0 {
			end := bytes.IndexByte(lines, '\n')
			if end < 0 || !yield(columns, lines[:end]) {
				return false
			}
			lines = lines[end+1:]
		}
		return true
	}, s.dropped)
}

func (s *File) Clear() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.empty()
}

// empty removes the file. The caller holds mu.
func (s *File) empty() error {
	if err := os.Remove(s.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("delete stored rows: %w", err)
	}
	s.size, s.rows, s.dropped, s.columns = 0, 0, 0, nil
	s.live.Store(0)
	return nil
}

func (s *File) Batches(after time.Time) []traffic.Stored {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []traffic.Stored
	for _, e := range s.recent {
		if e.At.After(after) {
			out = append(out, e)
		}
	}
	return out
}

func (s *File) Remove() error {
	if err := s.Clear(); err != nil {
		return err
	}
	os.Remove(filepath.Dir(s.path)) // the dataset's folder, once it is empty
	return nil
}
