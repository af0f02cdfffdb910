package connections

import (
	"time"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/team"
	"pushdesk/storage/humanize"
	"pushdesk/storage/keychain"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

func cloudIcon(c connection.Cloud) theme.Icon {
	switch c {
	case connection.CloudPractice:
		return theme.IconPractice
	case connection.CloudCustom:
		return theme.IconComputer
	}
	return theme.IconCloud
}

// cloudWord is the cloud, short enough for a list.
func cloudWord(c connection.Cloud) string {
	switch c {
	case connection.CloudGCC:
		return "GCC"
	case connection.CloudGCCHigh:
		return "GCC High"
	case connection.CloudDoD:
		return "DoD"
	case connection.CloudChina:
		return "China"
	case connection.CloudPractice:
		return "Practice"
	case connection.CloudCustom:
		return "Custom"
	}
	return c.Label()
}

// placeWord is where a secret is, short enough for a list.
func placeWord(c connection.Connection, place string) string {
	switch keychain.Place(place) {
	case keychain.PlaceKeychain:
		return "Keychain"
	case keychain.PlaceSession:
		return "This session"
	case keychain.PlaceNone, keychain.PlaceMissing:
		return account.NothingStored(c.Credential)
	case keychain.PlaceLocked:
		return "Locked"
	case keychain.PlaceSealed:
		return "Sealed"
	case keychain.PlaceVault:
		return "Vault"
	case keychain.PlaceSilent:
		return "Not known"
	case account.PlaceTeam:
		return "Team"
	case account.PlaceManager:
		return "Manager"
	case account.PlaceUnasked:
		return "Not allowed"
	}
	return place
}

// placeChip says where a secret is, in the words of the keychain.
func placeChip(c connection.Connection, place string) (widget.RowChip, bool) {
	if place == "" || c.Credential == connection.CredentialPractice {
		return widget.RowChip{}, false
	}
	switch keychain.Place(place) {
	case keychain.PlaceKeychain, keychain.PlaceSealed, keychain.PlaceVault, account.PlaceTeam, account.PlaceManager:
		return widget.RowChip{Tone: widget.Neutral, Icon: theme.IconKey, Word: place}, true
	case keychain.PlaceShut:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconLock, Word: place}, true
	}
	if keychain.Place(place) == keychain.PlaceNone && c.Credential.User() {
		place = account.NothingStored(c.Credential)
	}
	return widget.RowChip{Tone: widget.Warning, Icon: theme.IconWarning, Word: place}, true
}

// verdictChip is a report in a word.
func verdictChip(r doctor.Report) widget.RowChip {
	switch state(r.Verdict) {
	case widget.Pass:
		return widget.RowChip{Tone: widget.Success, Icon: theme.IconPass, Word: "Works"}
	case widget.Warn:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconWarning, Word: "Warnings"}
	case widget.Fail:
		return widget.RowChip{Tone: widget.Error, Icon: theme.IconFail, Word: "Does not work"}
	}
	return widget.RowChip{Tone: widget.Neutral, Icon: theme.IconStopped, Word: "Not finished"}
}

// lastChip is the last test as it is stored, grey where something was changed since.
func lastChip(l account.LastTest, word string) widget.RowChip {
	chip := verdictChip(doctor.Report{Verdict: l.Verdict})
	if chip.Word = word; l.Stale {
		chip.Tone = widget.Neutral
	}
	return chip
}

// recall takes over the last tests as they are stored, in place of those of this session
// that are older or no longer hold.
func (p *listing) recall(last map[string]account.LastTest) {
	p.last = last
	for id, l := range last {
		if r, ok := p.tested[id]; ok && (l.At.After(r.Started) || l.Stale && l.At.Equal(r.Started.Truncate(time.Millisecond))) {
			delete(p.tested, id)
		}
	}
}

// state is a status of the doctor as a part shows it.
func state(s doctor.Status) widget.State {
	switch s {
	case doctor.Running:
		return widget.Running
	case doctor.Pass:
		return widget.Pass
	case doctor.Warn:
		return widget.Warn
	case doctor.Fail:
		return widget.Fail
	case doctor.Skipped:
		return widget.Skipped
	}
	return widget.Waiting
}

// layer is a group of checks as a person reads it.
func layer(group string) string {
	switch group {
	case doctor.GroupLocal:
		return "This computer"
	case doctor.GroupEntra:
		return "Microsoft Entra"
	case doctor.GroupPowerBI:
		return "Power BI"
	}
	return group
}

// sharedAs returns a connection as its team has it; ok is false for one of the person's
// own, and for one that the team no longer shows.
func (p *listing) sharedAs(c connection.Connection) (s team.ConnectionView, v team.View, ok bool) {
	if v, ok = p.teams[c.Team]; c.Team == "" || !ok {
		return s, v, false
	}
	s, err := v.Find(c.ID)
	return s, v, err == nil
}

// environmentChip says what a connection leads to, in words and a colour.
func environmentChip(c connection.Connection) (widget.RowChip, bool) {
	switch c.Environment {
	case "":
		return widget.RowChip{}, false
	case connection.EnvironmentProduction:
		return widget.RowChip{Tone: widget.Error, Icon: theme.IconLock, Word: "Production"}, true
	case connection.EnvironmentTest:
		return widget.RowChip{Tone: widget.Info, Icon: theme.IconTick, Word: "Test"}, true
	case connection.EnvironmentDevelopment:
		return widget.RowChip{Tone: widget.Success, Icon: theme.IconEdit, Word: "Development"}, true
	}
	return widget.RowChip{Tone: widget.Neutral, Icon: theme.IconUnknown, Word: string(c.Environment)}, true
}

// credentialLabel names what a connection signs in with.
func credentialLabel(k connection.CredentialKind) string {
	switch k {
	case connection.CredentialCertificate:
		return "Certificate"
	case connection.CredentialBrowser, connection.CredentialDevice:
		return "Sign-in"
	}
	return "Client secret"
}

// expiryChip warns of a credential that ends soon; one with time left is not worth
// a chip.
func expiryChip(c connection.Connection, now time.Time) (widget.RowChip, bool) {
	e := c.Expiry(now)
	switch {
	case !e.Known || e.Level == connection.ExpiryFar:
		return widget.RowChip{}, false
	case e.Level == connection.ExpiryOver:
		return widget.RowChip{Tone: widget.Error, Icon: theme.IconDateTime, Word: "Expired"}, true
	case e.Days == 0:
		return widget.RowChip{Tone: widget.Error, Icon: theme.IconDateTime, Word: "Expires today"}, true
	}
	tone := widget.Warning
	if e.Level == connection.ExpirySoon3 {
		tone = widget.Error
	}
	return widget.RowChip{Tone: tone, Icon: theme.IconDateTime, Word: "Expires in " + humanize.Count(e.Days, "day")}, true
}

// expiryLine is the day on which a credential ends, and who said so.
func expiryLine(c connection.Connection, now time.Time) string {
	e := c.Expiry(now)
	if !e.Known {
		return ""
	}
	from := map[connection.ExpirySource]string{
		connection.ExpiryTyped: " Entered by you.", connection.ExpiryCertificate: " From the certificate.", connection.ExpiryGraph: " From Microsoft Entra.",
	}
	return e.Sentence + from[c.ExpiresFrom]
}
