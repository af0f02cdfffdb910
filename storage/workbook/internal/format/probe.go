package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"pushdesk/storage/workbook/internal/archive"
	"pushdesk/storage/workbook/internal/charset"
	"pushdesk/storage/workbook/internal/compound"
	"pushdesk/storage/workbook/internal/fault"
)

// Probe is what the first look at a file shows. Formats recognize their files by it.
type Probe struct {
	Head    []byte           // the first bytes
	Archive *archive.Archive // of a zip, else nil
	Streams map[string]bool  // of a compound file, the container of old Office files: the names in small letters
	Text    []byte           // the start of a text without its byte order mark and first blanks; nil when it is none
}

// Encrypted reports whether the file is a protected workbook in a compound file.
func (p *Probe) Encrypted() bool { return p.Streams["encryptedpackage"] }

// Look takes the first look at a file.
func Look(file io.ReaderAt, size int64) (*Probe, error) {
	p := &Probe{Head: make([]byte, min(size, 64<<10))}
	n, err := file.ReadAt(p.Head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the start of the file: %w", err)
	}
	if p.Head = p.Head[:n]; n == 0 {
		return nil, fault.Truncated("its bytes cannot be read")
	}
	switch {
	case p.starts("PK\x03\x04"), p.starts("PK\x05\x06"):
		p.Archive, err = archive.Open(file, size)
	case p.starts("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		p.Streams, err = compound.Streams(file)
	case p.signed() == nil && charset.LooksLikeText(p.Head):
		text := p.Head
		if strings.HasPrefix(charset.Detect(text), "utf-16") {
			text = bytes.ReplaceAll(text, []byte{0}, nil)
		}
		text = bytes.TrimPrefix(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\xff\xfe"))
		p.Text = append([]byte{}, bytes.TrimLeft(text, " \t\r\n")...) // not nil
	}
	return p, err
}

func (p *Probe) starts(with string) bool { return bytes.HasPrefix(p.Head, []byte(with)) }

// Refusal is a kind of file that is recognized and not read.
type Refusal struct {
	What   string // for example "a PDF"
	Remedy string // "" for what Excel opens
}

const (
	remedyExport = "Export its rows as CSV from the program that made it, or load it in Excel (Data, Get Data) and save a workbook (.xlsx)."
	remedyUnpack = "Unpack it first, and open the workbook or text file inside."
	remedyCopy   = "Copy its table into Excel, save that as Excel Workbook (.xlsx), and open the new file."
)

// oldExcel are workbooks without their container that are of no known version.
var oldExcel = &Refusal{"a part of an old Excel workbook (.xls)", ""}

// excelOf refuses the sheets of the first versions of Excel, which today's does not open
// without being told to.
func excelOf(version int) *Refusal {
	return &Refusal{fmt.Sprintf("a sheet of Excel %d, from before 1994", version),
		"Open it in LibreOffice and save it as Excel Workbook (.xlsx). Excel opens it only where its Trust Center allows such files (File Block Settings)."}
}

var (
	webPage = &Refusal{"a web page", ""}
	word    = &Refusal{"a Word document", remedyCopy}
	slides  = &Refusal{"a PowerPoint presentation", remedyCopy}
	packed  = &Refusal{"a packed archive", remedyUnpack}
	picture = &Refusal{"a picture", remedyCopy}
)

var signatures = []struct {
	start string
	is    *Refusal
}{
	{"\x09\x00\x04\x00", excelOf(2)}, {"\x09\x02\x06\x00", excelOf(3)}, {"\x09\x04\x06\x00", excelOf(4)},
	{"\x09\x08\x10\x00", oldExcel}, {"\x09\x08\x08\x00", oldExcel},
	{"%PDF-", &Refusal{"a PDF", remedyCopy}},
	{"\x1f\x8b", packed}, {"7z\xbc\xaf\x27\x1c", packed}, {"Rar!\x1a\x07", packed}, {"BZh", packed}, {"\x28\xb5\x2f\xfd", packed},
	{"\x89PNG\r\n", picture}, {"\xff\xd8\xff", picture}, {"GIF8", picture},
	{"PAR1", &Refusal{"a Parquet file", remedyExport}}, {"SQLite format 3\x00", &Refusal{"a SQLite database", remedyExport}},
}

func (p *Probe) signed() *Refusal {
	for _, s := range signatures {
		if p.starts(s.start) {
			return s.is
		}
	}
	return nil
}

// Refusal says what the file is when it is of a kind that is not read, and nil when it
// is plain text or nothing that is known.
func (p *Probe) Refusal() *Refusal {
	switch {
	case p.Archive != nil:
		return refusedArchive(p.Archive)
	case p.Streams["worddocument"]:
		return word
	case p.Streams["powerpoint document"]:
		return slides
	case p.Streams != nil:
		return &Refusal{"an old Office file that holds no spreadsheet", remedyCopy}
	case p.Text != nil:
		return refusedText(p.Text)
	}
	return p.signed()
}

func refusedArchive(a *archive.Archive) *Refusal {
	switch {
	case a.Has("Index/Document.iwa"), a.Has("Index.zip"):
		return &Refusal{"an Apple Numbers document", "Open it in Numbers and export it as Excel (.xlsx) or CSV."}
	case a.Has("word/document.xml"):
		return word
	case a.Has("ppt/presentation.xml"):
		return slides
	}
	return &Refusal{"a zip archive that holds no workbook", remedyUnpack}
}

// refusedText names the texts that are no rows.
func refusedText(text []byte) *Refusal {
	lower := bytes.ToLower(text[:min(len(text), 4096)])
	starts := func(words ...string) bool {
		for _, word := range words {
			if bytes.HasPrefix(lower, []byte(word)) {
				return true
			}
		}
		return false
	}
	switch {
	case starts("<?xml", "<workbook"):
		if bytes.Contains(lower, []byte("urn:schemas-microsoft-com:office:spreadsheet")) {
			return &Refusal{"an XML spreadsheet of Excel 2003", ""}
		}
		if bytes.Contains(lower, []byte("<html")) {
			return webPage
		}
		return &Refusal{"an XML file", remedyExport}
	case starts("<!doctype html", "<html", "<table", "<head", "<meta"):
		return webPage
	case startsJSON(text):
		return &Refusal{"a JSON file", remedyExport}
	}
	return nil
}

// startsJSON reports whether text starts as a JSON object, or as a list of them.
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
