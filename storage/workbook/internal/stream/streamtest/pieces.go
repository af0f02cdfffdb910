// Package streamtest has a source of bytes for tests.
package streamtest

import (
	"io"
	"math/rand/v2"
)

// Pieces returns a text in small pieces of any length, as no token expects.
type Pieces struct {
	Text   string
	Random *rand.Rand
	buf    [8]byte
}

func (s *Pieces) Next() ([]byte, error) {
	if s.Text == "" {
		return nil, io.EOF
	}
	n := copy(s.buf[:1+s.Random.IntN(len(s.buf))], s.Text)
	s.Text = s.Text[n:]
	return s.buf[:n], nil
}
