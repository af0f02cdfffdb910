package account

import (
	"context"
	"fmt"
	"strings"

	"filippo.io/age"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/connection/shared"
	"pushdesk/storage"
	"pushdesk/storage/failure"
)

// ExportHow says what an export gives along beside the definition of a connection.
type ExportHow string

const (
	ExportDefinition ExportHow = "definition" // nothing: each person enters the secret once
	ExportReference  ExportHow = "reference"  // where a secret manager keeps the secret
	ExportPeople     ExportHow = "people"     // the secret, sealed to people's public keys
	ExportPassphrase ExportHow = "passphrase" // the secret, sealed with a passphrase
)

// ExportOptions say what is given along.
type ExportOptions struct {
	How        ExportHow
	Recipients []string       // for ExportPeople
	Passphrase string         // for ExportPassphrase
	ValidUntil connection.Day // until when the sender wants the secret used, or ""
	Tables     func(connection.Connection) []shared.Table
}

var errNoReference = failure.New(failure.Usage, "export-no-reference", "“%s” has no reference to a secret manager.", "Say first which secret manager has its client secret, and under what name.")

// Export returns connections as a file for others. Without a sealed secret it is the
// same bytes each time.
func (a *Accounts) Export(ctx context.Context, list []connection.Connection, o ExportOptions) ([]byte, error) {
	if o.Tables == nil {
		o.Tables = a.options.Tables
	}
	var all []file.Exported
	var key *age.X25519Identity
	sealedKey := ""
	for _, c := range list {
		var tables []shared.Table
		if o.Tables != nil {
			tables = o.Tables(c)
		}
		e := file.Exported{Definition: shared.Of(c, tables)}
		if c.Cloud == connection.CloudCustom {
			e.LoginURL, e.APIURL, e.Resource = c.LoginURL, c.APIURL, c.Resource
			if c.CAFile != "" {
				text, err := storage.ReadFile(c.CAFile, 4<<20)
				if err != nil {
					return nil, cannotRead(failure.Usage, "export-ca-file", c.CAFile, "Correct the path of the CA file in the connection.", err)
				}
				e.CA = strings.Split(strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")), "\n")
			}
		}
		var err error
		switch o.How {
		case ExportReference:
			if c.Reference == (connection.Reference{}) {
				f := *errNoReference
				f.Sentence = fmt.Sprintf(f.Sentence, c.Name)
				return nil, &f
			}
			e.Reference = &c.Reference
		case ExportPeople:
			e.Sealed, err = a.sealFor(ctx, c, e, file.SealedWithKeys, o.Recipients)
		case ExportPassphrase:
			if key == nil {
				if key, sealedKey, err = shared.NewSealedKey(o.Passphrase); err != nil {
					return nil, err
				}
			}
			e.Sealed, err = a.sealFor(ctx, c, e, file.SealedWithPassphrase, []string{key.Recipient().String()})
		}
		if err != nil {
			return nil, err
		}
		if e.Sealed != nil {
			e.Sealed.ValidUntil = o.ValidUntil
		}
		all = append(all, e)
	}
	return file.EncodeExport(all, sealedKey)
}

// sealFor seals the credential of a connection that is stored here or sealed by its team,
// not one that is given for this command only.
func (a *Accounts) sealFor(ctx context.Context, c connection.Connection, e file.Exported, with string, keys []string) (*file.SealedSecret, error) {
	if c.Credential.User() || c.Credential == connection.CredentialPractice {
		return nil, shared.ErrNoSeal.WithDetails("Connection: %s", c.Name)
	}
	own := Accounts{Secrets: a.Secrets, Teams: a.Teams, options: a.options}
	given, _, err := own.Credential(ctx, c)
	if err != nil {
		return nil, err
	}
	secret, err := shared.NewSecret(e.Definition, "", 0, given)
	if err != nil {
		return nil, err
	}
	secret.Addresses = e.Addresses.Digest()
	sealed, err := shared.SealTo(secret, keys)
	if err != nil {
		return nil, err
	}
	return &file.SealedSecret{With: with, Age: sealed}, nil
}
