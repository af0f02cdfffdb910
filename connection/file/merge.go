package file

import (
	"reflect"

	"pushdesk/connection"
)

// mostEarlier is how many states of the file are kept in memory to merge with.
const mostEarlier = 64

// merge joins a connection that was changed here with what somebody else made of it
// meanwhile, field by field. It reports false when both changed the same field in
// different ways, or when it is not known any more what both began with.
func (b *Batch) merge(mine, theirs connection.Connection) (connection.Connection, bool) {
	for i := len(b.earlier) - 1; i >= 0; i-- {
		if e := b.earlier[i].byID(mine.ID); e != nil && e.Updated.Equal(mine.Updated) {
			return merge(e.Connection, mine, theirs)
		}
	}
	return mine, false
}

func merge(base, mine, theirs connection.Connection) (connection.Connection, bool) {
	merged := theirs
	was, is, others, into := reflect.ValueOf(base), reflect.ValueOf(mine), reflect.ValueOf(theirs), reflect.ValueOf(&merged).Elem()
	for i := range was.NumField() {
		switch was.Type().Field(i).Name {
		case "ID", "Created", "Updated", "Used":
			continue
		}
		same := func(a, b reflect.Value) bool { return reflect.DeepEqual(a.Interface(), b.Interface()) }
		switch before, now := was.Field(i), is.Field(i); {
		case same(before, now):
		case same(before, others.Field(i)), same(now, others.Field(i)):
			into.Field(i).Set(now)
		default:
			return mine, false
		}
	}
	return merged, true
}
