package cli

// The environment variables that commands read, for schedulers.
const (
	SecretVariable      = "PUSHDESK_CLIENT_SECRET"        // a client secret, on machines without a keychain
	VaultVariable       = "PUSHDESK_VAULT_PASSPHRASE"     // the passphrase of the vault
	CertificateVariable = "PUSHDESK_CERTIFICATE_PASSWORD" // the password of a PFX file
	ProxyVariable       = "PUSHDESK_PROXY_PASSWORD"       // the password of the proxy
	ExportVariable      = "PUSHDESK_EXPORT_PASSPHRASE"    // the passphrase of an export
	WorkbookVariable    = "PUSHDESK_WORKBOOK_PASSWORD"    // the password of a workbook
)
