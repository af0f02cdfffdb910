package practice_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

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
	resp, err := client.PostForm(s.LoginURL()+"/"+app.TenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "scope": {s.Resource() + "/.default"},
		"client_id": {app.ClientID}, "client_secret": {app.ClientSecret}})
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
