package history

import (
	"context"
	"fmt"
	"strings"

	"pushdesk/storage/failure"
)

// Last names the newest run wherever a run is named.
const Last = "last"

// ShortLength is how long the short form of a run's ID is: its end, because the IDs of
// runs that began at about the same time begin alike.
const ShortLength = 8

// Short returns the short form of a run's ID.
func Short(id string) string { return id[max(len(id)-ShortLength, 0):] }

// leastPart is how much of an ID names a run.
const leastPart = 4

// Find returns the ID of the run that is named: by its ID, by the beginning or the end of
// it, as far as only one run has it, or as Last.
func Find(ctx context.Context, h *History, name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	query, arg := "SELECT id FROM runs WHERE id = ?1 OR substr(id, 1, length(?1)) = ?1 OR substr(id, -length(?1)) = ?1 ORDER BY id = ?1 DESC, begun DESC, id DESC LIMIT 2", name
	switch {
	case name == Last:
		query, arg = "SELECT id FROM runs WHERE ?1 <> '' ORDER BY begun DESC, id DESC LIMIT 1", Last
	case len(name) < leastPart:
		return "", &NoRunError{name}
	}
	rows, err := h.db.QueryContext(ctx, query, arg)
	if err != nil {
		return "", h.db.fault(err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return "", h.db.fault(err)
		}
		found = append(found, id)
	}
	switch err := rows.Err(); {
	case err != nil:
		return "", h.db.fault(err)
	case len(found) == 0:
		return "", &NoRunError{name}
	case len(found) > 1 && found[0] != name:
		return "", failure.New(failure.Usage, "run-ambiguous", fmt.Sprintf("More than one run has “%s” in its ID: %s and %s, for example.", name, found[0], found[1]), "Give more of the ID.")
	}
	return found[0], nil
}
