package command

import (
	"fmt"
	"io"
	"strings"

	"pushdesk/connection/network"

	"github.com/spf13/cobra"
)

// ProxyVariable names the environment variable with the proxy's password, for
// setting it without a terminal.
const ProxyVariable = "PUSHDESK_PROXY_PASSWORD"

func (c *commander) network() *cobra.Command {
	var n network.Settings
	var direct, system, fromStdin bool
	cmd := &cobra.Command{
		Use:   "network",
		Short: "Show or set the proxy and the root certificates for all requests",
		Long: `Show how requests leave this computer, or set it. The proxy's password comes from
standard input, the environment variable ` + ProxyVariable + ` or a prompt, and is
kept with the secrets.`,
		Example: `  pushdesk network
  pushdesk network --proxy http://proxy.example.com:8080 --proxy-user ann
  pushdesk network --system --roots /etc/company-roots.pem`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			now := d.NetworkSettings()
			changed := false
			for _, name := range []string{"proxy", "proxy-user", "bypass", "roots", "direct", "system"} {
				changed = changed || cmd.Flags().Changed(name)
			}
			if changed {
				next, password, err := c.networkTyped(cmd, now, n, direct, system, fromStdin)
				if err != nil {
					return err
				}
				c.unlock(cmd.Context(), d)
				warning, err := d.SetNetwork(cmd.Context(), next, password)
				if err != nil {
					return err
				}
				if warning != "" {
					c.say("Warning: %s", warning)
				}
				now = d.NetworkSettings()
			}
			if c.json {
				c.printJSON(map[string]any{"network": now})
				return nil
			}
			facts(c.Out, "Requests go", now.Describe(), "Proxy's user", now.ProxyUser, "Without the proxy", strings.Join(now.Bypass, ", "), "Root certificates", now.RootsFile)
			return nil
		},
	}
	s := cmd.Flags()
	s.StringVar(&n.ProxyURL, "proxy", "", "`address` of the proxy to use")
	s.StringVar(&n.ProxyUser, "proxy-user", "", "`name` to sign in to the proxy with")
	s.BoolVar(&fromStdin, "proxy-password-stdin", false, "read the proxy's password from standard input")
	s.StringSliceVar(&n.Bypass, "bypass", nil, "`host` to reach without the proxy (repeatable)")
	s.StringVar(&n.RootsFile, "roots", "", "PEM `file` of root certificates to trust beside the system's; empty for none")
	s.BoolVar(&direct, "direct", false, "use no proxy")
	s.BoolVar(&system, "system", false, "use the proxy that HTTPS_PROXY names")
	cmd.MarkFlagsMutuallyExclusive("proxy", "direct", "system")
	return cmd
}

// networkTyped puts the flags over the settings.
func (c *commander) networkTyped(cmd *cobra.Command, now, n network.Settings, direct, system, fromStdin bool) (next network.Settings, password string, err error) {
	set := cmd.Flags().Changed
	next = now
	switch {
	case direct:
		next = network.Settings{Mode: network.Direct, RootsFile: now.RootsFile}
	case system:
		next = network.Settings{Mode: network.FromSystem, RootsFile: now.RootsFile}
	case set("proxy"):
		next.Mode, next.ProxyURL = network.Explicit, n.ProxyURL
	}
	if set("proxy-user") {
		next.ProxyUser = n.ProxyUser
	}
	if set("bypass") {
		next.Bypass = n.Bypass
	}
	if set("roots") {
		next.RootsFile = n.RootsFile
	}
	password = c.Getenv(ProxyVariable)
	switch {
	case fromStdin:
		text, err := io.ReadAll(io.LimitReader(c.In, maxSecret))
		if err != nil {
			return next, "", fmt.Errorf("read the proxy's password: %w", err)
		}
		password = strings.TrimRight(string(text), "\r\n")
	case password == "" && set("proxy-user") && n.ProxyUser != "" && c.AskSecret != nil:
		if password, err = c.AskSecret("Password of the proxy: "); err != nil {
			return next, "", fmt.Errorf("ask for the proxy's password: %w", err)
		}
	}
	return next, password, nil
}
