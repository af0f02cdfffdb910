package command

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"time"

	"pushdesk/connection/entra"

	"github.com/spf13/cobra"
)

func (c *commander) connectionSignIn() *cobra.Command {
	return &cobra.Command{
		Use:   "sign-in NAME",
		Short: "Sign in as a person for a connection with the credential browser or device",
		Long: `Sign in with your own account. A connection with the credential browser opens the
sign-in page; one with the credential device prints a code to type on any device.
What renews the sign-in is kept sealed.`,
		Args:              oneArgument("the connection's name"),
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, conn, err := c.openAt(args[0])
			if err != nil {
				return err
			}
			if !conn.Credential.User() {
				return usage("%q does not sign a person in: its credential is %s", conn.Name, conn.Credential)
			}
			c.unlock(cmd.Context(), d)
			given, err := d.SignIn(cmd.Context(), conn, func(link string) error {
				c.say("Sign in at this address:\n%s", link)
				openBrowser(link)
				return nil
			}, func(code entra.DeviceCode) {
				c.say("Open %s on any device and type the code %s. It is good until %s.", code.URL, code.UserCode, code.Expires.Local().Format(time.TimeOnly))
			})
			if err != nil {
				return err
			}
			conn.Account = given.SignIn.Account()
			saved, err := d.Edit(cmd.Context(), conn, &given)
			if err := c.saved(saved, err, "Signed in for"); err != nil {
				return err
			}
			if !c.json {
				fmt.Fprintf(c.Out, "Signed in as %s.\n", conn.Account)
			}
			return nil
		},
	}
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
