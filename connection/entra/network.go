package entra

import (
	"errors"
	"fmt"
	"strings"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"

	"pushdesk/connection/network"
	"pushdesk/storage/humanize"
	"pushdesk/storage/netfail"
)

// Reasons beside those of netfail why no answer of the login host could be had.
const (
	Page      netfail.Kind = "web page"  // a web page came in place of an answer
	Elsewhere netfail.Kind = "elsewhere" // the host sends sign-ins to another host
	Misfit    netfail.Kind = "answer"    // the answer is not one of a login host
)

// networkKind returns why there was no answer, from errors of the network and of MSAL.
func networkKind(err error) netfail.Kind {
	var stray *strayError
	var page msal.InvalidJsonErr
	switch kind := netfail.KindOf(err); {
	case errors.As(err, &stray):
		return Elsewhere
	case errors.As(err, &page) && strings.Contains(page.Err.Error(), "<"):
		return Page
	case errors.As(err, &page), kind == netfail.None:
		return Misfit
	case kind == netfail.Stopped:
		return netfail.Other
	case kind == netfail.OtherHost, kind == netfail.Expired:
		return netfail.Certificate // the words for it are the same
	default:
		return kind
	}
}

// networkReason is what the system says, in a few words that hold no address of a
// request and nothing that was sent.
func networkReason(err error) string {
	var stray *strayError
	var long *network.TooLongError
	var page msal.InvalidJsonErr
	switch {
	case errors.As(err, &stray):
		return "the next host would be " + stray.Host
	case errors.As(err, &long):
		return fmt.Sprintf("the answer is longer than %s", humanize.Bytes(long.Most))
	case errors.As(err, &page):
		return "the answer is not JSON"
	}
	if at := strings.LastIndex(err.Error(), "TenantDiscoveryResponse: "); at >= 0 && netfail.KindOf(err) == netfail.None {
		return err.Error()[at:]
	}
	return netfail.Reason(err)
}
