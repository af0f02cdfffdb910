package doctor

import (
	"context"
	"errors"

	"pushdesk/connection/entra"
)

// App is the check that the tenant knows the app.
const App = "app"

var appCheck = check{id: App, group: GroupEntra, title: "The tenant knows the app", limit: networkLimit, run: (*test).checkApp,
	without: "the app is not known"}

// checkApp signs in, and looks at the answer for the app alone. A refusal of the
// credential proves that the app is known. The source of tokens is new, so that no
// token from before can hide that the credential is wrong.
func (t *test) checkApp(ctx context.Context) finding {
	tokens, err := entra.NewTokens(t.Endpoints, t.Connection.TenantID, t.Connection.ClientID, t.credential, t.hc)
	if err == nil {
		t.token, err = tokens.Token(ctx)
	}
	if err == nil {
		t.tokens = tokens
		t.conceal(t.token)
		return pass("The tenant knows the app.")
	}
	t.refused, t.refusedIn = err, ctx.Err()
	var refused *entra.Error
	if errors.As(err, &refused) {
		switch refused.About() {
		case entra.AboutApp:
			return trouble(ctx, login, err)
		case entra.AboutCredential:
			return pass("The tenant knows the app.")
		}
	}
	return skip("Not checked: sign-in failed at an earlier step.")
}
