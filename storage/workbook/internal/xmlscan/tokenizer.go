// Package xmlscan reads XML fast, with the limits that hostile files need.
package xmlscan

import (
	"bytes"
	"errors"
	"io"

	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/stream"
)

// maxToken is the longest tag or text in bytes. The longest text of a cell,
// 32,767 characters, stays far below it even when every character is an entity.
const maxToken = 1 << 20

// maxDepth is how deep elements may nest; a sheet needs seven levels.
const maxDepth = 256

type token uint8

const (
	End   token = iota // </name>; an empty element <name/> gives start, then end
	Start              // <name ...>
	Text               // text as it is stored, or CDATA
	Stop               // the document is over, or tokenizer.err is set
)

// Attribute is a name and its undecoded value, as positions in the window. The
// name has lost its prefix; prefixed says that there was one.
type Attribute struct {
	name, nameEnd, value, valueEnd int
	prefixed                       bool
}

// Tokenizer reads XML: tags, attributes, text, entities, CDATA, comments and
// prefixes, which is all that a workbook's parts use. Names lose their prefix,
// which makes the transitional and the strict form of the format one. It allocates
// nothing per token. It checks that every element is closed in the right order and
// that one root holds everything; a document type is refused, and with it every
// entity bomb.
//
// Everything it returns is valid until the next call of next.
//
// Large: a method for each construct of XML.
type Tokenizer struct {
	src      stream.Blocks
	buf      []byte
	pos, end int
	srcDone  bool

	Name     []byte // of the start or end tag, without prefix
	text     []byte // of a text token
	literal  bool   // the text is CDATA: nothing in it is to be decoded
	Attrs    []Attribute
	Depth    int // open elements, counting the one that a start token opened
	open     []byte
	openAt   [maxDepth]int
	emptyEnd bool // the end of an empty element is due
	rooted   bool
	Err      error
}

func New(src stream.Blocks) *Tokenizer { return &Tokenizer{src: src} }

// more brings further bytes behind those from keep on, which move to the front of
// the window. It gives how far they moved, or false at the end of the part.
func (t *Tokenizer) more(keep int) (moved int, ok bool) {
	if t.srcDone || t.Err != nil {
		return 0, false
	}
	if t.end-keep > maxToken {
		t.Err = fault.TooLarge("a single piece of it is longer than %d bytes", maxToken)
		return 0, false
	}
	data, err := t.src.Next()
	if err != nil {
		t.srcDone = true
		if !errors.Is(err, io.EOF) {
			t.Err = err
		}
		return 0, false
	}
	rest := t.end - keep
	if need := rest + len(data); need > len(t.buf) {
		grown := make([]byte, max(need, min(2*len(t.buf), stream.FullBlock+maxToken)))
		copy(grown, t.buf[keep:t.end])
		t.buf = grown
	} else {
		copy(t.buf, t.buf[keep:t.end])
	}
	t.end = rest + copy(t.buf[rest:], data)
	t.pos -= keep
	return keep, true
}

func (t *Tokenizer) fail(format string, args ...any) token {
	if t.Err == nil {
		t.Err = fault.Corrupt(format, args...)
	}
	return Stop
}

// broken is fail for scanTag.
func (t *Tokenizer) broken(why string) (done, ok bool) {
	t.fail("%s", why)
	return false, false
}

// Next reads the next token.
func (t *Tokenizer) Next() token {
	if t.emptyEnd {
		t.emptyEnd = false
		return t.pop()
	}
	if t.Err != nil {
		return Stop
	}
	for {
		if t.pos == t.end {
			if _, ok := t.more(t.pos); !ok {
				return t.finish()
			}
		}
		if t.buf[t.pos] != '<' {
			if t.readText() {
				return Text
			}
			if t.Err != nil {
				return Stop
			}
			continue
		}
		if !t.ensure(2) {
			return t.fail("it ends inside a tag")
		}
		switch t.buf[t.pos+1] {
		case '/':
			return t.endTag()
		case '?':
			if !t.skipTo(2, "?>") {
				return t.fail("it ends inside a processing instruction")
			}
		case '!':
			switch {
			case t.ensure(4) && string(t.buf[t.pos:t.pos+4]) == "<!--":
				if !t.skipTo(4, "-->") {
					return t.fail("it ends inside a comment")
				}
			case t.ensure(9) && string(t.buf[t.pos:t.pos+9]) == "<![CDATA[" && t.Depth > 0:
				return t.cdata()
			default:
				return t.fail("it has a declaration that workbooks do not use")
			}
		default:
			return t.startTag()
		}
		if t.Err != nil {
			return Stop
		}
	}
}

// finish checks that the document is whole.
func (t *Tokenizer) finish() token {
	switch {
	case t.Err != nil:
	case t.Depth > 0:
		t.Err = fault.Truncated("its XML ends before its elements are closed")
	case !t.rooted:
		t.Err = fault.Truncated("its XML is empty")
	}
	return Stop
}

// ensure makes n bytes from pos on available.
func (t *Tokenizer) ensure(n int) bool {
	for t.end-t.pos < n {
		if _, ok := t.more(t.pos); !ok {
			return false
		}
	}
	return true
}

// readText sets text up to the next tag. Blanks outside the root are skipped.
func (t *Tokenizer) readText() bool {
	from := t.pos
	for {
		if i := bytes.IndexByte(t.buf[t.pos:t.end], '<'); i >= 0 {
			t.pos += i
			break
		}
		t.pos = t.end
		moved, ok := t.more(from)
		if !ok {
			break
		}
		from -= moved
	}
	if t.Err != nil {
		return false
	}
	t.text, t.literal = t.buf[from:t.pos], false
	if t.Depth == 0 {
		if len(bytes.TrimSpace(t.text)) > 0 {
			t.fail("it has text outside its elements")
		}
		return false
	}
	return true
}

func (t *Tokenizer) cdata() token {
	from := t.pos + len("<![CDATA[")
	t.pos = from
	for {
		if i := bytes.Index(t.buf[t.pos:t.end], []byte("]]>")); i >= 0 {
			t.text, t.literal = t.buf[from:t.pos+i], true
			t.pos += i + 3
			return Text
		}
		t.pos = max(from, t.end-2)
		moved, ok := t.more(from)
		if !ok {
			return t.fail("it ends inside a CDATA section")
		}
		from -= moved
	}
}

// skipTo skips what starts at pos (open bytes long) and ends with mark. It
// needs no memory, however long that is.
func (t *Tokenizer) skipTo(open int, mark string) bool {
	t.pos += open
	for {
		if i := bytes.Index(t.buf[t.pos:t.end], []byte(mark)); i >= 0 {
			t.pos += i + len(mark)
			return true
		}
		t.pos = max(t.pos, t.end-len(mark)+1)
		if _, ok := t.more(t.pos); !ok {
			return false
		}
	}
}

func IsSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

// maxAttributes is more than any element of a workbook has.
const maxAttributes = 512

// startTag reads a start tag. When the window ends inside it, it is read again
// from its start with more bytes.
func (t *Tokenizer) startTag() token {
	for {
		done, ok := t.scanTag()
		if !ok {
			return Stop
		}
		if done {
			return Start
		}
		if _, ok := t.more(t.pos); !ok {
			return t.fail("it ends inside a tag")
		}
	}
}

// scanTag reads the tag at pos. done is false when the window ends inside it.
func (t *Tokenizer) scanTag() (done, ok bool) {
	b := t.buf[:t.end]
	i := t.pos + 1
	nameAt, local := i, i
	for i < len(b) && inName[b[i]] {
		if b[i] == ':' {
			local = i + 1
		}
		i++
	}
	if i == len(b) {
		return false, true
	}
	if !IsSpace(b[i]) && b[i] != '>' && b[i] != '/' {
		return t.broken("a tag has a broken name")
	}
	nameEnd := i
	t.Attrs = t.Attrs[:0]
	for {
		for i < len(b) && IsSpace(b[i]) {
			i++
		}
		if i == len(b) {
			return false, true
		}
		if b[i] == '>' {
			i++
			break
		}
		if b[i] == '/' {
			if i+1 == len(b) {
				return false, true
			}
			if b[i+1] != '>' {
				return t.broken("a tag has a stray slash")
			}
			t.emptyEnd = true
			i += 2
			break
		}
		a := Attribute{name: i}
		if !IsSpace(b[i-1]) {
			return t.broken("a tag has attributes without a blank between them")
		}
		for i < len(b) && inName[b[i]] {
			if b[i] == ':' {
				a.name, a.prefixed = i+1, true
			}
			i++
		}
		a.nameEnd = i
		for i < len(b) && IsSpace(b[i]) {
			i++
		}
		if i == len(b) {
			return false, true
		}
		if b[i] != '=' || a.nameEnd == a.name || len(t.Attrs) == maxAttributes {
			return t.broken("a tag has a broken attribute")
		}
		for i++; i < len(b) && IsSpace(b[i]); i++ {
		}
		if i == len(b) {
			return false, true
		}
		quote := b[i]
		if quote != '"' && quote != '\'' {
			return t.broken("a tag has an attribute without quotes")
		}
		i++
		a.value = i
		for i < len(b) && b[i] != quote && b[i] != '<' { // values are short: quicker than a search
			i++
		}
		if i == len(b) {
			return false, true
		}
		if b[i] == '<' {
			return t.broken("a tag has an attribute that is never closed")
		}
		a.valueEnd = i
		i++
		t.Attrs = append(t.Attrs, a)
	}
	if nameEnd == local {
		return t.broken("a tag has no name")
	}
	if t.Depth == maxDepth || t.Depth == 0 && t.rooted {
		t.emptyEnd = false
		return t.broken("its elements are nested wrongly")
	}
	t.rooted = true
	t.openAt[t.Depth] = len(t.open)
	t.open = append(t.open, b[nameAt:nameEnd]...)
	t.Depth++
	t.Name = b[local:nameEnd]
	t.pos = i
	return true, true
}

// inName marks the bytes of names. Letters beyond ASCII are not checked.
var inName = func() (t [256]bool) {
	for b := range t {
		t[b] = b >= 0x80 || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == ':' || b == '_' || b == '-' || b == '.'
	}
	return t
}()

// endTag reads an end tag, which has to close the element that is open.
func (t *Tokenizer) endTag() token {
	from := t.pos
	for {
		if i := bytes.IndexByte(t.buf[t.pos:t.end], '>'); i >= 0 {
			name := bytes.TrimRight(t.buf[from+2:t.pos+i], " \t\r\n")
			t.pos += i + 1
			if t.Depth == 0 || !bytes.Equal(name, t.open[t.openAt[t.Depth-1]:]) {
				return t.fail("an element is closed that is not open")
			}
			return t.pop()
		}
		t.pos = t.end
		moved, ok := t.more(from)
		if !ok {
			return t.fail("it ends inside a tag")
		}
		from -= moved
	}
}

// pop closes the innermost element.
func (t *Tokenizer) pop() token {
	t.Depth--
	at := t.openAt[t.Depth]
	t.Name = t.open[at:]
	if i := bytes.LastIndexByte(t.Name, ':'); i >= 0 {
		t.Name = t.Name[i+1:]
	}
	t.open = t.open[:at]
	return End
}
