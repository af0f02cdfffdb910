package powerbi

import (
	"fmt"
	"slices"
	"strings"

	"pushdesk/storage/humanize"
)

// SchemaProblem is something about a schema that the service would refuse, or,
// with Warning, that it accepts but that is known to make trouble.
type SchemaProblem struct {
	Table    string
	Column   string // "" when it is about the table
	Sentence string
	Remedy   string
	Warning  bool
}

// CheckTable checks a table: its name and its columns.
func CheckTable(t Table) []SchemaProblem {
	var found problems
	found.tableName(t.Name)
	switch n := len(t.Columns); {
	case n == 0:
		found.add("", "The table has no column.", "Use at least one column.")
	case n > MaxColumns:
		found.add("", fmt.Sprintf("The table has %d columns; Power BI accepts at most %d.", n, MaxColumns), fmt.Sprintf("Leave out %s, or split the table.", humanize.Count(n-MaxColumns, "column")))
	}
	names := seen{}
	for _, c := range t.Columns {
		found.column(c)
		if first, taken := names.take(c.Name); taken && c.Name != "" {
			found.add(c.Name, fmt.Sprintf("Two columns are named “%s” and “%s”; Power BI ignores capital letters.", first, c.Name), "Rename one of them.")
		}
	}
	for i := range found {
		found[i].Table = t.Name
	}
	return found
}

// problems collects what is found.
type problems []SchemaProblem

func (p *problems) add(column, sentence, remedy string) {
	*p = append(*p, SchemaProblem{Column: column, Sentence: sentence, Remedy: remedy})
}

func (p *problems) warn(column, sentence, remedy string) {
	*p = append(*p, SchemaProblem{Column: column, Sentence: sentence, Remedy: remedy, Warning: true})
}

func (p *problems) tableName(name string) {
	switch {
	case strings.TrimSpace(name) == "":
		p.add("", "The table has no name.", "Give it a name.")
		return
	case units(name) > maxTableName:
		p.add("", fmt.Sprintf("The table's name has %d characters; Power BI accepts at most %d.", units(name), maxTableName), fmt.Sprintf("Use a shorter name, such as “%s”.", CleanTableName(name)))
	case strings.ContainsFunc(name, notInTableName):
		bad := strings.IndexFunc(name, notInTableName)
		r := []rune(name[bad:])[0]
		sign := fmt.Sprintf("the sign “%c”", r)
		if r < ' ' || control(r) {
			sign = "a character that cannot be printed"
		}
		p.add("", "The table's name holds "+sign+", which Power BI does not accept in table names.", fmt.Sprintf("Use a name such as “%s”.", CleanTableName(name)))
	}
	if strings.EqualFold(strings.TrimSpace(name), "Date") {
		p.warn("", "Tables named “Date” are known to cause an error in Power BI.", "Use another name, such as “Dates”.")
	}
}

// columnName checks the name of a column. The pattern allows every character from
// space up, tabs and line ends; no length is documented.
func (p *problems) columnName(name string) {
	switch {
	case strings.TrimSpace(name) == "":
		p.add(name, "A column has no name.", "Give it a name, or leave it out.")
	case strings.ContainsFunc(name, notInColumnName):
		p.add(name, "The name of a column holds a character that cannot be printed.", fmt.Sprintf("Use a name such as “%s”.", CleanColumnNames([]string{name})[0]))
	case strings.TrimSpace(name) != name:
		p.warn(name, "The name of a column begins or ends with a space, which is easily missed in reports.", fmt.Sprintf("Use “%s”.", strings.TrimSpace(name)))
	}
}

func (p *problems) column(c Column) {
	p.columnName(c.Name)
	if !slices.ContainsFunc(DataTypes, func(t DataType) bool { return strings.EqualFold(string(t), string(c.DataType)) }) {
		p.add(c.Name, fmt.Sprintf("The type “%s” is not one of a push table.", c.DataType), "The types are "+TypeNames()+".")
	}
}
