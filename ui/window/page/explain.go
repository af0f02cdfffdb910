package page

import (
	"strings"

	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/ui/window/widget"
)

// hints say where to click, by the code of a failure. The packages below name no page
// and no button.
var hints = map[string]string{
	"vault-none":            "It is created in Settings under Secrets.",
	"vault-locked":          "It is unlocked in Settings under Secrets.",
	"keychain-missing":      "A passphrase vault can store secrets instead: see Settings under Secrets.",
	"keychain-no-ring":      "A passphrase vault can store secrets instead: see Settings under Secrets.",
	"network-untrusted":     networkSettings,
	"network-proxy":         networkSettings,
	"network-proxy-sign-in": networkSettings,
	"network-proxy-windows": networkSettings,

	"team-custom-address": "They are allowed on the page Team.",
	"team-new-member":     "Members are trusted on the page Team.",
	"team-not-found":      "Teams are on the page Team.",
	"team-connection":     "Both are on the page Team.",
	"team-conflict":       "Both versions are on the page Team.",
	"team-other-versions": "They are on the page Team.",
	"team-rejected":       "Press Join a team on the page Team.",
	"team-pending":        "The words are on the page Team.",

	"secret-manager-not-allowed": "It is allowed in Settings under Secret managers.",
	"export-no-reference":        "Name it here, or in the connection under Edit.",

	"workspaces-unlisted": "It is the connection's default workspace, which is changed under Edit.",

	"home-unusable": "Name one with the environment variable " + storage.HomeVariable + ".",

	"type-guessed":    "The types are chosen in the step Columns.",
	"zones-mixed":     "It is chosen beside the column in the step Columns.",
	"no-rebuild":      "The page Upload replaces the rows of a table.",
	"rebuild-changed": "The page Upload replaces the rows of a table.",
	"alter-guessed":   "It is chosen on this page under Definition.",
	"contract-broken": "Columns are joined, left out and added in the step Columns.",
	"column-unknown":  "Columns are left out and joined in the step Columns.",
	"bad-rows":        "The types are chosen in the step Columns, and what happens to such rows in the step Check.",
}

const networkSettings = "The network settings are in Settings under Network."

// lead is a button that brings a person to where something can be done.
type lead struct {
	word  string
	place Place
}

// leads say where something can be done, by the kind of a failure.
var leads = map[failure.Kind]lead{
	failure.Connection: {"Test the connection", Connections},
}

// Explain turns an error into the message of a banner. what is said when the error was
// not made for a person, as in "The list of workspaces could not be read."
func Explain(err error, what string) widget.Message {
	f, ok := failure.From(err)
	if !ok {
		return widget.Message{Tone: widget.Error, Sentence: what, Details: err.Error(),
			Remedy: "Try again. If it happens again, send the details to your Pushdesk administrator."}
	}
	said := []string{f.Remedy, hints[f.Code], ""}
	if f.Who != failure.Nobody && f.Who != failure.You {
		said[2] = "Who can fix it: " + string(f.Who) + "."
	}
	return widget.Message{Tone: widget.Error, Sentence: f.Sentence, Remedy: sentences(said...), Details: f.Details}
}

// ExplainWithLead is Explain on a page where nothing can be done about failures of a
// certain kind: a button brings to the page where it can.
func ExplainWithLead(h Host, err error, what string) widget.Message {
	m := Explain(err, what)
	if f, ok := failure.From(err); ok {
		if l, ok := leads[f.Kind]; ok {
			m.Action, m.OnAction = l.word, func() { h.Open(l.place) }
		}
	}
	return m
}

func sentences(all ...string) string {
	var said []string
	for _, s := range all {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, " ")
}
