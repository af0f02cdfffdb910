package mapping

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// OnDrift says what happens when a column of a table gets nothing or a column of a file
// goes nowhere, and nobody said that it may.
type OnDrift string

const (
	DriftStop   OnDrift = "stop"   // nothing is sent
	DriftWarn   OnDrift = "warn"   // the rows are sent, and each time it is said
	DriftAdd    OnDrift = "add"    // the table gets the new columns of the file; one that gets nothing still stops
	DriftIgnore OnDrift = "ignore" // the rows are sent, and what is ignored is remembered
)

// DriftChoice is a choice as a person is offered it.
type DriftChoice struct {
	OnDrift      OnDrift
	Short        string // what is done, in a list of all
	Title, About string
}

// DriftChoices are all choices, the safe one first.
var DriftChoices = []DriftChoice{
	{DriftStop, "stop", "Send nothing", "Map the columns, or say for each what happens to it. This is the safe way."},
	{DriftWarn, "send and say so", "Send and say so", "Columns that get nothing are sent as blank, new ones are not sent. The receipt lists them."},
	{DriftAdd, "add new columns to the table", "Add new columns to the table", "Everything that is in the table stays. A column that gets nothing still has to be decided."},
	{DriftIgnore, "send and remember", "Send and remember", "As before, and the same columns are not asked about again for files of this name."},
}

// Valid reports whether o is one of DriftChoices.
func (o OnDrift) Valid() bool {
	return slices.ContainsFunc(DriftChoices, func(c DriftChoice) bool { return c.OnDrift == o })
}

// Known says where the columns of a table are known from.
type Known string

const (
	KnownNew     Known = "new"      // the table is created by this upload
	KnownService Known = "service"  // Power BI tells them
	KnownHere    Known = "computer" // this computer created the table, or was told them
	KnownMapping Known = "mapping"  // the mapping says them
	KnownRows    Known = "rows"     // guessed from rows of the table
	KnownNot     Known = "unknown"  // the columns of the file are taken for them
)

// Guessed reports whether the columns are not really known.
func (k Known) Guessed() bool { return k == KnownRows || k == KnownNot }

// Contract says how the columns of a file stand to those of the table they go into.
type Contract struct {
	Known   Known     `json:"columnsKnownFrom"`
	Matched []Joined  `json:"matched"`
	Renamed []Joined  `json:"renamed"` // likely renames, which nobody has agreed to: nothing is sent through them
	New     []string  `json:"new"`     // in the file only: they go nowhere, and nobody said so
	Missing []string  `json:"missing"` // in the table only: they get nothing, and nobody said so
	Retyped []Retyped `json:"retyped"`

	Added    []string  `json:"added,omitempty"`    // columns that the table gets
	Dropped  []string  `json:"dropped,omitempty"`  // columns that the table loses
	LeftOut  []string  `json:"leftOut,omitempty"`  // columns of the file that a person does not want
	Blank    []string  `json:"blank,omitempty"`    // columns of the table that a person wants empty
	Constant []string  `json:"constant,omitempty"` // columns of the table that get the same value in every row
	OnDrift  OnDrift   `json:"onDrift"`
	Decided  time.Time `json:"decided,omitzero"` // when what is done without being asked was chosen
	Broken   bool      `json:"broken"`           // nothing is sent
}

// Joined is a column of a file and the one of the table that it fills, or may belong to.
type Joined struct {
	From   string     `json:"from"`             // header in the file
	Letter string     `json:"letter,omitempty"` // of the sheet
	To     string     `json:"to"`
	By     Confidence `json:"confidence"`
}

// Fits says how many values of a column can be sent as the type that the table has.
type Fits string

const (
	FitsAll  Fits = "all"
	FitsSome Fits = "some"
	FitsNone Fits = "none"
	FitsOpen Fits = "" // not known before every row is checked
)

// Retyped is a column whose values in the file are of another type than in the table.
type Retyped struct {
	Column string           `json:"column"`
	Table  powerbi.DataType `json:"table"`
	File   powerbi.DataType `json:"file"`
	Fits   Fits             `json:"fits,omitempty"`
}

// Sentence says what becomes of the values.
func (r Retyped) Sentence() string {
	s := fmt.Sprintf("The table has the type %s, and the values of the file are of the type %s.", r.Table.Label(), r.File.Label())
	switch r.Fits {
	case FitsAll:
		return s + " All of them can be sent as " + r.Table.Label() + "."
	case FitsSome:
		return s + " Some of them cannot be sent as " + r.Table.Label() + "."
	case FitsNone:
		return s + " None of them can be sent as " + r.Table.Label() + "."
	}
	return s
}

// Drifted reports whether something does not match that nobody has decided about.
func (c Contract) Drifted() bool {
	return len(c.New)+len(c.Missing) > 0 || slices.ContainsFunc(c.Retyped, func(r Retyped) bool { return r.Fits == FitsNone })
}

// Breaks reports whether the drift keeps rows from being sent under a choice.
func (c Contract) breaks() bool {
	switch c.OnDrift {
	case DriftWarn, DriftIgnore:
		return false
	case DriftAdd:
		c.New = nil
	}
	return c.Drifted()
}

// Settled returns the contract with the choice, and whether it is broken under it.
func (c Contract) Settled(o OnDrift) Contract {
	if c.OnDrift = o; o == "" {
		c.OnDrift = DriftStop
	}
	c.Broken = c.breaks()
	return c
}

// Summary says in one line how the columns stand to each other.
func (c Contract) Summary() string {
	if c.Known == KnownNew {
		return "The table is created with " + humanize.Count(len(c.Matched)+len(c.Constant), "column") + c.beside() + "."
	}
	parts := []string{humanize.Count(len(c.Matched), "column") + " matched"}
	for _, p := range []struct {
		n    int
		what string
	}{
		{len(c.Renamed), "probably renamed"}, {len(c.New), "new in the file"}, {len(c.Missing), "missing in the file"}, {len(c.Retyped), "of another type"},
		{len(c.Added), "added to the table"}, {len(c.Dropped), "dropped from the table"}, {len(c.Constant), "filled with a constant"}, {len(c.Blank), "sent as blank, as decided"},
	} {
		if p.n > 0 {
			parts = append(parts, humanize.Number(p.n)+" "+p.what)
		}
	}
	return strings.Join(parts, ", ") + c.beside() + "."
}

func (c Contract) beside() string {
	if len(c.LeftOut) == 0 {
		return ""
	}
	return ", " + humanize.Number(len(c.LeftOut)) + " left out, as decided"
}

// Lines say the contract name by name, for a list below its summary. What simply matches
// is not named.
func (c Contract) Lines() (lines []string) {
	add := func(what string, names []string) {
		if len(names) > 0 {
			lines = append(lines, what+": "+strings.Join(names, ", ")+".")
		}
	}
	add("New in the file", c.New)
	add("Missing in the file", c.Missing)
	for _, j := range c.Renamed {
		lines = append(lines, fmt.Sprintf("Probably renamed: %s is now %s (%s).", j.To, j.From, j.By))
	}
	for _, r := range c.Retyped {
		lines = append(lines, r.Column+": "+r.Sentence())
	}
	var spelled, before []string
	for _, j := range c.Matched {
		switch {
		case j.By == Before:
			before = append(before, j.From+" fills "+j.To)
		case j.By == Spelling && j.From != j.To:
			spelled = append(spelled, j.From+" fills "+j.To)
		}
	}
	add("Same but for case and accents", spelled)
	add("Added to the table", c.Added)
	add("Dropped from the table", c.Dropped)
	add("Filled with a constant", c.Constant)
	if decided := slices.Concat(before, phrased(c.LeftOut, "%s is left out"), phrased(c.Blank, "%s is sent as blank")); len(decided) > 0 {
		when := ""
		if !c.Decided.IsZero() {
			when = " on " + humanize.DateTime(c.Decided)
		}
		add("Decided"+when, decided)
	}
	return lines
}

func phrased(names []string, format string) (all []string) {
	for _, n := range names {
		all = append(all, fmt.Sprintf(format, n))
	}
	return all
}

// Failure says what of a contract is broken.
func (c Contract) Failure(table string) error {
	var all []string
	if n := len(c.Missing); n > 0 {
		all = append(all, fmt.Sprintf("%s of the table “%s” %s nothing from the file: %s.", humanize.Count(n, "column"), table, humanize.Plural(n, "gets", "get"), humanize.ListSome(c.Missing, 6)))
	}
	if n := len(c.New); n > 0 && c.OnDrift != DriftAdd {
		all = append(all, fmt.Sprintf("%s of the file %s nowhere: %s.", humanize.Count(n, "column"), humanize.Plural(n, "goes", "go"), humanize.ListSome(c.New, 6)))
	}
	for _, r := range c.Retyped {
		if r.Fits == FitsNone {
			all = append(all, r.Column+": "+r.Sentence())
		}
	}
	for _, j := range c.Renamed {
		all = append(all, fmt.Sprintf("“%s” may be what was “%s” (%s).", j.From, j.To, j.By))
	}
	return failure.New(failure.Contract, "contract-broken", "The columns of the file no longer fit the table, so nothing was sent. "+strings.Join(all, " "),
		"Join the columns that belong together, leave out those that nobody needs, or say what happens to columns that do not match.")
}
