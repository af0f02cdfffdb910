package shared

import (
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"filippo.io/age"

	"pushdesk/connection"
	"pushdesk/storage/failure"
)

const (
	tenant = "11111111-2222-4333-8444-555555555555"
	client = "66666666-7777-4888-9999-aaaaaaaaaaaa"
	marker = "MARKER-of-a-sealed-secret"
)

func sample() Definition {
	return Definition{ID: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", Name: "Sales", Cloud: connection.CloudPublic, TenantID: tenant, ClientID: client, Credential: connection.CredentialSecret}
}

func TestDecodeRefuses(t *testing.T) {
	good := `{"id":"a","name":"Sales","cloud":"public","credential":"secret"}`
	for name, c := range map[string]struct {
		text string
		want *failure.Error
	}{
		"as it should be":           {good, nil},
		"a mark before":             {"\ufeff" + good, nil},
		"other line ends":           {strings.ReplaceAll(strings.ReplaceAll(good, ",", ",\n"), "\n", "\r\n"), nil},
		"a field twice":             {strings.Replace(good, `"name"`, `"tenantId":"a","tenantId":"b","name"`, 1), ErrDuplicate},
		"twice with capitals":       {strings.Replace(good, `"name"`, `"tenantId":"a","TENANTID":"b","name"`, 1), ErrDuplicate},
		"twice, deep inside":        {strings.Replace(good, `"name"`, `"tables":[{"name":"a","name":"b"}],"name"`, 1), ErrDuplicate},
		"a letter that looks alike": {strings.Replace(good, `"name"`, `"ſ":1,"name"`, 1), ErrUnknown},
		"a field nobody knows":      {strings.Replace(good, `"name"`, `"later":1,"name"`, 1), ErrUnknown},
		"an address":                {strings.Replace(good, `"name"`, `"loginUrl":"https://evil.example","name"`, 1), ErrAddress},
		"an API address":            {strings.Replace(good, `"name"`, `"apiUrl":"https://evil.example","name"`, 1), ErrAddress},
		"text behind the end":       {good + `{}`, ErrNotJSON},
		"cut":                       {good[:20], ErrNotJSON},
		"not UTF-8":                 {strings.Replace(good, "Sales", "S\xff", 1), ErrNotJSON},
		"another type":              {strings.Replace(good, `"Sales"`, `1`, 1), ErrNotJSON},
		"far too large":             {strings.Repeat(" ", MaxFile) + good, ErrOversize},
	} {
		t.Run(name, func(t *testing.T) {
			var d Definition
			err := Decode([]byte(c.text), MaxFile, &d)
			if c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id":"a","tables":[{"name":"x","columns":[]}]}`))
	f.Add([]byte(`{"id":{"id":[]}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		var d Definition
		if Decode(content, MaxFile, &d) != nil {
			return
		}
		again, err := Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		var e Definition
		if err := Decode(again, MaxFile, &e); err != nil || !reflect.DeepEqual(d.Over(connection.Connection{}), e.Over(connection.Connection{})) {
			t.Errorf("%q was read and cannot be read again: %v", content, err)
		}
	})
}

func TestNamesThatDeceive(t *testing.T) {
	for name, mixed := range map[string]bool{"Sales": false, "Продажи": false, "Πωλήσεις EU": false, "Sаles": true, "Ореn": true, "Müller 売上": false, "αlpha": true} {
		if got := Mixed(name) != ""; got != mixed {
			t.Errorf("%q: %v", name, got)
		}
	}
	for name, want := range map[string]string{"SaIes": "Sales", "sales": "", "Sаlеs": "Sales", "Salés": "Sales", "Sa1es": "Sales", "Ѕаӏеѕ 2": "", "Orders": "", "Ｓales": "Sales"} {
		if got := LooksLike(name, []string{"Sales", "Depots"}); got != want {
			t.Errorf("%q is taken for %q, want %q", name, got, want)
		}
	}
	d := sample()
	for what, name := range map[string]string{"a mark of direction": "Sales\u202eEU", "a control character": "Sales\x1b[2J", "no width": "Sa\u200bles"} {
		d.Name = name
		if f := d.Findings(); len(f) == 0 || f[0].Level != connection.LevelFail || f[0].Field != connection.FieldName {
			t.Errorf("%s: %v", what, f)
		}
	}
	d = sample()
	d.TenantID = "contoso.com\u200b"
	if f := d.Findings(); len(f) == 0 || f[0].Field != connection.FieldTenant {
		t.Errorf("%v", f)
	}
}

func TestSealedSecretBelongsToOneConnection(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSecret(sample(), "team", 3, connection.SecretCredential(marker))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := SealTo(s, []string{key.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sealed, marker) || strings.Contains(fmt.Sprintf("%v %+v %#v %s", s, s, s, s), marker) {
		t.Error("the secret is in sight")
	}
	if _, err := Open(sealed, other); !errors.Is(err, ErrNotForYou) {
		t.Errorf("somebody else: %v", err)
	}
	back, err := Open(sealed, key)
	if err != nil {
		t.Fatal(err)
	}
	if given, err := back.Credential(sample(), "team", 3); err != nil || given.Secret != marker {
		t.Errorf("%v, %v", given, err)
	}
	for name, change := range map[string]func(*Definition){
		"connection": func(d *Definition) { d.ID = "x" }, "tenant": func(d *Definition) { d.TenantID = client }, "client": func(d *Definition) { d.ClientID = tenant },
		"cloud": func(d *Definition) { d.Cloud = connection.CloudCustom }, "kind": func(d *Definition) { d.Credential = connection.CredentialCertificate },
	} {
		d := sample()
		change(&d)
		if _, err := back.Credential(d, "team", 3); !errors.Is(err, ErrSwapped) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if _, err := back.Credential(sample(), "other", 3); !errors.Is(err, ErrSwapped) {
		t.Errorf("another team: %v", err)
	}
	if _, err := back.Credential(sample(), "team", 4); !errors.Is(err, ErrSwapped) {
		t.Errorf("another rotation: %v", err)
	}
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-1] ^= 1
	if _, err := Open(base64.StdEncoding.EncodeToString(raw), key); !errors.Is(err, ErrDamaged) {
		t.Errorf("changed: %v", err)
	}
	if _, err := Open(strings.Repeat("A", maxSealed+1), key); !errors.Is(err, ErrOversize) {
		t.Errorf("too large: %v", err)
	}
	if _, err := SealTo(s, []string{"age1nonsense"}); !errors.Is(err, ErrRecipient) {
		t.Errorf("no key: %v", err)
	}
}

func TestPassphraseIsPaidForOnce(t *testing.T) {
	key, sealed, err := newSealedKey("four words are enough", 2)
	if err != nil {
		t.Fatal(err)
	}
	back, err := OpenKey(sealed, "four words are enough")
	if err != nil || back.String() != key.String() {
		t.Error(err)
	}
	if _, err := OpenKey(sealed, "other words"); !errors.Is(err, ErrPassphrase) {
		t.Error(err)
	}
	// The bomb: a header that asks for 2^30, which would take a terabyte.
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitN(string(raw), "\n", 3)
	at := strings.LastIndex(lines[1], " ")
	lines[1] = lines[1][:at] + " 30"
	if _, err := OpenKey(base64.StdEncoding.EncodeToString([]byte(strings.Join(lines, "\n"))), "four words are enough"); !errors.Is(err, ErrCost) {
		t.Errorf("the bomb: %v", err)
	}
}
