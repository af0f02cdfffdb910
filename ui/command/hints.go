package command

import (
	"pushdesk/storage"
	"pushdesk/storage/workbook"
)

// hints say what to type, by the code of a failure. The packages below name no flag,
// command or environment variable.
var hints = map[string]string{
	workbook.CodePassword: "A command takes the password from the environment variable " + passwordVariable + ", or asks for it in a terminal.",
	"vault-none":          "Create one with: pushdesk vault create",
	"vault-locked":        "A command asks for the passphrase, or takes it from the environment variable " + VaultVariable + ".",
	"keychain-missing":    secretInEnvironment,
	"keychain-no-ring":    secretInEnvironment,
	"keychain-locked":     secretInEnvironment,
	"keychain-other":      secretInEnvironment,
	"no-secret":           secretInEnvironment,
	"no-sign-in":          "Sign in with: pushdesk connection sign-in NAME",
	"sign-in-unreadable":  "Sign in with: pushdesk connection sign-in NAME",

	"no-display": "Everything works in the terminal, too. To begin: pushdesk send FILE --practice",

	"home-unusable": "Name one with the environment variable " + storage.HomeVariable + ".",

	"bad-rows": "The flags are --type, and --bad-rows skip or --bad-rows blank.",

	"network-proxy":         "See the proxy, or set another, with: pushdesk network.",
	"network-proxy-sign-in": "Set them with: pushdesk network --proxy-user, and --proxy-password-stdin or the environment variable " + ProxyVariable + ".",
	"network-proxy-windows": "Set another proxy with: pushdesk network --proxy.",
	"network-untrusted":     "Add it with: pushdesk network --roots.",
}

const secretInEnvironment = "A command can also take the secret from the environment variable " + SecretVariable + "."
