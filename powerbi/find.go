package powerbi

import (
	"cmp"
	"fmt"
	"strings"

	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// NotFoundError is a name or ID that fits nothing that can be seen.
type NotFoundError struct {
	What string   // "workspace", "dataset", "table"
	Name string   // what was looked for
	Near []string // names that are written much the same, the nearest first
}

func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no %s %q", e.What, e.Name) }

// Failure returns the error in words. Its code is "no-workspace", "no-dataset" or
// "no-table".
func (e *NotFoundError) Failure() *failure.Error {
	kind, remedy := failure.Usage, "Check the name, or let Pushdesk create it."
	if e.What == "workspace" {
		kind, remedy = failure.Connection, "Check the name. "+askRole
	}
	if len(e.Near) > 0 {
		remedy = "Did you mean “" + strings.Join(e.Near, "”, “") + "”?"
	}
	return failure.New(kind, "no-"+e.What, fmt.Sprintf("There is no %s “%s”, or it cannot be seen with this connection.", e.What, e.Name), remedy).
		WithDetails("Looked for: %s %s", e.What, e.Name)
}

// ErrAmbiguous is a name that fits several.
var ErrAmbiguous = failure.New(failure.Usage, "ambiguous-name", "The name fits several.", "Use the ID of the one you mean.")

func ambiguous(what, name string, ids []string) error {
	e := *ErrAmbiguous
	e.Sentence = fmt.Sprintf("The name “%s” fits %s.", name, humanize.Count(len(ids), what))
	e.Remedy = "Use the ID of the one you mean: " + strings.Join(ids, ", ") + "."
	return &e
}

// FindWorkspace finds a workspace by ID or name. A name is compared exactly
// first, then without case. The errors are *NotFoundError and ErrAmbiguous.
func FindWorkspace(list []Workspace, nameOrID string) (Workspace, error) {
	return find("workspace", list, nameOrID, func(w Workspace) (string, string) { return w.ID, w.Name })
}

// FindDataset finds a dataset as FindWorkspace does.
func FindDataset(list []Dataset, nameOrID string) (Dataset, error) {
	return find("dataset", list, nameOrID, func(d Dataset) (string, string) { return d.ID, d.Name })
}

// FindTable finds a table by its name as FindWorkspace does. Tables have no ID.
func FindTable(list []Table, name string) (Table, error) {
	return find("table", list, name, func(t Table) (string, string) { return "", t.Name })
}

func find[T any](what string, list []T, wanted string, is func(T) (id, name string)) (T, error) {
	wanted = strings.TrimSpace(wanted)
	fits := []func(id, name string) bool{
		func(id, _ string) bool { return id != "" && strings.EqualFold(id, wanted) },
		func(_, name string) bool { return name == wanted },
		func(_, name string) bool { return strings.EqualFold(strings.TrimSpace(name), wanted) },
	}
	var none T
	for _, fit := range fits {
		var found []T
		for _, t := range list {
			if fit(is(t)) {
				found = append(found, t)
			}
		}
		switch {
		case wanted == "" || len(found) == 0:
		case len(found) == 1:
			return found[0], nil
		default:
			var ids []string
			for _, t := range found {
				id, name := is(t)
				ids = append(ids, cmp.Or(id, name))
			}
			return none, ambiguous(what, wanted, ids)
		}
	}
	names := make([]string, len(list))
	for i, t := range list {
		_, names[i] = is(t)
	}
	return none, &NotFoundError{what, wanted, text.Nearest(wanted, names)}
}
