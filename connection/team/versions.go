package team

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// Version is one of several versions of a connection, none made of another.
type Version struct {
	Document
	ID     string // names the state: see Book.Keep
	Name   string // who wrote it
	File   string
	secret string // in words
}

// Difference is a field in which versions of a connection differ, with the value of each.
type Difference struct {
	Field  string
	Values []string
}

// Differences returns what a person decides about: the fields in which the versions
// differ.
func (c ConnectionView) Differences() (list []Difference) {
	add := func(field string, value func(v Version) string) {
		d := Difference{Field: field}
		differ := false
		for _, v := range c.Conflicts {
			d.Values = append(d.Values, value(v))
			differ = differ || d.Values[len(d.Values)-1] != d.Values[0]
		}
		if differ {
			list = append(list, d)
		}
	}
	add("In the team", func(v Version) string {
		if v.Removed {
			return "taken out"
		}
		return "shared"
	})
	add("Name", func(v Version) string { return text.Name(v.Definition.Name) })
	add("Cloud", func(v Version) string { return v.Cloud.Label() })
	add("Tenant", func(v Version) string { return v.TenantID })
	add("Client", func(v Version) string { return v.ClientID })
	add("Signs in with", func(v Version) string { return string(v.Credential) })
	add("Workspace", func(v Version) string { return text.Line(v.Workspace) })
	add("Dataset", func(v Version) string { return text.Line(v.Dataset) })
	add("Table", func(v Version) string { return text.Line(v.Table) })
	add("Environment", func(v Version) string { return string(v.Environment) })
	add("Tags", func(v Version) string { return text.Line(strings.Join(v.Tags, ", ")) })
	add("Notes", func(v Version) string { return text.Line(v.Notes) })
	add("Expires", func(v Version) string { return string(v.Expires) })
	add("Known tables", func(v Version) string {
		var names []string
		for _, t := range v.Tables {
			names = append(names, fmt.Sprintf("%s (%s)", text.Line(t.Name), humanize.Count(len(t.Columns), "column")))
		}
		return strings.Join(names, ", ")
	})
	add("Secret", func(v Version) string { return v.secret })
	return list
}

// secretOf says in words how a version's secret reaches the members, and which it is.
func (l *local) secretOf(d *Document) string {
	switch d.how() {
	case SecretReference:
		return "in a secret manager: " + text.Line(d.reference())
	case SecretSealed:
		if d.Secret.RotatedBy == "" {
			return "sealed to the members"
		}
		return fmt.Sprintf("sealed by %s, %s", l.memberName(d.Secret.RotatedBy), humanize.DateTime(d.Secret.RotatedAt))
	}
	return "not in the file"
}

// versions returns the versions of a connection that a person decides between.
func (l *local) versions(list []*Document) (all []Version) {
	if len(list) < 2 {
		return nil
	}
	for _, d := range list {
		v := Version{Document: *d, ID: d.hash(), Name: l.memberName(d.Signed.By), secret: l.secretOf(d)}
		for _, f := range l.folder.documents[d.ID] {
			if f.doc.hash() == v.ID {
				v.File = filepath.Base(f.path)
			}
		}
		all = append(all, v)
	}
	return all
}

// ErrVersions says that the versions of a connection are not those that were shown.
var ErrVersions = failure.New(failure.Connection, "team-other-versions", "The versions of the connection have changed meanwhile, so nothing was decided.", "Look at them again.")

// Keep decides between versions of a connection: the one of an ID stays. The others are
// kept beside, in a folder of their own.
func (b *Book) Keep(ctx context.Context, teamID, id, version string) (View, error) {
	return b.act(ctx, teamID, func(l *local, k key.Key) error {
		list, _ := l.trusted(id)
		var kept *Document
		for _, x := range list {
			if x.hash() == version {
				kept = x
			}
		}
		if kept == nil || len(list) < 2 {
			return ErrVersions
		}
		d := next(kept)
		var hashes []string
		var signed []shared.Signed
		for _, x := range list {
			hashes, signed = append(hashes, x.hash()), append(signed, x.Signed)
			d.Signed.Revision = max(d.Signed.Revision, x.Signed.Revision+1)
			if x == kept {
				continue
			}
			content, err := x.encode()
			if err != nil {
				return err
			}
			if err := write(filepath.Join(l.Folder, conflictsFolder, shared.Slug(x.Name)+"--"+x.ID[:8]+"."+x.hash()+".json"), content); err != nil {
				return err
			}
		}
		d.Signed.Ancestors = shared.AncestorsOf(signed...)(hashes...)
		if err := l.put(d, k, b.now()); err != nil {
			return err
		}
		return l.tidy(d, true, k, b.now())
	})
}
