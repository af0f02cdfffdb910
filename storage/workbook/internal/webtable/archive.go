package webtable

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"path"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"pushdesk/storage/workbook/internal/charset"
	"pushdesk/storage/workbook/internal/fault"
)

// document is a web page: the file, or one part of an archive.
type document struct {
	number   int
	location string // its name in the archive
	reader   io.Reader
}

// mostParts bounds how many parts an archive has that are looked at.
const mostParts = 10_000

// eachPart calls do with each web page of an archive, until it returns an error.
func eachPart(r io.Reader, do func(document) error) error {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := textproto.NewReader(b).ReadMIMEHeader()
	if err != nil {
		return fault.Corrupt("the head of the web archive cannot be read: %v", err)
	}
	number := 0
	return parts(b, head, func(head textproto.MIMEHeader, body io.Reader) error {
		kind, params, err := mime.ParseMediaType(head.Get("Content-Type"))
		if err != nil || kind != "text/html" {
			return nil
		}
		page, err := decoded(body, params["charset"])
		if err != nil {
			return err
		}
		number++
		return do(document{number: number - 1, location: strings.ToLower(path.Base(head.Get("Content-Location"))), reader: page})
	}, 0)
}

// parts calls do with each part of a message that is no container.
func parts(r io.Reader, head textproto.MIMEHeader, do func(textproto.MIMEHeader, io.Reader) error, depth int) error {
	kind, params, err := mime.ParseMediaType(head.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return do(head, plain(r, head.Get("Content-Transfer-Encoding")))
	}
	if depth > 4 {
		return fault.Corrupt("the web archive has parts in parts, deeper than any program nests them")
	}
	m := multipart.NewReader(r, params["boundary"])
	for n := 0; ; n++ {
		p, err := m.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fault.Truncated("the web archive ends too early: %v", err)
		case n == mostParts:
			return fault.TooLarge("the web archive has more than %d parts", mostParts)
		}
		if err := parts(p, p.Header, do, depth+1); err != nil {
			return err
		}
	}
}

// plain undoes the encoding in which a part is carried.
func plain(r io.Reader, encoding string) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	}
	return r
}

// decoded returns a page as UTF-8: by its byte order mark, what the archive or the page
// itself says, else by its bytes.
func decoded(r io.Reader, stated string) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	name := charset.Detect(head)
	marked := strings.HasPrefix(name, "utf-16") || bytes.HasPrefix(head, []byte("\xef\xbb\xbf"))
	if stated == "" {
		stated = statedCharset(head)
	}
	if e, err := htmlindex.Get(stated); err == nil && !marked {
		if canonical, err := htmlindex.Name(e); err == nil && !strings.HasPrefix(canonical, "utf-") {
			if name != "utf-8" || ascii(head) { // a page that is valid UTF-8 is that, whatever it says
				return e.NewDecoder().Reader(b), nil
			}
		}
	}
	return charset.Decode(b, name)
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// statedCharset finds charset=... in the start of a page.
func statedCharset(head []byte) string {
	_, rest, ok := bytes.Cut(bytes.ToLower(head[:min(len(head), 4096)]), []byte("charset="))
	if !ok {
		return ""
	}
	rest = bytes.TrimLeft(rest, `"' `)
	if end := bytes.IndexAny(rest, "\"' />;\r\n"); end >= 0 {
		rest = rest[:end]
	}
	return string(rest)
}
