package xmlscan

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"pushdesk/storage/workbook/internal/fault"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// Decode decodes XML to UTF-8 without a byte order mark. XML is UTF-8 unless a
// mark or its first line says otherwise.
func Decode(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 4096)
	head, err := b.Peek(256)
	if err != nil && !errors.Is(err, io.EOF) {
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
		return nil, fault.Unsupported("one of its parts is written in the encoding %q", name)
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
