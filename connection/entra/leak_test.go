package entra_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

// marker is a secret that can be told from everything else, with letters that
// change when they are written into a form or an address.
const marker = "MARK8Q~+/&= %er-Secret_of.forty-letters"

// noMarker fails when the marker is anywhere in a value: in its text in any form,
// in an error below it, or in a field that nobody can see.
func noMarker(t *testing.T, name string, v any) {
	t.Helper()
	look := func(where, text string) {
		for _, form := range []string{marker, url.QueryEscape(marker), url.PathEscape(marker), "MARK8Q"} {
			if strings.Contains(text, form) {
				t.Errorf("%s: the secret is in %s: %s", name, where, text)
				return
			}
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%T"} {
		look(verb, fmt.Sprintf(verb, v))
	}
	if text, err := json.Marshal(v); err == nil {
		look("JSON", string(text))
	}
	if e, ok := v.(*entra.Error); ok {
		look("the words", strings.Join([]string{e.Failure().Sentence, e.Failure().Remedy, string(e.Failure().Who), e.Failure().Details}, "\n"))
	}
	if err, ok := v.(error); ok {
		look("Verbose", msal.Verbose(err))
		var call msal.CallErr
		if errors.As(err, &call) {
			t.Errorf("%s: MSAL's error, which holds the request, is still there", name)
		}
		for e := errors.Unwrap(err); e != nil; e = errors.Unwrap(e) {
			look("an error below", fmt.Sprintf("%v %+v %#v", e, e, e))
		}
	}
	walk(reflect.ValueOf(v), map[uintptr]bool{}, func(text string) { look("a field", text) })
}

// walk finds every text in a value, also in fields that are not exported.
func walk(v reflect.Value, seen map[uintptr]bool, f func(string)) {
	switch v.Kind() {
	case reflect.String:
		f(v.String())
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return
		}
		seen[v.Pointer()] = true
		walk(v.Elem(), seen, f)
	case reflect.Interface:
		walk(v.Elem(), seen, f)
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), seen, f)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			b := make([]byte, v.Len())
			for i := range b {
				b[i] = byte(v.Index(i).Uint())
			}
			f(string(b))
			return
		}
		for i := range v.Len() {
			walk(v.Index(i), seen, f)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			walk(k, seen, f)
			walk(v.MapIndex(k), seen, f)
		}
	}
}

// The check itself finds what it shall find.
func TestLeakCheckFinds(t *testing.T) {
	type hidden struct{ body any }
	found := false
	walk(reflect.ValueOf(&hidden{[]byte("x" + marker)}), map[uintptr]bool{}, func(s string) { found = found || strings.Contains(s, marker) })
	if !found {
		t.Error("a secret in a field is not found")
	}
}

// A secret is in no error, whatever goes wrong.
func TestSecretInNoError(t *testing.T) {
	for name, trouble := range map[string]faults.Fault{
		"wrong secret": {Operation: faults.OpRows},
		"400":          {Operation: faults.OpToken, Status: 400, Body: `{"error":"invalid_client","error_description":"AADSTS7000215: x"}`},
		"no body":      {Operation: faults.OpToken, Status: 400},
		"429":          {Operation: faults.OpToken, Status: 429, RetryAfter: 1000},
		"503":          {Operation: faults.OpToken, Status: 503, Times: -1},
		"page":         {Operation: faults.OpToken, Status: 200, Body: "<html>"},
		"cut":          {Operation: faults.OpToken, CutBefore: true, Times: -1},
		"metadata":     {Operation: faults.OpMetadata, Status: 404},
		"no JSON":      {Operation: faults.OpToken, Status: 200, Body: "{"},
	} {
		b := newBench(t, practice.Options{})
		b.service.Faults().Add(trouble)
		app := b.app
		app.ClientSecret = marker
		tokens, _ := b.tokens(app)
		for _, get := range []func() (string, error){
			func() (string, error) { return tokens.Token(t.Context()) },
			func() (string, error) { return tokens.Renew(t.Context(), `{"a":1}`) },
		} {
			if _, err := get(); err == nil {
				t.Errorf("%s: no error", name)
			} else {
				noMarker(t, name, err)
			}
		}
		noMarker(t, name, fmt.Sprintf("%v %+v %#v %s %q %d %x", tokens, tokens, tokens, tokens, tokens, tokens, tokens))
	}
}

// A host that repeats what was sent to it does not bring the secret back.
func TestSecretRepeatedByTheHost(t *testing.T) {
	for name, say := range map[string]func(w http.ResponseWriter, form url.Values, body string){
		"in the message": func(w http.ResponseWriter, f url.Values, body string) {
			w.WriteHeader(400)
			json.NewEncoder(w).Encode(map[string]any{"error": f.Get("client_secret"), "error_description": "got " + f.Get("client_secret") + " in " + body, "trace_id": f.Get("client_secret"), "suberror": body, "claims": body})
		},
		"as text": func(w http.ResponseWriter, _ url.Values, body string) {
			w.WriteHeader(400)
			io.WriteString(w, "AADSTS1: "+body)
		},
		"as a page": func(w http.ResponseWriter, _ url.Values, body string) { io.WriteString(w, "<html>"+body) },
		"as JSON":   func(w http.ResponseWriter, f url.Values, _ string) { json.NewEncoder(w).Encode(f) },
		"in headers": func(w http.ResponseWriter, f url.Values, _ string) {
			w.Header().Set("x-ms-request-id", f.Get("client_secret"))
			w.Header().Set("client-request-id", f.Get("client_secret"))
			w.WriteHeader(400)
		},
		"as an address": func(w http.ResponseWriter, f url.Values, body string) {
			w.Header().Set("Location", "https://"+f.Get("client_id")+".example.com/?"+body)
			w.WriteHeader(302)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s *httptest.Server
			heard := false
			s = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					io.WriteString(w, metadata(s.Listener.Addr().String()))
					return
				}
				body, _ := io.ReadAll(r.Body)
				form, _ := url.ParseQuery(string(body))
				heard = form.Get("client_secret") == marker
				say(w, form, string(body))
			}))
			defer s.Close()
			tokens, err := entra.NewTokens(connection.Endpoints{LoginURL: s.URL}, tenantID, clientID, connection.SecretCredential(marker), s.Client())
			if err != nil {
				t.Fatal(err)
			}
			_, err = tokens.Token(t.Context())
			if !heard {
				t.Fatal("the secret was not sent, so nothing is proved")
			}
			noMarker(t, name, refusal(t, err))
		})
	}
}

// Nor is it in what a form is told.
func TestSecretInNoFinding(t *testing.T) {
	for _, s := range []string{marker, marker + "\n" + marker, "\"" + marker + "\"", strings.Repeat(marker, 100), marker + "***", "-----BEGIN" + marker} {
		noMarker(t, "finding", connection.Validate(connection.Connection{Name: "Sales", Cloud: connection.CloudPublic, TenantID: tenantID, ClientID: clientID, Credential: connection.CredentialSecret}, s, true))
		_, err := entra.NewTokens(connection.Endpoints{LoginURL: "https://l.example.com"}, "x", "y", connection.SecretCredential(s), nil)
		noMarker(t, "refusal", err)
	}
}
