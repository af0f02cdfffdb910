package workbook

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// relationship points from one part to another.
type relationship struct {
	id, kind, target string // kind is the last word of the type: worksheet, table, ...
}

// relationships reads the relationships of a part; a part without any has none.
func (a *archive) relationships(part string) ([]relationship, error) {
	dir, file := path.Split(strings.ReplaceAll(part, `\`, "/"))
	name := dir + "_rels/" + file + ".rels"
	if !a.has(name) {
		return nil, nil
	}
	t, err := a.tokens(name)
	if err != nil {
		return nil, err
	}
	var all []relationship
	for {
		switch t.next() {
		case tokenStop:
			return all, t.err
		case tokenStart:
			if string(t.name) != "Relationship" || string(t.attr("TargetMode")) == "External" {
				continue
			}
			kind := t.attrText("Type")
			target := a.resolve(dir, strings.ReplaceAll(t.attrText("Target"), `\`, "/"))
			all = append(all, relationship{t.attrText("Id"), kind[strings.LastIndexByte(kind, '/')+1:], target})
		}
	}
}

// resolve gives the part that a relationship of a part in dir points to. Some writers
// escape the blanks of a name, and some leave out the slash of a target that starts
// at the root of the package.
func (a *archive) resolve(dir, target string) string {
	first := target
	if !strings.HasPrefix(target, "/") {
		first = dir + target
	}
	for _, name := range []string{first, "/" + target} {
		if a.has(name) {
			return name
		}
		if plain, err := url.PathUnescape(name); err == nil && a.has(plain) {
			return plain
		}
	}
	return first
}

// maxSmall is how much all parts but the sheets and the texts may expand to.
const maxSmall = 256 << 20

// tokens opens a small part for reading its XML.
func (a *archive) tokens(name string) (*tokenizer, error) {
	p, err := a.open(name)
	if err != nil {
		return nil, err
	}
	if a.small += int64(p.member.UncompressedSize64); a.small > maxSmall {
		return nil, tooLarge("its descriptions expand to more than %d MB", maxSmall>>20)
	}
	p.limit = int64(p.member.UncompressedSize64)
	r, err := utf8XML(p)
	if err != nil {
		return nil, err
	}
	return newTokenizer(&whole{r: r}), nil
}

// sheetEntry is a worksheet as workbook.xml lists it.
type sheetEntry struct {
	name   string
	part   string
	hidden bool
}

// definedName is a name for a range.
type definedName struct {
	name, refers string
	sheet        int // position in the list of sheets, -1 for the whole workbook
	hidden       bool
}

// manifest is what workbook.xml says: sheets, names, the date system.
type manifest struct {
	part     string
	sheets   []sheetEntry
	position []int // of each sheet in the workbook's own list, which has chart sheets too
	names    []definedName
	date1904 bool
	strings  string // the part of the shared strings, "" if there is none
	styles   string
	remarks  []string
}

const (
	maxSheets = 20_000 // Excel is limited by memory only
	maxNames  = 65_536 // further ones are not listed
	maxRefers = 8_192  // bytes of what a name stands for; ranges are far shorter
)

func (a *archive) manifest() (*manifest, error) {
	m := &manifest{}
	root, err := a.relationships("")
	if err != nil {
		return nil, err
	}
	for _, r := range root {
		if r.kind == "officeDocument" && a.has(r.target) {
			m.part = r.target
		}
	}
	if m.part == "" {
		if m.part = a.find("xl/workbook.xml", "workbook.xml"); m.part == "" {
			return nil, corrupt("it has no workbook part")
		}
	}
	rels, err := a.relationships(m.part)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]relationship, len(rels))
	for _, r := range rels {
		byID[r.id] = r
		switch {
		case r.kind == "sharedStrings" && a.has(r.target):
			m.strings = r.target
		case r.kind == "styles" && a.has(r.target):
			m.styles = r.target
		}
	}
	dir, _ := path.Split(m.part)
	if m.strings == "" {
		m.strings = a.find(dir + "sharedStrings.xml")
	}
	if m.styles == "" {
		m.styles = a.find(dir + "styles.xml")
	}
	return m, m.read(a, dir, byID)
}

func (m *manifest) read(a *archive, dir string, byID map[string]relationship) error {
	t, err := a.tokens(m.part)
	if err != nil {
		return err
	}
	listed := 0
	for {
		switch t.next() {
		case tokenStop:
			return t.err
		case tokenStart:
			switch {
			case t.depth == 1 && string(t.name) != "workbook":
				return corrupt("its workbook part is a %s", t.name)
			case t.depth == 2 && string(t.name) == "workbookPr":
				m.date1904 = t.attrTrue("date1904")
			case t.depth == 3 && string(t.name) == "sheet":
				if listed++; listed > maxSheets {
					return tooLarge("it has more than %s sheets", grouped(maxSheets))
				}
				m.addSheet(t, a, dir, byID, listed)
			case t.depth == 3 && string(t.name) == "definedName":
				if err := m.addName(t); err != nil {
					return err
				}
			}
		}
	}
}

// holdsNoRows tells from the kind of a relationship whether it leads to a chart, dialog
// or macro sheet. Whatever else a workbook lists as a sheet is taken for a worksheet,
// so that no odd writer's rows are passed over.
func holdsNoRows(kind string) bool {
	kind = strings.ToLower(kind)
	return strings.HasSuffix(kind, "sheet") && kind != "worksheet"
}

// addSheet adds a worksheet. Chart, dialog and macro sheets hold no rows. A part is
// guessed from its usual name only when no relationship leads to it, since it may be
// another sheet's.
func (m *manifest) addSheet(t *tokenizer, a *archive, dir string, byID map[string]relationship, listed int) {
	state := string(t.attr("state"))
	entry := sheetEntry{name: t.attrText("name"), hidden: state == "hidden" || state == "veryHidden"}
	rel, known := byID[t.decodeAttr(t.prefixedAttr("id"))]
	switch {
	case known && holdsNoRows(rel.kind):
		return
	case known:
		entry.part = rel.target // if it is missing, reading it will say so
	default:
		claimed := map[string]bool{}
		for _, r := range byID {
			claimed[fold(r.target)] = true
		}
		entry.part = dir + "worksheets/sheet" + strconv.Itoa(listed) + ".xml"
		for _, name := range []string{entry.part, dir + "worksheets/sheet" + string(t.attr("sheetId")) + ".xml"} {
			if a.has(name) && !claimed[fold(name)] {
				entry.part = name
				break
			}
		}
		if claimed[fold(entry.part)] {
			entry.part = dir + "worksheets/" + entry.name // there is none
		}
	}
	if name := m.unused(entry.name); name != entry.name {
		m.remarks = append(m.remarks, fmt.Sprintf("Two sheets have the name %q; the second one is listed as %q.", entry.name, name))
		entry.name = name
	}
	m.sheets = append(m.sheets, entry)
	m.position = append(m.position, listed-1)
}

// unused gives a name that no sheet has so far: the same, or with a number behind it.
func (m *manifest) unused(name string) string {
	for n, unique := 2, name; ; n++ {
		if !slices.ContainsFunc(m.sheets, func(e sheetEntry) bool { return e.name == unique }) {
			return unique
		}
		unique = fmt.Sprintf("%s (%d)", name, n)
	}
}

func (m *manifest) addName(t *tokenizer) error {
	name := definedName{name: t.attrText("name"), sheet: -1, hidden: t.attrTrue("hidden")}
	if n, err := strconv.Atoi(string(t.attr("localSheetId"))); err == nil {
		name.sheet = n
	}
	var refers []byte
	for {
		switch t.next() {
		case tokenStop:
			return t.err
		case tokenText:
			var err error
			if refers, err = t.appendText(refers); err != nil {
				return err
			}
		case tokenEnd:
			name.refers = string(bytes.TrimSpace(refers))
			if len(m.names) < maxNames && len(refers) < maxRefers {
				m.names = append(m.names, name)
			}
			return nil
		}
	}
}

// appendText appends the decoded text of a text token.
func (t *tokenizer) appendText(dst []byte) ([]byte, error) {
	if t.literal {
		return appendLiteral(dst, t.text)
	}
	return appendXMLText(dst, t.text)
}
