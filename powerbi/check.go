package powerbi

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// SchemaProblem is something about a schema that the service would refuse, or,
// with Warning, that it accepts but that is known to make trouble.
type SchemaProblem struct {
	Table    string // "" when it is about the dataset
	Column   string // column, measure or relationship; "" when it is about the table
	Sentence string
	Remedy   string
	Warning  bool
}

// maxTableName is the longest name of a table or relationship, in UTF-16 units.
// Source: the API's published description (swagger.json of PowerBI-CSharp).
const maxTableName = 100

// CheckColumn checks one column by itself.
func CheckColumn(c Column) []SchemaProblem {
	var found problems
	found.column(c)
	return found
}

// CheckTable checks a table: its name, its columns and its measures.
func CheckTable(t Table) []SchemaProblem {
	var found problems
	found.table(t)
	return found
}

// CheckSchema checks everything that a dataset is created from.
func CheckSchema(s DatasetSchema) []SchemaProblem {
	var found problems
	if strings.TrimSpace(s.Name) == "" {
		found.add("", "", "The dataset has no name.", "Give it a name.")
	} else if strings.ContainsFunc(s.Name, control) {
		found.add("", "", "The dataset's name holds a character that cannot be printed.", "Type the name again.")
	}
	if !oneOf(s.DefaultMode, "", "Push", "PushStreaming") {
		found.add("", "", fmt.Sprintf("The mode “%s” is not one in which rows can be pushed and kept.", s.DefaultMode), "Use Push.")
	}
	if len(s.Tables) == 0 {
		found.add("", "", "The dataset has no table.", "Add a table.")
	}
	if n := len(s.Tables); n > MaxTables {
		found.add("", "", fmt.Sprintf("The dataset has %d tables; Power BI takes %d.", n, MaxTables), "Split it into several datasets.")
	}
	names := seen{}
	for _, t := range s.Tables {
		if first, taken := names.take(t.Name); taken {
			found.add(t.Name, "", fmt.Sprintf("Two tables are named “%s” and “%s”; Power BI does not tell small from capital letters.", first, t.Name), "Rename one of them.")
		}
		found.table(t)
		if s.DefaultMode == "PushStreaming" {
			found.plainColumns(t)
		}
	}
	found.relationships(s)
	return found
}

// problems collects what is found.
type problems []SchemaProblem

func (p *problems) add(table, column, sentence, remedy string) {
	*p = append(*p, SchemaProblem{Table: table, Column: column, Sentence: sentence, Remedy: remedy})
}

func (p *problems) warn(table, column, sentence, remedy string) {
	*p = append(*p, SchemaProblem{Table: table, Column: column, Sentence: sentence, Remedy: remedy, Warning: true})
}

func (p *problems) table(t Table) {
	start := len(*p)
	p.tableName(t.Name)
	switch n := len(t.Columns); {
	case n == 0:
		p.add("", "", "The table has no column.", "Use at least one column.")
	case n > MaxColumns:
		p.add("", "", fmt.Sprintf("The table has %d columns; Power BI takes %d.", n, MaxColumns), fmt.Sprintf("Leave out %d columns, or split the table.", n-MaxColumns))
	}
	names := seen{}
	for _, c := range t.Columns {
		p.column(c)
		if first, taken := names.take(c.Name); taken && c.Name != "" {
			p.add("", c.Name, fmt.Sprintf("Two columns are named “%s” and “%s”; Power BI does not tell small from capital letters.", first, c.Name), "Rename one of them.")
		}
		if by := c.SortByColumn; by != "" && !slices.ContainsFunc(t.Columns, func(o Column) bool { return o.Name == by }) {
			p.add("", c.Name, fmt.Sprintf("It is sorted by “%s”, which is no column of this table.", by), "Choose a column of this table to sort by.")
		}
	}
	for _, m := range t.Measures {
		p.columnName("measure", m.Name)
		if strings.TrimSpace(m.Expression) == "" {
			p.add("", m.Name, "The measure has no expression.", "Write its DAX expression.")
		}
		if _, taken := names.take(m.Name); taken {
			p.add("", m.Name, fmt.Sprintf("A column or another measure of this table is named “%s” too.", m.Name), "Rename one of them.")
		}
	}
	for i := start; i < len(*p); i++ {
		(*p)[i].Table = t.Name
	}
}

func (p *problems) tableName(name string) {
	switch {
	case strings.TrimSpace(name) == "":
		p.add("", "", "The table has no name.", "Give it a name.")
		return
	case units(name) > maxTableName:
		p.add("", "", fmt.Sprintf("The table's name has %d characters; Power BI takes %d.", units(name), maxTableName), fmt.Sprintf("Use a shorter name, such as “%s”.", CleanTableName(name)))
	case strings.ContainsFunc(name, notInTableName):
		bad := strings.IndexFunc(name, notInTableName)
		r := []rune(name[bad:])[0]
		sign := fmt.Sprintf("the sign “%c”", r)
		if r < ' ' || control(r) {
			sign = "a character that cannot be printed"
		}
		p.add("", "", "The table's name holds "+sign+", which Power BI does not take in table names.", fmt.Sprintf("Use a name such as “%s”.", CleanTableName(name)))
	}
	if strings.EqualFold(strings.TrimSpace(name), "Date") {
		p.warn("", "", "Tables named “Date” are known to trip a fault of the service.", "Use another name, such as “Dates”.")
	}
}

// columnName checks the name of a column or measure. The pattern allows every
// character from space up, tabs and line ends; no length is documented.
func (p *problems) columnName(what, name string) {
	switch {
	case strings.TrimSpace(name) == "":
		p.add("", name, "A "+what+" has no name.", "Give it a name, or leave it out.")
	case strings.ContainsFunc(name, notInColumnName):
		p.add("", name, "The name of a "+what+" holds a character that cannot be printed.", fmt.Sprintf("Use a name such as “%s”.", CleanColumnNames([]string{name})[0]))
	case strings.TrimSpace(name) != name:
		p.warn("", name, "The name of a "+what+" begins or ends with a space, which is easily missed in reports.", fmt.Sprintf("Use “%s”.", strings.TrimSpace(name)))
	}
}

func (p *problems) column(c Column) {
	p.columnName("column", c.Name)
	if !slices.ContainsFunc(DataTypes, func(t DataType) bool { return strings.EqualFold(string(t), string(c.DataType)) }) {
		p.add("", c.Name, fmt.Sprintf("The type “%s” is not one of a push table.", c.DataType), "The types are "+TypeNames()+".")
	}
	if !oneOf(c.SummarizeBy, "", "default", "none", "sum", "min", "max", "count", "average", "distinctCount") {
		p.add("", c.Name, fmt.Sprintf("Power BI cannot summarise by “%s”.", c.SummarizeBy), "Use default, none, sum, min, max, count, average or distinctCount.")
	}
	if !oneOf(c.DataCategory, "", "Address", "City", "Continent", "Country", "Image", "ImageUrl", "Latitude", "Longitude",
		"Organization", "Place", "PostalCode", "StateOrProvince", "WebUrl") {
		p.warn("", c.Name, fmt.Sprintf("The data category “%s” is not a documented one.", c.DataCategory), "Leave it out if the service refuses it.")
	}
	if c.SortByColumn != "" && c.SortByColumn == c.Name {
		p.add("", c.Name, "The column is sorted by itself.", "Choose another column to sort by.")
	}
}

// plainColumns finds what a dataset that also streams does not allow.
// Source: github.com/MicrosoftDocs/powerbi-docs/issues/899.
func (p *problems) plainColumns(t Table) {
	for _, c := range t.Columns {
		if c != (Column{Name: c.Name, DataType: c.DataType}) {
			p.add(t.Name, c.Name, "Streaming datasets allow a column only a name and a type.", "Leave the other properties out, or use Push.")
		}
	}
}

func (p *problems) relationships(s DatasetSchema) {
	if n := len(s.Relationships); n > MaxRelationships {
		p.add("", "", fmt.Sprintf("The dataset has %d relationships; Power BI takes %d.", n, MaxRelationships), "Leave some out.")
	}
	has := func(table, column string) bool {
		return slices.ContainsFunc(s.Tables, func(t Table) bool {
			return t.Name == table && slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == column })
		})
	}
	names := seen{}
	for _, r := range s.Relationships {
		if r.Name == "" || units(r.Name) > maxTableName || strings.ContainsFunc(r.Name, notInTableName) {
			p.add("", r.Name, "The name of a relationship is empty, too long or holds a sign that Power BI does not take.", "Use letters, digits and spaces, at most 100.")
		}
		if _, taken := names.take(r.Name); taken {
			p.add("", r.Name, fmt.Sprintf("Two relationships are named “%s”.", r.Name), "Rename one of them.")
		}
		for _, end := range [][2]string{{r.FromTable, r.FromColumn}, {r.ToTable, r.ToColumn}} {
			if !has(end[0], end[1]) {
				p.add("", r.Name, fmt.Sprintf("The relationship joins the column “%s” of table “%s”, which does not exist.", end[1], end[0]), "Choose existing columns.")
			}
		}
		if !oneOf(r.CrossFilteringBehavior, "", "OneDirection", "BothDirections", "Automatic") {
			p.add("", r.Name, fmt.Sprintf("Power BI cannot filter “%s”.", r.CrossFilteringBehavior), "Use OneDirection, BothDirections or Automatic.")
		}
	}
}

// seen knows names as the model compares them: without case and without spaces
// at the end.
type seen map[string]string

// take remembers a name; taken tells that it was there before, written as first.
func (s seen) take(name string) (first string, taken bool) {
	key := nameKey(name)
	if first, taken = s[key]; !taken {
		s[key] = name
	}
	return first, taken
}

func nameKey(name string) string { return strings.ToLower(strings.TrimRight(name, " ")) }

func oneOf(value string, allowed ...string) bool { return slices.Contains(allowed, value) }

// units counts characters as the service's own platform does.
func units(s string) int { return len(utf16.Encode([]rune(s))) }
