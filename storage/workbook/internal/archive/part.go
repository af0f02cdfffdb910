package archive

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/xmlscan"

	"github.com/klauspost/compress/flate" // a quarter faster than the standard one, and inflating is most of reading
)

// partReader returns the content of a part. It ends with io.EOF only when the whole
// part was there, its length is right and its checksum ran.
type partReader struct {
	member *zip.File
	packed countReader
	plain  io.Reader
	sum    uint32
	read   int64
	limit  int64 // 0 = none; the length that was budgeted for
}

func (a *Archive) Part(name string) (*partReader, error) {
	f, ok := a.parts[Fold(name)]
	if !ok {
		return nil, fault.Corrupt("its part %s is missing", name)
	}
	if f.Flags&1 != 0 {
		return nil, fault.Unsupported("its parts are protected by the zip program's own password")
	}
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, fmt.Errorf("find the part %s: %w", name, err)
	}
	p := &partReader{member: f, packed: countReader{r: raw}}
	switch f.Method {
	case zip.Store:
		p.plain = &p.packed
	case zip.Deflate:
		p.plain = flate.NewReader(bufio.NewReaderSize(&p.packed, int(min(f.CompressedSize64+16, 64<<10))))
	default:
		return nil, fault.Unsupported("its part %s is compressed by a method (%d) that Excel does not use", name, f.Method)
	}
	if expands(int64(f.UncompressedSize64), int64(f.CompressedSize64)) {
		return nil, p.bomb()
	}
	return p, nil
}

func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.plain.Read(b)
	p.sum = crc32.Update(p.sum, crc32.IEEETable, b[:n])
	p.read += int64(n)
	if expands(p.read, p.packed.n) {
		return n, p.bomb()
	}
	var broken flate.CorruptInputError
	switch {
	case p.limit > 0 && p.read > p.limit:
		return n, fault.Corrupt("the part %s is longer than the %d bytes it claims", p.member.Name, p.limit)
	case err == nil:
		return n, nil
	case errors.As(err, &broken):
		return n, fault.Corrupt("the compressed data of %s is broken at byte %d", p.member.Name, int64(broken))
	case !errors.Is(err, io.EOF):
		return n, fmt.Errorf("read the part %s: %w", p.member.Name, err)
	case uint64(p.read) < p.member.UncompressedSize64:
		return n, fmt.Errorf("the part %s has %d bytes instead of %d: %w", p.member.Name, p.read, p.member.UncompressedSize64, io.ErrUnexpectedEOF)
	case uint64(p.read) > p.member.UncompressedSize64:
		return n, fault.Corrupt("the part %s has %d bytes instead of %d", p.member.Name, p.read, p.member.UncompressedSize64)
	case p.member.CRC32 != 0 && p.sum != p.member.CRC32: // some writers leave it 0
		return n, fault.Corrupt("the checksum of the part %s is wrong", p.member.Name)
	}
	return n, io.EOF
}

func (p *partReader) bomb() error {
	return fault.TooLarge("its part %s expands to many times its size, as no real workbook does", p.member.Name)
}

type countReader struct {
	r io.Reader
	n int64
}

func (c *countReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// maxSmall is how much all parts but the sheets and the texts may expand to.
const maxSmall = 256 << 20

// smallPart opens a part that is read where it is needed.
func (a *Archive) smallPart(name string) (*partReader, error) {
	p, err := a.Part(name)
	if err != nil {
		return nil, err
	}
	if a.small += int64(p.member.UncompressedSize64); a.small > maxSmall {
		return nil, fault.TooLarge("its descriptions expand to more than %d MB", maxSmall>>20)
	}
	p.limit = int64(p.member.UncompressedSize64)
	return p, nil
}

// Blocks opens a small part for reading it as it is.
func (a *Archive) Blocks(name string) (stream.Blocks, error) {
	p, err := a.smallPart(name)
	if err != nil {
		return nil, err
	}
	return stream.NewWhole(p), nil
}

// Tokens opens a small part for reading its XML.
func (a *Archive) Tokens(name string) (*xmlscan.Tokenizer, error) {
	p, err := a.smallPart(name)
	if err != nil {
		return nil, err
	}
	r, err := xmlscan.Decode(p)
	if err != nil {
		return nil, err
	}
	return xmlscan.New(stream.NewWhole(r)), nil
}

// Stream starts reading a part in the background, as XML in UTF-8, and returns its
// length as the archive states it.
func (a *Archive) Stream(ctx context.Context, name string) (*stream.Stream, int64, error) {
	p, err := a.Part(name)
	if err != nil {
		return nil, 0, err
	}
	r, err := xmlscan.Decode(p)
	if err != nil {
		return nil, 0, err
	}
	return stream.New(ctx, r), int64(p.member.UncompressedSize64), nil
}

// Mimetype reads the part by which OpenDocument files name themselves.
func (a *Archive) Mimetype() string {
	f, ok := a.parts["mimetype"]
	if !ok || f.Method != zip.Store && f.Method != zip.Deflate {
		return ""
	}
	p, err := a.Part("mimetype")
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(io.LimitReader(p, 200))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// Binary starts reading a part in the background as it is, and returns its length as
// the archive states it.
func (a *Archive) Binary(ctx context.Context, name string) (*stream.Stream, int64, error) {
	p, err := a.Part(name)
	if err != nil {
		return nil, 0, err
	}
	return stream.New(ctx, p), int64(p.member.UncompressedSize64), nil
}
