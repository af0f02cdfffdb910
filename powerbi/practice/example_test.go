package practice_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"pushdesk/powerbi/practice"
)

// A client of the practice service trusts its certificate authority, and signs in with
// one of the ready-made credentials.
func Example() {
	s, err := practice.Start(practice.Options{})
	if err != nil {
		panic(err)
	}
	defer s.Close()

	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(s.CAPEM())
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}

	app, _ := s.Credential(practice.AppPractice)
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {s.Resource() + "/.default"},
		"client_id": {app.ClientID}, "client_secret": {app.ClientSecret}}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost,
		s.LoginURL()+"/"+app.TenantID+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(req)
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	var token struct {
		Type      string `json:"token_type"`
		ExpiresIn int    `json:"expires_in"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil {
		panic(err)
	}
	fmt.Println(token.Type, token.ExpiresIn)
	// Output: Bearer 3599
}
