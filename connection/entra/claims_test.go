package entra_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"pushdesk/connection/entra"
)

// tokenOf makes an access token of some claims, without a real signature.
func tokenOf(claims string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"typ":"JWT","alg":"RS256"}`)) + "." + enc([]byte(claims)) + "." + enc([]byte("signature"))
}

func TestReadClaims(t *testing.T) {
	for name, c := range map[string]struct {
		claims string
		want   entra.Claims
	}{
		"app, version 1": {`{"aud":"https://r","tid":"t","appid":"a","oid":"o","idtyp":"app","iat":1700000000,"nbf":1700000001,"exp":1700003600.5}`,
			entra.Claims{Audience: "https://r", TenantID: "t", AppID: "a", ObjectID: "o", IDType: "app"}},
		"version 2":          {`{"aud":["https://r","x"],"azp":"a"}`, entra.Claims{Audience: "https://r", AppID: "a", IDType: "app"}},
		"user":               {`{"aud":"r","scp":"Dataset.ReadWrite.All  Workspace.Read.All"}`, entra.Claims{Audience: "r", IDType: "user", Scopes: []string{"Dataset.ReadWrite.All", "Workspace.Read.All"}}},
		"roles":              {`{"roles":["Tenant.Read.All","Tenant.ReadWrite.All"]}`, entra.Claims{IDType: "app", Roles: []string{"Tenant.Read.All", "Tenant.ReadWrite.All"}}},
		"lists as they come": {`{"scp":["a","b"],"roles":"c"}`, entra.Claims{IDType: "user", Scopes: []string{"a", "b"}, Roles: []string{"c"}}},
		"nothing":            {`{}`, entra.Claims{IDType: "app"}},
	} {
		got, err := entra.ReadClaims(tokenOf(c.claims))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Audience != c.want.Audience || got.TenantID != c.want.TenantID || got.AppID != c.want.AppID || got.ObjectID != c.want.ObjectID || got.IDType != c.want.IDType ||
			strings.Join(got.Scopes, " ") != strings.Join(c.want.Scopes, " ") || strings.Join(got.Roles, " ") != strings.Join(c.want.Roles, " ") {
			t.Errorf("%s: %+v", name, got)
		}
		if name == "app, version 1" && (!got.Issued.Equal(time.Unix(1700000000, 0)) || !got.NotBefore.Equal(time.Unix(1700000001, 0)) || got.Expires.Unix() != 1700003600) {
			t.Errorf("%+v", got)
		}
		if name == "nothing" && !(got.Expires.IsZero() && got.Issued.IsZero() && got.NotBefore.IsZero()) {
			t.Errorf("%+v", got)
		}
	}
}

func TestReadClaimsRefuses(t *testing.T) {
	for name, token := range map[string]string{
		"empty": "", "opaque": "EwBwA8l6BAAUkj1NuJYtTVha", "two parts": "a.b", "no base64": "!.!.!", "no JSON": tokenOf("{"), "a list": tokenOf("[]"),
		"wrong kind": tokenOf(`{"tid":5}`), "scopes": tokenOf(`{"scp":5}`), "huge": strings.Repeat("x", 2<<20), "expiry": tokenOf(`{"exp":"soon"}`),
	} {
		if c, err := entra.ReadClaims(token); err == nil || len(err.Error()) > 300 || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

func FuzzReadClaims(f *testing.F) {
	f.Add(tokenOf(`{"aud":["a"],"scp":"x"}`))
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := entra.ReadClaims(token); err != nil && len(token) > 40 && strings.Contains(err.Error(), token) {
			t.Error("the token is in the error")
		}
	})
}

func BenchmarkReadClaims(b *testing.B) {
	token := tokenOf(`{"aud":"https://analysis.windows.net/powerbi/api","tid":"t","appid":"a","oid":"o","exp":1700003600}`)
	for b.Loop() {
		if _, err := entra.ReadClaims(token); err != nil {
			b.Fatal(err)
		}
	}
}
