package xmlscan

import "bytes"

// Attr returns the undecoded value of an attribute that has no prefix, or nil.
func (t *Tokenizer) Attr(name string) []byte {
	for _, a := range t.Attrs {
		if !a.prefixed && string(t.buf[a.name:a.nameEnd]) == name {
			return t.buf[a.value:a.valueEnd]
		}
	}
	return nil
}

// PrefixedAttr returns the value of an attribute that has a prefix, such as r:id.
func (t *Tokenizer) PrefixedAttr(name string) []byte {
	for _, a := range t.Attrs {
		if a.prefixed && string(t.buf[a.name:a.nameEnd]) == name {
			return t.buf[a.value:a.valueEnd]
		}
	}
	return nil
}

// AttrText returns the decoded value of an attribute.
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

// Skip skips the rest of the element that was just started.
func (t *Tokenizer) Skip() {
	for depth := t.Depth; t.Depth >= depth; {
		if t.Next() == Stop {
			return
		}
	}
}

// AttrTrue reports whether an attribute is 1 or true.
func (t *Tokenizer) AttrTrue(name string) bool {
	v := t.Attr(name)
	return string(v) == "1" || string(v) == "true" || string(v) == "on"
}

// Letter returns the name and the undecoded value of the i-th attribute when the name
// is one letter without a prefix, and 0 when it is not.
func (t *Tokenizer) Letter(i int) (name byte, value []byte) {
	a := &t.Attrs[i]
	if a.nameEnd-a.name != 1 || a.prefixed {
		return 0, nil
	}
	return t.buf[a.name], t.buf[a.value:a.valueEnd]
}

// NameOf returns the name of an attribute without its prefix.
func (t *Tokenizer) NameOf(a Attribute) []byte { return t.buf[a.name:a.nameEnd] }

// ValueOf returns the undecoded value of an attribute.
func (t *Tokenizer) ValueOf(a Attribute) []byte { return t.buf[a.value:a.valueEnd] }

// PassEmpty reports whether the element that was just started is empty, <name/>, and
// then skips its end.
func (t *Tokenizer) PassEmpty() bool {
	if !t.emptyEnd {
		return false
	}
	t.Next()
	return true
}

// PassLeaf returns the raw text of the element that was just started when that holds
// nothing but this text between start and end, and ends within the bytes at hand. It
// then skips all of it. start is for example <v>, and end </v></c> for an element
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

// AppendText appends the decoded text of a text token.
func (t *Tokenizer) AppendText(dst []byte) ([]byte, error) {
	if t.literal {
		return appendLiteral(dst, t.text)
	}
	return AppendText(dst, t.text)
}
