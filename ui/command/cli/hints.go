package cli

import (
	"pushdesk/storage"
	"pushdesk/storage/workbook"
)

// hints say what to type, by the code of a failure. The packages below name no flag,
// command or environment variable.
var hints = map[string]string{
	"type-guessed":       "Flag of pushdesk send: --type COLUMN=TYPE.",
	"zones-mixed":        "Flags of pushdesk send: --zone utc or --zone written.",
	"key-blank":          "A condition of pushdesk send: --where 'COLUMN is not blank'.",
	"alter-guessed":      "The flag is --definition FILE.",
	"no-rebuild":         "Leave out --rebuild, then: pushdesk send FILE --mode replace",
	"rebuild-unfinished": "Command: pushdesk table alter --connection NAME --dataset NAME --table NAME --rebuild",
	"rebuild-open":       "Command: pushdesk table alter --connection NAME --dataset NAME --table NAME --rebuild",
	"rebuild-none":       "Such as --add COLUMN=TYPE, --rename NAME=NEW or --remove NAME.",
	"rebuild-changed":    "Command: pushdesk send FILE --mode replace",
	"table-altered":      "Command: pushdesk table show",
	"bad-rows":           "Flags of pushdesk send: --type, and --bad-rows skip or --bad-rows blank.",
	"too-many-left-out":  "Flags of pushdesk send: --type and --max-left-out.",
	"run-unfinished":     "Command: pushdesk runs resume ID",
	"row-refused":        "Commands: pushdesk runs rejects ID, pushdesk runs resend ID FILE, pushdesk runs resume ID --bad-rows skip",
	"contract-broken":    "Flags of pushdesk send: --map FILE=TABLE, --leave-out, --constant and --on-drift warn, add or ignore.",
	"column-unknown":     "Flags of pushdesk send: --leave-out, --map and --on-drift add. Command: pushdesk table alter --add COLUMN=TYPE",
	"mapping-file":       "To write one: pushdesk mapping init FILE",
	"mapping-missing":    "To write one: pushdesk mapping init FILE",
	"columns-moved":      "Flags of pushdesk send: --map FILE=TABLE and --leave-out.",
	"columns-guessed":    "Flags of pushdesk send: --accept-guesses, and --mapping.",
	"ambiguous":          "Flags of pushdesk send: --date-order dmy or mdy, and --decimal-mark.",
	"guessed":            "Without --strict they are sent as guessed.",
	"columns-unfit":      "Flags of pushdesk send: --map and --leave-out; --overwrite-schema changes the table's columns.",
	"run-file-changed":   "If the file was moved: pushdesk runs resume ID --file PATH.",
	"limits-replace":     "Flag of pushdesk send, runs again and runs resume: --in-parts.",
	"mapping":            "Flags of pushdesk send: --map, --type and --leave-out.",
	"rows-unknown":       "List the batches and answer for each with: pushdesk runs resolve ID. Or answer for all: pushdesk runs resume ID --unknown stored, or --unknown resend.",
	"other-table":        "Flag of pushdesk runs resume and of pushdesk send: --table.",
	"not-push":           "Flag of pushdesk send: --create.",
	"table-missing":      "Flag of pushdesk send for another dataset: --dataset.",
	"table-full":         "Flags of pushdesk send: --dataset, --mode replace and --limit.",

	"workspaces-unlisted": "The flag is --workspace.",

	"choose-workspace": "The flag is --workspace.",
	"choose-dataset":   "The flag is --dataset.",
	"choose-table":     "Flag of pushdesk runs resume and of pushdesk send: --table.",
	"ambiguous-name":   "Every flag that takes a name takes an ID.",

	"run-missing":          "See: pushdesk runs list",
	"run-cancelled":        "To send the rest: pushdesk runs resume ID",
	"connection-not-found": "See: pushdesk connection list",
	"name-taken":           "See: pushdesk connection list",

	"no-secret":          "Command: pushdesk connection edit NAME --secret-stdin. A command also takes the secret from the environment variable " + SecretVariable + ".",
	"no-certificate":     "Command: pushdesk connection edit NAME --certificate FILE",
	"sign-in-unreadable": "Command: pushdesk connection sign-in NAME",
	"no-sign-in":         "Command: pushdesk connection sign-in NAME",

	"keychain-missing": secretHint, "keychain-no-ring": secretHint, "keychain-no-answer": secretHint, "keychain-locked": secretHint, "keychain-other": secretHint,
	workbook.CodePassword: "A command takes the password from the environment variable " + WorkbookVariable + ", or asks for it in a terminal.",
	"vault-none":          "Command: pushdesk vault create",
	"vault-locked":        "A command asks for the passphrase, or takes it from the environment variable " + VaultVariable + ".",

	"import-passphrase":          "A command asks for it in a terminal, or takes it from the environment variable " + ExportVariable + ".",
	"secret-manager-not-allowed": "Command: pushdesk secrets allow MANAGER -- PROGRAM ... {item}, or pushdesk secrets allow MANAGER --address URL",
	"secret-manager-missing":     "See: pushdesk secrets allow",
	"export-no-reference":        "Command: pushdesk connection edit NAME --manager MANAGER:ITEM",
	"sealed-not-for-you":         "Your public key: pushdesk team key",
	"team-no-key":                "Commands: pushdesk team create, pushdesk team join, pushdesk team key --recover",
	"team-key-not-stored":        "Command: pushdesk vault create",
	"team-custom-address":        "Command: pushdesk team addresses NAME --authority-url URL --api-url URL",
	"team-stranger":              "If an owner confirms that the person belongs to the team: pushdesk team trust PERSON",
	"team-new-member":            "Command: pushdesk team trust PERSON",
	"team-only-copy":             "The flag is --drop-secret.",
	"team-not-found":             "See: pushdesk team list. The flag --team says which team is meant.",
	"team-several":               "The flag is --team.",
	"team-not-proven":            "The flags are --trial and --anyway.",
	"team-connection":            "Commands: pushdesk team unshare NAME, pushdesk team leave",
	"team-conflict":              "Command: pushdesk team keep NAME",
	"team-other-versions":        "Command: pushdesk team keep NAME",
	"team-clash":                 "Command: pushdesk team show",
	"team-two-requests":          "Commands: pushdesk team accept NAME --words \"five words\", pushdesk team reject ID. pushdesk team show --json lists the IDs.",
	"team-own-name":              "The flag is --me.",
	"team-foreign-tenant":        "Command for an owner: pushdesk team tenants ID",
	"team-pending":               "See your words with: pushdesk team list",
	"team-rejected":              "Command: pushdesk team join FOLDER",
	"team-last-owner":            "Command: pushdesk team role PERSON owner",
	"team-none-there":            "To make one there: pushdesk team create NAME --folder FOLDER --tenant ID",
	"team-exists":                "Command: pushdesk team join FOLDER",

	"certificate-unusable": "A command asks for the password, or takes it from the environment variable " + CertificateVariable + ".",

	"no-display":            "Everything works in the terminal, too. To begin: pushdesk send FILE --practice",
	"no-opengl":             "Everything works in the terminal, too. To begin: pushdesk send FILE --practice",
	"home-unusable":         "Name one with the environment variable " + storage.HomeVariable + ".",
	"network-proxy":         "See the proxy, or set another, with: pushdesk network",
	"network-proxy-sign-in": "Set them with: pushdesk network --proxy-user, and --proxy-password-stdin or the environment variable " + ProxyVariable + ".",
	"network-proxy-windows": "Set another proxy with: pushdesk network --proxy",
	"network-untrusted":     "Add it with: pushdesk network --roots",
}

const secretHint = "A command also takes the secret from the environment variable " + SecretVariable + "."
