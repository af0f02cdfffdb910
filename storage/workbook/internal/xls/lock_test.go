package xls

import (
	"bytes"
	"crypto/rc4"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/biff/bifftest"
	"pushdesk/storage/workbook/internal/compound"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
)

// readAll reads every row of every sheet of a file, as one text.
func readAll(t testing.TB, data []byte, password string) (string, error) {
	t.Helper()
	c, err := open(t.Context(), format.File{ReaderAt: bytes.NewReader(data), Size: int64(len(data))}, format.Options{Password: password})
	if err != nil {
		return "", err
	}
	defer c.Close()
	var all strings.Builder
	for i := range c.Listing().Sheets {
		rows, err := c.Rows(t.Context(), format.Request{Sheet: i, Last: -1, Raw: true})
		if err != nil {
			return all.String(), err
		}
		for rows.Next() {
			for column, v := range rows.Cells() {
				if v.Kind != cell.Blank {
					fmt.Fprintf(&all, "%s=%.99s ", cell.Address(rows.Number(), column), cell.Display(v))
				}
			}
		}
		rows.Close()
		if rows.Err() != nil {
			return all.String(), rows.Err()
		}
	}
	return all.String(), nil
}

var salt = []byte("0123456789abcdef")

// rc4Pass returns the record of RC4 as Excel 97 writes it, and apiPass that of later ones.
func rc4Pass(t *testing.T, password string) []byte {
	t.Helper()
	verifier := []byte("a verifier of 16")
	first := md5Of(wide(password))
	second := md5Of(bytes.Repeat(append(bytes.Clone(first[:5]), salt...), 16))
	key := md5Of(append(bytes.Clone(second[:5]), 0, 0, 0, 0))
	return bifftest.Bytes(uint16(1), uint16(1), uint16(1), salt, sealed(t, key, verifier, md5Of(verifier)))
}

func apiPass(t *testing.T, password string, keyBits int) []byte {
	t.Helper()
	verifier := []byte("a verifier of 16")
	first := sha1Of(append(bytes.Clone(salt), wide(password)...))
	key := sha1Of(append(first, 0, 0, 0, 0))[:keyBits/8]
	if keyBits == 40 {
		key = append(key[:5:5], make([]byte, 11)...)
	}
	header := bifftest.Bytes(uint32(4), uint32(0), uint32(0x6801), uint32(0x8004), uint32(keyBits), uint32(1), uint32(0), uint32(0), bifftest.Units("Provider"), uint16(0))
	return bifftest.Bytes(uint16(1), uint16(2), uint16(2), uint32(4), uint32(len(header)), header, uint32(16), salt, sealed(t, key, verifier, nil), uint32(20), sealed(t, key, verifier, sha1Of(verifier))[16:])
}

func sealed(t *testing.T, key []byte, parts ...[]byte) []byte {
	t.Helper()
	cipher, err := rc4.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, part := range parts {
		dark := make([]byte, len(part))
		cipher.XORKeyStream(dark, part)
		out = append(out, dark...)
	}
	return out
}

// TestPasswords opens what is protected in every way that Excel has, with the password of
// its own and with that of workbooks that are only marked as read-only.
func TestPasswords(t *testing.T) {
	secret := "Sesam"
	xorOf := func(password string) []byte {
		key, hash := xorKey(password)
		return bifftest.Bytes(uint16(0), key, hash)
	}
	for name, pass := range map[string]func(password string) []byte{
		"RC4":        func(p string) []byte { return rc4Pass(t, p) },
		"RC4 API 40": func(p string) []byte { return apiPass(t, p, 40) }, "RC4 API 128": func(p string) []byte { return apiPass(t, p, 128) },
		"XOR": xorOf, "XOR of Excel 95": func(p string) []byte { return xorOf(p)[2:] },
	} {
		for _, password := range []string{secret, compound.OfficePassword} {
			t.Run(name+" "+password, func(t *testing.T) {
				data := pass(password)
				old := len(data) == 4
				l, err := unlockWith(data, !old, password)
				if err != nil || l == nil {
					t.Fatalf("%v %v", l, err)
				}
				var records [][]byte
				want := ""
				for row := range 200 { // several blocks of the cipher
					want += fmt.Sprintf("A%d=%d ", row+1, row)
					records = append(records, bifftest.Record(0x203, uint16(row), uint16(0), uint16(0), float64(row)))
				}
				book := &bifftest.Book{Old: old, First: [][]byte{bifftest.Record(filePass, data)}, Sheets: []bifftest.Sheet{{Name: "S", Records: records}},
					Encrypt: func(id int, at int64, data []byte) {
						if l.key != nil {
							l.decrypt(id, at, data) // it is its own opposite
							return
						}
						for i := inClear(id, len(data)); i < len(data); i++ {
							data[i] = bits.RotateLeft8(data[i]^l.xor[(at+int64(len(data)+i))%16], -3)
						}
					}}
				file := book.File()
				got, err := readAll(t, file, secret)
				if err != nil || got != want {
					t.Errorf("%v: %.200s", err, got)
				}
				if password == secret {
					for _, wrong := range []string{"", "sesam"} {
						if _, err := readAll(t, file, wrong); !errors.Is(err, compound.ErrPassword) {
							t.Errorf("%q: %v", wrong, err)
						}
					}
				}
			})
		}
	}
	unknown := &bifftest.Book{First: [][]byte{bifftest.Record(filePass, uint16(1), uint16(9), make([]byte, 60))}}
	if _, err := readAll(t, unknown.File(), secret); fault.KindOf(err) != fault.NotRead {
		t.Errorf("%v", err)
	}
}

// FuzzXLS: whatever the bytes, reading them neither panics nor ends without an error
// before the end of a sheet.
func FuzzXLS(f *testing.F) {
	text := bifftest.Record(0x204, uint16(0), uint16(0), uint16(0), bifftest.Text("text"))
	number := bifftest.Record(0x203, uint16(1), uint16(0), uint16(0), 1.5)
	book := &bifftest.Book{Formats: []string{"yyyy"}, Globals: [][]byte{bifftest.Record(0xfc, uint32(1), uint32(1), bifftest.Text("shared")), bifftest.Record(continued, byte(0))},
		Sheets: []bifftest.Sheet{{Name: "S", Records: [][]byte{text, number, bifftest.Record(0xfd, uint16(2), uint16(0), uint16(0), uint32(0))}},
			{Name: "T", Records: [][]byte{number, text}}}}
	f.Add(book.Stream())
	book.Old = true
	f.Add(book.Stream())
	f.Add((&bifftest.Book{Sheets: []bifftest.Sheet{{Name: "S", Records: [][]byte{number}}}}).File())
	f.Add((&bifftest.Book{First: [][]byte{bifftest.Record(filePass, uint16(0), uint16(1), uint16(2))}}).Stream())
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<20 || len(data) < 8 || !isBare(data) && binary.LittleEndian.Uint64(data) != 0xe11ab1a1e011cfd0 {
			return
		}
		if _, err := readAll(t, data, ""); errors.Is(err, io.EOF) {
			t.Fatalf("an end that nobody explains: %v", err)
		}
	})
}
