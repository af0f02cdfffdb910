package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/storage/humanize"
	"pushdesk/ui/command/cli"
)

// practiceOptions say where the practice service listens and how it behaves.
type practiceOptions struct {
	listen, dir string
	behavior    behaviorFlags
}

func practiceCommand(c *cli.Env) *cobra.Command {
	var o practiceOptions
	cmd := &cobra.Command{
		Use:   "practice",
		Short: "Run the practice service alone, until interrupted",
		Long: `Runs a local Entra and Power BI push service that keeps the real service's rules
and limits, so that any client can be pointed at it. It listens on this computer
only, over HTTPS with a certificate authority of its own. It prints its addresses,
the authority's file and ready-made credentials, and serves until interrupted.

It is another service than that of the practice workspace, which send --practice and the
window use, with other datasets and limits: send to it with the connection that it prints,
or let it serve the practice workspace: --data and the folder "practice" below the program's
folder (pushdesk --help names it).

Other clients need three settings: trust the CA file that is printed, take the login host
as a known authority, and leave out instance discovery (knownAuthorities in msal-node,
instance_discovery=False in MSAL for Python, disableInstanceDiscovery in azure-identity,
DisableInstanceDiscovery in azidentity).

Where it is not known how the real service behaves, flags choose one of the
possibilities. The same, and faults on demand, can be changed while it runs, below
/practice of its address: POST /practice/behavior, /practice/faults, /practice/clock
and /practice/others; GET /practice/state and /practice/requests show the results.
Each needs the control token that is printed, in the header
Pushdesk-Control; pushdesk help practice-paths lists all of them with their fields.`,
		Example: `  pushdesk practice
  pushdesk practice --listen 127.0.0.1:8443 --data ./practice-data
  pushdesk practice --windows fixed --count-delay 10s --limit rowsPerHour=50000`,
		Args: cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runPractice(cmd.Context(), c, o) },
	}
	cmd.Flags().StringVar(&o.listen, "listen", "", "`address` to listen on, on this computer (default 127.0.0.1 and a free port)")
	cmd.Flags().StringVar(&o.dir, "data", "", "`folder` to keep the state in (default: in memory)")
	o.behavior.register(cmd)
	cmd.AddCommand(practiceForwardCommand(c))
	return cmd
}

// practiceForwardCommand lets time pass for a practice service that runs.
func practiceForwardCommand(c *cli.Env) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "forward DURATION",
		Short: "Let time pass for the practice service, and for the runs that send to it",
		Long: `Puts the clock of the practice service forward, so that limits of an hour can be
practised in minutes: a run that waits for the practice service continues when its time
has come by that clock. The times of its receipt are by that clock too. The clock goes
with the computer's again when the service is started the next time.`,
		Example: `  pushdesk practice forward 1h
  pushdesk practice forward 55m --data ./practice-data`,
		Args: cli.OneArgument("duration"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := time.ParseDuration(args[0])
			if err != nil || d <= 0 {
				return cli.Usage("%q is no time to let pass, such as 1h or 90s", args[0])
			}
			if dir == "" {
				if dir, err = workspaceFolder(c); err != nil {
					return err
				}
			}
			p, err := practice.Join(cmd.Context(), dir)
			if err == nil {
				err = p.Forward(cmd.Context(), d)
			}
			if err != nil {
				return err
			}
			return c.Answer(map[string]int64{"forwardMs": d.Milliseconds()}, func(w io.Writer) {
				fmt.Fprintf(w, "%s passed for the practice service.\n", humanize.Duration(d))
			})
		},
	}
	cmd.Flags().StringVar(&dir, "data", "", "`folder` of a service that runs alone (default: that of the practice workspace)")
	return cmd
}

// workspaceFolder is the folder of the service of the practice workspace.
func workspaceFolder(c *cli.Env) (string, error) {
	home, err := c.HomeFolder()
	if err != nil {
		return "", fmt.Errorf("find the program's folder: %w", err)
	}
	return filepath.Join(home, "practice"), nil
}

func runPractice(ctx context.Context, c *cli.Env, o practiceOptions) error {
	b, err := o.behavior.behavior()
	if err != nil {
		return err
	}
	workspace, err := workspaceFolder(c)
	if err != nil {
		return err
	}
	home := filepath.Dir(workspace)
	if err := os.MkdirAll(home, 0o700); err != nil {
		return fmt.Errorf("make the program's folder: %w", err)
	}
	s, err := practice.Start(practice.Options{Listen: o.listen, Dir: o.dir, Temporary: home, Behavior: b})
	if err != nil {
		return fmt.Errorf("start the practice service: %w", err)
	}
	announce(c, s, workspace)
	<-ctx.Done()
	c.Say("Stopped.")
	return s.Close()
}

// announce prints where the service is and who may use it, and whether it is that of the
// practice workspace, which is kept in a folder.
func announce(c *cli.Env, s *practice.Service, workspace string) {
	serves := filepath.Dir(s.CAFile()) == workspace
	if c.JSON {
		type credential struct {
			Name         string `json:"name"`
			About        string `json:"about"`
			TenantID     string `json:"tenantId"`
			ClientID     string `json:"clientId"`
			ClientSecret string `json:"clientSecret"`
			ObjectID     string `json:"objectId"`
			Workspace    string `json:"workspace"`
		}
		document := struct {
			LoginURL    string       `json:"loginUrl"`
			APIURL      string       `json:"apiUrl"`
			Resource    string       `json:"resource"`
			CAFile      string       `json:"caFile"`
			Control     string       `json:"controlToken"`
			Workspace   bool         `json:"practiceWorkspace"`
			Credentials []credential `json:"credentials"`
		}{Workspace: serves, LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAFile: s.CAFile(), Control: s.ControlToken()}
		for _, k := range s.Credentials() {
			document.Credentials = append(document.Credentials, credential{k.Name, k.About, k.TenantID, k.ClientID, k.ClientSecret, k.ObjectID, k.Workspace})
		}
		c.PrintNow(document)
		return
	}
	cli.Facts(c.Out,
		"Login host", s.LoginURL(), "API host", s.APIURL()+"/v1.0/myorg",
		"Resource", s.Resource(), "CA file", s.CAFile(), "Control token", s.ControlToken())
	for _, k := range s.Credentials() {
		fmt.Fprintf(c.Out, "\n%s: %s\n", k.Name, k.About)
		cli.Facts(c.Out, "  Tenant ID", k.TenantID, "  Client ID", k.ClientID, "  Client secret", k.ClientSecret, "  Workspace", k.Workspace)
	}
	ready := s.Credentials()[0]
	terminal, say, next := "terminal", "printf '%s' '"+ready.ClientSecret+"'", `\`
	if runtime.GOOS == "windows" {
		terminal, say, next = "PowerShell", "'"+ready.ClientSecret+"'", "`"
	}
	about := "This is the service of the practice workspace: send --practice sends to it."
	if !serves {
		about = fmt.Sprintf("This is not the service of the practice workspace: send --practice sends to another one. To\nserve that one: pushdesk practice --data \"%s\"", workspace)
	}
	fmt.Fprintf(c.Out, `
In another %s:
  %s | pushdesk connection add --name Local --cloud custom %s
    --authority-url %s --api-url %s --resource %s %s
    --ca-file "%s" --tenant %s --client %s --workspace "%s" --secret-stdin
  pushdesk connection test Local

Other clients: trust the CA file, take the login host as a known authority, and leave out
instance discovery; pushdesk practice --help names the settings.

%s

Serving until interrupted (Ctrl+C).
`, terminal, say, next, s.LoginURL(), s.APIURL(), s.Resource(), next, s.CAFile(), ready.TenantID, ready.ClientID, ready.Workspace, about)
}

// behaviorFlags say how the practice service acts where the real one is not known.
type behaviorFlags struct {
	windows                 string
	delay                   time.Duration
	partly, columns, noWall bool
	noQueries, empties      bool
	lose                    int
	lost                    string
	dateOff                 time.Duration
	limits                  map[string]int64
}

func (f *behaviorFlags) register(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringVar(&f.windows, "windows", "rolling", "how the hours and minutes of the limits run: `kind` rolling, fixed, or first (each begins with the first request)")
	s.DurationVar(&f.delay, "count-delay", 0, "`time` after which queries show rows that were added, such as 10s")
	s.BoolVar(&f.partly, "partly-stored", false, "of a batch that is refused for a row, keep the rows before it")
	s.BoolVar(&f.columns, "columns-in-tables", false, "the list of tables tells their columns too")
	s.BoolVar(&f.empties, "alter-empties", false, "a table loses its rows when its columns are changed")
	s.BoolVar(&f.noQueries, "no-queries", false, "refuse queries, as where the tenant does not allow them")
	s.IntVar(&f.lose, "lose-replies", 0, "lose the reply of one in `N` requests that send rows")
	s.StringVar(&f.lost, "lost-batches", "stored", "the `outcome` for rows whose reply is lost: stored, never (not stored), others (not stored, and another program adds as many rows), or a time such as 135s after which they are stored")
	s.DurationVar(&f.dateOff, "date-off", 0, "`time` by which the date of answers is wrong, such as 5m or -5m")
	s.BoolVar(&f.noWall, "no-limits", false, "no limits on requests and rows")
	s.StringToInt64Var(&f.limits, "limit", nil, "`NAME=NUMBER` for a smaller limit: rowsPerRequest, rowsPerHour, requests, slowFrom, pending, rowsFIFO, rowsFIFOSlack, rowsNone, bodyBytes, queries (repeatable)")
	_ = cmd.RegisterFlagCompletionFunc("windows", cobra.FixedCompletions([]string{"rolling", "fixed", "first"}, cobra.ShellCompDirectiveNoFileComp))
}

// behavior returns what the flags say of the service.
func (f *behaviorFlags) behavior() (faults.Behavior, error) {
	o := faults.Behavior{CountDelayMS: f.delay.Milliseconds(), PartlyStored: f.partly, ColumnsInTables: f.columns, NoLimits: f.noWall,
		NoQueries: f.noQueries, AlterEmpties: f.empties, LoseOneIn: f.lose, DateOffMS: f.dateOff.Milliseconds()}
	if f.lose < 0 {
		return o, cli.Usage("--lose-replies is below zero")
	}
	switch f.lost {
	case "stored":
	case string(faults.LostNever), string(faults.LostOthers):
		o.Lost = faults.Lost(f.lost)
	default:
		after, err := time.ParseDuration(f.lost)
		if err != nil || after <= 0 {
			return o, cli.Usage("--lost-batches is stored, never, others or a time such as 135s, not %q", f.lost)
		}
		o.Lost, o.LostMS = faults.LostLate, after.Milliseconds()
	}
	if f.lost != "stored" && f.lose == 0 {
		return o, cli.Usage("--lost-batches has no effect without --lose-replies")
	}
	switch f.windows {
	case "rolling":
	case "fixed", "first":
		o.Windows = traffic.Windows(f.windows)
	default:
		return o, cli.Usage("--windows is rolling, fixed or first, not %q", f.windows)
	}
	if f.noWall && len(f.limits) > 0 {
		return o, cli.NoEffect("--limit", "--no-limits switches all limits off")
	}
	for name, n := range f.limits {
		if n <= 0 {
			return o, cli.Usage("--limit %s is not above zero", name)
		}
	}
	text, err := json.Marshal(f.limits)
	if err != nil {
		return o, err
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&o.Limits); err != nil {
		return o, cli.Usage("--limit: %v", err)
	}
	return o, nil
}
