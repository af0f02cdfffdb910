package mapping

import (
	"slices"

	"pushdesk/powerbi"
	"pushdesk/storage/failure"
)

// Check finds what is wrong with the target table: names, types, the number of
// columns, and columns that stand twice; and conditions that do not fit.
func (m Mapping) Check() []powerbi.SchemaProblem {
	problems := powerbi.CheckTable(m.Schema())
	if f, bad := failure.From(m.CheckFilter()); bad {
		problems = append(problems, powerbi.SchemaProblem{Table: m.Table, Sentence: f.Sentence, Remedy: f.Remedy})
	}
	used := m.Used()
	for _, f := range used {
		if wrong := f.Rules.Check(f); wrong != "" {
			problems = append(problems, powerbi.SchemaProblem{Table: m.Table, Column: f.Target.Name, Sentence: f.Target.Name + ": " + wrong, Remedy: "Change the rules of this column."})
		}
	}
	if len(used) > 0 && !slices.ContainsFunc(used, func(f Field) bool { return f.From >= 0 }) {
		problems = append(problems, powerbi.SchemaProblem{Table: m.Table,
			Sentence: "No column of the file is mapped, so every row would be empty.",
			Remedy:   "Choose a column of the file for at least one column of the table."})
	}
	return problems
}

// CheckFilter returns what is wrong with the first condition that cannot be used: its
// operator does not fit the column's type, or its value is none of that type.
func (m Mapping) CheckFilter() error {
	for _, c := range m.Filter {
		if _, err := newMatcher(m, c); err != nil {
			return err
		}
	}
	return nil
}
