package manager

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		m    Manager
		want error
	}{
		"a program":                 {Manager{Program: []string{"op", "read", Item}}, nil},
		"no place for the name":     {Manager{Program: []string{"op", "read"}}, ErrProgram},
		"the program itself":        {Manager{Program: []string{Item}}, ErrProgram},
		"nothing":                   {Manager{}, ErrWays},
		"two ways":                  {Manager{Program: []string{"op", Item}, Environment: true}, ErrWays},
		"a field of a program":      {Manager{Program: []string{"op", Item}, Field: "x"}, ErrWays},
		"variables":                 {Manager{Environment: true}, nil},
		"an address":                {Manager{Address: "https://vault.example/v1/" + Item, Field: "data.value", Header: "X-Vault-Token", Token: true}, nil},
		"in the query":              {Manager{Address: "https://vault.example/v1?name=" + Item}, nil},
		"on this computer":          {Manager{Address: "http://127.0.0.1:8200/v1/" + Item}, nil},
		"in clear text":             {Manager{Address: "http://vault.example/v1/" + Item}, ErrAddress},
		"no name in it":             {Manager{Address: "https://vault.example/v1/"}, ErrAddress},
		"the file chooses a host":   {Manager{Address: "https://" + Item + ".example/v1"}, ErrAddress},
		"the file chooses a port":   {Manager{Address: "https://vault.example:" + Item + "/v1/" + Item}, ErrAddress},
		"a password in it":          {Manager{Address: "https://me:secret@vault.example/" + Item}, ErrAddress},
		"a fragment":                {Manager{Address: "https://vault.example/v1#" + Item}, ErrAddress},
		"another scheme":            {Manager{Address: "file:///etc/" + Item}, ErrAddress},
		"a header of two lines":     {Manager{Address: "https://vault.example/" + Item, Header: "X\r\nY"}, ErrHeader},
		"the name is the address":   {Manager{Address: Item}, ErrAddress},
		"a host that looks like it": {Manager{Address: "https://vault.example" + Item}, ErrAddress},
	} {
		if err := c.m.Check(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// What a shared file calls the secret stays one part of the address.
func TestAddressOf(t *testing.T) {
	m := Manager{Address: "https://vault.example/v1/" + Item + "?name=" + Item}
	for item, want := range map[string]string{
		"sales":            "https://vault.example/v1/sales?name=sales",
		"a b/c":            "https://vault.example/v1/a%20b/c?name=a+b%2Fc",
		"x?y=1&name=z#w":   "https://vault.example/v1/x%3Fy=1&name=z%23w?name=x%3Fy%3D1%26name%3Dz%23w",
		"../../root":       "",
		"a//b":             "",
		"..":               "",
		"@evil.example/x":  "https://vault.example/v1/@evil.example/x?name=%40evil.example%2Fx",
		"https://evil.com": "",
	} {
		if got, err := m.addressOf(item); got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v", item, got, err)
		}
	}
}

func TestAskAnAddress(t *testing.T) {
	const secret = "MARKER-of-a-manager"
	var seen []string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.URL.Path+" "+r.Header.Get("X-Vault-Token")+r.Header.Get("Authorization"))
		switch r.URL.Path {
		case "/v1/sales":
			_, _ = w.Write([]byte(`{"data":{"value":"` + secret + `","n":1}}`))
		case "/v1/plain":
			_, _ = w.Write([]byte(secret + "\n"))
		case "/v1/away":
			http.Redirect(w, r, "https://evil.example/", http.StatusFound)
		default:
			http.Error(w, secret, http.StatusForbidden)
		}
	}))
	defer s.Close()
	m := Manager{Address: s.URL + "/v1/" + Item, Field: "data.value", Header: "X-Vault-Token", Token: true}
	if got, err := m.Ask(t.Context(), "sales", "tok", s.Client()); err != nil || got != secret {
		t.Errorf("%q, %v", got, err)
	}
	plain := m
	plain.Field, plain.Header = "", ""
	if got, err := plain.Ask(t.Context(), "plain", "tok", s.Client()); err != nil || got != secret {
		t.Errorf("%q, %v", got, err)
	}
	if want := []string{"/v1/sales tok", "/v1/plain Bearer tok"}; !slices.Equal(seen, want) {
		t.Errorf("%q", seen)
	}
	for item, want := range map[string]string{"away": "status 302", "other": "status 403", "plain": "not JSON"} {
		if _, err := m.Ask(t.Context(), item, "tok", s.Client()); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", item, err)
		}
	}
	if _, err := plain.Ask(t.Context(), "sales", "", s.Client()); err == nil || !strings.Contains(err.Error(), "field") {
		t.Errorf("JSON without a field: %v", err)
	}
	for path, want := range map[string]string{"data.n": "not text", "data.none": "no field", "none.value": "no field"} {
		other := m
		other.Field = path
		if _, err := other.Ask(t.Context(), "sales", "tok", s.Client()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A shared file can name variables that are meant for this, and no others.
func TestAskVariables(t *testing.T) {
	t.Setenv("PBI_SALES", "MARKER-of-a-variable")
	t.Setenv("PUSHDESK_CLIENT_SECRET", "another secret")
	m := Manager{Environment: true}
	if got, err := m.Ask(t.Context(), "PBI_SALES", "", nil); err != nil || got != "MARKER-of-a-variable" {
		t.Errorf("%q, %v", got, err)
	}
	for _, item := range []string{"PUSHDESK_CLIENT_SECRET", "PATH", "PBI_", "pbi_sales", "PBI_A B"} {
		if got, err := m.Ask(t.Context(), item, "", nil); !errors.Is(err, ErrItem) || got != "" {
			t.Errorf("%s: %q, %v", item, got, err)
		}
	}
	if _, err := m.Ask(t.Context(), "PBI_NOT_SET", "", nil); err == nil {
		t.Error("a variable that is not set gives a secret")
	}
}

func TestSplitAndString(t *testing.T) {
	for line, want := range map[string][]string{
		`op read {item}`: {"op", "read", "{item}"}, `"C:\Program Files\op.exe"  read "a {item}" ""`: {`C:\Program Files\op.exe`, "read", "a {item}", ""}, "": nil,
	} {
		got, err := Split(line)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", line, got, err)
		}
		if again, err := Split(Manager{Program: got}.String()); err != nil || !slices.Equal(again, want) {
			t.Errorf("%s: %q, %v", line, again, err)
		}
	}
	if _, err := Split(`op "read`); !errors.Is(err, ErrProgram) {
		t.Errorf("%v", err)
	}
}

// The file of settings as it was written before is read.
func TestProgramAlone(t *testing.T) {
	var m Manager
	if err := json.Unmarshal([]byte(`["op","read","{item}"]`), &m); err != nil || len(m.Program) != 3 {
		t.Errorf("%+v, %v", m, err)
	}
	if err := json.Unmarshal([]byte(`{"address":"https://x.example/{item}"}`), &m); err != nil || m.Address == "" || m.Program != nil {
		t.Errorf("%+v, %v", m, err)
	}
}
