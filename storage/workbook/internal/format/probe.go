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
	remedyBank   = "Export the transactions as CSV or Excel from your bank or the program that made it."
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
	word    = &Refusal{"a Word document", remedyCopy}
	slides  = &Refusal{"a PowerPoint presentation", remedyCopy}
	packed  = &Refusal{"a packed archive", remedyUnpack}
	picture = &Refusal{"a picture", remedyCopy}
	lotus   = &Refusal{"an old Lotus 1-2-3 workbook", "Open it with LibreOffice and save it as Excel Workbook (.xlsx)."}

	accessFile = &Refusal{"an Access database", remedyExport}
)

// signatures begin the files that are known and not read. Parquet is one of them: its reader
// for Go would add 10 MB and six modules to the program for columns that are nested as often
// as not, and Excel and every database turn such a file into CSV.
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
	{"ARROW1", &Refusal{"an Arrow file", remedyExport}}, {"Obj\x01", &Refusal{"an Avro file", remedyExport}}, {"ORC", &Refusal{"an ORC file", remedyExport}},
	{"\x00\x01\x00\x00Standard Jet DB", accessFile}, {"\x00\x01\x00\x00Standard ACE DB", accessFile}, {"PGDMP", &Refusal{"a dump of a database", remedyExport}},
	{"$FL2", &Refusal{"an SPSS file", remedyExport}}, {"<stata_dta>", &Refusal{"a Stata file", remedyExport}},
	{"\x00\x00\x02\x00\x06\x04", lotus}, {"\x00\x00\x1a\x00", lotus}, {"\x00\x00\x02\x00\x20\x51", &Refusal{"an old Quattro Pro workbook", ""}},
}

// isDBase reports whether bytes begin as a dBase or FoxPro table does: its version, the day of
// its last change, and how long its head is, which ends with a carriage return.
func isDBase(head []byte) bool {
	if len(head) < 66 || bytes.IndexByte([]byte("\x03\x04\x05\x30\x31\x32\x43\x63\x7b\x83\x8b\x8c\xcb\xe5\xf5\xfb"), head[0]) < 0 {
		return false
	}
	size := int(head[8]) | int(head[9])<<8
	return head[12] == 0 && head[13] == 0 && head[2] > 0 && head[2] <= 12 && head[3] > 0 && head[3] <= 31 && size > 64 && (size > len(head) || bytes.IndexByte(head[size-1:min(size+1, len(head))], '\r') >= 0 || head[0]&0xf0 == 0x30)
}

func (p *Probe) signed() *Refusal {
	if isDBase(p.Head) {
		return &Refusal{"a dBase table (.dbf)", "Open it in LibreOffice or Excel and save it as Excel Workbook (.xlsx)."}
	}
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
	case a.Has("DataModelSchema"), a.Has("DataModel"), a.Has("Report/Layout"):
		return &Refusal{"a Power BI report", "Open it in Power BI Desktop and export the table's rows as CSV."}
	case a.Has("word/document.xml"):
		return word
	case a.Has("ppt/presentation.xml"):
		return slides
	}
	return &Refusal{"a zip archive that holds no workbook", remedyUnpack}
}

// refusedText names the texts that are no rows, by what they hold.
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
	holds := func(word string) bool { return bytes.Contains(lower, []byte(word)) }
	switch {
	case IsXML(text):
		return &Refusal{"an XML file", remedyExport}
	case starts("<!doctype html", "<html", "<head", "<meta", "<body", "<div", "<center", "<!--", "<script", "<style"):
		return &Refusal{"a web page without a table", remedyCopy}
	case isSYLK(text):
		return &Refusal{"a SYLK file", ""}
	case (starts("@relation") || starts("%") && holds("\n@relation")) && holds("@attribute") && holds("@data"):
		return &Refusal{"a data set of Weka (ARFF)", "Save it as CSV in Weka, or load it in the program that made it and export its rows as CSV."}
	case starts("commit ") && holds("\nauthor: ") && holds("\ndate: "):
		return &Refusal{"a log of changes (git log)", "Have git write one line for each change, with a format that puts a delimiter between the values."}
	case starts("table\r\n0,1", "table\n0,1", "table\r0,1"):
		return &Refusal{"a DIF file", ""}
	case starts("{\\rtf"):
		return &Refusal{"a rich text document", remedyCopy}
	case starts("begin:vcard", "begin:vcalendar"):
		return &Refusal{"a list of contacts or appointments", remedyExport}
	case starts("ofxheader:", "<ofx>"):
		return &Refusal{"a bank statement in the OFX format", remedyBank}
	case starts("!type:", "!account", "!option:", "!clear:"):
		return &Refusal{"a bank statement in the QIF format", remedyBank}
	case starts(":20:", "{1:f01") && holds(":60f:"), starts(":20:", "{1:f01") && holds(":61:"):
		return &Refusal{"a bank statement in the MT940 format", remedyBank}
	case starts("una:+", "unb+", "isa*00*", "isa|00|"):
		return &Refusal{"a message of electronic data interchange (EDI)", remedyExport}
	case starts("%!ps"):
		return &Refusal{"a printed page (PostScript)", remedyCopy}
	case IsMail(text):
		return &Refusal{"an e-mail", "Save the file that is attached to it, and open that."}
	case isDump(lower):
		return &Refusal{"a dump of a database", "Export the rows of the table as CSV from the database."}
	case starts("-[ record"), starts("*****") && holds(" row *****"):
		return &Refusal{"a list of records with a line for each value, as a database prints it on its console", "Let the database write its result as CSV or tab-separated text."}
	}
	if holds("<tr") && holds("<td") && holds("</") { // rows of markup behind some other text
		return &Refusal{"text with a web page in it", remedyCopy}
	}
	return nil
}

// isSYLK reports whether text is an exchange file of Multiplan: every line is a record of
// a short kind and fields that begin with a letter, and one of them holds a value. A table
// may begin with the names ID and Price.
func isSYLK(text []byte) bool {
	if !bytes.HasPrefix(text, []byte("ID;P")) {
		return false
	}
	values := 0
	for line := range bytes.Lines(text[:min(len(text), 4096)]) {
		kind, fields, _ := bytes.Cut(bytes.TrimSpace(line), []byte(";"))
		if len(kind) > 3 || bytes.ContainsFunc(kind, func(r rune) bool { return r < 'A' || r > 'Z' }) || len(fields) > 0 && (fields[0] < 'A' || fields[0] > 'Z') {
			break
		}
		if string(kind) == "C" && bytes.Contains(fields, []byte("K")) {
			values++
		}
	}
	return values > 0
}

// IsXML reports whether text is XML that is no web page.
func IsXML(text []byte) bool {
	lower := bytes.ToLower(text[:min(len(text), 4096)])
	if !bytes.HasPrefix(lower, []byte("<?xml")) && !bytes.HasPrefix(lower, []byte("<workbook")) {
		return false
	}
	return !bytes.Contains(lower, []byte("<html"))
}

// mailHeads are fields that the head of a message has, in small letters.
var mailHeads = []string{"mime-version", "content-type", "content-location", "content-transfer-encoding", "from", "to", "subject", "date",
	"received", "return-path", "message-id", "delivered-to", "reply-to", "cc", "dkim-signature", "snapshot-content-location", "x-document-type"}

// IsMail reports whether text begins with the head of a message, as e-mails and web
// archives do: at least two fields that only messages have, before the first blank line.
func IsMail(text []byte) bool {
	known, typed := 0, false
	if bytes.HasPrefix(text, []byte("From ")) { // the first line of a folder of messages
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	for n := 0; n < 60 && len(text) > 0; n++ {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		text = rest
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			continue // the field before goes on
		}
		name, _, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(name) > 76 || bytes.ContainsAny(name, " ,;\t\"") {
			return false
		}
		for _, head := range mailHeads {
			if strings.EqualFold(string(name), head) {
				known++
				typed = typed || strings.HasPrefix(head, "content-") || head == "mime-version" || head == "received" || head == "message-id"
			}
		}
	}
	return known >= 2 && typed
}

// isDump reports whether text, in small letters, consists of commands to a database.
func isDump(lower []byte) bool {
	for _, start := range []string{"-- mysql dump", "-- mariadb dump", "--\n-- postgresql database dump", "--\r\n-- postgresql database dump", "pragma foreign_keys=", "/*!40"} {
		if bytes.HasPrefix(lower, []byte(start)) {
			return true
		}
	}
	commands := 0
	for line := range bytes.Lines(lower) {
		for _, command := range []string{"insert into ", "create table ", "drop table ", "begin transaction;", "set nocount", "use ["} {
			if bytes.HasPrefix(bytes.TrimSpace(line), []byte(command)) {
				commands++
			}
		}
	}
	return commands >= 2
}

// StartsJSON reports whether text starts as a JSON object, or as a list of them.
func StartsJSON(text []byte) bool {
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
