// Package compound reads the container of old Office files and of protected new ones.
package compound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"pushdesk/storage/workbook/internal/fault"

	"github.com/richardlehane/mscfb"
	"github.com/xuri/excelize/v2"
)

const (
	// maxEncrypted bounds protected workbooks, which are decrypted in memory.
	maxEncrypted = 512 << 20
	// maxSpins is more often than Office ever repeats the hash of a password.
	maxSpins = 10_000_000
	// maxStreams is how many streams of a compound file are read.
	maxStreams = 10_000
	// OfficePassword opens workbooks that were only marked as read-only: Office
	// encrypts those with this password and tries it before it asks.
	OfficePassword = "VelvetSweatshop"
)

// eachStream calls found for the streams of a compound file until it returns true.
func eachStream(file io.ReaderAt, found func(name string, content *mscfb.File) (done bool, err error)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.Corrupt("its list of streams is broken: %v", p)
		}
	}()
	doc, err := mscfb.New(file)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.Truncated("its list of streams is missing: %v", err)
	case err != nil:
		return fault.Corrupt("its list of streams is broken: %v", err)
	}
	for range maxStreams {
		entry, err := doc.Next()
		if err != nil {
			return nil // what follows is missing, and was not needed
		}
		if done, err := found(strings.ToLower(entry.Name), entry); done || err != nil {
			return err
		}
	}
	return nil
}

// Streams returns the names of the streams of a compound file in small letters, without
// those of the documents inside it.
func Streams(file io.ReaderAt) (map[string]bool, error) {
	names := map[string]bool{}
	err := eachStream(file, func(name string, content *mscfb.File) (bool, error) {
		if len(content.Path) == 0 {
			names[name] = true
		}
		return false, nil
	})
	return names, err
}

// ErrPassword says that the password is missing or wrong.
var ErrPassword = errors.New("the password does not open the file")

// Decrypt opens a protected workbook into memory.
func Decrypt(ctx context.Context, file io.ReaderAt, size int64, password string) (*bytes.Reader, error) {
	if size > maxEncrypted {
		return nil, fault.TooLarge("protected workbooks are read up to %d MB, and it has %d", maxEncrypted>>20, size>>20)
	}
	if err := checkSpins(file); err != nil {
		return nil, err
	}
	packed := make([]byte, size)
	if n, err := file.ReadAt(packed, 0); int64(n) < size {
		return nil, fmt.Errorf("read the protected file: %w", errors.Join(err, io.ErrUnexpectedEOF))
	}
	tries := []string{OfficePassword}
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
	switch {
	case last == nil, errors.Is(last, excelize.ErrWorkbookPassword):
	case errors.Is(last, excelize.ErrUnsupportedEncryptMechanism), errors.Is(last, excelize.ErrUnsupportedHashAlgorithm):
		return nil, fault.Unsupported("it is protected in a way that this program does not know")
	case password != "":
		return nil, fault.Corrupt("decrypting it failed: %v", last)
	}
	return nil, ErrPassword
}

func decryptWith(packed []byte, password string) (plain []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			plain, err = nil, fmt.Errorf("decrypt: %v", p)
		}
	}()
	return excelize.Decrypt(packed, &excelize.Options{Password: password})
}

var spinCount = regexp.MustCompile(`spinCount="(\d+)"`)

// checkSpins refuses a file that asks for more rounds of hashing than Office ever
// uses: they would keep the computer busy for hours.
func checkSpins(file io.ReaderAt) error {
	return eachStream(file, func(name string, content *mscfb.File) (bool, error) {
		if name != "encryptioninfo" {
			return false, nil
		}
		info, err := io.ReadAll(io.LimitReader(content, 1<<20))
		if err != nil {
			return true, fault.Corrupt("its description of the protection cannot be read: %v", err)
		}
		for _, found := range spinCount.FindAllSubmatch(info, -1) {
			if n, err := strconv.Atoi(string(found[1])); err != nil || n > maxSpins {
				return true, fault.TooLarge("its protection asks for %s rounds of hashing", found[1])
			}
		}
		return true, nil
	})
}
