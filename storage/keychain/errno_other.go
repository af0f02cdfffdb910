//go:build !windows

package keychain

// numbers are the errors that a keychain names by numbers.
var numbers map[error]Reason
