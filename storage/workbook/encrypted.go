package workbook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/richardlehane/mscfb"
	"github.com/xuri/excelize/v2"
)

const (
	// Decryption works in memory, so protected workbooks have a limit.
	maxEncrypted = 512 << 20
	// maxSpins is how often Office at most repeats the hash of a password.
	maxSpins = 10_000_000
	// officePassword opens workbooks that were only marked as read-only: Office
	// encrypts those with this password and tries it before it asks.
	officePassword = "VelvetSweatshop"
)

// decrypt opens a protected workbook into memory.
func decrypt(ctx context.Context, path string, file io.ReaderAt, size int64, password string) (*bytes.Reader, error) {
	if size > maxEncrypted {
		return nil, tooLarge("protected workbooks are read up to %d MB, and it has %d", maxEncrypted>>20, size>>20)
	}
	if err := checkSpins(file); err != nil {
		return nil, err
	}
	packed := make([]byte, size)
	if n, err := file.ReadAt(packed, 0); int64(n) < size {
		return nil, fmt.Errorf("read the protected file: %w", errors.Join(err, io.ErrUnexpectedEOF))
	}
	tries := []string{officePassword}
	if password != "" {
		tries = append(tries, password)
	}
	var last error
	for _, try := range tries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		plain, err := decryptWith(packed, try)
		if err == nil && bytes.HasPrefix(plain, []byte("PK")) {
			return bytes.NewReader(plain), nil
		}
		last = err
	}
	if last != nil && !errors.Is(last, excelize.ErrWorkbookPassword) {
		if errors.Is(last, excelize.ErrUnsupportedEncryptMechanism) || errors.Is(last, excelize.ErrUnsupportedHashAlgorithm) {
			return nil, unsupported("it is protected in a way that this program does not know")
		}
		if password != "" {
			return nil, corrupt("decrypting it failed: %v", last)
		}
	}
	return nil, needsPassword(path, password != "")
}

func decryptWith(packed []byte, password string) (plain []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			plain, err = nil, fmt.Errorf("decrypt: %v", p)
		}
	}()
	return excelize.Decrypt(packed, &excelize.Options{Password: password})
}

func needsPassword(path string, given bool) error {
	name := filepath.Base(path)
	e := &Error{Kind: KindPassword, Path: path,
		sentence: fmt.Sprintf("The workbook %q is protected with a password.", name),
		remedy:   "Give the password, or open it in Excel and save a copy without one (File, Info, Protect Workbook)."}
	if given {
		e.sentence = fmt.Sprintf("The password does not open the workbook %q.", name)
		e.remedy = "Check capital letters and the keyboard's language, and give the password again."
	}
	return e
}

var spinCount = regexp.MustCompile(`spinCount="(\d+)"`)

// checkSpins refuses a file that asks for more rounds of hashing than Office ever
// uses: they would keep the computer busy for hours.
func checkSpins(file io.ReaderAt) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = corrupt("its list of streams is broken: %v", p)
		}
	}()
	doc, err := mscfb.New(file)
	if err != nil {
		return corrupt("its list of streams is broken: %v", err)
	}
	for range maxStreams {
		entry, err := doc.Next()
		if err != nil {
			return nil
		}
		if !strings.EqualFold(entry.Name, "EncryptionInfo") {
			continue
		}
		info, err := io.ReadAll(io.LimitReader(entry, 1<<20))
		if err != nil {
			return corrupt("its description of the protection cannot be read: %v", err)
		}
		for _, found := range spinCount.FindAllSubmatch(info, -1) {
			if n, err := strconv.Atoi(string(found[1])); err != nil || n > maxSpins {
				return tooLarge("its protection asks for %s rounds of hashing", found[1])
			}
		}
		return nil
	}
	return nil
}
