package shared

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"pushdesk/storage/text"
)

// Part is a field of a definition: its name, and a pointer to what it holds.
type Part struct {
	Name  string
	Value any
}

// FieldsOf are the parts of a connection that are merged one by one.
func FieldsOf(d *Definition) []Part {
	return []Part{
		{"name", &d.Name}, {"cloud", &d.Cloud}, {"tenantId", &d.TenantID}, {"clientId", &d.ClientID}, {"credential", &d.Credential}, {"workspace", &d.Workspace},
		{"dataset", &d.Dataset}, {"table", &d.Table},
		{"environment", &d.Environment}, {"tags", &d.Tags}, {"notes", &d.Notes}, {"expires", &d.Expires}, {"expiresFrom", &d.ExpiresFrom}, {"tables", &d.Tables},
	}
}

// Merge brings two changes of one definition together, field by field. A field that
// both changed is in clash, and keeps a's value.
func Merge(base, a, b Definition) (merged Definition, clash []string) {
	merged = a
	fa, fb, f0, fm := FieldsOf(&a), FieldsOf(&b), FieldsOf(&base), FieldsOf(&merged)
	for i := range fm {
		va, vb, v0 := reflect.ValueOf(fa[i].Value).Elem(), reflect.ValueOf(fb[i].Value).Elem(), reflect.ValueOf(f0[i].Value).Elem()
		same := func(x, y reflect.Value) bool { return reflect.DeepEqual(x.Interface(), y.Interface()) }
		switch {
		case same(va, vb), same(vb, v0):
		case same(va, v0):
			reflect.ValueOf(fm[i].Value).Elem().Set(vb)
		default:
			clash = append(clash, fm[i].Name)
		}
	}
	return merged, clash
}

// Undecided returns what the next change is compared with: what the others have, but the
// base of the fields that are in clash, so that sharing them says so.
func Undecided(base, others Definition, clash []string) Definition {
	from, to := FieldsOf(&base), FieldsOf(&others)
	for i := range to {
		if slices.Contains(clash, to[i].Name) {
			reflect.ValueOf(to[i].Value).Elem().Set(reflect.ValueOf(from[i].Value).Elem())
		}
	}
	return others
}

// BothValues says what a person and the others have in the fields that are in clash.
func BothValues(mine, theirs Definition, clash []string) string {
	var lines []string
	a, b := FieldsOf(&mine), FieldsOf(&theirs)
	for i := range a {
		if slices.Contains(clash, a[i].Name) {
			says := func(v any) string { return text.Shorten(text.Line(fmt.Sprint(reflect.ValueOf(v).Elem())), 100) }
			lines = append(lines, fmt.Sprintf("%s: yours “%s”, theirs “%s”", a[i].Name, says(a[i].Value), says(b[i].Value)))
		}
	}
	return strings.Join(lines, "\n")
}

// Pick returns the value that was changed; a's when both were.
func Pick[T comparable](base, a, b T) T {
	if a == base {
		return b
	}
	return a
}

// MergeTexts merges lists without an order of their own.
func MergeTexts(base, a, b []string) (list []string) {
	for _, t := range append(slices.Clone(a), b...) {
		if !slices.Contains(list, t) && (!slices.Contains(base, t) || slices.Contains(a, t) && slices.Contains(b, t)) {
			list = append(list, t)
		}
	}
	return list
}

// ListWithout takes out of a list what another has added to base, and puts back what the
// other has changed or taken away.
func ListWithout[T comparable](list, other, base []T, id func(T) string) (out []T) {
	find := func(in []T, key string) (x T, ok bool) {
		i := slices.IndexFunc(in, func(y T) bool { return id(y) == key })
		if i < 0 {
			return x, false
		}
		return in[i], true
	}
	for _, x := range list {
		o, inOther := find(other, id(x))
		b, inBase := find(base, id(x))
		switch {
		case !inOther || x != o || x == b:
		case !inBase:
			continue
		default:
			x = b
		}
		out = append(out, x)
	}
	for i, b := range base {
		_, stays := find(list, id(b))
		if _, kept := find(other, id(b)); !stays && !kept {
			out = slices.Insert(out, min(i, len(out)), b)
		}
	}
	return out
}
