// Package shared is a connection as it is given to others, in an export or in a team's
// folder: its fields without the secret, read strictly, and the secret only where a
// person chose to seal it.
package shared

import (
	"cmp"
	"slices"
	"strings"

	"pushdesk/connection"
	"pushdesk/storage/text"
)

// Definition is what is shared of a connection. It holds no secret and no address: only
// a cloud. The order of its fields is that of the file.
type Definition struct {
	ID          string                    `json:"id"`
	Name        string                    `json:"name"`
	Cloud       connection.Cloud          `json:"cloud"`
	TenantID    string                    `json:"tenantId,omitempty"`
	ClientID    string                    `json:"clientId,omitempty"`
	Credential  connection.CredentialKind `json:"credential"`
	Workspace   string                    `json:"workspace,omitempty"`
	Dataset     string                    `json:"dataset,omitempty"`
	Table       string                    `json:"table,omitempty"`
	Environment connection.Environment    `json:"environment,omitempty"`
	Tags        []string                  `json:"tags,omitempty"`
	Notes       string                    `json:"notes,omitempty"`
	Expires     connection.Day            `json:"expires,omitempty"`
	ExpiresFrom connection.ExpirySource   `json:"expiresFrom,omitempty"`
	Tables      []Table                   `json:"tables,omitempty"`
}

// Table is a push table whose columns are known: the service answers the names of
// tables only, so a colleague cannot learn them from it.
type Table struct {
	DatasetID string   `json:"datasetId"`
	Name      string   `json:"name"`
	Columns   []Column `json:"columns"`
}

// Column is a column of a push table.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Of returns what is shared of a connection, with its tables in a fixed order.
func Of(c connection.Connection, tables []Table) Definition {
	tables = slices.Clone(tables)
	slices.SortFunc(tables, func(a, b Table) int {
		return cmp.Or(strings.Compare(a.DatasetID, b.DatasetID), strings.Compare(a.Name, b.Name))
	})
	return Definition{ID: c.ID, Name: c.Name, Cloud: c.Cloud, TenantID: c.TenantID, ClientID: c.ClientID, Credential: c.Credential, Workspace: c.Workspace, Dataset: c.Dataset, Table: c.Table,
		Environment: c.Environment, Tags: slices.Clone(c.Tags), Notes: c.Notes, Expires: c.Expires, ExpiresFrom: c.ExpiresFrom, Tables: tables}
}

// Over returns a connection with what is shared put over it. What belongs to this
// computer stays: when it was used, addresses, who signed in.
func (d Definition) Over(c connection.Connection) connection.Connection {
	c.ID, c.Name, c.Cloud, c.TenantID, c.ClientID, c.Credential = d.ID, d.Name, d.Cloud, d.TenantID, d.ClientID, d.Credential
	c.Workspace, c.Dataset, c.Table = d.Workspace, d.Dataset, d.Table
	c.Environment, c.Tags, c.Notes = d.Environment, slices.Clone(d.Tags), d.Notes
	c.Expires, c.ExpiresFrom = d.Expires, d.ExpiresFrom
	return c
}

// Findings are what is wrong with a definition, or looks wrong. A field with characters
// that cannot be seen is wrong: it shows one thing and means another.
func (d Definition) Findings() (found []connection.Finding) {
	texts := []struct {
		field connection.Field
		text  string
	}{
		{connection.FieldName, d.Name}, {connection.FieldTenant, d.TenantID}, {connection.FieldClient, d.ClientID},
		{connection.FieldWorkspace, d.Workspace}, {connection.FieldDataset, d.Dataset}, {connection.FieldTable, d.Table}, {connection.FieldExpires, string(d.Expires)}, {"tags", strings.Join(d.Tags, " ")},
	}
	for _, t := range texts {
		if text.Line(t.text) != t.text {
			f := connection.Failing("It holds characters that cannot be seen, so it may not be what it looks like.", "Ask the person who shared it to correct the %s.", string(t.field))
			f.Field = t.field
			found = append(found, *f)
		}
	}
	if text.Lines(d.Notes) != d.Notes {
		f := connection.Failing("The notes hold characters that cannot be seen.", "Ask the person who shared it to correct them.")
		f.Field = "notes"
		found = append(found, *f)
	}
	if word := Mixed(d.Name); word != "" {
		f := connection.Failing("The name mixes letters of several alphabets that look alike, in “"+word+"”.", "Ask the person who shared it to write the name in one alphabet.")
		f.Field = connection.FieldName
		found = append(found, *f)
	}
	c := d.Over(connection.Connection{})
	if c.Cloud == connection.CloudCustom { // the addresses are given on each computer
		c.Cloud = connection.CloudPublic
	}
	return append(found, connection.Validate(c, "", false)...)
}
