package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/richardlehane/mscfb"
)

// contents is what a file is, by its content.
type contents string

const (
	contentXLSX      contents = "xlsx"
	contentText      contents = "text"
	contentEncrypted contents = "encrypted"
	contentODS       contents = "ods"

	// Recognised, and not read.
	contentXLS     contents = "an old Excel workbook (.xls)"
	contentXLSB    contents = "a binary Excel workbook (.xlsb)"
	contentHTML    contents = "a web page"
	contentXML2003 contents = "an XML spreadsheet of Excel 2003"
	contentXML     contents = "an XML file"
	contentJSON    contents = "a JSON file"
	contentNumbers contents = "an Apple Numbers document"
	contentWord    contents = "a Word document"
	contentSlides  contents = "a PowerPoint presentation"
	contentOffice  contents = "an old Office file that holds no spreadsheet"
	contentZip     contents = "a zip archive that holds no workbook"
	contentPDF     contents = "a PDF"
	contentPacked  contents = "a packed archive"
	contentImage   contents = "a picture"
	contentParquet contents = "a Parquet file"
	contentSQLite  contents = "a SQLite database"
	contentBinary  contents = "not a spreadsheet and not text"
)

var signatures = []struct {
	start string
	is    contents
}{
	{"\x09\x08\x10\x00", contentXLS}, {"\x09\x08\x08\x00", contentXLS},
	{"\x09\x04\x06\x00", contentXLS}, {"\x09\x02\x06\x00", contentXLS}, {"\x09\x00\x04\x00", contentXLS},
	{"%PDF-", contentPDF}, {"\x1f\x8b", contentPacked}, {"7z\xbc\xaf\x27\x1c", contentPacked},
	{"Rar!\x1a\x07", contentPacked}, {"BZh", contentPacked}, {"\x28\xb5\x2f\xfd", contentPacked},
	{"\x89PNG\r\n", contentImage}, {"\xff\xd8\xff", contentImage}, {"GIF8", contentImage},
	{"PAR1", contentParquet}, {"SQLite format 3\x00", contentSQLite},
}

// sniff decides by content what a file is.
func sniff(file io.ReaderAt, size int64) (contents, error) {
	head := make([]byte, min(size, 64<<10))
	if n, err := file.ReadAt(head, 0); err != nil && err != io.EOF {
		return "", fmt.Errorf("read the start of the file: %w", err)
	} else if head = head[:n]; n == 0 {
		return "", &fault{KindTruncated, "its bytes cannot be read"}
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return sniffZip(file, size)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return sniffCompound(file)
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.start)) {
			return s.is, nil
		}
	}
	return sniffText(head), nil
}

func sniffZip(file io.ReaderAt, size int64) (contents, error) {
	a, err := openArchive(file, size)
	if err != nil {
		return "", err
	}
	switch {
	case a.has("xl/workbook.bin"):
		return contentXLSB, nil
	case a.has("Index/Document.iwa"), a.has("Index.zip"):
		return contentNumbers, nil
	case a.has("word/document.xml"):
		return contentWord, nil
	case a.has("ppt/presentation.xml"):
		return contentSlides, nil
	case strings.HasPrefix(a.mimetype(), "application/vnd.oasis.opendocument.spreadsheet"):
		return contentODS, nil
	case a.has("xl/workbook.xml"):
		return contentXLSX, nil
	}
	if m, err := a.manifest(); err == nil && m.part != "" {
		return contentXLSX, nil
	}
	return contentZip, nil
}

// mimetype reads the part by which OpenDocument files name themselves.
func (a *archive) mimetype() string {
	f, ok := a.parts["mimetype"]
	if !ok || f.Method != zip.Store && f.Method != zip.Deflate {
		return ""
	}
	p, err := a.open("mimetype")
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(io.LimitReader(p, 200))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// maxStreams is how many streams of a compound file are looked at.
const maxStreams = 10_000

// sniffCompound tells what a compound file, the container of old Office files and
// of protected new ones, holds.
func sniffCompound(file io.ReaderAt) (is contents, err error) {
	defer func() {
		if p := recover(); p != nil {
			is, err = "", corrupt("its list of streams is broken: %v", p)
		}
	}()
	doc, err := mscfb.New(file)
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return "", &fault{KindTruncated, "its list of streams is missing: " + err.Error()}
		}
		return "", corrupt("its list of streams is broken: %v", err)
	}
	is = contentOffice
	for range maxStreams {
		entry, err := doc.Next()
		if err != nil {
			break
		}
		switch strings.ToLower(entry.Name) {
		case "encryptedpackage":
			return contentEncrypted, nil
		case "workbook", "book":
			is = contentXLS
		case "worddocument":
			is = contentWord
		case "powerpoint document":
			is = contentSlides
		}
	}
	return is, nil
}

// sniffText tells text from other bytes, and rows from other text.
func sniffText(head []byte) contents {
	if !looksLikeText(head) {
		return contentBinary
	}
	text := head
	if e := encodingOf(head); strings.HasPrefix(e, "utf-16") {
		text = bytes.ReplaceAll(head, []byte{0}, nil)
	}
	text = bytes.TrimLeft(bytes.TrimPrefix(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\xff\xfe")), " \t\r\n")
	lower := bytes.ToLower(text[:min(len(text), 4096)])
	switch {
	case bytes.HasPrefix(lower, []byte("<?xml")), bytes.HasPrefix(lower, []byte("<workbook")):
		if bytes.Contains(lower, []byte("urn:schemas-microsoft-com:office:spreadsheet")) {
			return contentXML2003
		}
		if bytes.Contains(lower, []byte("<html")) {
			return contentHTML
		}
		return contentXML
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")),
		bytes.HasPrefix(lower, []byte("<table")), bytes.HasPrefix(lower, []byte("<head")), bytes.HasPrefix(lower, []byte("<meta")):
		return contentHTML
	case startsJSON(text):
		return contentJSON
	}
	return contentText
}

// startsJSON tells whether text starts as a JSON object, or as a list of them.
func startsJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) > 0 && text[0] == '[' {
		text = bytes.TrimLeft(text[1:], " \t\r\n")
	}
	if len(text) == 0 || text[0] != '{' {
		return false
	}
	text = bytes.TrimLeft(text[1:], " \t\r\n")
	return len(text) > 0 && (text[0] == '"' || text[0] == '}')
}
