package xls

import (
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"

	"pushdesk/storage/workbook/internal/compound"
	"pushdesk/storage/workbook/internal/fault"
)

// lock decrypts the records of a protected workbook, [MS-OFFCRYPTO] 2.3.5 to 2.3.7. It
// belongs to one goroutine: each reader has its own, see copy.
type lock struct {
	key func(block uint32) []byte // of RC4; nil when xor is used
	xor [16]byte

	cipher *rc4.Cipher
	block  int64 // that the cipher is in
	within int64 // its place there
}

// blockSize is how many bytes of the stream RC4 encrypts with one key.
const blockSize = 1024

func (l *lock) copy() *lock {
	if l == nil {
		return nil
	}
	return &lock{key: l.key, xor: l.xor, block: -1}
}

// unlock makes the lock from the record FilePass. Workbooks that are only marked as
// read-only open with Office's own password.
func unlock(data []byte, biff8 bool, password string) (*lock, error) {
	tries := []string{compound.OfficePassword}
	if password != "" {
		tries = append(tries, password)
	}
	for _, try := range tries {
		l, err := unlockWith(data, biff8, try)
		if l != nil || err != nil {
			return l, err
		}
	}
	return nil, compound.ErrPassword
}

var errUnknownLock = fault.Unsupported("it is protected in a way that this program does not know")

// unlockWith returns nil when the password is another one.
func unlockWith(data []byte, biff8 bool, password string) (*lock, error) {
	word := func(at int) uint16 {
		if at+2 > len(data) {
			return 0
		}
		return binary.LittleEndian.Uint16(data[at:])
	}
	switch {
	case !biff8 && len(data) >= 4:
		return unlockXOR(word(0), word(2), password), nil
	case word(0) == 0 && len(data) >= 6:
		return unlockXOR(word(2), word(4), password), nil
	case word(0) == 1 && word(2) == 1 && len(data) >= 6+48:
		return unlockRC4(data[6:], password), nil
	case word(0) == 1 && word(2) >= 2 && word(2) <= 4 && word(4) == 2:
		return unlockCryptoAPI(data[6:], password)
	}
	return nil, errUnknownLock
}

func wide(password string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(password)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return out
}

// verified compares what an encrypted verifier says with its hash.
func verified(key, verifier, hash []byte, sum func([]byte) []byte) bool {
	cipher, err := rc4.NewCipher(key)
	if err != nil {
		return false
	}
	plain, want := make([]byte, len(verifier)), make([]byte, len(hash))
	cipher.XORKeyStream(plain, verifier)
	cipher.XORKeyStream(want, hash)
	return subtle.ConstantTimeCompare(sum(plain), want) == 1
}

func md5Of(b []byte) []byte {
	sum := md5.Sum(b)
	return sum[:]
}

func sha1Of(b []byte) []byte {
	sum := sha1.Sum(b)
	return sum[:]
}

// unlockRC4 opens what Excel 97 to 2003 encrypt: a salt, a verifier and its hash.
func unlockRC4(data []byte, password string) *lock {
	salt, verifier, hash := data[:16], data[16:32], data[32:48]
	first := md5Of(wide(password))
	var mixed []byte
	for range 16 {
		mixed = append(append(mixed, first[:5]...), salt...)
	}
	second := md5Of(mixed)
	key := func(block uint32) []byte {
		return md5Of(binary.LittleEndian.AppendUint32(append([]byte{}, second[:5]...), block))
	}
	if !verified(key(0), verifier, hash, md5Of) {
		return nil
	}
	return &lock{key: key, block: -1}
}

// unlockCryptoAPI opens what Excel 2003 and later encrypt: a header that says how, and
// the verifier.
func unlockCryptoAPI(data []byte, password string) (*lock, error) {
	const rc4ID = 0x6801
	if len(data) < 8 {
		return nil, errUnknownLock
	}
	size := int(binary.LittleEndian.Uint32(data[4:]))
	if size < 32 || size > len(data)-8 {
		return nil, errUnknownLock
	}
	header, verifier := data[8:8+size], data[8+size:]
	keyBits := int(binary.LittleEndian.Uint32(header[16:]))
	if keyBits == 0 {
		keyBits = 40
	}
	if algorithm := binary.LittleEndian.Uint32(header[8:]); algorithm != rc4ID && algorithm != 0 || keyBits < 40 || keyBits > 128 || keyBits%8 != 0 || len(verifier) < 4+16+16+4+20 {
		return nil, errUnknownLock
	}
	first := sha1Of(append(append([]byte{}, verifier[4:20]...), wide(password)...))
	key := func(block uint32) []byte {
		k := sha1Of(binary.LittleEndian.AppendUint32(append([]byte{}, first...), block))[:keyBits/8]
		if keyBits == 40 {
			k = append(k[:5:5], make([]byte, 11)...)
		}
		return k
	}
	if !verified(key(0), verifier[20:36], verifier[40:60], sha1Of) {
		return nil, nil
	}
	return &lock{key: key, block: -1}, nil
}

// xorKey returns what is made of a password, and what proves it.
func xorKey(password string) (key, hash uint16) {
	pass := []byte(password)
	base, end := uint16(0x8000), uint16(0xffff)
	turn := func(v uint16) uint16 {
		if v = bits.RotateLeft16(v, 1); v&1 != 0 {
			v ^= 0x1020
		}
		return v
	}
	for i := len(pass) - 1; i >= 0; i-- {
		letter := pass[i] & 0x7f
		for range 8 {
			if base = turn(base); letter&1 != 0 {
				key ^= base
			}
			letter >>= 1
			end = turn(end)
		}
	}
	key ^= end
	hash = uint16(len(pass)) ^ 0xce4b
	for i, b := range pass {
		n, v := (i+1)%15, uint32(b)
		hash ^= uint16((v<<n | v>>(15-n)) & 0x7fff)
	}
	return key, hash
}

// unlockXOR opens the oldest protection: 16 bytes made from the password.
func unlockXOR(wantKey, wantHash uint16, password string) *lock {
	if len(password) == 0 || len(password) > 15 {
		return nil
	}
	key, hash := xorKey(password)
	if key != wantKey || hash != wantHash {
		return nil
	}
	l := &lock{}
	fill := []byte{0xbb, 0xff, 0xff, 0xba, 0xff, 0xff, 0xb9, 0x80, 0x00, 0xbe, 0x0f, 0x00, 0xbf, 0x0f, 0x00}
	copy(l.xor[copy(l.xor[:], password):], fill)
	halves := [2]byte{byte(key), byte(key >> 8)}
	for i := range l.xor {
		l.xor[i] = bits.RotateLeft8(l.xor[i]^halves[i&1], 2)
	}
	return l
}

// inClear reports how many bytes of a record are never encrypted.
func inClear(id, length int) int {
	switch id {
	case beginSub, filePass, 0x00e1, 0x0194, 0x0195, 0x0196, 0x0138: // BOF, FilePass, InterfaceHdr, UsrExcl, FileLock, RRDInfo, RRDHead
		return length
	case bundledSheet:
		return min(4, length)
	}
	return 0
}

// decrypt decrypts the data of a record, which lies at a place of the stream.
func (l *lock) decrypt(id int, at int64, data []byte) {
	clear := inClear(id, len(data))
	if l.key == nil {
		from := at + int64(len(data))
		for i := clear; i < len(data); i++ {
			data[i] = bits.RotateLeft8(data[i], 3) ^ l.xor[(from+int64(i))%16]
		}
		return
	}
	at, data = at+int64(clear), data[clear:]
	for len(data) > 0 {
		block, within := at/blockSize, at%blockSize
		if l.cipher == nil || block != l.block || within < l.within {
			cipher, err := rc4.NewCipher(l.key(uint32(block)))
			if err != nil {
				return // the key has 5 to 16 bytes
			}
			l.cipher, l.block, l.within = cipher, block, 0
		}
		if skip := within - l.within; skip > 0 {
			var dark [blockSize]byte
			l.cipher.XORKeyStream(dark[:skip], dark[:skip])
		}
		n := min(int64(len(data)), blockSize-within)
		l.cipher.XORKeyStream(data[:n], data[:n])
		l.within = within + n
		at, data = at+n, data[n:]
	}
}
