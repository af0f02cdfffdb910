package xmlscan

import "bytes"

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
		t.fail("a tag has a broken name")
		return false, false
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
				t.fail("a tag has a stray slash")
				return false, false
			}
			t.emptyEnd = true
			i += 2
			break
		}
		a := attribute{name: i}
		if !IsSpace(b[i-1]) {
			t.fail("a tag has attributes without a blank between them")
			return false, false
		}
		for i < len(b) && inName[b[i]] {
			if b[i] == ':' {
				a.name, a.Prefixed = i+1, true
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
			t.fail("a tag has a broken attribute")
			return false, false
		}
		for i++; i < len(b) && IsSpace(b[i]); i++ {
		}
		if i == len(b) {
			return false, true
		}
		quote := b[i]
		if quote != '"' && quote != '\'' {
			t.fail("a tag has an attribute without quotes")
			return false, false
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
			t.fail("a tag has an attribute that is never closed")
			return false, false
		}
		a.valueEnd = i
		i++
		t.Attrs = append(t.Attrs, a)
	}
	if nameEnd == local {
		t.fail("a tag has no name")
		return false, false
	}
	if t.Depth == maxDepth || t.Depth == 0 && t.rooted {
		t.emptyEnd = false
		t.fail("its elements are nested wrongly")
		return false, false
	}
	t.rooted = true
	t.openAt[t.Depth] = len(t.open)
	t.open = append(t.open, b[nameAt:nameEnd]...)
	t.Depth++
	t.Name = b[local:nameEnd]
	t.pos = i
	return true, true
}

// inName marks the bytes of names. Letters beyond ASCII are not looked at more closely.
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

// Attr gives the undecoded value of an attribute that has no prefix, or nil.
func (t *Tokenizer) Attr(name string) []byte {
	for _, a := range t.Attrs {
		if !a.Prefixed && string(t.buf[a.name:a.nameEnd]) == name {
			return t.buf[a.value:a.valueEnd]
		}
	}
	return nil
}

// PrefixedAttr gives the value of an attribute that has a prefix, such as r:id.
func (t *Tokenizer) PrefixedAttr(name string) []byte {
	for _, a := range t.Attrs {
		if a.Prefixed && string(t.buf[a.name:a.nameEnd]) == name {
			return t.buf[a.value:a.valueEnd]
		}
	}
	return nil
}

// AttrText gives the decoded value of an attribute.
func (t *Tokenizer) AttrText(name string) string {
	return t.DecodeAttr(t.Attr(name))
}

// PrefixedText returns the decoded value of an attribute that has a prefix.
func (t *Tokenizer) PrefixedText(name string) string {
	return t.DecodeAttr(t.PrefixedAttr(name))
}

func (t *Tokenizer) DecodeAttr(raw []byte) string {
	text, err := AppendText(nil, raw)
	if err != nil && t.Err == nil {
		t.Err = err
	}
	return string(text)
}

// Skip passes over the rest of the element that was just started.
func (t *Tokenizer) Skip() {
	for depth := t.Depth; t.Depth >= depth; {
		if t.Next() == Stop {
			return
		}
	}
}

// AttrTrue tells whether an attribute is 1 or true.
func (t *Tokenizer) AttrTrue(name string) bool {
	v := t.Attr(name)
	return string(v) == "1" || string(v) == "true" || string(v) == "on"
}

// NameOf returns the name of an attribute without its prefix.
func (t *Tokenizer) NameOf(a attribute) []byte { return t.buf[a.name:a.nameEnd] }

// ValueOf returns the undecoded value of an attribute.
func (t *Tokenizer) ValueOf(a attribute) []byte { return t.buf[a.value:a.valueEnd] }

// PassEmpty reports whether the element that was just started is empty, <name/>, and
// then passes over its end.
func (t *Tokenizer) PassEmpty() bool {
	if !t.emptyEnd {
		return false
	}
	t.Next()
	return true
}

// PassLeaf returns the raw text of the element that was just started when that holds
// nothing but this text between start and end, and ends within the bytes at hand. It
// then passes over all of it. start is for example <v>, and end </v></c> for an element
// whose name is c: nearly every cell is such, and quicker read without tokens. Without
// entities, raw text that has some does not count.
func (t *Tokenizer) PassLeaf(start, end []byte, entities bool) (raw []byte, ok bool) {
	rest := t.buf[t.pos:t.end]
	if t.emptyEnd || !bytes.HasPrefix(rest, start) || len(t.open)-t.openAt[t.Depth-1] != 1 {
		return nil, false
	}
	rest = rest[len(start):]
	i := bytes.IndexByte(rest, '<')
	if i < 0 || !bytes.HasPrefix(rest[i:], end) || !entities && bytes.IndexByte(rest[:i], '&') >= 0 {
		return nil, false
	}
	t.pos += len(start) + i + len(end)
	t.pop()
	return rest[:i], true
}

// Buffered is how many bytes can be read without waiting.
func (t *Tokenizer) Buffered() int { return t.end - t.pos }
