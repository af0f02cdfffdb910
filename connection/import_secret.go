package connection

import (
	"regexp"
	"slices"
	"unicode/utf8"
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
var importFields = map[string]Field{"tenant": FieldTenant, "client": FieldClient, "loginurl": FieldLoginURL, "apiurl": FieldAPIURL, "cafile": FieldCAFile}

// hideSecrets takes out of a row what must not be shown or kept where it stands: a
// client secret in another column, as when the columns of a row have shifted.
func (r importRecord) hideSecrets() (found []Finding) {
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
		var f *Finding
		switch {
		case entraSecret.MatchString(value):
			f = fail("There is what looks like a client secret in the column for the "+name+".", "Put it into the column secret, or make a new one if others have read the file.")
		case slices.Contains(importWords, name) && utf8.RuneCountInString(value) > longestWord:
			f = fail("The "+name+" is far too long.", "See that the values of the row stand in their columns.")
		default:
			continue
		}
		var known bool
		if f.Field, known = importFields[name]; !known {
			f.Field = Field(name)
		}
		found = append(found, *f)
		r.fields[name] = ""
	}
	return found
}
