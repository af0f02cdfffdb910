package connection

import "time"

// Connection is a named way to sign in to Power BI. It never holds the secret.
type Connection struct {
	ID         string         `json:"id"` // a UUID; the secret is kept under it
	Name       string         `json:"name"`
	Cloud      Cloud          `json:"cloud"`
	TenantID   string         `json:"tenantId,omitempty"` // a GUID or a domain of the tenant
	ClientID   string         `json:"clientId,omitempty"` // of the app registration, a GUID
	Credential CredentialKind `json:"credential"`
	Workspace  string         `json:"workspace,omitempty"` // the default one, name or ID
	Notes      string         `json:"notes,omitempty"`

	// For CloudCustom only.
	LoginURL string `json:"loginUrl,omitempty"`
	APIURL   string `json:"apiUrl,omitempty"`   // without /v1.0/myorg
	Resource string `json:"resource,omitempty"` // empty: the public cloud's
	CAFile   string `json:"caFile,omitempty"`   // PEM, trusted beside the system's authorities

	Created time.Time `json:"created,omitzero"`
	Updated time.Time `json:"updated,omitzero"`
}

// CredentialKind is how a connection proves who it is.
type CredentialKind string

const (
	// CredentialSecret is a client secret, kept in the keychain.
	CredentialSecret CredentialKind = "secret"
	// CredentialPractice are the ready-made credentials of the practice service
	// that is built in. Nothing is kept.
	CredentialPractice CredentialKind = "practice"
)

// Field names what a person types for a connection.
type Field string

const (
	FieldName      Field = "name"
	FieldCloud     Field = "cloud"
	FieldTenant    Field = "tenantId"
	FieldClient    Field = "clientId"
	FieldSecret    Field = "secret"
	FieldWorkspace Field = "workspace"
	FieldLoginURL  Field = "loginUrl"
	FieldAPIURL    Field = "apiUrl"
	FieldResource  Field = "resource"
	FieldCAFile    Field = "caFile"
)
