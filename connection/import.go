package connection

import (
	"errors"
	"fmt"
	"strings"
)

// ImportLimit is how many connections one file may hold, and importSize how long
// it may be, in bytes. Both are far above what a person keeps.
const (
	ImportLimit = 10_000
	importSize  = 16 << 20
)

// Imported is one connection that a file holds, as the file has it. Its secret is
// only here: nothing prints it.
type Imported struct {
	Row        int // of the file, the first line is 1; of a JSON list, the first entry is 1
	Connection Connection
	Findings   []Finding // what is wrong, or looks wrong

	secret string
	cloud  bool // the file says which
}

// Secret is the client secret that the file holds, or "".
func (i Imported) Secret() string { return i.secret }

// Wrong tells whether the connection cannot be kept as it is.
func (i Imported) Wrong() bool {
	for _, f := range i.Findings {
		if f.Level == LevelFail {
			return true
		}
	}
	return false
}

// Format writes the name and nothing secret, whatever the verb.
func (i Imported) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "row %d: %s", i.Row, i.Connection.Name)
}

// importColumns are the spellings under which each field is known, without blanks,
// marks and capitals.
var importColumns = map[string][]string{
	"name":        {"name", "connectionname", "connection", "displayname"},
	"tenant":      {"tenant", "tenantid", "directoryid", "directorytenantid", "directory", "aadtenantid"},
	"client":      {"client", "clientid", "applicationid", "applicationclientid", "appid", "application", "serviceprincipalid"},
	"secret":      {"secret", "clientsecret", "secretvalue", "password", "serviceprincipalsecret", "clientsecretvalue"},
	"workspace":   {"workspace", "defaultworkspace", "workspaceid", "workspacename", "group", "groupid"},
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
}

// columnOf gives the field of a column's name, or "".
func columnOf(name string) string {
	key := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-().\t", r) {
			return -1
		}
		return r
	}, strings.ToLower(Clean(name)))
	for field, spellings := range importColumns {
		for _, s := range spellings {
			if s == key {
				return field
			}
		}
	}
	return ""
}

// ImportError says that a file holds no connections that can be read.
type ImportError struct {
	sentence, remedy string
	Row              int // where, 0 when it is about the file
}

func (e *ImportError) Error() string { return "read the connections: " + lowerFirst(e.sentence) }

// Sentence says what happened.
func (e *ImportError) Sentence() string { return e.sentence }

// Remedy says what to do next.
func (e *ImportError) Remedy() string { return e.remedy }

// Who says who can fix it.
func (e *ImportError) Who() string { return "you" }

// Details are for support.
func (e *ImportError) Details() string {
	if e.Row == 0 {
		return ""
	}
	return fmt.Sprintf("Row: %d", e.Row)
}

func importFault(row int, sentence, remedy string, args ...any) *ImportError {
	return &ImportError{sentence: fmt.Sprintf(sentence, args...), remedy: remedy, Row: row}
}

// ImportOptions say how a file is read.
type ImportOptions struct {
	// AllowCustom lets connections with addresses of their own in. Whoever wrote the
	// file says there where secrets are sent, so it is off unless a person asks for it.
	AllowCustom bool
}

const exampleColumns = "Give the file a first line with the columns name, tenant, client and, if you like, secret, workspace, cloud, environment, tags, expires and notes."

// ReadImport reads the connections of a CSV or JSON file. The remarks are
// sentences about what was left out. The error is *ImportError.
func ReadImport(text []byte, o ImportOptions) (list []Imported, remarks []string, err error) {
	if len(text) > importSize {
		return nil, nil, importFault(0, "The file is too large for a list of connections.", "Choose another file.")
	}
	plain, err := importText(text)
	if err != nil {
		return nil, nil, err
	}
	var rows []importRecord
	if strings.HasPrefix(plain, "{") || strings.HasPrefix(plain, "[") {
		rows, remarks, err = importJSON(plain)
	} else {
		rows, remarks, err = importCSV(plain)
	}
	if err != nil {
		return nil, nil, err
	}
	switch {
	case len(rows) == 0:
		return nil, nil, importFault(0, "The file holds no connections.", exampleColumns)
	case len(rows) > ImportLimit:
		return nil, nil, importFault(0, "The file holds more than %d connections.", "Import it in parts.", ImportLimit)
	}
	seen := map[string]int{}
	for _, r := range rows {
		i := r.connection(o)
		if first, twice := seen[nameKey(i.Connection.Name)]; twice && i.Connection.Name != "" {
			f := fail(fmt.Sprintf("The name “%s” is in row %d, too.", i.Connection.Name, first), "Give each connection a name of its own.")
			f.Field = FieldName
			i.Findings = append(i.Findings, *f)
		} else {
			seen[nameKey(i.Connection.Name)] = i.Row
		}
		list = append(list, i)
	}
	return list, remarks, nil
}

// importRecord is one row of a file, by field.
type importRecord struct {
	row    int
	fields map[string]string
}

// connection makes a connection of a row and checks it.
func (r importRecord) connection(o ImportOptions) Imported {
	misplaced := r.hideSecrets()
	c := Connection{
		Name: r.fields["name"], TenantID: r.fields["tenant"], ClientID: r.fields["client"], Workspace: r.fields["workspace"],
		Notes: r.fields["notes"], Cloud: importCloud(r.fields["cloud"]), Environment: importEnvironment(r.fields["environment"]),
		LoginURL: r.fields["loginurl"], APIURL: r.fields["apiurl"], Resource: r.fields["resource"], CAFile: r.fields["cafile"],
		Credential: CredentialKind(strings.ToLower(Clean(r.fields["credential"]))), Account: r.fields["account"],
		Tags: strings.FieldsFunc(r.fields["tags"], func(c rune) bool { return c == ',' || c == ';' || c == '|' }),
	}
	i := Imported{Row: r.row, secret: CleanSecret(r.fields["secret"]), cloud: Clean(r.fields["cloud"]) != ""}
	if !i.cloud && (Clean(c.LoginURL) != "" || Clean(c.APIURL) != "") {
		c.Cloud, i.cloud = CloudCustom, true // addresses of its own mean nothing else
	}
	day, err := ParseDay(r.fields["expires"])
	c.Expires = day
	if day != "" {
		c.ExpiresFrom = ExpiryTyped
	}
	CleanFields(&c)
	if c.Cloud != CloudCustom {
		c.LoginURL, c.APIURL, c.Resource, c.CAFile = "", "", "", ""
	}
	i.Connection = c
	i.Findings = append(misplaced, Validate(c, i.secret, i.secret != "")...)
	if i.secret != "" && c.Credential != CredentialSecret {
		f := fail("The row has a client secret, but the connection signs in in another way.", "Leave one of the two out.")
		f.Field = FieldCredential
		i.Findings = append(i.Findings, *f)
	}
	var bad *InvalidError
	if errors.As(err, &bad) {
		i.Findings = append(i.Findings, bad.Finding)
	}
	if c.Cloud == CloudCustom && !o.AllowCustom {
		f := fail("The connection has addresses of its own, to which its secret would be sent.", "Import it only from somebody you trust, by allowing custom addresses.")
		f.Field = FieldLoginURL
		i.Findings = append([]Finding{*f}, i.Findings...) // it matters most
	}
	return i
}

// importCloud reads a cloud by its name or its label. One that is not said is the
// public one.
func importCloud(text string) Cloud {
	text = Clean(text)
	if text == "" {
		return CloudPublic
	}
	for _, c := range Clouds {
		if strings.EqualFold(text, string(c)) || strings.EqualFold(text, c.Label()) {
			return c
		}
	}
	key := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' {
			return -1
		}
		return r
	}, strings.ToLower(text))
	if c, ok := map[string]Cloud{"globalcloud": CloudPublic, "azurepublic": CloudPublic, "azurecloud": CloudPublic, "commercial": CloudPublic,
		"usgov": CloudGCC, "gcchigh": CloudGCCHigh, "usgovhigh": CloudGCCHigh, "usgovdod": CloudDoD, "azurechina": CloudChina, "chinacloud": CloudChina}[key]; ok {
		return c
	}
	return Cloud(strings.ToLower(text))
}

// importEnvironment reads a label in the spellings that people use.
func importEnvironment(text string) Environment {
	switch key := strings.ToLower(Clean(text)); key {
	case "dev", "development":
		return EnvironmentDevelopment
	case "test", "testing", "qa", "uat", "staging":
		return EnvironmentTest
	case "prod", "production", "live":
		return EnvironmentProduction
	default:
		return Environment(key)
	}
}
