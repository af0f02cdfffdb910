package command

import "github.com/zalando/go-keyring"

// The tests of commands have no keychain, as on Linux, where they have no bus. The
// program itself, which some of them start, uses that of the system.
func init() { keyring.MockInitWithError(keyring.ErrUnsupportedPlatform) }
