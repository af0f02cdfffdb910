package team

import (
	"cmp"
	"slices"

	"pushdesk/connection"
	"pushdesk/connection/shared"
)

// judge says why a file is not trusted: nil for one that is.
func (l *local) judge(d *Document) error {
	if d.Team != l.ID {
		return ErrOtherTeam
	}
	signer, ok := l.roster.Member(d.Signed.By)
	if !ok {
		return ErrStranger
	}
	content, err := d.signable()
	if err != nil {
		return err
	}
	switch {
	case !signer.Verifies(content, d.Signed.Signature):
		return ErrUnsigned.WithDetails("Signed as: %s", signer.Name)
	case !l.pinned(signer.ID):
		return saying(ErrNewMember, "The file is signed by %s, who is new to this computer.", signer.Name)
	case d.Removed:
		return nil
	}
	for _, f := range d.Findings() {
		if f.Level == connection.LevelFail {
			if f.Field == connection.FieldName {
				return ErrNames.WithDetails("%s %s", f.Sentence, f.Remedy)
			}
			return ErrInvalid.WithDetails("Field: %s\n%s %s", f.Field, f.Sentence, f.Remedy)
		}
	}
	switch {
	case d.Cloud != connection.CloudPractice && !l.roster.allows(d.TenantID):
		return ErrTenant.WithDetails("Tenant: %s", d.TenantID)
	case d.Secret != nil && d.Secret.Reference != nil && d.Secret.Reference.Check() != nil:
		return ErrInvalid.WithDetails("%s", d.Secret.Reference.Check().Sentence)
	}
	return nil
}

// trusted returns the trusted states of a connection: those of the folder, the one that this
// person wrote last, which somebody may have written over, and the one that was seen last,
// where the folder has only states that were made beside it.
func (l *local) trusted(id string) (all []*Document, problem error) {
	for _, f := range l.folder.documents[id] {
		if err := l.judge(f.doc); err != nil {
			problem = cmp.Or(problem, err)
			continue
		}
		all = append(all, f.doc)
	}
	seen := l.docs[id]
	if mine := l.stateOf(id, l.known(id).Wrote); mine != nil && l.judge(mine) == nil && (seen == nil || !slices.Contains(seen.Signed.Ancestors, mine.hash())) && !slices.ContainsFunc(all, func(d *Document) bool { return shared.LongAfter(d.Signed, mine.Signed) }) {
		all = append(all, mine)
	}
	if seen != nil && l.judge(seen) == nil && beside(heads(all), seen) {
		all = append(all, seen)
	}
	return heads(all), problem
}

// beside reports whether states are all as late as another one and not made of it, nor it of
// them: taking one of them for it would lose what it holds.
func beside(all []*Document, seen *Document) bool {
	return len(all) > 0 && !slices.ContainsFunc(all, func(d *Document) bool {
		return d.Signed.Revision < seen.Signed.Revision || d.hash() == seen.hash() || slices.Contains(d.Signed.Ancestors, seen.hash()) || slices.Contains(seen.Signed.Ancestors, d.hash()) ||
			shared.LongAfter(d.Signed, seen.Signed)
	})
}

// heads leaves out the states that others were made of, and the same twice. The first
// is the one that is used while nobody has decided.
func heads(all []*Document) (list []*Document) {
	for _, d := range all {
		older := slices.ContainsFunc(all, func(o *Document) bool { return slices.Contains(o.Signed.Ancestors, d.hash()) })
		twice := slices.ContainsFunc(list, func(o *Document) bool { return o.hash() == d.hash() })
		if !older && !twice {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b *Document) int {
		removed := func(d *Document) int {
			if d.Removed {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(removed(a), removed(b)), cmp.Compare(b.Signed.Revision, a.Signed.Revision), cmp.Compare(a.hash(), b.hash()))
	})
	return list
}

func (l *local) common(a, b *Document) *Document {
	for _, h := range a.Signed.Ancestors {
		if slices.Contains(b.Signed.Ancestors, h) {
			if d := l.stateOf(a.ID, h); d != nil {
				return d
			}
		}
	}
	return nil
}

// rolledBack reports whether a state is older than what was seen before.
func (l *local) rolledBack(d *Document) bool {
	seen := l.docs[d.ID]
	return seen != nil && seen.hash() != d.hash() && (slices.Contains(seen.Signed.Ancestors, d.hash()) || d.Signed.Revision < l.known(d.ID).Seen && !slices.Contains(d.Signed.Ancestors, seen.hash()))
}
