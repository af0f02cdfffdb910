package workbook

import "bytes"

// maxAttributes is more than any element of a workbook has.
const maxAttributes = 512

// startTag reads a start tag. When the window ends inside it, it is read again
// from its start with more bytes.
func (t *tokenizer) startTag() token {
	for {
		done, ok := t.scanTag()
		if !ok {
			return tokenStop
		}
		if done {
			return tokenStart
		}
		if _, ok := t.more(t.pos); !ok {
			return t.fail("it ends inside a tag")
		}
	}
}

// scanTag reads the tag at pos. done is false when the window ends inside it.
func (t *tokenizer) scanTag() (done, ok bool) {
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
	if !isSpace(b[i]) && b[i] != '>' && b[i] != '/' {
		t.fail("a tag has a broken name")
		return false, false
	}
	nameEnd := i
	t.attrs = t.attrs[:0]
	for {
		for i < len(b) && isSpace(b[i]) {
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
		if !isSpace(b[i-1]) {
			t.fail("a tag has attributes without a blank between them")
			return false, false
		}
		for i < len(b) && inName[b[i]] {
			if b[i] == ':' {
				a.name, a.prefixed = i+1, true
			}
			i++
		}
		a.nameEnd = i
		for i < len(b) && isSpace(b[i]) {
			i++
		}
		if i == len(b) {
			return false, true
		}
		if b[i] != '=' || a.nameEnd == a.name || len(t.attrs) == maxAttributes {
			t.fail("a tag has a broken attribute")
			return false, false
		}
		for i++; i < len(b) && isSpace(b[i]); i++ {
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
		t.attrs = append(t.attrs, a)
	}
	if nameEnd == local {
		t.fail("a tag has no name")
		return false, false
	}
	if t.depth == maxDepth || t.depth == 0 && t.rooted {
		t.emptyEnd = false
		t.fail("its elements are nested wrongly")
		return false, false
	}
	t.rooted = true
	t.openAt[t.depth] = len(t.open)
	t.open = append(t.open, b[nameAt:nameEnd]...)
	t.depth++
	t.name = b[local:nameEnd]
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
func (t *tokenizer) endTag() token {
	from := t.pos
	for {
		if i := bytes.IndexByte(t.buf[t.pos:t.end], '>'); i >= 0 {
			name := bytes.TrimRight(t.buf[from+2:t.pos+i], " \t\r\n")
			t.pos += i + 1
			if t.depth == 0 || !bytes.Equal(name, t.open[t.openAt[t.depth-1]:]) {
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
func (t *tokenizer) pop() token {
	t.depth--
	at := t.openAt[t.depth]
	t.name = t.open[at:]
	if i := bytes.LastIndexByte(t.name, ':'); i >= 0 {
		t.name = t.name[i+1:]
	}
	t.open = t.open[:at]
	return tokenEnd
}

// attr gives the undecoded value of an attribute that has no prefix, or nil.
func (t *tokenizer) attr(name string) []byte {
	for _, a := range t.attrs {
		if !a.prefixed && string(t.buf[a.name:a.nameEnd]) == name {
			return t.buf[a.value:a.valueEnd]
		}
	}
	return nil
}

// prefixedAttr gives the value of an attribute that has a prefix, such as r:id.
func (t *tokenizer) prefixedAttr(name string) []byte {
	for _, a := range t.attrs {
		if a.prefixed && string(t.buf[a.name:a.nameEnd]) == name {
			return t.buf[a.value:a.valueEnd]
		}
	}
	return nil
}

// attrText gives the decoded value of an attribute.
func (t *tokenizer) attrText(name string) string {
	return t.decodeAttr(t.attr(name))
}

func (t *tokenizer) decodeAttr(raw []byte) string {
	text, err := appendXMLText(nil, raw)
	if err != nil && t.err == nil {
		t.err = err
	}
	return string(text)
}

// skip passes over the rest of the element that was just started.
func (t *tokenizer) skip() {
	for depth := t.depth; t.depth >= depth; {
		if t.next() == tokenStop {
			return
		}
	}
}

// attrTrue tells whether an attribute is 1 or true.
func (t *tokenizer) attrTrue(name string) bool {
	v := t.attr(name)
	return string(v) == "1" || string(v) == "true" || string(v) == "on"
}
