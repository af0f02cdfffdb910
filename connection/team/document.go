package team

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
)

// How a shared connection's secret reaches the members.
const (
	SecretOwn       = "definition" // each member enters it once
	SecretReference = "reference"  // a secret manager has it
	SecretSealed    = "sealed"     // it is in the file, sealed to the members
)

// Secret is what a shared file says of the secret.
type Secret struct {
	How       string                `json:"how"`
	Reference *connection.Reference `json:"reference,omitempty"`
	Rotation  int                   `json:"rotation,omitempty"` // counts the secrets that were shared
	RotatedBy string                `json:"rotatedBy,omitempty"`
	RotatedAt time.Time             `json:"rotatedAt,omitzero"`
	To        []string              `json:"to,omitempty"` // the members it is sealed to, by ID
	Age       string                `json:"age,omitempty"`
	// ReadBy are people who could open this secret and are no members any more. Only a
	// new secret in Entra shuts them out.
	ReadBy []string `json:"readBy,omitempty"`
}

// Anyway says why a connection was shared that was not proven.
type Anyway struct {
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Document is the file of one shared connection.
type Document struct {
	Format int    `json:"pushdeskConnection"`
	Team   string `json:"team"`
	shared.Definition
	Secret  *Secret       `json:"secret,omitempty"`
	Removed bool          `json:"notShared,omitempty"` // it was taken out of the team; the file stays so that no copy brings it back
	Proof   *Stamp        `json:"proof,omitempty"`     // by the member who shared this content
	Anyway  *Anyway       `json:"sharedAnyway,omitempty"`
	Signed  shared.Signed `json:"signed"`
}

// how is how the secret reaches the members.
func (d *Document) how() string {
	if d.Secret == nil {
		return SecretOwn
	}
	return d.Secret.How
}

func (d *Document) rotation() int {
	if d.Secret == nil {
		return 0
	}
	return d.Secret.Rotation
}

// Content names what is proven by a stamp: every field of the connection, and which
// secret it has. To whom that is sealed is not among it.
func (d *Document) Content() string {
	c := struct {
		shared.Definition
		How       string
		Rotation  int
		RotatedBy string
		RotatedAt time.Time
		Reference string
	}{Definition: d.Definition, How: d.how(), Rotation: d.rotation(), Reference: d.reference()}
	if d.Secret != nil {
		c.RotatedBy, c.RotatedAt = d.Secret.RotatedBy, d.Secret.RotatedAt.UTC()
	}
	line, err := shared.Signable("content", c)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

func (d *Document) reference() string {
	if d.Secret == nil || d.Secret.Reference == nil {
		return ""
	}
	return d.Secret.Reference.String()
}

// hash names a state of the file. Like that of a roster it leaves out who signed it.
func (d *Document) hash() string {
	line, err := shared.Signable("state", struct {
		Content   string
		Removed   bool
		Revision  int
		Ancestors []string
	}{d.Content(), d.Removed, d.Signed.Revision, slices.Sorted(slices.Values(d.Signed.Ancestors))})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:10])
}

func (d Document) signable() ([]byte, error) {
	d.Signed.Signature = ""
	return shared.Signable("connection", d)
}

func (d *Document) sign(k key.Key, now time.Time) error {
	d.Signed.By, d.Signed.At = k.Public().ID(), now.UTC().Truncate(time.Second)
	content, err := d.signable()
	d.Signed.Signature = k.Sign(content)
	return err
}

func (d *Document) encode() ([]byte, error) {
	return shared.Layout(d, "secret", "proof", "sharedAnyway", "signed")
}

// decodeDocument reads a file without judging who signed it.
func decodeDocument(content []byte) (*Document, error) {
	d := &Document{}
	if err := shared.Decode(content, shared.MaxFile, d); err != nil {
		return nil, err
	}
	switch {
	case d.Format != 1:
		return nil, errNewer
	case uuid.Validate(d.ID) != nil || strings.ToLower(d.ID) != d.ID:
		return nil, shared.ErrNotJSON.WithDetails("Cause: the connection has no valid ID")
	}
	return d, nil
}

// mergeDocuments brings two states of one file together. The secret is never merged:
// one that both changed, or one side's removal, is a clash.
func mergeDocuments(base, a, b *Document) (m *Document, clash []string) {
	c := *a
	c.Definition, clash = shared.Merge(base.Definition, a.Definition, b.Definition)
	c.Removed = a.Removed || b.Removed
	if a.Removed != b.Removed {
		clash = append(clash, "notShared")
	}
	switch {
	case sameSecret(a, b):
		if b.Signed.Revision > a.Signed.Revision { // sealed again for others
			c.Secret = b.Secret
		}
	case sameSecret(b, base):
	case sameSecret(a, base):
		c.Secret = b.Secret
	default:
		clash = append(clash, "secret")
	}
	c.Proof = nil
	for _, d := range []*Document{a, b} {
		if d.Proof != nil && d.Proof.Content == c.Content() {
			c.Proof = d.Proof
		}
	}
	c.Signed = shared.Signed{Revision: max(a.Signed.Revision, b.Signed.Revision) + 1, Ancestors: shared.AncestorsOf(a.Signed, b.Signed)(a.hash(), b.hash())}
	return &c, clash
}

func sameSecret(a, b *Document) bool {
	return a.how() == b.how() && a.rotation() == b.rotation() && a.reference() == b.reference() &&
		(a.how() != SecretSealed || a.rotation() == 0 || a.Secret.RotatedBy == b.Secret.RotatedBy && a.Secret.RotatedAt.Equal(b.Secret.RotatedAt))
}
