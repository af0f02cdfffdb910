package shared

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"pushdesk/connection"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

const (
	// passphraseWork is the cost of a passphrase, as the power of two of scrypt's N: about
	// a second and 256 MB.
	passphraseWork = 18
	// mostWork is the highest cost that is paid. A file that asks for more is hostile.
	mostWork = 20
	// maxSealed is the length of the longest sealed part, in characters: far above a
	// certificate sealed to a hundred people.
	maxSealed = 96 << 10
)

// What can be wrong with a sealed secret.
var (
	ErrNotForYou  = failure.New(failure.Connection, "sealed-not-for-you", "The client secret is sealed for other people.", "Give the person who shared it your public key and ask for it again, or enter the secret yourself.")
	ErrPassphrase = failure.New(failure.Connection, "sealed-passphrase", "The passphrase does not open the sealed secret.", "Type it again; upper and lower case matter. If it is right, the file was damaged or changed.")
	ErrCost       = failure.New(failure.Data, "sealed-cost", "Opening the sealed secret would take this computer minutes and most of its memory.", "No Pushdesk writes such a file. Do not use it, and tell the person who sent it.")
	ErrDamaged    = failure.New(failure.Data, "sealed-part-damaged", "The sealed secret is damaged or was changed.", "Ask the person who shared it to share it again.")
	ErrSwapped    = failure.New(failure.Data, "sealed-part-swapped", "The sealed secret belongs to another connection.", "Somebody has moved it here. Do not use it, and tell the person who shared it.")
	ErrRedirected = failure.New(failure.Data, "sealed-other-addresses", "The client secret was sealed for other addresses, so it is not used: the file would send it elsewhere.", "Somebody may have changed the addresses or the CA file in it, or an older Pushdesk wrote it. Ask the sender to export the connection again.")
	ErrNoSeal     = failure.New(failure.Usage, "sealed-nothing", "There is nothing that could be sealed: a person's sign-in is never shared.", "Share the definition only. Each person signs in with their own account.")
	ErrRecipient  = failure.New(failure.Usage, "sealed-recipient", "This is not a public key of a person.", "It begins with age1. Each person can show their own.")
)

// Secret is what is inside a sealed part. age binds nothing to the file around it, so
// everything that decides where the secret goes is inside, and compared afterwards.
type Secret struct {
	Connection  string                    `json:"connection"`
	Team        string                    `json:"team,omitempty"`
	Cloud       connection.Cloud          `json:"cloud"`
	TenantID    string                    `json:"tenantId"`
	ClientID    string                    `json:"clientId"`
	Kind        connection.CredentialKind `json:"credential"`
	Addresses   string                    `json:"addresses,omitempty"` // of an export: see Addresses.Digest
	Rotation    int                       `json:"rotation,omitempty"`
	Secret      string                    `json:"secret,omitempty"`
	Certificate []byte                    `json:"certificate,omitempty"`
}

// Format writes what it is for and nothing secret, whatever the verb.
func (s Secret) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, "secret of "+s.Connection) }

// NewSecret returns what is sealed of a credential. A person's sign-in is ErrNoSeal.
func NewSecret(d Definition, team string, rotation int, given connection.Credential) (Secret, error) {
	s := Secret{Connection: d.ID, Team: team, Cloud: d.Cloud, TenantID: d.TenantID, ClientID: d.ClientID, Kind: d.Credential, Rotation: rotation, Secret: given.Secret}
	if given.Certificate != nil {
		var err error
		if s.Certificate, err = given.Certificate.Encode(); err != nil {
			return s, err
		}
	}
	if s.Secret == "" && s.Certificate == nil || d.Credential == connection.CredentialPractice {
		return s, ErrNoSeal
	}
	return s, nil
}

// Addresses are custom addresses, where a file may name them. Whoever chooses them decides
// where the secret goes.
type Addresses struct {
	LoginURL string   `json:"loginUrl,omitempty"`
	APIURL   string   `json:"apiUrl,omitempty"`
	Resource string   `json:"resource,omitempty"`
	CA       []string `json:"caCertificates,omitempty"` // the lines of the CA file
}

// Digest names the addresses inside a sealed part; "" where there are none.
func (a Addresses) Digest() string {
	line, err := Encode(a)
	if err != nil || string(line) == "{}" {
		return ""
	}
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// For returns the credential as Credential does, for the addresses it was sealed for: at
// others it is ErrRedirected.
func (s Secret) For(d Definition, at Addresses) (connection.Credential, error) {
	given, err := s.Credential(d, "", 0)
	if err == nil && s.Addresses != at.Digest() {
		return connection.Credential{}, ErrRedirected
	}
	return given, err
}

// Credential returns the credential for the connection it was sealed for. One that was
// sealed for another connection, app, tenant, cloud or state is ErrSwapped.
func (s Secret) Credential(d Definition, team string, rotation int) (connection.Credential, error) {
	given := connection.Credential{Kind: d.Credential}
	if s.Connection != d.ID || s.Team != team || s.Cloud != d.Cloud || !strings.EqualFold(s.TenantID, d.TenantID) || !strings.EqualFold(s.ClientID, d.ClientID) ||
		s.Kind != d.Credential || s.Rotation != rotation {
		return given, ErrSwapped
	}
	if d.Credential != connection.CredentialCertificate {
		return connection.SecretCredential(s.Secret), nil
	}
	var err error
	given.Certificate, err = connection.ReadCertificate(s.Certificate, "")
	return given, err
}

// ParseRecipients reads the public keys of people.
func ParseRecipients(keys []string) (list []age.Recipient, err error) {
	for _, k := range keys {
		r, err := age.ParseX25519Recipient(text.Clean(k))
		if err != nil {
			return nil, ErrRecipient.WithDetails("Key: %s", text.Shorten(text.Name(k), 80))
		}
		list = append(list, r)
	}
	return list, nil
}

// SealTo seals a secret to people's public keys.
func SealTo(s Secret, keys []string) (string, error) {
	list, err := ParseRecipients(keys)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return "", ErrRecipient
	}
	content, err := Encode(s)
	if err != nil {
		return "", err
	}
	return seal(content, list...)
}

// NewSealedKey makes a key for one file and seals it with a passphrase, so that however
// many secrets the file holds, the passphrase is paid for once. It takes about a second.
func NewSealedKey(passphrase string) (*age.X25519Identity, string, error) {
	return newSealedKey(passphrase, passphraseWork)
}

func newSealedKey(passphrase string, work int) (*age.X25519Identity, string, error) {
	r, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, "", fmt.Errorf("use the passphrase: %w", err)
	}
	r.SetWorkFactor(work)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, "", fmt.Errorf("make a key: %w", err)
	}
	sealed, err := seal([]byte(key.String()), r)
	return key, sealed, err
}

// OpenKey opens what NewSealedKey sealed. It takes about a second.
func OpenKey(sealed, passphrase string) (*age.X25519Identity, error) {
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, ErrPassphrase
	}
	identity.SetMaxWorkFactor(mostWork)
	plain, err := open(sealed, identity, ErrPassphrase)
	if err != nil {
		return nil, err
	}
	key, err := age.ParseX25519Identity(string(plain))
	if err != nil {
		return nil, ErrDamaged
	}
	return key, nil
}

func seal(content []byte, to ...age.Recipient) (string, error) {
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to...)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", fmt.Errorf("seal the secret: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sealed.Bytes()), nil
}

// Open opens what was sealed to a key.
func Open(sealed string, identity age.Identity) (s Secret, err error) {
	plain, err := open(sealed, identity, ErrNotForYou)
	if err != nil {
		return s, err
	}
	if err := Decode(plain, maxSealed, &s); err != nil {
		return Secret{}, ErrDamaged // without the text, which is secret
	}
	return s, nil
}

func open(sealed string, identity age.Identity, other error) ([]byte, error) {
	if len(sealed) > maxSealed {
		return nil, ErrOversize
	}
	content, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, ErrDamaged
	}
	r, err := age.Decrypt(bytes.NewReader(content), identity)
	var nobody *age.NoIdentityMatchError
	switch {
	case err != nil && strings.Contains(err.Error(), "work factor"):
		return nil, ErrCost
	case errors.As(err, &nobody):
		return nil, other
	case err != nil:
		return nil, ErrDamaged
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSealed))
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}
