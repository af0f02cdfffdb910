package file

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pushdesk/connection"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// importRecord is one row of a file, by field.
type importRecord struct {
	row    int
	fields map[string]string
}

// importColumns are the spellings under which each field is known, without blanks,
// marks and capitals.
var importColumns = map[string][]string{
	"name":        {"name", "connectionname", "connection", "displayname"},
	"tenant":      {"tenant", "tenantid", "directoryid", "directorytenantid", "directory", "aadtenantid"},
	"client":      {"client", "clientid", "applicationid", "applicationclientid", "appid", "application", "serviceprincipalid"},
	"secret":      {"secret", "clientsecret", "secretvalue", "password", "serviceprincipalsecret", "clientsecretvalue"},
	"workspace":   {"workspace", "defaultworkspace", "workspaceid", "workspacename", "group", "groupid"},
	"dataset":     {"dataset", "defaultdataset", "datasetid", "datasetname", "semanticmodel"},
	"table":       {"table", "defaulttable", "tablename"},
	"cloud":       {"cloud", "environmenttype", "azurecloud"},
	"environment": {"environment", "env", "stage"},
	"tags":        {"tags", "tag", "labels", "folder"},
	"expires":     {"expires", "expiry", "secretexpires", "expirationdate", "expiresat", "enddate"},
	"notes":       {"notes", "note", "comment", "description"},
	"loginurl":    {"loginurl", "authorityurl", "authority", "loginhost"},
	"apiurl":      {"apiurl", "apihost"},
	"resource":    {"resource"},
	"cafile":      {"cafile"},
	"credential":  {"credential", "credentialkind", "kind"},
	"account":     {"account"},
	"id":          {"id"},
	"created":     {"created"},
	"updated":     {"updated"},
	"used":        {"used"},
	"expiresfrom": {"expiresfrom"},
	"secretplace": {"secretplace"},
	"cloudlabel":  {"cloudlabel"},
	"daysleft":    {"daysleft"},
	"team":        {"team"},
	"teamname":    {"teamname"}, // this and the next are of a list, which says more than is imported
	"teamproblem": {"teamproblem"},
	"changedhere": {"changedhere"},
	"secretstate": {"secretstate"},
	"lasttest":    {"lasttest"},

	"secretreference": {"secretreference", "secretfrom"},
}

// columnOf gives the field of a column's name, or "".
func columnOf(name string) string {
	key := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-().\t", r) {
			return -1
		}
		return r
	}, strings.ToLower(text.Clean(name)))
	for field, spellings := range importColumns {
		for _, s := range spellings {
			if s == key {
				return field
			}
		}
	}
	return ""
}

// ErrImport is the failure of a file that no connections can be read from.
var ErrImport = failure.New(failure.Data, "import-unreadable", "No connections can be read from the file.", exampleColumns)

// importFault says what is wrong, and in which row, 0 when it is about the file.
func importFault(row int, sentence, remedy string, args ...any) error {
	f := saying(ErrImport, sentence, args...)
	f.Remedy = remedy
	if row > 0 {
		f.Details = fmt.Sprintf("Row: %d", row)
	}
	return f
}

const exampleColumns = "Give the file a first line with the columns name, tenant, client and, optionally, secret, workspace, dataset, table, cloud, environment, tags, expires and notes."

// ImportLimit is how many connections one file may hold, and importSize how long
// it may be, in bytes. Both are far above what a person keeps.
const (
	ImportLimit = 10_000
	importSize  = 16 << 20
)

// entraSecret is the form of the client secrets that Entra makes today: 40
// characters, with a digit and Q~ after the third.
var entraSecret = regexp.MustCompile(`[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}`)

// longestWord is longer than any name of a cloud, day or label, and shorter than a
// client secret. What is longer is never repeated to a person.
const longestWord = 30

// importWords are the fields that hold a word of a few, or a day.
var importWords = []string{"cloud", "environment", "credential", "expires"}

// importFields are the fields of a connection that have another name here.
var importFields = map[string]connection.Field{"tenant": connection.FieldTenant, "client": connection.FieldClient, "loginurl": connection.FieldLoginURL, "apiurl": connection.FieldAPIURL, "cafile": connection.FieldCAFile}

// hideSecrets takes out of a row what must not be shown or kept where it stands: a
// client secret in another column, as when the columns of a row have shifted.
func (r importRecord) hideSecrets() (found []connection.Finding) {
	var fields []string
	for name := range r.fields {
		fields = append(fields, name)
	}
	slices.Sort(fields)
	for _, name := range fields {
		value := r.fields[name]
		if name == "secret" || value == "" {
			continue
		}
		var f *connection.Finding
		switch {
		case entraSecret.MatchString(value):
			f = connection.Failing("A value that looks like a client secret is in the column for the "+name+".", "Put it in the column secret, or create a new one if others have read the file.")
		case slices.Contains(importWords, name) && utf8.RuneCountInString(value) > longestWord:
			f = connection.Failing("The "+name+" is far too long.", "Check that the values of the row are in their columns.")
		default:
			continue
		}
		var known bool
		if f.Field, known = importFields[name]; !known {
			f.Field = connection.Field(name)
		}
		found = append(found, *f)
		r.fields[name] = ""
	}
	return found
}
