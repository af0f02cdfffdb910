package connections

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"pushdesk/connection/network"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"

	"github.com/spf13/cobra"
)

// networkOptions are the settings that the flags change.
type networkOptions struct {
	network.Settings
	direct, system, fromStdin bool
}

func NetworkCommand(c *cli.Env) *cobra.Command {
	var o networkOptions
	cmd := &cobra.Command{
		Use:   "network",
		Short: "Show or set the proxy and the root certificates for all requests",
		Long: `Show how requests leave this computer, or set it. The proxy's password comes from
standard input, the environment variable ` + cli.ProxyVariable + ` or a prompt, and is
stored with the secrets.`,
		Example: `  pushdesk network
  pushdesk network --proxy http://proxy.example.com:8080 --proxy-user ann
  pushdesk network --system --roots /etc/company-roots.pem`,
		Args: cli.NoArguments,
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, _ []string) error {
		return runNetwork(ctx, c, a, cmd.Flags().Changed, o)
	})
	s := cmd.Flags()
	s.StringVar(&o.ProxyURL, "proxy", "", "`address` of the proxy to use")
	s.StringVar(&o.ProxyUser, "proxy-user", "", "`name` to sign in to the proxy with")
	s.BoolVar(&o.fromStdin, "proxy-password-stdin", false, "read the proxy's password from standard input")
	s.StringSliceVar(&o.Bypass, "bypass", nil, "`host` to reach without the proxy (repeatable)")
	s.StringVar(&o.RootsFile, "roots", "", "PEM `file` of root certificates to trust in addition to the system's; empty for none")
	s.BoolVar(&o.direct, "direct", false, "use no proxy")
	s.BoolVar(&o.system, "system", false, "use the proxy that HTTPS_PROXY names")
	cmd.MarkFlagsMutuallyExclusive("proxy", "direct", "system")
	return cmd
}

func runNetwork(ctx context.Context, c *cli.Env, a *app.App, set func(flag string) bool, o networkOptions) error {
	now := a.NetworkSettings()
	if slices.ContainsFunc([]string{"proxy", "proxy-user", "proxy-password-stdin", "bypass", "roots", "direct", "system"}, set) {
		next, password, err := networkTyped(c, set, now, o)
		if err != nil {
			return err
		}
		c.Unlock(ctx, a)
		warning, err := a.SetNetwork(ctx, next, password)
		if err != nil {
			return err
		}
		if warning != "" {
			c.Say("Warning: %s", warning)
		}
		now = a.NetworkSettings()
	}
	return c.Answer(map[string]any{"network": now}, func(w io.Writer) {
		cli.Facts(w, "Proxy", now.Describe(), "Proxy user", now.ProxyUser, "Without the proxy", strings.Join(now.Bypass, ", "), "Root certificates", now.RootsFile)
	})
}

// networkTyped puts the flags over the settings.
func networkTyped(c *cli.Env, set func(flag string) bool, now network.Settings, o networkOptions) (next network.Settings, password string, err error) {
	next = now
	proxy := set("proxy") || !o.direct && !o.system && now.Mode == network.Explicit
	for _, flag := range []string{"proxy-user", "proxy-password-stdin", "bypass"} {
		if set(flag) && !proxy {
			return next, "", cli.NoEffect("--"+flag, "no proxy is set with --proxy")
		}
	}
	switch {
	case o.direct:
		next = network.Settings{Mode: network.Direct, RootsFile: now.RootsFile}
	case o.system:
		next = network.Settings{Mode: network.FromSystem, RootsFile: now.RootsFile}
	case set("proxy"):
		next.Mode, next.ProxyURL = network.Explicit, o.ProxyURL
	}
	if set("proxy-user") {
		next.ProxyUser = o.ProxyUser
	}
	if set("bypass") {
		next.Bypass = o.Bypass
	}
	if set("roots") {
		next.RootsFile = o.RootsFile
	}
	password = c.Getenv(cli.ProxyVariable)
	switch {
	case o.fromStdin:
		text, err := io.ReadAll(io.LimitReader(c.In, maxSecret))
		if err != nil {
			return next, "", fmt.Errorf("read the proxy's password: %w", err)
		}
		password = strings.TrimRight(string(text), "\r\n")
	case password == "" && set("proxy-user") && o.ProxyUser != "" && c.AskSecret != nil:
		if password, err = c.AskSecret("Password of the proxy: "); err != nil {
			return next, "", fmt.Errorf("ask for the proxy's password: %w", err)
		}
	}
	return next, password, nil
}
