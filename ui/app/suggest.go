package app

import "pushdesk/connection/manager"

// SuggestManager returns the usual way to ask a secret manager of a name, for a person to look
// at before they allow it; ok is false when none is known.
func SuggestManager(name string) (m manager.Manager, ok bool) {
	m, ok = map[string]manager.Manager{
		"op":    {Program: []string{"op", "read", "--no-newline", manager.Item}},
		"pass":  {Program: []string{"pass", "show", manager.Item}},
		"bw":    {Program: []string{"bw", "get", "password", manager.Item}},
		"vault": {Program: []string{"vault", "read", "-field=value", manager.Item}},
		"az":    {Program: []string{"az", "keyvault", "secret", "show", "--query", "value", "--output", "tsv", "--id", manager.Item}},
		"env":   {Environment: true},
	}[name]
	return m, ok
}
