package connections

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func connectionSignIn(c *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "sign-in NAME",
		Short: "Sign in with your own account, for a connection with the credential browser or device",
		Long: `Sign in with your own account. A connection with the credential browser opens the
sign-in page; one with the credential device prints a code to type on any device.
The refresh token is stored encrypted.`,
		Args:              cli.OneArgument("connection"),
		ValidArgsFunction: CompleteConnections(c),
		RunE: atConnection(c, func(ctx context.Context, a *app.App, conn connection.Connection) error {
			return runConnectionSignIn(ctx, c, a, conn)
		}),
	}
}

func runConnectionSignIn(ctx context.Context, c *cli.Env, a *app.App, conn connection.Connection) error {
	if !conn.Credential.User() {
		return cli.Usage("%q does not sign in with an account: its credential is %s", conn.Name, conn.Credential)
	}
	c.Unlock(ctx, a)
	given, err := a.SignIn(ctx, conn, func(link string) error {
		c.Say("Sign in at this address:\n%s", link)
		openBrowser(link)
		return nil
	}, func(code entra.DeviceCode) {
		c.Say("Open %s on any device and type the code %s. It is valid until %s.", code.URL, code.UserCode, humanize.Time(code.Expires, time.Now()))
	})
	if err != nil {
		return err
	}
	conn.Account = given.SignIn.Account()
	saved, err := a.Edit(ctx, conn, &given)
	if err := printSaved(c, saved, err, "Signed in for"); err != nil {
		return err
	}
	if !c.JSON {
		fmt.Fprintf(c.Out, "Signed in as %s.\n", conn.Account)
	}
	return nil
}

// openBrowser shows an address, where there is something that can. It was printed
// as well, so nothing is lost where there is not.
func openBrowser(link string) {
	name, args := "xdg-open", []string{link}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", link}
	}
	if cmd := exec.CommandContext(context.Background(), name, args...); cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}
