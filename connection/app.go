package connection

import "strings"

// SameApp tells whether two connections sign in with the client secrets of one app:
// they have its client ID, which Entra gives once in a cloud, and their tenants may
// be the same. A tenant has one GUID and any number of domains, so only two GUIDs
// can be told apart.
func (c Connection) SameApp(o Connection) bool {
	if c.Cloud != o.Cloud || c.LoginURL != o.LoginURL || c.ClientID == "" || !strings.EqualFold(c.ClientID, o.ClientID) {
		return false
	}
	return strings.EqualFold(c.TenantID, o.TenantID) || !IsGUID(c.TenantID) || !IsGUID(o.TenantID)
}
