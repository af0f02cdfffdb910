package connection

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// Connection is a named way to sign in to Power BI. It never holds the secret.
//
// Large: a field for each field of the file.
type Connection struct {
	ID         string         `json:"id"` // a UUID; the secret is kept under it
	Name       string         `json:"name"`
	Cloud      Cloud          `json:"cloud"`
	TenantID   string         `json:"tenantId,omitempty"` // a GUID or a domain of the tenant
	ClientID   string         `json:"clientId,omitempty"` // of the app registration, a GUID
	Credential CredentialKind `json:"credential"`
	Workspace  string         `json:"workspace,omitempty"` // the default one, name or ID
	Dataset    string         `json:"dataset,omitempty"`   // the default one in it, name or ID
	Table      string         `json:"table,omitempty"`     // the default one of that dataset
	Notes      string         `json:"notes,omitempty"`

	Environment Environment `json:"environment,omitempty"` // "" = not said
	Tags        []string    `json:"tags,omitempty"`        // to find and group it by
	Account     string      `json:"account,omitempty"`     // who signed in, for the kinds that sign a person in
	// Expires is the last day of the client secret or the certificate; "" when
	// nobody said. ExpiresFrom tells who did.
	Expires     Day          `json:"expires,omitempty"`
	ExpiresFrom ExpirySource `json:"expiresFrom,omitempty"`

	Team      string    `json:"team,omitempty"` // the ID of the team that it is shared in
	Reference Reference `json:"secretReference,omitzero"`

	// For CloudCustom only.
	LoginURL string `json:"loginUrl,omitempty"`
	APIURL   string `json:"apiUrl,omitempty"`   // without /v1.0/myorg
	Resource string `json:"resource,omitempty"` // empty: the public cloud's
	CAFile   string `json:"caFile,omitempty"`   // PEM, trusted beside the system's authorities

	Created time.Time `json:"created,omitzero"`
	Updated time.Time `json:"updated,omitzero"`
	Used    time.Time `json:"used,omitzero"` // when it last sent or was tested; changes nothing else
}

// Equal reports whether two connections are the same in every field.
func (c Connection) Equal(o Connection) bool { return reflect.DeepEqual(c, o) }

// SameLogin reports whether two connections sign in at the same place as the same
// app in the same way, whatever they are called.
func (c Connection) SameLogin(o Connection) bool {
	return c.Cloud == o.Cloud && c.TenantID == o.TenantID && c.ClientID == o.ClientID && c.Credential == o.Credential &&
		c.LoginURL == o.LoginURL && c.APIURL == o.APIURL && c.Resource == o.Resource && c.CAFile == o.CAFile
}

// Recent sorts connections by their last use, the latest first, and those that were
// never used as they come.
func Recent(list []Connection) []Connection {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b Connection) int { return b.Used.Compare(a.Used) })
	return sorted
}

// Reference says where a secret manager keeps the client secret, for connections whose
// secret is not stored here. The person's own settings say which managers may be asked,
// and how.
type Reference struct {
	Manager string `json:"manager"` // its name in the settings
	Item    string `json:"item"`    // what the manager calls the secret
}

// String returns the reference as a person types it: manager:item.
func (r Reference) String() string {
	if r == (Reference{}) {
		return ""
	}
	return r.Manager + ":" + r.Item
}

// Environment is what a connection leads to, and so how careful to be with it.
type Environment string

const (
	EnvironmentDevelopment Environment = "development"
	EnvironmentTest        Environment = "test"
	EnvironmentProduction  Environment = "production" // asks before it writes or deletes
)

// Environments are the labels in the order in which they are offered.
var Environments = []Environment{EnvironmentDevelopment, EnvironmentTest, EnvironmentProduction}

// Day is a date as a person writes it, 2027-01-31. It is a text, so that a slip in a
// file edited by hand loses nothing but the day.
type Day string

// ExpirySource is where the day comes from on which a credential ends.
type ExpirySource string

const (
	ExpiryTyped       ExpirySource = "typed"       // by a person, who read it in Entra
	ExpiryCertificate ExpirySource = "certificate" // from the certificate itself
	ExpiryGraph       ExpirySource = "graph"       // from Microsoft Graph
)

// CredentialKind is how a connection proves who it is.
type CredentialKind string

const (
	// CredentialSecret is a client secret, kept in the keychain.
	CredentialSecret CredentialKind = "secret"
	// CredentialCertificate is an RSA key with its certificate, kept sealed.
	CredentialCertificate CredentialKind = "certificate"
	// CredentialBrowser is a person who signs in with a web browser. What is kept,
	// sealed, renews the sign-in without asking again.
	CredentialBrowser CredentialKind = "browser"
	// CredentialDevice is a person who signs in with a code, on any device.
	CredentialDevice CredentialKind = "device"
	// CredentialPractice are the ready-made credentials of the practice service
	// that is built in. Nothing is kept.
	CredentialPractice CredentialKind = "practice"
)

// User reports whether the kind signs a person in, not an app.
func (k CredentialKind) User() bool { return k == CredentialBrowser || k == CredentialDevice }

// Field names what a person types for a connection.
type Field string

const (
	FieldName      Field = "name"
	FieldCloud     Field = "cloud"
	FieldTenant    Field = "tenantId"
	FieldClient    Field = "clientId"
	FieldSecret    Field = "secret"
	FieldWorkspace Field = "workspace"
	FieldDataset   Field = "dataset"
	FieldTable     Field = "table"
	FieldExpires   Field = "expires"
	FieldFile      Field = "certificate"

	FieldCredential  Field = "credential"
	FieldEnvironment Field = "environment"
	FieldLoginURL    Field = "loginUrl"
	FieldAPIURL      Field = "apiUrl"
	FieldResource    Field = "resource"
	FieldCAFile      Field = "caFile"
	FieldReference   Field = "secretReference"
)

// SameApp reports whether two connections sign in with the client secrets of one app:
// they have its client ID, which Entra gives once in a cloud, and their tenants may
// be the same. A tenant has one GUID and any number of domains, so only two GUIDs
// can be told apart.
func (c Connection) SameApp(o Connection) bool {
	if c.Cloud != o.Cloud || c.LoginURL != o.LoginURL || c.ClientID == "" || !strings.EqualFold(c.ClientID, o.ClientID) {
		return false
	}
	return strings.EqualFold(c.TenantID, o.TenantID) || !IsGUID(c.TenantID) || !IsGUID(o.TenantID)
}

// Careful reports whether a connection asks before rows are sent, and for its name
// before anything is deleted.
func (c Connection) Careful() bool { return c.Environment == EnvironmentProduction }
