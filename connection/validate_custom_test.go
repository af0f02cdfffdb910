package connection_test

import (
	"testing"

	"pushdesk/connection"
)

func TestValidateCustomAddresses(t *testing.T) {
	const fail = connection.LevelFail
	for _, c := range []struct {
		login, api, resource string
		field                connection.Field
		sentence, remedy     string
	}{
		{"", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is missing.", "https://"},
		{"http://l.example.com", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not encrypted.", "Use https"},
		{"https://l.example.com/" + tenantID, "https://a.example.com", "", connection.FieldLoginURL, "The login URL is more than a host.", "https://l.example.com;"},
		{"https://ann:pw@l.example.com", "https://a.example.com", "", connection.FieldLoginURL, "The login URL holds a user name or a password.", "https://l.example.com."},
		{"l.example.com", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not a web address.", "https://host"},
		{"https://", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not a web address.", ""},
		{"https://:443", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not a web address.", ""},
		{"https://%zz", "https://a.example.com", "", connection.FieldLoginURL, "The login URL is not a web address.", ""},
		{"ftp://l.example.com", "https://a.example.com", "", connection.FieldLoginURL, "The login URL does not begin with https.", ""},
		{"https://l.example.com?x=1", "https://a.example.com", "", connection.FieldLoginURL, "The login URL has something after the address.", ""},
		{"https://l.example.com", "", "", connection.FieldAPIURL, "The API URL is missing.", ""},
		{"https://l.example.com", "http://a.example.com", "", connection.FieldAPIURL, "The API URL is not encrypted.", ""},
		{"https://l.example.com", "https://a.example.com#x", "", connection.FieldAPIURL, "The API URL has something after the address.", ""},
		{"https://l.example.com", "https://a.example.com", "power bi", connection.FieldResource, "The resource is not valid: a token cannot be requested for it.", "analysis.windows.net"},
		{"https://l.example.com", "https://a.example.com", "https://r.example.com?x", connection.FieldResource, "The resource is not valid: a token cannot be requested for it.", ""},
	} {
		conn := sound()
		conn.Cloud, conn.LoginURL, conn.APIURL, conn.Resource = connection.CloudCustom, c.login, c.api, c.resource
		expectOne(t, connection.Validate(conn, secret, true), c.field, fail, c.sentence, c.remedy)
	}
}
