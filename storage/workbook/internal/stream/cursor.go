package stream

import (
	"errors"
	"io"
)

// Cursor takes bytes from blocks, a piece at a time.
type Cursor struct {
	src   Blocks
	rest  []byte // of the last block
	carry []byte // a piece that lies in several blocks
	at    int64
}

// NewCursor makes a cursor at the start of the blocks.
func NewCursor(src Blocks) *Cursor { return &Cursor{src: src} }

// Rest is what is at hand of the bytes that come next; it may be empty before the end.
func (c *Cursor) Rest() []byte { return c.rest }

// At is how many bytes were taken.
func (c *Cursor) At() int64 { return c.at }

// Take returns the next n bytes in one piece, valid until the next call. At the end it
// gives io.EOF, and io.ErrUnexpectedEOF when some of the bytes are missing.
func (c *Cursor) Take(n int) ([]byte, error) {
	if n <= len(c.rest) {
		piece := c.rest[:n:n]
		c.rest = c.rest[n:]
		c.at += int64(n)
		return piece, nil
	}
	c.carry = append(c.carry[:0], c.rest...)
	c.rest = nil
	for len(c.carry) < n {
		block, err := c.src.Next()
		if err != nil {
			return nil, early(err, len(c.carry) > 0)
		}
		m := min(n-len(c.carry), len(block))
		c.carry, c.rest = append(c.carry, block[:m]...), block[m:]
	}
	c.at += int64(n)
	return c.carry, nil
}

// Skip passes over n bytes.
func (c *Cursor) Skip(n int) error {
	for some := false; n > 0; some = true {
		if len(c.rest) == 0 {
			block, err := c.src.Next()
			if err != nil {
				return early(err, some)
			}
			c.rest = block
		}
		m := min(n, len(c.rest))
		c.rest, n, c.at = c.rest[m:], n-m, c.at+int64(m)
	}
	return nil
}

func early(err error, some bool) error {
	if some && errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
