package workbook

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"

	"pushdesk/storage"
	"pushdesk/storage/remark"
	clean "pushdesk/storage/text"
)

// Programs that have a workbook open put a file beside it that says who they are: Excel
// ~$Book.xlsx, LibreOffice .~lock.Book.xlsx#. It holds no rows.
const (
	excelMark  = "~$"
	officeMark = ".~lock."
	officeEnd  = "#"
	mostMark   = 4 << 10 // bytes of such a file
)

// openCode is the code of the remark about a workbook that somebody has open.
const openCode = "open-elsewhere"

// marksOpen returns the name of the file that a lock file belongs to.
func marksOpen(path string) (of string, ok bool) {
	name := filepath.Base(path)
	if of, ok = strings.CutPrefix(name, excelMark); ok && of != "" {
		return of, true
	}
	if of, ok = strings.CutPrefix(name, officeMark); ok {
		if of, ok = strings.CutSuffix(of, officeEnd); ok && of != "" {
			return of, true
		}
	}
	return "", false
}

// lockFile is for a person who chose the lock file in place of the workbook.
func lockFile(path, of string) *Error {
	return newError(ErrorUnsupported, path, fmt.Sprintf("The file %q only says that somebody has %q open. It holds no rows.", filepath.Base(path), of),
		fmt.Sprintf("Choose %q.", of))
}

// openBy says who has a file open, as a sentence begins: "Dana Ortiz", or "Somebody". ok
// is false when nothing beside the file says so.
func openBy(path string) (who string, ok bool) {
	folder, name := filepath.Split(path)
	if data, err := storage.ReadFile(folder+excelMark+name, mostMark); !errors.Is(err, fs.ErrNotExist) {
		return orSomebody(excelOwner(data)), err == nil || inUse(err) // the program that has the workbook open may hold this file, too
	}
	if data, err := storage.ReadFile(folder+officeMark+name+officeEnd, mostMark); err == nil {
		owner, _, _ := strings.Cut(string(data), ",")
		return orSomebody(owner), true
	}
	return "", false
}

func orSomebody(name string) string {
	if name = clean.Shorten(clean.Name(name), 60); name == "" {
		return "Somebody"
	}
	return name
}

// excelOwner reads the name in a lock file of Excel: the length and the name in the
// computer's code page, in 55 bytes, then the same in UTF-16.
func excelOwner(data []byte) string {
	const wide = 55
	if len(data) < wide+2 {
		return ""
	}
	n := int(data[wide]) | int(data[wide+1])<<8
	if n > (len(data)-wide-2)/2 {
		return ""
	}
	var units []uint16
	for i := range n {
		units = append(units, uint16(data[wide+2+2*i])|uint16(data[wide+3+2*i])<<8)
	}
	return string(utf16.Decode(units))
}

// openRemark says that a workbook is open elsewhere: what is not saved there is not read.
func openRemark(path string) (remark.Remark, bool) {
	who, ok := openBy(path)
	if !ok {
		return remark.Remark{}, false
	}
	return remark.New(remark.Info, openCode, "%s seems to have the file open in another program. What is not saved there yet is not read.", who), true
}

// isThere reports whether the file that a lock file belongs to lies beside it.
func isThere(path, of string) bool {
	_, err := os.Stat(filepath.Join(filepath.Dir(path), of))
	return err == nil
}
