package file

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// Exported is one connection of an export: its fields without the secret, and what a
// person chose to give along.
type Exported struct {
	shared.Definition
	shared.Addresses
	Reference *connection.Reference `json:"secretReference,omitempty"`
	Sealed    *SealedSecret         `json:"sealedSecret,omitempty"`
}

// SealedSecret is a secret that only some can open.
type SealedSecret struct {
	With string `json:"with"` // see SealedWithKeys
	Age  string `json:"age"`  // an age file, in base64
	// ValidUntil is the day until which the sender wants it used. It is advice: what is
	// sealed opens after it, too.
	ValidUntil connection.Day `json:"validUntil,omitempty"`
}

// What a secret is sealed with.
const (
	SealedWithKeys       = "keys" // the public keys of people
	SealedWithPassphrase = "passphrase"
)

// exportFormat marks the file of an export.
const exportFormat = "connections"

// exportFile is the file of an export.
type exportFile struct {
	Format      string     `json:"pushdesk"`
	Version     int        `json:"version"`
	SealedKey   string     `json:"sealedKey,omitempty"` // opens the secrets; a passphrase opens it
	Connections []Exported `json:"connections"`
}

// EncodeExport writes an export: readable, with a field a line, and the same bytes for
// the same connections. It holds no time and nothing of this computer.
// sealedKey is the key of secrets that are sealed with a passphrase, or "".
func EncodeExport(list []Exported, sealedKey string) ([]byte, error) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Exported) int {
		return strings.Compare(connection.NameKey(a.Name), connection.NameKey(b.Name))
	})
	line, err := shared.Encode(exportFile{exportFormat, 1, sealedKey, list})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, line, "", "  "); err != nil {
		return nil, fmt.Errorf("write the export: %w", err)
	}
	out.WriteByte('\n')
	return []byte(text.Visible(out.String())), nil // people look into it in a terminal; its escapes are those of JSON
}

// Keys are what sealed secrets of an import are opened with; either may be missing.
type Keys struct {
	Identity   age.Identity
	Passphrase string

	ofFile age.Identity // that the passphrase opens
}

// ErrPassphraseNeeded says that a file has secrets that a passphrase opens.
var ErrPassphraseNeeded = failure.New(failure.Connection, "import-passphrase", "The file holds client secrets that are sealed with a passphrase.", "Ask the sender for the passphrase.")

// ErrOtherFile says that an export would write over a file that is none.
var ErrOtherFile = failure.New(failure.Usage, "export-other-file", "The file already exists, and it is no export of Pushdesk.", "Choose another name, or say that it may be replaced.")

// MayReplace says why an export may not be written to a path without a question, or nil: only
// an earlier export is replaced.
func MayReplace(path string) error {
	if _, err := os.Lstat(path); err != nil {
		return nil //nolint:nilerr // nothing is there, or writing says why not
	}
	content, err := storage.ReadFile(path, importSize)
	if err != nil || !isExport(string(content)) {
		return ErrOtherFile.Because(err).WithDetails("File: %s", path)
	}
	return nil
}

// isExport reports whether a text is an export, by its first field.
func isExport(content string) bool {
	var probe struct {
		Format string `json:"pushdesk"`
	}
	return strings.HasPrefix(content, "{") && json.Unmarshal([]byte(content), &probe) == nil && probe.Format == exportFormat
}

// importExport reads an export.
func importExport(content string, o ImportOptions, now time.Time) (list []Imported, remarks []string, err error) {
	var f exportFile
	if err := shared.Decode([]byte(content), importSize, &f); err != nil {
		return nil, nil, err
	}
	if f.Version != 1 {
		return nil, nil, importFault(0, "The file was written by a newer Pushdesk.", "Update Pushdesk on this computer.")
	}
	if f.SealedKey != "" {
		if o.Keys.Passphrase == "" {
			return nil, nil, ErrPassphraseNeeded
		}
		key, err := shared.OpenKey(f.SealedKey, o.Keys.Passphrase)
		if err != nil {
			return nil, nil, err
		}
		o.Keys.ofFile = key
	}
	for i, e := range f.Connections {
		c := e.Over(connection.Connection{})
		c.LoginURL, c.APIURL, c.Resource = e.LoginURL, e.APIURL, e.Resource
		if e.Reference != nil {
			c.Reference = *e.Reference
		}
		connection.CleanFields(&c)
		n := Imported{Row: i + 1, cloud: true, export: true, tables: e.Tables}
		n.Findings = slices.DeleteFunc(e.Findings(), func(f connection.Finding) bool {
			return f.Level == connection.LevelWarn && f.Field == connection.FieldExpires
		})
		switch {
		case c.Cloud != connection.CloudCustom && (c.LoginURL != "" || c.APIURL != "" || c.Resource != "" || len(e.CA) > 0):
			f := connection.Failing("The connection names a cloud of Microsoft's and addresses of its own.", "Somebody may have changed the file. Ask the sender for it again.")
			f.Field = connection.FieldLoginURL
			n.Findings = append(n.Findings, *f)
			c.LoginURL, c.APIURL, c.Resource = "", "", ""
		case c.Cloud == connection.CloudCustom:
			n.ca = strings.Join(e.CA, "\n")
			n.Findings = append(n.Findings, connection.Validate(c, "", false)...)
		}
		n.Connection = c
		if f := refuseCustom(c, o); f != nil {
			n.Findings = append([]connection.Finding{*f}, n.Findings...)
		}
		if e.Sealed != nil {
			n.open(*e.Sealed, e, o.Keys)
			if day, ok := e.Sealed.ValidUntil.Time(); ok && now.UTC().After(day.AddDate(0, 0, 1)) {
				remarks = append(remarks, fmt.Sprintf("The sender wanted the client secret of “%s” used until %s only. Ask whether it is still the right one.", c.Name, day.Format("2 January 2006")))
			}
		}
		list = append(list, n)
	}
	return list, remarks, nil
}

// open takes the secret out of its sealed part. One that this person cannot open is
// missing, no error; one that was changed is wrong.
func (i *Imported) open(s SealedSecret, e Exported, keys Keys) {
	identity := keys.Identity
	if s.With == SealedWithPassphrase {
		identity = keys.ofFile
	}
	err := error(shared.ErrNotForYou)
	var secret shared.Secret
	if identity != nil {
		secret, err = shared.Open(s.Age, identity)
	}
	if err == nil {
		i.given, err = secret.For(e.Definition, e.Addresses)
	}
	if errors.Is(err, shared.ErrNotForYou) {
		i.Sealed = true
		return
	}
	if f, ok := failure.From(err); ok {
		finding := connection.Failing(f.Sentence, "%s", f.Remedy)
		finding.Field = connection.FieldSecret
		i.Findings = append(i.Findings, *finding)
		i.given = connection.Credential{}
	}
}
