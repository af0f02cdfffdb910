package file

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/storage/text"
)

// Imported is one connection that a file holds, as the file has it. Its secret is
// only here: nothing prints it.
type Imported struct {
	Row        int // of the file, the first line is 1; of a JSON list, the first entry is 1
	Connection connection.Connection
	Findings   []connection.Finding // what is wrong, or looks wrong

	// Sealed says that the file holds the secret, sealed for others.
	Sealed bool

	secret string
	given  connection.Credential // of a sealed part
	cloud  bool                  // the file says which
	export bool                  // it is of an export, whose IDs mean something
	ca     string                // the text of its CA file
	tables []shared.Table
}

// Secret is the client secret that the file holds, or "".
func (i Imported) Secret() string { return i.secret }

// Given is what the file holds to sign in with, empty for none.
func (i Imported) Given() connection.Credential {
	if i.secret != "" {
		return connection.SecretCredential(i.secret)
	}
	return i.given
}

// CA is the text of the CA file, or "".
func (i Imported) CA() string { return i.ca }

// Tables are the push tables whose columns the file tells.
func (i Imported) Tables() []shared.Table { return i.tables }

// Wrong reports whether the connection cannot be saved as it is.
func (i Imported) Wrong() bool {
	for _, f := range i.Findings {
		if f.Level == connection.LevelFail {
			return true
		}
	}
	return false
}

// Format writes the name and nothing secret, whatever the verb.
func (i Imported) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "row %d: %s", i.Row, i.Connection.Name)
}

// ImportOptions say how a file is read.
type ImportOptions struct {
	// AllowCustom lets connections with addresses of their own in. It is off unless a
	// person asks for it, because the file then decides where secrets are sent.
	AllowCustom bool
	Keys        Keys // what sealed secrets are opened with
}

// ReadImport reads the connections of a CSV or JSON file. The remarks are
// sentences about what was left out. The error is ErrImport.
func ReadImport(content []byte, o ImportOptions) (list []Imported, remarks []string, err error) {
	if len(content) > importSize {
		return nil, nil, importFault(0, "The file is too large for a list of connections.", "Choose another file.")
	}
	plain, err := importText(content)
	if err != nil {
		return nil, nil, err
	}
	if isExport(plain) {
		if list, remarks, err = importExport(plain, o, time.Now()); err != nil {
			return nil, nil, err
		}
		return sifted(list, remarks)
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
	for _, r := range rows {
		list = append(list, r.connection(o))
	}
	return sifted(list, remarks)
}

// sifted refuses a list that is empty or too long, and marks names that appear twice.
func sifted(list []Imported, remarks []string) ([]Imported, []string, error) {
	switch {
	case len(list) == 0:
		return nil, nil, importFault(0, "The file holds no connections.", exampleColumns)
	case len(list) > ImportLimit:
		return nil, nil, importFault(0, "The file holds more than %d connections.", "Import it in parts.", ImportLimit)
	}
	seen := map[string]int{}
	for n := range list {
		i := &list[n]
		if first, twice := seen[connection.NameKey(i.Connection.Name)]; twice && i.Connection.Name != "" {
			f := connection.Failing(fmt.Sprintf("The name “%s” is also in row %d.", i.Connection.Name, first), "Give each connection its own name.")
			f.Field = connection.FieldName
			i.Findings = append(i.Findings, *f)
		} else {
			seen[connection.NameKey(i.Connection.Name)] = i.Row
		}
	}
	return list, remarks, nil
}

// connection makes a connection of a row and checks it.
func (r importRecord) connection(o ImportOptions) Imported {
	misplaced := r.hideSecrets()
	c := connection.Connection{
		Name: r.fields["name"], TenantID: r.fields["tenant"], ClientID: r.fields["client"], Workspace: r.fields["workspace"], Dataset: r.fields["dataset"], Table: r.fields["table"],
		Notes: r.fields["notes"], Cloud: importCloud(r.fields["cloud"]), Environment: importEnvironment(r.fields["environment"]),
		LoginURL: r.fields["loginurl"], APIURL: r.fields["apiurl"], Resource: r.fields["resource"], CAFile: r.fields["cafile"],
		Credential: connection.CredentialKind(strings.ToLower(text.Clean(r.fields["credential"]))), Account: r.fields["account"],
		Tags: strings.FieldsFunc(r.fields["tags"], func(c rune) bool { return c == ',' || c == ';' || c == '|' }),
	}
	reference, unclear := connection.ParseReference(r.fields["secretreference"])
	c.Reference = reference
	i := Imported{Row: r.row, secret: connection.CleanSecret(r.fields["secret"]), cloud: text.Clean(r.fields["cloud"]) != ""}
	if !i.cloud && (text.Clean(c.LoginURL) != "" || text.Clean(c.APIURL) != "") {
		c.Cloud, i.cloud = connection.CloudCustom, true // addresses of its own mean nothing else
	}
	day, err := connection.ParseDay(r.fields["expires"])
	c.Expires = day
	if day != "" {
		c.ExpiresFrom = connection.ExpiryTyped
	}
	given := c
	connection.CleanFields(&c)
	i.Connection = c
	i.Findings = append(misplaced, connection.Validate(c, i.secret, i.secret != "")...)
	if f := foreignAddress(given); f != nil {
		i.Findings = append(i.Findings, *f)
	}
	if i.secret != "" && c.Credential != connection.CredentialSecret {
		f := connection.Failing("The row has a client secret, but the connection does not sign in with one.", "Remove one of the two.")
		f.Field = connection.FieldCredential
		i.Findings = append(i.Findings, *f)
	}
	var bad *connection.InvalidError
	for _, wrong := range []error{err, unclear} {
		if errors.As(wrong, &bad) {
			i.Findings = append(i.Findings, bad.Finding)
		}
	}
	if f := refuseCustom(c, o); f != nil {
		i.Findings = append([]connection.Finding{*f}, i.Findings...) // it matters most
	}
	return i
}

// foreignAddress finds an address that is not that of the cloud which a row names: it would
// not be used.
func foreignAddress(c connection.Connection) *connection.Finding {
	if c.Cloud == connection.CloudCustom || !c.Cloud.Known() {
		return nil
	}
	own, _ := c.Cloud.Endpoints()
	for _, x := range []struct {
		field      connection.Field
		given, own string
	}{
		{connection.FieldLoginURL, c.LoginURL, own.LoginURL}, {connection.FieldAPIURL, c.APIURL, own.APIURL}, {connection.FieldResource, c.Resource, own.Resource}, {connection.FieldCAFile, c.CAFile, ""},
	} {
		given := strings.ToLower(connection.CleanURL(x.given))
		if given == "" || x.own != "" && strings.HasPrefix(given+"/", x.own+"/") || x.field == connection.FieldResource && !strings.Contains(given, "://") {
			continue
		}
		f := connection.Failing(fmt.Sprintf("The row has an address of its own, but the cloud %s has its own addresses, which are used.", c.Cloud.Label()), "Remove the address, or set the cloud to custom.")
		f.Field = x.field
		return f
	}
	return nil
}

// refuseCustom refuses a connection with addresses of its own, unless they are allowed.
func refuseCustom(c connection.Connection, o ImportOptions) *connection.Finding {
	if c.Cloud != connection.CloudCustom || o.AllowCustom {
		return nil
	}
	f := connection.Failing("The connection has custom addresses, and its secret would be sent there.", "Import it only from somebody you trust, by allowing custom addresses.")
	f.Field = connection.FieldLoginURL
	return f
}

// importCloud reads a cloud by its name or its label. One that is not said is the
// public one.
func importCloud(name string) connection.Cloud {
	name = text.Clean(name)
	if name == "" {
		return connection.CloudPublic
	}
	for _, c := range connection.Clouds {
		if strings.EqualFold(name, string(c)) || strings.EqualFold(name, c.Label()) {
			return c
		}
	}
	key := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' {
			return -1
		}
		return r
	}, strings.ToLower(name))
	if c, ok := map[string]connection.Cloud{"globalcloud": connection.CloudPublic, "azurepublic": connection.CloudPublic, "azurecloud": connection.CloudPublic, "commercial": connection.CloudPublic,
		"usgov": connection.CloudGCC, "gcchigh": connection.CloudGCCHigh, "usgovhigh": connection.CloudGCCHigh, "usgovdod": connection.CloudDoD, "azurechina": connection.CloudChina, "chinacloud": connection.CloudChina}[key]; ok {
		return c
	}
	return connection.Cloud(strings.ToLower(name))
}

// importEnvironment reads a label in the spellings that people use.
func importEnvironment(label string) connection.Environment {
	switch key := strings.ToLower(text.Clean(label)); key {
	case "dev", "development":
		return connection.EnvironmentDevelopment
	case "test", "testing", "qa", "uat", "staging":
		return connection.EnvironmentTest
	case "prod", "production", "live":
		return connection.EnvironmentProduction
	default:
		return connection.Environment(key)
	}
}
