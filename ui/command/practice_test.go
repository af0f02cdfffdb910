package command

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/ui/command/cli"
)

// TestPracticeServesAnyClient runs the service alone and gets a token from it with
// nothing but what it prints.
func TestPracticeServesAnyClient(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	ctx, stop := context.WithCancel(t.Context())
	printed, out := io.Pipe()
	ended := make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		ended <- Main(ctx, []string{"practice", "--data", dir, "--json"}, cli.World{In: &bytes.Buffer{}, Out: out, Err: &errs, Getenv: func(string) string { return "" }})
	}()
	var d struct {
		LoginURL, APIURL, Resource, CAFile string
		Credentials                        []struct{ Name, TenantID, ClientID, ClientSecret string }
	}
	if err := json.NewDecoder(printed).Decode(&d); err != nil {
		t.Fatal(err)
	}
	authority, err := os.ReadFile(d.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		t.Fatal("the CA file holds no certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	defer transport.CloseIdleConnections()
	k := d.Credentials[0]
	answer, err := (&http.Client{Transport: transport}).PostForm(d.LoginURL+"/"+k.TenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {k.ClientID}, "client_secret": {k.ClientSecret}, "scope": {d.Resource + "/.default"}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&token); err != nil || token.AccessToken == "" || answer.StatusCode != http.StatusOK {
		t.Errorf("%s: %v", answer.Status, err)
	}
	stop()
	if code := <-ended; code != cli.ExitDone {
		t.Errorf("exit code %d: %s", code, errs.String())
	}

	// The folder keeps the apps.
	x := apart(t)
	ctx, stop = context.WithCancel(t.Context())
	stop()
	if code := x.runUntil(ctx, "practice", "--data", dir); code != cli.ExitDone {
		t.Errorf("exit code %d", code)
	}
	x.says(k.ClientID, k.ClientSecret, "--secret-stdin")
	x.want(cli.ExitUsage, "practice", "--listen", "0.0.0.0:0")
	x.says("this computer")
}

// TestPracticeActsAsAsked: the flags choose how the service acts where the real one
// is not known.
func TestPracticeActsAsAsked(t *testing.T) {
	x := apart(t)
	for _, wrong := range [][]string{{"--windows", "lunar"}, {"--limit", "rows=5"}, {"--limit", "pending=0"},
		{"--lost-batches", "never"}, {"--lost-batches", "soon", "--lose-replies", "3"}, {"--lose-replies", "-1"}} {
		x.want(cli.ExitUsage, append([]string{"practice"}, wrong...)...)
	}
	f := behaviorFlags{windows: "first", partly: true, lose: 3, lost: "135s", noQueries: true, dateOff: -time.Minute, limits: map[string]int64{"rowsPerHour": 50_000, "pending": 2}}
	o, err := f.behavior()
	if err != nil || o.Windows != traffic.First || !o.PartlyStored || o.Limits.RowsPerHour != 50_000 || o.Limits.Pending != 2 ||
		o.LoseOneIn != 3 || o.Lost != faults.LostLate || o.LostMS != 135_000 || !o.NoQueries || o.DateOffMS != -60_000 {
		t.Errorf("%+v, %v", o, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if code := x.runUntil(ctx, "practice", "--windows", "fixed", "--count-delay", "10s", "--limit", "pending=2"); code != cli.ExitDone {
		t.Errorf("exit code %d", code)
	}
}
