package doctor

import (
	"context"
	"fmt"
	"time"

	"pushdesk/connection"
)

// Clock is the check that this computer's clock is right.
const Clock = "clock"

var clockCheck = check{id: Clock, group: GroupLocal, title: "The clock is right", run: (*test).checkClock}

// Clocks that differ by more than clockWarn deserve a word; beyond clockFail the
// proofs that a certificate signs are refused.
const (
	clockWarn = 2 * time.Minute
	clockFail = 5 * time.Minute
)

// checkClock compares this computer's clock with the login host's.
func (t *test) checkClock(context.Context) finding {
	if t.login.date.IsZero() {
		return skip("Not checked: the login host did not send its time.")
	}
	off := t.login.asked.Sub(t.login.date)
	f := pass("It agrees with the login host's.")
	f.details = lines("Login host's time", stamp(t.login.date), "This computer's", stamp(t.login.asked))
	if off.Abs() <= clockWarn {
		return f
	}
	side := "ahead of"
	if off < 0 {
		side = "behind"
	}
	f.status, f.who = Warn, "you"
	f.evidence = fmt.Sprintf("This computer's clock is about %d minutes %s the login host's.", int(off.Abs().Round(time.Minute).Minutes()), side)
	f.remedy = "Let this computer set its clock automatically: tokens are refused when it is too far off."
	if off.Abs() > clockFail && t.Connection.Credential == connection.CredentialCertificate {
		f.status = Fail
		f.remedy = "Let this computer set its clock automatically: what the certificate signs is not valid at this time, and Entra refuses it."
	}
	return f
}
