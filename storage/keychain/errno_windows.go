package keychain

import "golang.org/x/sys/windows"

// numbers are the errors of Credential Manager. Their texts are in the language of the
// computer.
var numbers = map[error]Reason{
	windows.ERROR_NO_SUCH_LOGON_SESSION: ReasonMissing, // in a session over the network, or of a task without a profile
	windows.ERROR_NOT_SUPPORTED:         ReasonMissing,
	windows.ERROR_ACCESS_DENIED:         ReasonRefused,
}
