// Package mapfile reads and writes mapping files: YAML that says for each table which
// column of the file fills which column, as what type, and what is changed on the way.
package mapfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
)

// Version is the version of the files that are written.
const Version = 1

// File is a mapping file.
type File struct {
	Version int     `yaml:"version"`
	Tables  []Table `yaml:"tables"`
}

// Table is what is sent into one table.
type Table struct {
	Table    string          `yaml:"table"`
	From     string          `yaml:"from,omitempty"` // sheet or table of the file; "" = the one that is chosen otherwise
	OnDrift  mapping.OnDrift `yaml:"on-drift,omitempty"`
	LeaveOut []string        `yaml:"leave-out,omitempty"` // columns of the file
	Where    []string        `yaml:"where,omitempty"`     // conditions that the rows must meet, all of them
	Columns  []Column        `yaml:"columns"`
}

// Column is a column of the table and where its values come from.
type Column struct {
	Column string `yaml:"column"`
	Type   string `yaml:"type,omitempty"`
	From   string `yaml:"from,omitempty"`  // header in the file; "" = the one of the same name
	Blank  bool   `yaml:"blank,omitempty"` // nothing goes there

	mapping.Rules `yaml:",inline"`
	DecimalMark   string            `yaml:"decimal-mark,omitempty"`
	DateOrder     mapping.DateOrder `yaml:"date-order,omitempty"`
	Zone          mapping.Zone      `yaml:"zone,omitempty"`
	Cut           bool              `yaml:"cut-at-4000,omitempty"`
}

func bad(format string, args ...any) error {
	return failure.New(failure.Usage, "mapping-file", "The mapping file cannot be used: "+fmt.Sprintf(format, args...), "Correct the mapping file, or write a new one.")
}

// Read reads a mapping file and checks that it says what it can mean.
func Read(r io.Reader) (File, error) {
	var f File
	d := yaml.NewDecoder(r)
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil {
		if errors.Is(err, io.EOF) {
			return f, bad("it is empty.")
		}
		return f, bad("%s.", strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\n", " "), "yaml: "))
	}
	if f.Version != Version {
		return f, bad("its version is %d, and this program reads version %d.", f.Version, Version)
	}
	if len(f.Tables) == 0 {
		return f, bad("it has no tables.")
	}
	seen := map[string]bool{}
	for _, t := range f.Tables {
		if err := t.check(); err != nil {
			return f, err
		}
		key := strings.ToLower(t.Table)
		if seen[key] {
			return f, bad("the table %q appears twice.", t.Table)
		}
		seen[key] = true
	}
	return f, nil
}

func (t Table) check() error {
	if t.OnDrift != "" && !t.OnDrift.Valid() {
		return bad("on-drift is stop, warn, add or ignore, not %q.", t.OnDrift)
	}
	seen := map[string]bool{}
	for _, c := range t.Columns {
		if strings.TrimSpace(c.Column) == "" {
			return bad("a column of %q has no name.", t.Table)
		}
		if seen[strings.ToLower(c.Column)] {
			return bad("the column %q of %q appears twice.", c.Column, t.Table)
		}
		seen[strings.ToLower(c.Column)] = true
		if _, ok := powerbi.ParseDataType(c.Type); c.Type != "" && !ok {
			return bad("the column %q has the type %q; the types are %s.", c.Column, c.Type, powerbi.TypeNames())
		}
		if !slices.Contains([]string{"", ".", ","}, c.DecimalMark) {
			return bad("decimal-mark of %q is . or , and not %q.", c.Column, c.DecimalMark)
		}
		if !slices.Contains([]mapping.DateOrder{mapping.DateOrderUnknown, mapping.DayFirst, mapping.MonthFirst}, c.DateOrder) {
			return bad("date-order of %q is dmy or mdy, not %q.", c.Column, c.DateOrder)
		}
		if !slices.Contains([]mapping.Zone{mapping.ZoneUndecided, mapping.ZoneWritten, mapping.ZoneUTC}, c.Zone) {
			return bad("zone of %q is written or utc, not %q.", c.Column, c.Zone)
		}
		if ways := count(c.Blank, c.Constant != nil, c.From != ""); ways > 1 {
			return bad("the column %q has more than one of from, constant and blank.", c.Column)
		}
	}
	return nil
}

func count(all ...bool) (n int) {
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}

// For returns the block for a table; one without a name is for any.
func (f File) For(table string) (Table, bool) {
	if i := slices.IndexFunc(f.Tables, func(t Table) bool { return strings.EqualFold(t.Table, table) }); i >= 0 {
		return f.Tables[i], true
	}
	i := slices.IndexFunc(f.Tables, func(t Table) bool { return t.Table == "" })
	if i < 0 && len(f.Tables) == 1 && table == "" {
		i = 0
	}
	if i < 0 {
		return Table{}, false
	}
	return f.Tables[i], true
}

// Schema returns the columns of the table as far as all of them have a type.
func (t Table) Schema() (list []powerbi.Column, complete bool) {
	for _, c := range t.Columns {
		kind, ok := powerbi.ParseDataType(c.Type)
		if !ok {
			return nil, false
		}
		list = append(list, powerbi.Column{Name: c.Column, DataType: kind})
	}
	return list, len(list) > 0
}

// Of returns the block that a mapping would be written as.
func Of(m mapping.Mapping, from string, on mapping.OnDrift) Table {
	t := Table{Table: m.Table, From: from, OnDrift: on, LeaveOut: slices.Clone(m.LeftOut)}
	for _, c := range m.Filter {
		t.Where = append(t.Where, c.String())
	}
	for _, f := range m.Fields {
		if !f.Use {
			if f.Header != "" {
				t.LeaveOut = append(t.LeaveOut, f.Header)
			}
			continue
		}
		c := Column{Column: f.Target.Name, Type: string(f.Target.DataType), DecimalMark: f.DecimalMark, Zone: f.Zone, Cut: f.OnTooLong == mapping.TooLongTruncate}
		if f.DateOrder == mapping.DayFirst || f.DateOrder == mapping.MonthFirst {
			c.DateOrder = f.DateOrder
		}
		if r := f.Rules; r != nil {
			c.Rules = *r
		}
		switch {
		case f.From >= 0 && c.Constant == nil:
			c.From = f.Header
		case c.Constant == nil:
			c.Blank = true
		}
		t.Columns = append(t.Columns, c)
	}
	return t
}

// head explains the file to the person who edits it.
const head = `# What is sent into which column. Lines that begin with # are comments.
#
# A table:
#   table: Orders             its name in the dataset
#   from: Sheet1              sheet or table of the file; only needed for several tables
#   on-drift: stop            columns that do not match: stop, warn, add or ignore
#   leave-out: [Comment]      columns of the file that are not sent
#   where: ["Amount>=100"]    conditions that a row must meet to be sent
#
# A column of it, besides its name and its type (%s):
#   from: Order No            column of the file; without it, the one of the same name
#   constant: West            the same value in every row, in place of from
#   blank: true               nothing, in place of from
#   default: 0                in place of a blank
#   trim: true                no spaces at both ends
#   collapse-spaces: true     one space between words
#   case: upper               or lower, or title
#   replace:                  found texts and what takes their place; whole: true for whole values only
#     - {find: " EUR", with: ""}
#   blank-words: ["n/a", "-"] words that stand for a blank
#   true-words: ["yes"]       words for true and for false, of True/false columns
#   false-words: ["no"]
#   decimal-mark: ","         of numbers written as text, . or ,
#   date-order: dmy           of dates written as text, dmy or mdy
#   zone: utc                 of times with a time zone: utc (converted) or written
#   cut-at-4000: true         cut longer texts instead of refusing them
#   round: 2                  decimals of numbers
`

// Write writes a mapping file with an explanation. notes are comments above a column, by
// table and column; nil for none.
func Write(w io.Writer, f File, notes func(table, column string) string) error {
	f.Version = Version
	var names []string
	for _, t := range powerbi.DataTypes {
		names = append(names, string(t))
	}
	var node yaml.Node
	if err := node.Encode(f); err != nil {
		return fmt.Errorf("write the mapping file: %w", err)
	}
	if notes != nil {
		annotate(&node, f, notes)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, head, strings.Join(names, ", "))
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := errors.Join(e.Encode(&node), e.Close()); err != nil {
		return fmt.Errorf("write the mapping file: %w", err)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// annotate puts a comment above each column.
func annotate(root *yaml.Node, f File, notes func(table, column string) string) {
	tables := value(root, "tables")
	for i, t := range f.Tables {
		if tables == nil || i >= len(tables.Content) {
			return
		}
		columns := value(tables.Content[i], "columns")
		for k, c := range t.Columns {
			if note := notes(t.Table, c.Column); columns != nil && k < len(columns.Content) && note != "" {
				columns.Content[k].HeadComment = "# " + strings.Map(func(r rune) rune {
					if !strconv.IsPrint(r) {
						return ' '
					}
					return r
				}, note)
			}
		}
	}
}

// value returns the value of a key of a map.
func value(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
