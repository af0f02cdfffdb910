// Package bifftest writes small .xls and .xlsb files for tests, record by record.
package bifftest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unicode/utf16"
)

// Bytes puts values one behind the other in little-endian order: bytes as they are,
// strings byte by byte, numbers in the size of their type.
func Bytes(values ...any) []byte {
	var b []byte
	for _, value := range values {
		switch v := value.(type) {
		case []byte:
			b = append(b, v...)
		case string:
			b = append(b, v...)
		case byte:
			b = append(b, v)
		case uint16:
			b = binary.LittleEndian.AppendUint16(b, v)
		case uint32:
			b = binary.LittleEndian.AppendUint32(b, v)
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		default:
			panic(fmt.Sprintf("%T has no size", value))
		}
	}
	return b
}

// Units returns a text in UTF-16.
func Units(text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

// Record returns a record of an .xls file.
func Record(id int, values ...any) []byte {
	data := Bytes(values...)
	return Bytes(uint16(id), uint16(len(data)), data)
}

// Wide returns a text of two bytes a character behind the flags that say so, as .xls
// files have it behind its length.
func Wide(text string) []byte { return Bytes(byte(1), Units(text)) }

// Text returns a text with its length in two bytes.
func Text(text string) []byte { return Bytes(uint16(len(Units(text))/2), Wide(text)) }

// Sheet is a sheet of a Book.
type Sheet struct {
	Name    string
	Hidden  byte     // 1 hidden, 2 very hidden
	Kind    byte     // 0 worksheet, 1 macro, 2 chart, 6 module
	Records [][]byte // of its cells and the like
}

// Book is an .xls file.
type Book struct {
	Old     bool     // the form of Excel 5 and 95
	First   [][]byte // the first records, such as FilePass and CodePage
	Formats []string // of the cell formats, which come behind a General one
	Globals [][]byte // of the workbook
	Sheets  []Sheet
	Encrypt func(id int, at int64, data []byte) // the data of a record, in place
}

func (b *Book) begin(kind uint16) []byte {
	if b.Old {
		return Record(0x809, uint16(0x500), kind, uint16(0), uint16(0))
	}
	return Record(0x809, uint16(0x600), kind, uint16(0), uint16(0), uint32(0), uint32(0))
}

// Stream returns the stream of the workbook.
func (b *Book) Stream() []byte {
	var out bytes.Buffer
	out.Write(b.begin(5))
	for _, r := range b.First {
		out.Write(r)
	}
	xf := func(id int) {
		out.Write(Record(0xe0, uint16(0), uint16(id), make([]byte, 16)))
	}
	for i, code := range b.Formats {
		if b.Old {
			out.Write(Record(0x41e, uint16(164+i), byte(len(code)), code))
		} else {
			out.Write(Record(0x41e, uint16(164+i), Text(code)))
		}
	}
	xf(0)
	for i := range b.Formats {
		xf(164 + i)
	}
	var places []int
	for _, s := range b.Sheets {
		places = append(places, out.Len()+4)
		if b.Old {
			out.Write(Record(0x85, uint32(0), s.Hidden, s.Kind, byte(len(s.Name)), s.Name))
		} else {
			out.Write(Record(0x85, uint32(0), s.Hidden, s.Kind, byte(len(Units(s.Name))/2), Wide(s.Name)))
		}
	}
	for _, r := range b.Globals {
		out.Write(r)
	}
	out.Write(Record(0x0a))
	for i, s := range b.Sheets {
		binary.LittleEndian.PutUint32(out.Bytes()[places[i]:], uint32(out.Len()))
		kind := map[byte]uint16{0: 0x10, 1: 0x40, 2: 0x20, 6: 0x06}[s.Kind]
		out.Write(b.begin(kind))
		for _, r := range s.Records {
			out.Write(r)
		}
		out.Write(Record(0x0a))
	}
	stream := out.Bytes()
	if b.Encrypt != nil {
		for at := 0; at < len(stream); {
			id, n := int(binary.LittleEndian.Uint16(stream[at:])), int(binary.LittleEndian.Uint16(stream[at+2:]))
			b.Encrypt(id, int64(at+4), stream[at+4:at+4+n])
			at += 4 + n
		}
	}
	return stream
}

// File returns the workbook in its container.
func (b *Book) File() []byte {
	if b.Old {
		return Container("Book", b.Stream())
	}
	return Container("Workbook", b.Stream())
}

const (
	sector                 = 512
	perSector              = sector / 4 // numbers of sectors
	inHead                 = 109        // numbers of sectors with the list of sectors
	free, last             = 0xffffffff, 0xfffffffe
	fatSector, difatSector = 0xfffffffd, 0xfffffffc
)

// Container returns a compound file with one stream.
func Container(name string, stream []byte) []byte {
	size := max(len(stream), 4096) // shorter ones would lie in the mini stream
	stream = append(bytes.Clone(stream), make([]byte, (size+sector-1)/sector*sector-len(stream))...)
	data := len(stream) / sector
	fats, difats := 1, 0 // sectors of the list of sectors, and of the list of those beyond what the head has room for
	for fats*perSector < data+1+fats+difats {
		fats++
		difats = (max(0, fats-inHead) + perSector - 2) / (perSector - 1)
	}
	fat := slices.Repeat([]uint32{free}, fats*perSector)
	for i := range data {
		fat[i] = uint32(i + 1)
	}
	fat[data-1], fat[data] = last, last // the stream, and the directory
	places := make([]uint32, fats)
	for i := range fats {
		places[i] = uint32(data + 1 + i)
		fat[places[i]] = fatSector
	}
	second := uint32(last)
	if difats > 0 {
		second = uint32(data + 1 + fats)
	}
	for i := range difats {
		fat[int(second)+i] = difatSector
	}
	out := Bytes("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", make([]byte, 16), uint16(0x3e), uint16(3), uint16(0xfffe), uint16(9), uint16(6), make([]byte, 6),
		uint32(0), uint32(fats), uint32(data), uint32(0), uint32(4096), uint32(last), uint32(0), second, uint32(difats))
	list := func(n int) {
		for i := range n {
			at := uint32(free)
			if i < len(places) {
				at = places[i]
			}
			out = binary.LittleEndian.AppendUint32(out, at)
		}
		places = places[min(n, len(places)):]
	}
	list(inHead)
	out = append(out, stream...)
	out = append(out, entry("Root Entry", 5, 1, last, 0)...)
	out = append(out, entry(name, 2, free, 0, size)...)
	out = append(out, make([]byte, sector-256)...)
	for _, next := range fat {
		out = binary.LittleEndian.AppendUint32(out, next)
	}
	for i := range difats {
		list(perSector - 1)
		next := second + uint32(i) + 1
		if i == difats-1 {
			next = last
		}
		out = binary.LittleEndian.AppendUint32(out, next)
	}
	return out
}

// entry returns an entry of the directory.
func entry(name string, kind byte, child, at uint32, size int) []byte {
	text := append(Units(name), 0, 0)
	return Bytes(text, make([]byte, 64-len(text)), uint16(len(text)), kind, byte(1), uint32(free), uint32(free), child, make([]byte, 36), at, uint32(size), uint32(0))
}
