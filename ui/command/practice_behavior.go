package command

import (
	"encoding/json"
	"strings"
	"time"

	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/ui/command/cli"

	"github.com/spf13/cobra"
)

// behaviorFlags say how the practice service acts where the real one is not known.
type behaviorFlags struct {
	windows                 string
	delay                   time.Duration
	partly, columns, noWall bool
	noQueries               bool
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
	s.BoolVar(&f.noQueries, "no-queries", false, "refuse queries, as where the tenant does not allow them")
	s.IntVar(&f.lose, "lose-replies", 0, "lose the reply of one in `N` requests that send rows")
	s.StringVar(&f.lost, "lost-batches", "stored", "what becomes of the rows when the reply is lost: `outcome` stored, never (not stored), others (not stored, and another program adds as many rows), or a time such as 135s after which they are stored")
	s.DurationVar(&f.dateOff, "date-off", 0, "`time` by which the date of answers is wrong, such as 5m or -5m")
	s.BoolVar(&f.noWall, "no-limits", false, "no limits on requests and rows")
	s.StringToInt64Var(&f.limits, "limit", nil, "`NAME=NUMBER` for a smaller limit: rowsPerRequest, rowsPerHour, requests, slowFrom, pending, rowsFIFO, rowsFIFOSlack, rowsNone, bodyBytes, queries (repeatable)")
	_ = cmd.RegisterFlagCompletionFunc("windows", cobra.FixedCompletions([]string{"rolling", "fixed", "first"}, cobra.ShellCompDirectiveNoFileComp))
}

// behavior returns what the flags say of the service.
func (f *behaviorFlags) behavior() (faults.Behavior, error) {
	o := faults.Behavior{CountDelayMS: f.delay.Milliseconds(), PartlyStored: f.partly, ColumnsInTables: f.columns, NoLimits: f.noWall,
		NoQueries: f.noQueries, LoseOneIn: f.lose, DateOffMS: f.dateOff.Milliseconds()}
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
