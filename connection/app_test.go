package connection_test

import (
	"strings"
	"testing"

	"pushdesk/connection"
)

func TestSameApp(t *testing.T) {
	a := connection.Connection{Cloud: connection.CloudPublic, TenantID: tenantID, ClientID: clientID}
	for name, c := range map[string]struct {
		change func(*connection.Connection)
		same   bool
	}{
		"itself":       {func(*connection.Connection) {}, true},
		"capitals":     {func(c *connection.Connection) { c.ClientID = strings.ToUpper(c.ClientID) }, true},
		"by domain":    {func(c *connection.Connection) { c.TenantID = "contoso.onmicrosoft.com" }, true},
		"other name":   {func(c *connection.Connection) { c.Name, c.Workspace = "x", "y" }, true},
		"other tenant": {func(c *connection.Connection) { c.TenantID = clientID }, false},
		"other client": {func(c *connection.Connection) { c.ClientID = tenantID }, false},
		"other cloud":  {func(c *connection.Connection) { c.Cloud = connection.CloudChina }, false},
		"other host":   {func(c *connection.Connection) { c.LoginURL = "https://login.example" }, false},
		"no client":    {func(c *connection.Connection) { c.ClientID = "" }, false},
	} {
		b := a
		if c.change(&b); a.SameApp(b) != c.same || b.SameApp(a) != c.same {
			t.Errorf("%s: %v", name, !c.same)
		}
	}
	if (connection.Connection{}).SameApp(connection.Connection{}) {
		t.Error("two drafts are of no app")
	}
}
