package store

import (
	"bytes"
	"sync"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/traffic"
)

// NewMemory returns a store that keeps rows in memory.
func NewMemory() Store { return &memory{} }

// memory keeps rows in memory, one block of lines a batch.
type memory struct {
	mu     sync.Mutex
	blocks []memoryBlock
	rows   int64
}

type memoryBlock struct {
	columns []powerbi.Column
	lines   []byte
	rows    int
}

func (s *memory) Append(columns []powerbi.Column, lines []byte, n int, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks = append(s.blocks, memoryBlock{columns, bytes.Clone(lines), n})
	s.rows += int64(n)
	return nil
}

func (s *memory) Count() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows
}

func (s *memory) Trim(keep int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.rows > keep && len(s.blocks) > 0 {
		b := &s.blocks[0]
		if over := s.rows - keep; over < int64(b.rows) {
			// The rest moves to memory of its own, or it would hold the whole block.
			b.lines = bytes.Clone(afterLines(b.lines, int(over)))
			b.rows -= int(over)
			s.rows = keep
			return nil
		}
		s.rows -= int64(b.rows)
		s.blocks[0] = memoryBlock{}
		s.blocks = s.blocks[1:]
	}
	return nil
}

// afterLines cuts n lines off the front.
func afterLines(lines []byte, n int) []byte {
	for ; n > 0; n-- {
		lines = lines[bytes.IndexByte(lines, '\n')+1:]
	}
	return lines
}

func (s *memory) Clear() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks, s.rows = nil, 0
	return nil
}

func (s *memory) Each(yield func([]powerbi.Column, []byte) bool) error {
	s.mu.Lock()
	blocks := append([]memoryBlock(nil), s.blocks...) // lines are never changed in place
	s.mu.Unlock()
	for _, b := range blocks {
		for lines := b.lines; len(lines) > 0; {
			end := bytes.IndexByte(lines, '\n')
			if !yield(b.columns, lines[:end]) {
				return nil
			}
			lines = lines[end+1:]
		}
	}
	return nil
}

func (s *memory) Batches(time.Time) []traffic.Stored { return nil }
func (s *memory) Remove() error                      { return s.Clear() }
