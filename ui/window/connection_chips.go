package window

import (
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
func placeWord(place string) string {
	switch keychain.Place(place) {
	case keychain.PlaceKeychain:
		return "Keychain"
	case keychain.PlaceSession:
		return "This session"
	case keychain.PlaceNone, keychain.PlaceMissing:
		return "No secret"
	case keychain.PlaceLocked:
		return "Locked"
	case keychain.PlaceSilent:
		return "No answer"
	}
	return place
}

// placeChip says where a secret is, in the words of the keychain.
func placeChip(c connection.Connection, place string) (part.RowChip, bool) {
	if place == "" || c.Credential == connection.CredentialPractice {
		return part.RowChip{}, false
	}
	if keychain.Place(place) == keychain.PlaceKeychain {
		return part.RowChip{Tone: part.Neutral, Icon: look.IconKey, Word: place}, true
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
