package file

import (
	"regexp"
	"slices"
	"unicode/utf8"

	"pushdesk/connection"
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
			f = connection.Failing("There is what looks like a client secret in the column for the "+name+".", "Put it into the column secret, or make a new one if others have read the file.")
		case slices.Contains(importWords, name) && utf8.RuneCountInString(value) > longestWord:
			f = connection.Failing("The "+name+" is far too long.", "See that the values of the row stand in their columns.")
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
