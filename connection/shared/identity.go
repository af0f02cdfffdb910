package shared

import (
	"fmt"
	"strings"

	"filippo.io/age"
)

// Identity returns the age key of 32 secret bytes.
func Identity(secret []byte) (*age.X25519Identity, error) {
	k, err := age.ParseX25519Identity(strings.ToUpper(bech32("age-secret-key-", secret)))
	if err != nil {
		return nil, fmt.Errorf("read the age key: %w", err)
	}
	return k, nil
}

// bech32 writes bytes as age writes its keys (BIP 173).
func bech32(prefix string, data []byte) string {
	const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	var five []byte
	acc, bits := 0, 0
	for _, b := range data {
		acc, bits = acc<<8|int(b), bits+8
		for bits >= 5 {
			bits -= 5
			five = append(five, byte(acc>>bits&31))
		}
	}
	if bits > 0 {
		five = append(five, byte(acc<<(5-bits)&31))
	}
	var values []byte
	for _, c := range []byte(prefix) {
		values = append(values, c>>5)
	}
	values = append(values, 0)
	for _, c := range []byte(prefix) {
		values = append(values, c&31)
	}
	sum := uint32(1)
	for _, v := range append(append(values, five...), 0, 0, 0, 0, 0, 0) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	sum ^= 1
	for i := range 6 {
		five = append(five, byte(sum>>(5*(5-i))&31))
	}
	var b strings.Builder
	b.WriteString(prefix + "1")
	for _, v := range five {
		b.WriteByte(letters[v])
	}
	return b.String()
}
