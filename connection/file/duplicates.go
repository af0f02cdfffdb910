package file

import (
	"strings"
	"time"

	"pushdesk/connection"
)

// Existing says what an import does with a connection that is there already.
type Existing string

const (
	ExistingSkip   Existing = "skip"   // leave it as it is
	ExistingUpdate Existing = "update" // take over what the file says
	ExistingBoth   Existing = "both"   // keep both, the new one under another name
)

// Duplicates finds the connections that imported ones would duplicate.
type Duplicates struct {
	byID    map[string]connection.Connection
	byName  map[string]connection.Connection
	byLogin map[string]connection.Connection
}

// NewDuplicates makes the finder for a list of connections.
func NewDuplicates(list []connection.Connection) Duplicates {
	d := Duplicates{byID: map[string]connection.Connection{}, byName: map[string]connection.Connection{}, byLogin: map[string]connection.Connection{}}
	for _, c := range list {
		d.byID[c.ID] = c
		d.byName[connection.NameKey(c.Name)] = c
		if key := loginKey(c); key != "" {
			if _, there := d.byLogin[key]; !there {
				d.byLogin[key] = c
			}
		}
	}
	return d
}

// Of gives the connection that an imported one is, by the ID of an export; or the one
// with its name, or else the one with its cloud, tenant, client and workspace: one app
// may serve many workspaces.
func (d Duplicates) Of(i Imported) (connection.Connection, bool) {
	if c, ok := d.byID[strings.ToLower(i.Connection.ID)]; ok && i.export {
		return c, true
	}
	if c, ok := d.byName[connection.NameKey(i.Connection.Name)]; ok {
		return c, true
	}
	c, ok := d.byLogin[loginKey(i.Connection)]
	return c, ok
}

func loginKey(c connection.Connection) string {
	if c.ClientID == "" {
		return ""
	}
	return strings.ToLower(strings.Join([]string{string(c.Cloud), c.LoginURL, c.TenantID, c.ClientID, c.Workspace}, "\n"))
}

// Over gives an existing connection with what the file says put over it. What the
// file leaves empty stays.
func (i Imported) Over(c connection.Connection) connection.Connection {
	n := i.Connection
	for _, pair := range [][2]*string{{&n.TenantID, &c.TenantID}, {&n.ClientID, &c.ClientID}, {&n.Workspace, &c.Workspace}, {&n.Dataset, &c.Dataset}, {&n.Table, &c.Table}, {&n.Notes, &c.Notes},
		{&n.Account, &c.Account}, {&n.LoginURL, &c.LoginURL}, {&n.APIURL, &c.APIURL}, {&n.Resource, &c.Resource}, {&n.CAFile, &c.CAFile}} {
		if *pair[0] != "" {
			*pair[1] = *pair[0]
		}
	}
	if i.cloud {
		c.Cloud = n.Cloud
	}
	if c.Cloud != connection.CloudCustom {
		c.LoginURL, c.APIURL, c.Resource, c.CAFile = "", "", "", ""
	}
	switch {
	case i.secret != "":
		c.Credential = connection.CredentialSecret
	case i.export:
		c.Credential, c.Name = n.Credential, n.Name
	}
	if n.Reference != (connection.Reference{}) {
		c.Reference = n.Reference
	}
	if n.Environment != "" {
		c.Environment = n.Environment
	}
	if len(n.Tags) > 0 {
		c.Tags = n.Tags
	}
	if n.Expires != "" {
		c.Expires, c.ExpiresFrom = n.Expires, n.ExpiresFrom
	}
	c.Updated = time.Time{} // the file was read on purpose: nobody's change is in its way
	return c
}

// Redirects reports whether putting the file over a connection would send what is
// stored for it to addresses that the file names.
func (i Imported) Redirects(c connection.Connection) bool {
	o := i.Over(c)
	return o.Cloud == connection.CloudCustom && (c.Cloud != o.Cloud || c.LoginURL != o.LoginURL || c.APIURL != o.APIURL || c.Resource != o.Resource || c.CAFile != o.CAFile)
}
