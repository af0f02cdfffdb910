package window

import (
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/storage/keychain"
	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
)

func cloudIcon(c connection.Cloud) look.Icon {
	switch c {
	case connection.CloudPractice:
		return look.IconPractice
	case connection.CloudCustom:
		return look.IconComputer
	}
	return look.IconCloud
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
		return nothingWord(c.Credential)
	case keychain.PlaceLocked:
		return "Locked"
	case keychain.PlaceSealed:
		return "Sealed"
	case keychain.PlaceVault:
		return "Vault"
	case keychain.PlaceSilent:
		return "No answer"
	}
	return place
}

// nothingWord says that there is nothing to sign in with.
func nothingWord(k connection.CredentialKind) string {
	switch {
	case k == connection.CredentialCertificate:
		return "No certificate"
	case k.User():
		return "Not signed in"
	}
	return "No secret"
}

// placeChip says where a secret is, in the words of the keychain.
func placeChip(c connection.Connection, place string) (part.RowChip, bool) {
	if place == "" || c.Credential == connection.CredentialPractice {
		return part.RowChip{}, false
	}
	switch keychain.Place(place) {
	case keychain.PlaceKeychain, keychain.PlaceSealed, keychain.PlaceVault:
		return part.RowChip{Tone: part.Neutral, Icon: look.IconKey, Word: place}, true
	case keychain.PlaceShut:
		return part.RowChip{Tone: part.Warning, Icon: look.IconLock, Word: place}, true
	}
	if keychain.Place(place) == keychain.PlaceNone && c.Credential.User() {
		place = nothingWord(c.Credential)
	}
	return part.RowChip{Tone: part.Warning, Icon: look.IconWarning, Word: place}, true
}

// verdictChip is a report in a word.
func verdictChip(r doctor.Report) part.RowChip {
	switch state(r.Verdict) {
	case part.Pass:
		return part.RowChip{Tone: part.Success, Icon: look.IconPass, Word: "Works"}
	case part.Warn:
		return part.RowChip{Tone: part.Warning, Icon: look.IconWarning, Word: "Warnings"}
	case part.Fail:
		return part.RowChip{Tone: part.Error, Icon: look.IconFail, Word: "Does not work"}
	}
	return part.RowChip{Tone: part.Neutral, Icon: look.IconStopped, Word: "Not finished"}
}

// state is a status of the doctor as a part shows it.
func state(s doctor.Status) part.State {
	switch s {
	case doctor.Running:
		return part.Running
	case doctor.Pass:
		return part.Pass
	case doctor.Warn:
		return part.Warn
	case doctor.Fail:
		return part.Fail
	case doctor.Skipped:
		return part.Skipped
	}
	return part.Waiting
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

// environmentChip says what a connection leads to, in words and a colour.
func environmentChip(c connection.Connection) (part.RowChip, bool) {
	switch c.Environment {
	case "":
		return part.RowChip{}, false
	case connection.EnvironmentProduction:
		return part.RowChip{Tone: part.Error, Icon: look.IconLock, Word: "Production"}, true
	case connection.EnvironmentTest:
		return part.RowChip{Tone: part.Info, Icon: look.IconTick, Word: "Test"}, true
	case connection.EnvironmentDevelopment:
		return part.RowChip{Tone: part.Success, Icon: look.IconEdit, Word: "Development"}, true
	}
	return part.RowChip{Tone: part.Neutral, Icon: look.IconUnknown, Word: string(c.Environment)}, true
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
func expiryChip(c connection.Connection, now time.Time) (part.RowChip, bool) {
	e := c.Expiry(now)
	switch {
	case !e.Known || e.Level == connection.ExpiryFar:
		return part.RowChip{}, false
	case e.Level == connection.ExpiryOver:
		return part.RowChip{Tone: part.Error, Icon: look.IconDateTime, Word: "Expired"}, true
	case e.Days == 0:
		return part.RowChip{Tone: part.Error, Icon: look.IconDateTime, Word: "Ends today"}, true
	}
	tone := part.Warning
	if e.Level == connection.ExpirySoon3 {
		tone = part.Error
	}
	return part.RowChip{Tone: tone, Icon: look.IconDateTime, Word: "Ends in " + counted(e.Days, "day", "days")}, true
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
