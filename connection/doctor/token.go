package doctor

import (
	"context"
	"errors"
	"fmt"

	"pushdesk/connection/entra"
	"pushdesk/storage/humanize"
)

// Token is the check that the credential is accepted.
const Token = "token"

var tokenCheck = check{id: Token, group: GroupEntra, title: "Entra issues a token", run: (*test).checkToken,
	without: "there is no token"}

// checkToken says what came of the sign-in.
func (t *test) checkToken(ctx context.Context) finding {
	what := t.noun()
	if t.refused != nil {
		f := trouble(ctx, login, t.refused)
		if errors.Is(t.refusedIn, context.DeadlineExceeded) && f.evidence == "" {
			f.evidence = login + " did not answer in time."
		}
		return f
	}
	if claims, err := entra.ReadClaims(t.token); err == nil && !claims.Expires.IsZero() {
		return pass(fmt.Sprintf("The %s was accepted; the token is valid until %s.", what, humanize.Time(claims.Expires, t.Now())))
	}
	return pass("The " + what + " was accepted.")
}
