package workbook

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"github.com/klauspost/compress/flate" // a quarter faster than the standard one, and inflating is most of reading
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// Limits against files that expand without end. A sheet of a million real rows
// expands 5 to 11 times, an honest extreme 121 times, bombs 400 times and more.
const (
	freePart   = 100 << 20 // bytes that a part may expand to, whatever the ratio
	freeRatio  = 200       // the ratio it may have beyond that
	largePart  = 4 << 30   // beyond this many bytes ...
	largeRatio = 25        // ... the ratio of ordinary sheets is the limit
)

// partReader gives the content of a part. It ends with io.EOF only when the whole
// part was there, its length is right and its checksum ran.
type partReader struct {
	member *zip.File
	packed countReader
	plain  io.Reader
	sum    uint32
	read   int64
	limit  int64 // 0 = none; the length that was budgeted for
}

func (a *archive) open(name string) (*partReader, error) {
	f, ok := a.parts[fold(name)]
	if !ok {
		return nil, corrupt("its part %s is missing", name)
	}
	if f.Flags&1 != 0 {
		return nil, unsupported("its parts are protected by the zip program's own password")
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
		return nil, unsupported("its part %s is compressed by a method (%d) that Excel does not use", name, f.Method)
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
		return n, corrupt("the part %s is longer than the %d bytes it claims", p.member.Name, p.limit)
	case err == nil:
		return n, nil
	case errors.As(err, &broken):
		return n, corrupt("the compressed data of %s is broken at byte %d", p.member.Name, int64(broken))
	case err != io.EOF:
		return n, fmt.Errorf("read the part %s: %w", p.member.Name, err)
	case uint64(p.read) < p.member.UncompressedSize64:
		return n, fmt.Errorf("the part %s has %d bytes instead of %d: %w", p.member.Name, p.read, p.member.UncompressedSize64, io.ErrUnexpectedEOF)
	case uint64(p.read) > p.member.UncompressedSize64:
		return n, corrupt("the part %s has %d bytes instead of %d", p.member.Name, p.read, p.member.UncompressedSize64)
	case p.member.CRC32 != 0 && p.sum != p.member.CRC32: // some writers leave it 0
		return n, corrupt("the checksum of the part %s is wrong", p.member.Name)
	}
	return n, io.EOF
}

func expands(plain, packed int64) bool {
	return plain > freePart && plain/freeRatio > packed || plain > largePart && plain/largeRatio > packed
}

func (p *partReader) bomb() error {
	return tooLarge("its part %s expands to many times its size, as no real workbook does", p.member.Name)
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

// utf8XML decodes XML to UTF-8 without a byte order mark. XML is UTF-8 unless a
// mark or its first line says otherwise.
func utf8XML(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 4096)
	head, err := b.Peek(256)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := b.Discard(3)
		return b, err
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("<\x00")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(b), nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\x00<")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(b), nil
	}
	name := declaredEncoding(head)
	if name == "" {
		return b, nil
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil, unsupported("one of its parts is written in the encoding %q", name)
	}
	if canonical, err := htmlindex.Name(e); err == nil && strings.HasPrefix(canonical, "utf-") {
		return b, nil // UTF-16 would have shown itself above: the name is wrong, not the text
	}
	return e.NewDecoder().Reader(b), nil
}

// declaredEncoding finds encoding="..." in the first line of XML.
func declaredEncoding(head []byte) string {
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	head, _, _ = bytes.Cut(head, []byte("?>"))
	_, rest, found := bytes.Cut(head, []byte("encoding"))
	if !found {
		return ""
	}
	rest = bytes.TrimLeft(rest, " \t\r\n=")
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	name, _, _ := bytes.Cut(rest[1:], rest[:1])
	return string(name)
}
