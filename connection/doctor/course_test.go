package doctor_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/failure"
)

// Checks are told as they start and as they end, in order.
func TestStreamed(t *testing.T) {
	c := open(t, practice.AppViewer)
	var told []string
	r := doctor.Run(t.Context(), c.subject("nowhere"), func(c doctor.Check) { told = append(told, c.ID+" "+string(c.Status)) })
	var want []string
	for _, c := range r.Checks {
		if c.Status == doctor.Skipped && c.ID != doctor.Expiry {
			want = append(want, c.ID+" skipped") // never begun
			continue
		}
		want = append(want, c.ID+" running", c.ID+" "+string(c.Status))
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q", told)
	}
	if role := at(t, r, doctor.Role); role.Evidence != "Not checked: the workspace cannot be seen." {
		t.Errorf("role %q", role.Evidence)
	}
}

func TestNetwork(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	closedURL := "https" + strings.TrimPrefix(closed.URL, "http")
	other := open(t, practice.AppPractice)
	missing := filepath.Join(t.TempDir(), "ca.pem")
	broken := filepath.Join(t.TempDir(), "broken.pem")
	if err := os.WriteFile(broken, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	const (
		atFormat = "fail skipped skipped skipped skipped skipped skipped skipped"
		atLogin  = "pass pass skipped skipped skipped skipped skipped skipped"
		atAPI    = "pass pass pass pass skipped skipped skipped skipped"
	)
	for _, c := range []struct {
		name     string
		change   func(*doctor.Subject)
		course   string
		check    string
		evidence string
	}{
		{"login port closed", func(s *doctor.Subject) { s.Endpoints.LoginURL = closedURL }, atLogin, doctor.Network, "refuses connections"},
		{"API port closed", func(s *doctor.Subject) { s.Endpoints.APIURL = closedURL }, atAPI, doctor.Network, "Power BI refuses connections."},
		{"wrong authority", func(s *doctor.Subject) { s.Endpoints.CAPEM = other.service.CAPEM() }, atLogin, doctor.Network, "certificate"},
		{"wrong authority for the API", func(s *doctor.Subject) {
			api := httptest.NewUnstartedServer(http.NotFoundHandler())
			api.Config.ErrorLog = log.New(io.Discard, "", 0)
			api.StartTLS()
			t.Cleanup(api.Close)
			s.Endpoints.APIURL = api.URL
		}, atAPI, doctor.Network, "This computer does not trust the certificate of Power BI."},
		{"CA file missing", func(s *doctor.Subject) { s.Endpoints.CAPEM, s.Endpoints.CAFile = nil, missing }, atFormat, doctor.Format, ""},
		{"CA file broken", func(s *doctor.Subject) { s.Endpoints.CAPEM, s.Endpoints.CAFile = nil, broken }, atFormat, doctor.Format, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, practice.AppPractice).subject(practice.Workspace)
			c.change(&s)
			r := doctor.RunWithin(t.Context(), 2*time.Second, s, nil) // retries of the token end with it
			if course(r) != c.course || !strings.Contains(at(t, r, c.check).Evidence, c.evidence) || r.Verdict != doctor.Fail {
				t.Errorf("%s", r.Text())
			}
			wellFormed(t, r)
		})
	}
}

// A server that does not answer costs a check its time, not the person's patience.
func TestSilentServer(t *testing.T) {
	for op, id := range map[faults.Operation]string{faults.OpToken: doctor.Token, faults.OpGroups: doctor.API, faults.OpDatasets: doctor.Datasets} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := open(t, practice.AppPractice)
			hold := make(chan struct{})
			defer close(hold)
			c.service.Faults().Add(faults.Fault{Operation: op, Hold: hold, Times: -1})
			r := doctor.RunWithin(t.Context(), 500*time.Millisecond, c.subject(practice.Workspace), nil)
			if got := at(t, r, id); got.Status != doctor.Fail || !strings.Contains(got.Evidence, "in time") {
				t.Errorf("%s", r.Text())
			}
			wellFormed(t, r)
		})
	}
}

func TestStopped(t *testing.T) {
	for _, id := range []string{doctor.Format, doctor.Secret, doctor.App, doctor.API, doctor.Role, doctor.Datasets} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := open(t, practice.AppPractice)
			hold := make(chan struct{})
			defer close(hold)
			c.service.Faults().Add(faults.Fault{Hold: hold, Times: -1,
				Operation: map[string]faults.Operation{doctor.App: faults.OpToken, doctor.API: faults.OpGroups,
					doctor.Role: faults.OpGroupUsers, doctor.Datasets: faults.OpDatasets}[id], PathContains: blocked(id)})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s := c.subject(practice.Workspace)
			if id == doctor.Secret {
				s.Credential = func(ctx context.Context) (connection.Credential, string, error) {
					<-ctx.Done()
					return connection.Credential{}, "", ctx.Err()
				}
			}
			r := doctor.Run(ctx, s, func(c doctor.Check) {
				if c.ID == id && c.Status == doctor.Running {
					cancel()
				}
			})
			from := slices.IndexFunc(r.Checks, func(c doctor.Check) bool { return c.ID == id })
			for _, c := range r.Checks[from+1:] {
				if c.Status != doctor.Skipped || c.Evidence != "Not checked: the test was stopped." {
					t.Errorf("%s: %s %q", c.ID, c.Status, c.Evidence)
				}
			}
			if got := r.Checks[from]; id != doctor.Format && (got.Status != doctor.Skipped || got.Evidence != "The test was stopped before this check ended.") {
				t.Errorf("%s: %s %q", id, got.Status, got.Evidence)
			}
			if r.Verdict != doctor.Warn || r.Summary != "The test was stopped before it finished." {
				t.Errorf("%s: %s", r.Verdict, r.Summary)
			}
		})
	}
}

// blocked keeps the fault of a check that asks nobody from striking anything.
func blocked(id string) string {
	if id == doctor.Format || id == doctor.Secret {
		return "no such path"
	}
	return ""
}

// refusal is an error that explains itself.
type refusal struct{}

func (refusal) Error() string { return "locked" }
func (refusal) Failure() *failure.Error {
	return failure.New(failure.Connection, "locked", "Your keychain is locked.", "Unlock it.").WithDetails("Collection: login")
}

func TestSecretNotReadable(t *testing.T) {
	c := open(t, practice.AppPractice)
	for _, x := range []struct {
		err              error
		evidence, remedy string
	}{
		{fmt.Errorf("read: %w", refusal{}), "Your keychain is locked.", "Unlock it."},
		{errors.New("bus is gone"), "The client secret could not be read.", "Unlock your keychain, or enter it again."},
	} {
		s := c.subject(practice.Workspace)
		s.Credential = func(context.Context) (connection.Credential, string, error) {
			return connection.Credential{}, "", x.err
		}
		r := doctor.Run(t.Context(), s, nil)
		if got := at(t, r, doctor.Secret); got.Status != doctor.Fail || got.Evidence != x.evidence || got.Remedy != x.remedy {
			t.Errorf("%+v", got)
		}
		wellFormed(t, r)
	}
}

// No report holds the secret or a token, even when a server sends them back.
func TestNothingHiddenIsShown(t *testing.T) {
	const marker = "MARKER-8Q~secret/that+must=not.be%shown"
	c := open(t, practice.AppPractice)
	var shown strings.Builder
	tokenSeen := ""
	echo := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		tokenSeen = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error":{"code":"BadRequest","message":"you sent %s"}}`, tokenSeen)
	}))
	defer echo.Close()
	collect := func(s doctor.Subject) {
		r := doctor.RunWithin(t.Context(), time.Second, s, func(c doctor.Check) { fmt.Fprintf(&shown, "%+v\n", c) })
		j, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&shown, "%s\n%s\n%+v\n", r.Text(), j, r)
	}
	s := c.subject(practice.Workspace)
	s.Credential = secret(marker)
	collect(s)                                    // refused by Entra
	s.Endpoints.LoginURL = "https://127.0.0.1:1/" // not reached
	collect(s)
	c.service.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 400, Times: 1,
		Body: `{"error":"invalid_client","error_description":"AADSTS7000215: you sent ` + marker + `","error_codes":[7000215]}`})
	s.Endpoints.LoginURL = c.service.LoginURL()
	collect(s)
	good := c.subject(practice.Workspace)
	good.Endpoints.APIURL = echo.URL
	good.Endpoints.CAPEM = append(good.Endpoints.CAPEM, pemOf(echo)...)
	collect(good)
	collect(c.subject(c.app.ClientSecret)) // pasted into the wrong field
	if tokenSeen == "" {
		t.Fatalf("no token was sent:\n%s", shown.String())
	}
	for what, hidden := range map[string]string{"secret": marker, "token": tokenSeen, "signature": tokenSeen[strings.LastIndex(tokenSeen, "."):],
		"right secret": c.app.ClientSecret} {
		if strings.Contains(shown.String(), hidden) {
			t.Errorf("the %s is shown:\n%s", what, shown.String())
		}
	}
}

func TestReportForms(t *testing.T) {
	c := open(t, practice.AppViewer)
	r := doctor.Run(t.Context(), c.subject(practice.Workspace), nil)
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Verdict, Summary, Connection, Started string
		DurationMS                            *int64 `json:"durationMs"`
		Checks                                []map[string]any
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Verdict != "fail" || got.Summary != r.Summary || got.Connection != "Depots" || got.DurationMS == nil || len(got.Checks) != len(r.Checks) {
		t.Errorf("%s", data)
	}
	for _, check := range got.Checks {
		for _, key := range []string{"id", "group", "title", "status", "evidence", "remedy", "durationMs"} {
			if _, ok := check[key]; !ok {
				t.Errorf("%v has no %s", check["id"], key)
			}
		}
	}
	text := r.Text()
	for _, part := range []string{"Connection: Depots", "Result:     fail. " + r.Summary, "\nThis computer\n", "\nMicrosoft Entra\n", "\nPower BI\n",
		"[fail] The role allows pushing", "What to do: Ask an admin", "Who can: a workspace administrator", "oid: " + c.app.ObjectID, "Tenant ID: " + c.app.TenantID} {
		if !strings.Contains(text, part) {
			t.Errorf("the text has no %q:\n%s", part, text)
		}
	}
	if empty, err := json.Marshal(doctor.Report{}); err != nil || !strings.Contains(string(empty), `"checks":[]`) {
		t.Errorf("%s, %v", empty, err)
	}
}

// A login service that is busy or down says nothing about the connection.
func TestEntraBusy(t *testing.T) {
	for _, fault := range []faults.Fault{
		{Operation: faults.OpToken, Status: 429, RetryAfter: 30, Times: -1},
		{Operation: faults.OpToken, Status: 503, Times: -1},
	} {
		t.Run(fmt.Sprint(fault.Status), func(t *testing.T) {
			t.Parallel()
			c := open(t, practice.AppPractice)
			c.service.Faults().Add(fault)
			r := doctor.RunWithin(t.Context(), time.Second, c.subject(practice.Workspace), nil)
			got := at(t, r, doctor.Token)
			if got.Status != doctor.Warn || r.Verdict != doctor.Warn || !strings.Contains(got.Remedy, "Nothing is wrong with the connection.") ||
				!strings.HasPrefix(r.Summary, "The test did not finish: ") {
				t.Errorf("%s", r.Text())
			}
			wellFormed(t, r)
		})
	}
}

// A new check is a line in the list: the report, the verdict and what is written of
// them know it.
func TestANewCheckNeedsOneLine(t *testing.T) {
	c := open(t, practice.AppPractice)
	before := len(doctor.Run(t.Context(), c.subject(practice.Workspace), nil).Checks)
	defer doctor.AddCheck("licence", "The licence is valid", "The licence has expired.")()
	r := doctor.Run(t.Context(), c.subject(practice.Workspace), nil)
	if got := at(t, r, "licence"); len(r.Checks) != before+1 || got.Status != doctor.Fail || r.Verdict != doctor.Fail || r.Ready {
		t.Errorf("%d checks: %+v", len(r.Checks), got)
	}
	if r.Summary != "Signs in, but “The licence is valid” failed: the licence has expired." {
		t.Errorf("%q", r.Summary)
	}
	for _, said := range []string{r.Text(), r.Markdown()} {
		if !strings.Contains(said, "The licence has expired.") {
			t.Errorf("it is not in\n%s", said)
		}
	}
}
