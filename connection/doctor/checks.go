package doctor

import (
	"context"
	"strings"
	"time"
)

// check is one step of a test.
type check struct {
	id, group string
	title     string        // {credential} in it is what the connection signs in with
	limit     time.Duration // how long it may take; 0: it asks nobody
	run       func(*test, context.Context) finding
	without   string // why what follows cannot be checked when this one fails or finds nothing
}

// checks are all checks, in the order in which they are made. A new check is a file
// of its own and a line here.
var checks = []check{
	formatCheck,
	secretCheck,
	networkCheck,
	clockCheck,
	tenantCheck,
	appCheck,
	tokenCheck,
	expiryCheck,
	claimsCheck,
	permissionCheck,
	apiCheck,
	workspaceCheck,
	roleCheck,
	datasetsCheck,
	targetCheck,
	trialCheck,
	limitsCheck,
}

// begin returns the check as it is shown while it is made.
func (t *test) begin(c check) Check {
	return Check{ID: c.id, Group: c.group, Title: strings.ReplaceAll(c.title, "{credential}", t.noun()), Status: Running}
}
