// Package stream reads ahead, block by block.
package stream

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"pushdesk/storage/workbook/internal/fault"
)

// Blocks start small, so that a preview is there at once, and grow.
const (
	firstBlock = 16 << 10
	FullBlock  = 256 << 10
	ringBlocks = 5
)

// Blocks returns bytes block by block. A block is valid until the next call; the end
// is io.EOF, with no bytes.
type Blocks interface {
	Next() ([]byte, error)
}

// Stream reads on a goroutine of its own, so that inflating and parsing use two
// cores. The ring bounds how far it runs ahead.
type Stream struct {
	ctx   context.Context
	full  chan block
	free  chan []byte
	quit  chan struct{}
	once  sync.Once
	last  []byte
	err   error
	taken atomic.Int64 // bytes the consumer has got
}

type block struct {
	data []byte
	err  error
}

// New starts reading r. The goroutine ends when r does, when ctx is done or
// when close is called; a read that is under way is finished first.
func New(ctx context.Context, r io.Reader) *Stream {
	s := &Stream{ctx: ctx, full: make(chan block, ringBlocks), free: make(chan []byte, ringBlocks), quit: make(chan struct{})}
	for range ringBlocks {
		s.free <- nil
	}
	go s.run(r)
	return s
}

func (s *Stream) run(r io.Reader) {
	size := firstBlock
	for {
		var buf []byte
		select {
		case buf = <-s.free:
		case <-s.quit:
			return
		case <-s.ctx.Done():
			return
		}
		if cap(buf) < size {
			buf = make([]byte, size)
		}
		n, err := fill(r, buf[:size])
		size = min(size*4, FullBlock)
		select {
		case s.full <- block{buf[:n], err}:
		case <-s.quit:
			return
		case <-s.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// fill reads until buf is full. A panic of a decoder becomes an error.
func fill(r io.Reader, buf []byte) (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.Corrupt("unpacking it failed: %v", p)
		}
	}()
	for idle := 0; n < len(buf) && err == nil; idle++ {
		var got int
		if got, err = r.Read(buf[n:]); got > 0 {
			n, idle = n+got, 0
		}
		if idle > 100 {
			err = fmt.Errorf("read: %w", io.ErrNoProgress)
		}
	}
	return n, err
}

func (s *Stream) Next() ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	if s.last != nil {
		s.free <- s.last // never blocks: the ring has room for all blocks
		s.last = nil
	}
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return nil, err
	}
	select {
	case b := <-s.full:
		s.err = b.err
		s.taken.Add(int64(len(b.data)))
		if len(b.data) > 0 {
			s.last = b.data
			return b.data, nil
		}
		if b.err == nil {
			return nil, io.ErrNoProgress
		}
		return nil, b.err
	case <-s.ctx.Done():
		s.err = s.ctx.Err()
		return nil, s.err
	}
}

// Fraction is how much of so many bytes the reader has got, from 0 to 1.
func (s *Stream) Fraction(of int64) float64 {
	if of <= 0 {
		return 1
	}
	return min(1, float64(s.taken.Load())/float64(of))
}

func (s *Stream) Close() { s.once.Do(func() { close(s.quit) }) }

// NewWhole makes the reader of a small part.
func NewWhole(r io.Reader) *whole { return &whole{r: r} }

// whole reads small parts where they are needed.
type whole struct {
	r   io.Reader
	buf []byte
	err error
}

func (w *whole) Next() ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	if w.buf == nil {
		w.buf = make([]byte, 32<<10)
	}
	n, err := fill(w.r, w.buf)
	w.err = err
	if n == 0 && err == nil {
		return nil, io.ErrNoProgress
	}
	if n == 0 {
		return nil, err
	}
	return w.buf[:n], nil
}
