package ooxml

import (
	"bytes"
	"path"
	"strconv"

	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/archive"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/office"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// definedName is a name for a range.
type definedName struct {
	name, refers string
	hidden       bool
}

// manifest is what workbook.xml says: sheets, names, the date system.
type manifest struct {
	part     string
	sheets   []format.Sheet
	parts    []string // of the sheets
	unread   []string // visible sheets without rows
	remarks  []remark.Remark
	names    []definedName
	date1904 bool
	strings  string // the part of the shared strings, "" if there is none
	styles   string
}

const (
	maxSheets = 20_000 // Excel is limited by memory only
	maxNames  = 65_536 // further ones are not listed
	maxRefers = 8_192  // bytes of what a name refers to; ranges are far shorter
)

// readManifest finds the workbook part and reads it.
func readManifest(a *archive.Archive) (*manifest, error) {
	m := &manifest{}
	root, err := a.Relationships("")
	if err != nil {
		return nil, err
	}
	for _, r := range root {
		if r.Kind == "officeDocument" && a.Has(r.Target) {
			m.part = r.Target
		}
	}
	if m.part == "" {
		if m.part = a.Find("xl/workbook.xml", "workbook.xml"); m.part == "" {
			return nil, fault.Corrupt("it has no workbook part")
		}
	}
	dir, _ := path.Split(m.part)
	byID, strings, formats, err := office.Parts(a, m.part, dir, ".xml")
	if err != nil {
		return nil, err
	}
	m.strings, m.styles = strings, formats
	if err := m.read(a, dir, byID); err != nil {
		return m, err
	}
	m.tellApart(dir)
	return m, nil
}

// tellApart gives up the parts of sheets that lead to one and the same: one of them shows
// the rows of another sheet, and nobody can tell which.
func (m *manifest) tellApart(dir string) {
	first := map[string]int{}
	for i, part := range m.parts {
		j, taken := first[archive.Fold(part)]
		if !taken {
			first[archive.Fold(part)] = i
			continue
		}
		m.remarks = append(m.remarks, remark.New(remark.Damage, "sheet-mixed-up",
			"The workbook says that the sheets %q and %q have the same rows. One of them would show the rows of the other, so neither is read.", m.sheets[j].Name, m.sheets[i].Name))
		for _, at := range []int{i, j} {
			m.parts[at] = dir + "worksheets/" + strconv.Itoa(at+1) + " " + m.sheets[at].Name // there is none
		}
	}
}

// isWorksheet reports whether a part is a worksheet, whatever leads to it.
func isWorksheet(a *archive.Archive, part string) bool {
	t, err := a.Tokens(part)
	if err != nil {
		return false
	}
	for {
		switch t.Next() {
		case xmlscan.Stop:
			return false
		case xmlscan.Start:
			return string(t.Name) == "worksheet"
		}
	}
}

func (m *manifest) read(a *archive.Archive, dir string, byID map[string]archive.Relationship) error {
	t, err := a.Tokens(m.part)
	if err != nil {
		return err
	}
	listed := 0
	for {
		switch t.Next() {
		case xmlscan.Stop:
			return t.Err
		case xmlscan.Start:
			switch {
			case t.Depth == 1 && string(t.Name) != "workbook":
				return fault.Corrupt("its workbook part is a %s", t.Name)
			case t.Depth == 2 && string(t.Name) == "workbookPr":
				m.date1904 = t.AttrTrue("date1904")
			case t.Depth == 3 && string(t.Name) == "sheet":
				if listed++; listed > maxSheets {
					return fault.TooLarge("it has more than %s sheets", humanize.Number(maxSheets))
				}
				m.addSheet(t, a, dir, byID, listed)
			case t.Depth == 3 && string(t.Name) == "definedName":
				if err := m.addName(t); err != nil {
					return err
				}
			}
		}
	}
}

// addSheet adds a worksheet. Chart, dialog and macro sheets have no rows. A part is
// guessed from its usual name only when no relationship leads to it, since it may be
// another sheet's.
func (m *manifest) addSheet(t *xmlscan.Tokenizer, a *archive.Archive, dir string, byID map[string]archive.Relationship, listed int) {
	state := string(t.Attr("state"))
	sheet := format.Sheet{Name: t.AttrText("name"), Hidden: state == "hidden" || state == "veryHidden"}
	rel, known := byID[t.PrefixedText("id")]
	part := rel.Target // if it is missing, reading it will say so
	switch {
	case known && rel.HasNoRows() && !isWorksheet(a, part):
		if !sheet.Hidden {
			m.unread = append(m.unread, sheet.Name)
			m.remarks = append(m.remarks, remark.New(remark.Omit, "sheet-without-rows", "The sheet %q is not read: it is a chart, a dialog or macros.", sheet.Name))
		}
		return
	case !known:
		claimed := map[string]bool{}
		for _, r := range byID {
			claimed[archive.Fold(r.Target)] = true
		}
		part = dir + "worksheets/sheet" + strconv.Itoa(listed) + ".xml"
		for _, name := range []string{part, dir + "worksheets/sheet" + string(t.Attr("sheetId")) + ".xml"} {
			if a.Has(name) && !claimed[archive.Fold(name)] {
				part = name
				break
			}
		}
		if claimed[archive.Fold(part)] {
			part = dir + "worksheets/" + sheet.Name // there is none
		}
	}
	m.sheets, m.parts = append(m.sheets, sheet), append(m.parts, part)
}

func (m *manifest) addName(t *xmlscan.Tokenizer) error {
	name := definedName{name: t.AttrText("name"), hidden: t.AttrTrue("hidden")}
	var refers []byte
	for {
		switch t.Next() {
		case xmlscan.Stop:
			return t.Err
		case xmlscan.Text:
			var err error
			if refers, err = t.AppendText(refers); err != nil {
				return err
			}
		case xmlscan.End:
			name.refers = string(bytes.TrimSpace(refers))
			if len(m.names) < maxNames && len(refers) < maxRefers {
				m.names = append(m.names, name)
			}
			return nil
		}
	}
}
