package file_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/storage/failure"
)

const (
	importTenant = "11111111-2222-4333-8444-555555555555"
	importClient = "66666666-7777-4888-9999-aaaaaaaaaaaa"
)

func readImport(t *testing.T, text string) []file.Imported {
	t.Helper()
	list, _, err := file.ReadImport([]byte(text), file.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestImportReadsWhatPeopleHave(t *testing.T) {
	csv := "Connection Name;Directory (tenant) ID;Application ID;Client-Secret;Workspace;Env;Tags;Secret expires;Owner\r\n" +
		"Sales;" + importTenant + ";" + importClient + ";\"a;b\"\"c8Q~ddddd\";Sales EU;prod;eu|month end;2027-01-31;Ann\r\n" +
		"\r\n" +
		"Depots;contoso.com;" + importClient + ";;;;;;\r\n"
	utf := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(csv)) {
		utf = append(utf, byte(u), byte(u>>8))
	}
	json := fmt.Sprintf(`[{"name":"Sales","tenantId":%q,"clientId":%q,"clientSecret":"a;b\"c8Q~ddddd","workspace":"Sales EU","environment":"production","tags":["eu","month end"],"expires":"2027-01-31"},
		{"name":"Depots","tenant":"contoso.com","client":%q}]`, importTenant, importClient, importClient)
	for name, text := range map[string]string{
		"semicolons": csv, "commas": strings.NewReplacer(";", ",", `"a,b`, `"a;b`).Replace(strings.Replace(csv, `"a;b`, "\"a\x01b", 1)), "a mark before": "\ufeff" + csv,
		"UTF-16": string(utf), "JSON": json, "our own file": `{"version":1,"connections":` + json + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			text = strings.ReplaceAll(text, "a\x01b", "a;b")
			list := readImport(t, text)
			if len(list) != 2 {
				t.Fatalf("%d connections: %v", len(list), list)
			}
			c := list[0].Connection
			if c.Name != "Sales" || c.TenantID != importTenant || c.ClientID != importClient || c.Workspace != "Sales EU" || c.Cloud != connection.CloudPublic ||
				c.Environment != connection.EnvironmentProduction || !slices.Equal(c.Tags, []string{"eu", "month end"}) || c.Expires != "2027-01-31" {
				t.Errorf("%+v", c)
			}
			if list[0].Secret() != `a;b"c8Q~ddddd` || list[1].Secret() != "" {
				t.Errorf("secrets %q, %q", list[0].Secret(), list[1].Secret())
			}
			if list[0].Wrong() || list[1].Wrong() {
				t.Errorf("%v %v", list[0].Findings, list[1].Findings)
			}
			if text := fmt.Sprintf("%v %+v %#v %s", list, list, list, list); strings.Contains(text, "8Q~") {
				t.Errorf("a secret is printed: %s", text)
			}
		})
	}
}

func TestImportSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"empty":           {"", "empty"},
		"no names":        {"1,2,3\n4,5,6", "does not name the columns"},
		"quotes":          {"name,client\nSales,\"abc", "Row 2 cannot be read"},
		"open quotes":     {"name,client\nSales,abc\n\"cut", "Row 3 cannot be read"},
		"a quote within":  {"name,client\nSales,a\"b", "Row 2 cannot be read"},
		"too many values": {"name,client\nA,b,c,d", "Row 2 has more values"},
		"workbook":        {"PK\x03\x04abc", "workbook"},
		"binary":          {"name\x00client", "not text"},
		"Latin-1":         {"name,client\nM\xfcller,x", "UTF-8"},
		"JSON":            {`{"connections":[`, "not JSON"},
		"number":          {"[1,2]", "not a list of connections"},
		"no entries":      {"name,client\n", "no connections"},
		"two names":       {"name,connection name\na,b", "Two columns"},
		"twice":           {`[{"tenant":"a","tenantId":"b"}]`, "two fields"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := file.ReadImport([]byte(c.text), file.ImportOptions{})
			e, ok := failure.From(err)
			if !ok || !errors.Is(err, file.ErrImport) || !strings.Contains(e.Sentence, c.says) || e.Remedy == "" {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestImportChecksEachRow(t *testing.T) {
	list := readImport(t, "name,tenant,client,cloud,login url,expires\n"+
		"One,"+importTenant+","+importClient+",,,\n"+
		"one,"+importTenant+",nonsense,moon,,\n"+
		"Two,"+importTenant+","+importClient+",custom,https://evil.example,\n"+
		"Three,"+importTenant+","+importClient+",US Government (GCC High),,03/04/2027\n")
	if list[0].Wrong() {
		t.Errorf("%v", list[0].Findings)
	}
	says := func(i int, word string) {
		t.Helper()
		if !list[i].Wrong() || !slices.ContainsFunc(list[i].Findings, func(f connection.Finding) bool { return strings.Contains(f.Sentence, word) }) {
			t.Errorf("row %d: %v does not say %q", list[i].Row, list[i].Findings, word)
		}
	}
	says(1, "also in row 2")
	says(1, "not a GUID")
	says(1, "moon")
	says(2, "custom addresses")
	says(3, "could mean two different days")
	if list[3].Connection.Cloud != connection.CloudGCCHigh || list[3].Row != 5 {
		t.Errorf("%+v", list[3])
	}
	twin, ok := file.NewDuplicates([]connection.Connection{{ID: "x", Name: "Other", Cloud: connection.CloudPublic, TenantID: strings.ToUpper(importTenant), ClientID: importClient, Notes: "mine"}}).Of(list[0])
	if over := list[0].Over(twin); !ok || over.Notes != "mine" || over.ID != "x" {
		t.Errorf("%v %+v", ok, over)
	}
}

// A client secret in another column is neither shown nor kept, nor is anything that
// is far too long to be a word.
func TestImportHidesMisplacedSecrets(t *testing.T) {
	const secret, old = "Ab~8Q~0123456789abcdefghijklmnopqrstuv.x", "bm90IGEgcmVhbCBzZWNyZXQgYnV0IGxvbmcgZW5vdWdo"
	head := []string{"name", "tenant", "client", "cloud", "environment", "expires", "workspace", "notes", "tags", "credential", "account"}
	for i, column := range head {
		for _, value := range []string{secret, old} {
			if value == old && !strings.Contains("cloud environment expires credential", column) {
				continue
			}
			row := slices.Repeat([]string{""}, len(head))
			row[0], row[1], row[2], row[i] = "Sales", importTenant, importClient, "x "+value
			list, remarks, err := file.ReadImport([]byte(strings.Join(head, ",")+",secret,"+value+"\n"+strings.Join(row, ",")+","+secret+",\n"), file.ImportOptions{})
			if err != nil || !list[0].Wrong() || list[0].Secret() != secret {
				t.Fatalf("%s: %v, %v", column, list, err)
			}
			if shown := fmt.Sprintf("%+v %v %v", list[0].Connection, list[0].Findings, remarks); strings.Contains(shown, value) {
				t.Errorf("%s: %s", column, shown)
			}
		}
	}
}

func TestImportOverAConnection(t *testing.T) {
	there := connection.Connection{ID: "x", Name: "Sales", Cloud: connection.CloudChina, TenantID: importTenant, ClientID: importClient, Credential: connection.CredentialCertificate, Tags: []string{"eu"}, Notes: "mine"}
	csv := "name,tenant,client,secret,tags,cloud,login url,api url\n"
	for _, c := range []struct {
		row       string
		cloud     connection.Cloud
		kind      connection.CredentialKind
		tags      string
		redirects bool
	}{
		{row: "Sales,,,,,,,", cloud: connection.CloudChina, kind: connection.CredentialCertificate, tags: "eu"},
		{row: "Sales,,,a-secret,us,gcc,,", cloud: connection.CloudGCC, kind: connection.CredentialSecret, tags: "us"},
		{row: "Sales,,,,,custom,https://login.example,https://api.example", cloud: connection.CloudCustom, kind: connection.CredentialCertificate, tags: "eu", redirects: true},
		{row: "Sales,,,,,,https://login.example,https://api.example", cloud: connection.CloudCustom, kind: connection.CredentialCertificate, tags: "eu", redirects: true},
	} {
		list, _, err := file.ReadImport([]byte(csv+c.row), file.ImportOptions{AllowCustom: true})
		if err != nil {
			t.Fatal(err)
		}
		over := list[0].Over(there)
		if over.ID != "x" || over.Cloud != c.cloud || over.Credential != c.kind || strings.Join(over.Tags, " ") != c.tags || over.Notes != "mine" || list[0].Redirects(there) != c.redirects {
			t.Errorf("%s: %+v, redirects %v", c.row, over, list[0].Redirects(there))
		}
	}
	custom := there
	custom.Cloud, custom.LoginURL, custom.APIURL = connection.CloudCustom, "https://login.example", "https://api.example"
	list := readImport(t, csv+"Sales,,,,us,,,")
	if over := list[0].Over(custom); over.LoginURL != custom.LoginURL || over.Cloud != connection.CloudCustom || list[0].Redirects(custom) {
		t.Errorf("%+v", over)
	}
	if list := readImport(t, csv+"Sales,"+importTenant+","+importClient+",,,,https://login.example,"); !list[0].Wrong() {
		t.Error("addresses came in without being asked for")
	}
	list = readImport(t, "name,tenant,client,secret,credential\nSales,"+importTenant+","+importClient+",s3cret,certificate")
	if !list[0].Wrong() {
		t.Error("a secret for a certificate")
	}
}

func FuzzReadImport(f *testing.F) {
	f.Add([]byte("name,client\na,b\n"))
	f.Add([]byte("name;client;secret\n\"a;b"))
	f.Add([]byte(`[{"name":{"a":1},"tags":[5],"cloud":"custom","loginUrl":"https://x"}]`))
	f.Add([]byte(`{"connections":[{"name":"x","tags":["a"],"expires":5}]}`))
	f.Add([]byte("\xff\xfen\x00a\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, _, err := file.ReadImport(text, file.ImportOptions{})
		if err != nil && !errors.Is(err, file.ErrImport) {
			t.Errorf("%T: %v", err, err)
		}
		for _, i := range list {
			if i.Connection.Cloud == connection.CloudCustom && !i.Wrong() {
				t.Errorf("custom addresses came in: %+v", i.Connection)
			}
		}
	})
}

// TestAListIsRead: what a list says beside the connections is known, whatever it says of a
// team, of the last test and of the secret, and none of it is taken for a secret.
func TestAListIsRead(t *testing.T) {
	list, remarks, err := file.ReadImport([]byte(`{"schemaVersion":1,"connections":[{"id":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","name":"Sales","cloud":"public","tenantId":"contoso.onmicrosoft.com",
		"clientId":"11111111-2222-4333-8444-555555555555","credential":"secret","team":"7d1a9c52-06be-4f0e-9b7f-2f9c1d5e8a44","teamName":"Finance","teamProblem":"It is offline.","changedHere":true,
		"cloudLabel":"Public","secretPlace":"Keychain does not answer","secretState":"unknown","expires":"2031-01-31","expiry":"The client secret expires.","daysLeft":9,
		"lastTest":{"at":"2026-03-03T14:05:00Z","verdict":"pass","summary":"Ready.","check":"","pushed":true,"stale":false}}]}`), file.ImportOptions{})
	if err != nil || len(list) != 1 || len(remarks) > 0 || list[0].Wrong() || !list[0].Given().Empty() || list[0].Connection.Name != "Sales" || list[0].Connection.Team != "" {
		t.Errorf("%+v, %q, %v", list, remarks, err)
	}
}
