package bifftest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Binary returns a record of an .xlsb file.
func Binary(id int, values ...any) []byte {
	data := Bytes(values...)
	out := varying(nil, id)
	return append(varying(out, len(data)), data...)
}

func varying(out []byte, n int) []byte {
	for n >= 0x80 {
		out = append(out, byte(n)|0x80)
		n >>= 7
	}
	return append(out, byte(n))
}

// Counted returns a text with its length in four bytes, as .xlsb files have it.
func Counted(text string) []byte { return Bytes(uint32(len(Units(text))/2), Units(text)) }

// Row returns the records of a row. Each cell begins with its number and has its column
// and style added.
func Row(number int, hidden bool, cells ...[]byte) []byte {
	flags := byte(0)
	if hidden {
		flags = 0x10
	}
	out := Binary(0, uint32(number-1), uint32(0), uint16(300), byte(0), flags, byte(0), uint32(0))
	for _, c := range cells {
		out = append(out, c...)
	}
	return out
}

// Cell returns a cell of an .xlsb file.
func Cell(id, column, style int, value ...any) []byte {
	return Binary(id, uint32(column), uint32(style), Bytes(value...))
}

// Parts are the parts of an .xlsb file.
type Parts map[string]string

const relTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

// Relationships returns a part that leads to others, each given as ID, kind and target.
func Relationships(all ...[3]string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, r := range all {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s%s" Target="%s"/>`, r[0], relTypes, r[1], r[2])
	}
	return b.String() + `</Relationships>`
}

// BinarySheet is a sheet of an .xlsb file.
type BinarySheet struct {
	Name    string
	Hidden  uint32 // 1 hidden, 2 very hidden
	Kind    string // of its relationship; "" is a worksheet
	Columns []byte // records before the rows
	Rows    []byte
	After   []byte // records behind them
}

// Workbook returns the parts of a workbook. Its cell formats come behind a General one;
// more are records of the workbook.
func Workbook(props uint32, formats, texts []string, more []byte, sheets ...BinarySheet) Parts {
	links := [][3]string{{"rS", "styles", "styles.bin"}, {"rT", "sharedStrings", "sharedStrings.bin"}}
	p := Parts{"_rels/.rels": Relationships([3]string{"r1", "officeDocument", "xl/workbook.bin"})}
	book := Bytes(Binary(131), Binary(153, props, uint32(0), Counted("")), Binary(143))
	for i, s := range sheets {
		kind, id, part := s.Kind, fmt.Sprintf("rId%d", i+1), fmt.Sprintf("worksheets/sheet%d.bin", i+1)
		if kind == "" {
			kind = "worksheet"
		}
		links = append(links, [3]string{id, kind, part})
		book = append(book, Binary(156, s.Hidden, uint32(i+1), Counted(id), Counted(s.Name))...)
		p["xl/"+part] = string(Bytes(Binary(129), s.Columns, Binary(145), s.Rows, Binary(146), s.After, Binary(130)))
	}
	p["xl/workbook.bin"] = string(Bytes(book, Binary(144), more, Binary(132)))
	p["xl/_rels/workbook.bin.rels"] = Relationships(links...)
	style := Binary(278)
	for i, code := range formats {
		style = append(style, Binary(44, uint16(164+i), Counted(code))...)
	}
	style = append(style, Bytes(Binary(626), Binary(47, uint16(0xffff), uint16(9), make([]byte, 12)), Binary(627), Binary(617), Binary(47, uint16(0), uint16(0), make([]byte, 12)))...)
	for i := range formats {
		style = append(style, Binary(47, uint16(0), uint16(164+i), make([]byte, 12))...)
	}
	p["xl/styles.bin"] = string(append(style, Binary(618)...))
	table := Binary(159, uint32(len(texts)), uint32(len(texts)))
	for _, text := range texts {
		table = append(table, Binary(19, byte(0), Counted(text))...)
	}
	p["xl/sharedStrings.bin"] = string(append(table, Binary(160)...))
	return p
}

// File packs the parts in the order of their names.
func (p Parts) File() []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(p[name]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
