package entra_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/connection/entra"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/failure"
)

// Every number that the references list, each with the one who can put it right.
var listed = map[string][]int{
	"you": {7000216, 7000218, 700024, 700016, 700011, 90002, 900023, 50059, 50128, 90019, 50194, 9001023,
		90038, 900382, 900432, 50049, 500011, 50001, 70011, 1002012, 700022, 65004, 50072, 50074, 50076, 50078, 50079,
		50034, 50020, 90072, 50126, 50055, 50132, 50133, 50173, 70008, 700082, 70043, 500133, 16000, 70016, 70018, 70019, 70020,
		900144, 9002313, 50027, 70003, 700054},
	string(failure.AppOwner):    {7000215, 7000222, 70002, 700025, 700027, 50012, 700030, 65005, 650056, 650057, 50011, 50105},
	string(failure.TenantAdmin): {7000229, 7000112, 70001, 65001, 90094, 90095, 650052, 53003, 53000, 53001, 530032, 530035, 50053, 50057},
	string(failure.NetworkTeam): {500021, 500022},
	"":                          {90033, 90090, 50196, 90055},
}

func TestCatalogueOfNumbers(t *testing.T) {
	all := entra.Catalogue()
	slices.Sort(all)
	if n := len(slices.Compact(slices.Clone(all))); n != len(all) {
		t.Errorf("a number is in two lines: %v", all)
	}
	words := map[string]bool{}
	for who, codes := range listed {
		for _, code := range codes {
			if !slices.Contains(all, code) {
				t.Errorf("%d is not in the catalogue", code)
			}
			e := &entra.Error{Code: code, ErrorName: "invalid_client", Status: 400, Host: "login.example.com", Description: fmt.Sprintf("AADSTS%d: Something.", code)}
			fit(t, e)
			if string(e.Failure().Who) != who {
				t.Errorf("%d: %q can put it right, want %q", code, string(e.Failure().Who), who)
			}
			if strings.Contains(e.Failure().Sentence, "Something") {
				t.Errorf("%d has no words of its own: %q", code, e.Failure().Sentence)
			}
			words[e.Failure().Sentence] = true
		}
	}
	if n := len(slices.Concat(slices.Collect(maps.Values(listed))...)); n != len(all) {
		t.Errorf("%d numbers are listed, %d are in the catalogue", n, len(all))
	}
	if len(words) < 40 {
		t.Errorf("only %d sentences", len(words))
	}
}

// fit reports whether an error is fit to be read by a person.
func fit(t *testing.T, e *entra.Error) {
	t.Helper()
	for _, s := range []string{e.Failure().Sentence, e.Failure().Remedy} {
		if len(s) < 10 || !strings.HasSuffix(s, ".") || strings.HasSuffix(s, "..") || strings.ContainsAny(s, "{}!\n") || strings.Contains(s, "AADSTS") {
			t.Errorf("not fit for people: %q", s)
		}
	}
	if strings.HasSuffix(e.Error(), ".") || !strings.HasPrefix(e.Error(), "get a token from ") || !strings.HasPrefix(e.Failure().Details, "Login host: ") {
		t.Errorf("%q\n%s", e.Error(), e.Failure().Details)
	}
}

// An app that is registered for another cloud's Power BI: the remedy names the cloud that was
// asked for beside the permission (situation C3).
func TestAppOfAnotherCloud(t *testing.T) {
	for says, cloud := range map[string]string{
		"Invalid resource. The client has requested access to a resource which is not listed in the requested permissions. Resource value from request: 'https://analysis.usgovcloudapi.net/powerbi/api'. Resource app ID: 00000009-0000-0000-c000-000000000000.": "the cloud US Government (GCC)",
		"Invalid resource. Resource value from request: https://high.analysis.usgovcloudapi.net/powerbi/api/. List of valid resources from app registration: https://analysis.windows.net/powerbi/api.":                                                           "the cloud US Government (GCC High)",
		"Invalid resource. Resource value from request: https://analysis.chinacloudapi.cn/powerbi/api.":                                                                                                                                                           "the cloud China (21Vianet)",
		"Misconfigured application.": "the connection's cloud",
	} {
		for _, code := range []int{65005, 650056, 650057} {
			e := &entra.Error{Code: code, ErrorName: "invalid_resource", Status: 400, Host: "login.microsoftonline.com", Description: fmt.Sprintf("AADSTS%d: %s", code, says)}
			fit(t, e)
			f := e.Failure()
			if !strings.Contains(f.Remedy, cloud+" is the one") || !strings.Contains(f.Remedy, "Dataset.ReadWrite.All") || !strings.Contains(f.Request, cloud) || f.Who != failure.AppOwner {
				t.Errorf("%d: %q, %q", code, f.Remedy, f.Request)
			}
		}
	}
}

// An app registration has two IDs: a person who entered the wrong one is told which one is
// meant and where it stands (situation C1).
func TestObjectIDInPlaceOfTheClientID(t *testing.T) {
	remedy := (&entra.Error{Code: 700016, Status: 400, Host: "login.microsoftonline.com"}).Failure().Remedy
	for _, word := range []string{"two IDs", "Application (client) ID", "overview page", "not the Object ID"} {
		if !strings.Contains(remedy, word) {
			t.Errorf("nothing of %q in %q", word, remedy)
		}
	}
}

// What is not known is said honestly, with what the service says.
func TestCatalogueFallsBack(t *testing.T) {
	for want, e := range map[string]*entra.Error{
		"The login service does not accept the app's credentials: Odd thing.":                   {ErrorName: "invalid_client", Code: 123, Description: "AADSTS123: Odd thing.", Status: 401},
		"The app may not sign in like this: Odd thing.":                                         {ErrorName: "unauthorized_client", Description: "Odd thing", Status: 400},
		"The login service does not accept this sign-in: Odd thing.":                            {ErrorName: "invalid_grant", Description: "Odd thing", Status: 400},
		"The login service rejected the requested scope: Odd.":                                  {ErrorName: "invalid_scope", Description: "Odd", Status: 400},
		"A person must sign in first: Odd.":                                                     {ErrorName: "interaction_required", Description: "Odd", Status: 400},
		"The sign-in was refused: Odd.":                                                         {ErrorName: "access_denied", Description: "Odd", Status: 400},
		"The login service does not know this login host.":                                      {ErrorName: "invalid_instance", Code: 50049, Description: "Odd", Status: 400},
		"The login service is temporarily unavailable.":                                         {ErrorName: "temporarily_unavailable", Status: 400},
		"The login service refused and gave a reason that Pushdesk does not know: Odd thing.":   {ErrorName: "new_error", Code: 99, Description: "AADSTS99: Odd thing.", Status: 400},
		"The login service refused and gave no reason.":                                         {Status: 418},
		"There is no login service at login.example.com.":                                       {Status: 404},
		"The login service refused and gave a reason that Pushdesk does not know: 日本 (braces).": {Description: "日本 (braces)", Status: 400},
	} {
		e.Host = "login.example.com"
		fit(t, e)
		if e.Failure().Sentence != want {
			t.Errorf("%q, want %q", e.Failure().Sentence, want)
		}
	}
}

// Credentials that are refused without saying which are mended by the app's owner, like a
// wrong secret, whose letter asks for new ones.
func TestCredentialsThatAreRefused(t *testing.T) {
	for name, e := range map[string]*entra.Error{
		"70002":                      {Code: 70002, ErrorName: "invalid_client", Description: "AADSTS70002: Error validating credentials.", Status: 401},
		"no number":                  {ErrorName: "invalid_client", Description: "Client authentication failed", Status: 401},
		"no number, no words":        {ErrorName: "invalid_client", Status: 401},
		"a number of its own":        {Code: 7000299, ErrorName: "invalid_client", Description: "AADSTS7000299: Odd.", Status: 401},
		"what is known to be wrong":  {Code: 7000215, ErrorName: "invalid_client", Description: "AADSTS7000215: Invalid client secret provided.", Status: 401},
		"what is known to have aged": {Code: 7000222, ErrorName: "invalid_client", Description: "AADSTS7000222: Expired.", Status: 401},
	} {
		e.Host = "login.example.com"
		fit(t, e)
		if f := e.Failure(); f.Who != failure.AppOwner || !strings.Contains(f.Request, "Certificates & secrets") || !strings.Contains(f.Request, "in a safe way") || strings.Contains(f.Sentence, ": .") {
			t.Errorf("%s: %q, %q, asked of %q: %q", name, f.Sentence, f.Remedy, f.Who, f.Request)
		}
	}
}

func TestWaitInWords(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"1 s.": time.Millisecond, "2 s.": 1001 * time.Millisecond, "1 min 30 s.": 90 * time.Second, "1 h.": time.Hour, "a few minutes.": 0,
	} {
		e := &entra.Error{Status: 429, RetryAfter: d}
		if !strings.HasSuffix(e.Failure().Remedy, " in "+want) {
			t.Errorf("%v: %q, want %q", d, e.Failure().Remedy, want)
		}
	}
}

// Answers of every shape are read for what they hold.
func TestAnswersRead(t *testing.T) {
	trailer := " Trace ID: 11111111-aaaa-4bbb-8ccc-222222222222 Correlation ID: 33333333-aaaa-4bbb-8ccc-444444444444 Timestamp: 2026-03-04 05:06:07Z"
	in := http.TimeFormat
	for _, c := range []struct {
		name  string
		fault faults.Fault
		want  entra.Error
	}{
		{"all of it", faults.Fault{Status: 401, Body: `{"error":"invalid_client","suberror":"bad","error_description":"AADSTS7000215: Wrong.` + trailer + `","error_codes":[7000215],"timestamp":"t","trace_id":"a","correlation_id":"b","claims":"{\"x\":1}"}`},
			entra.Error{Code: 7000215, ErrorName: "invalid_client", Suberror: "bad", Description: "AADSTS7000215: Wrong.", Claims: `{"x":1}`, CorrelationID: "b", TraceID: "a", Timestamp: "2026-03-04 05:06:07Z", Status: 401}},
		{"IDs in the text only", faults.Fault{Status: 400, Body: `{"error":"e","error_description":"AADSTS53003: Blocked.\r\n` + trailer + `"}`},
			entra.Error{Code: 53003, ErrorName: "e", Description: "AADSTS53003: Blocked.", CorrelationID: "33333333-aaaa-4bbb-8ccc-444444444444", TraceID: "11111111-aaaa-4bbb-8ccc-222222222222", Timestamp: "2026-03-04 05:06:07Z", Status: 400}},
		{"number in the list only", faults.Fault{Status: 400, Body: `{"error":"e","error_codes":[65001]}`}, entra.Error{Code: 65001, ErrorName: "e", Status: 400}},
		{"number in the text wins", faults.Fault{Status: 400, Body: `{"error":"e","error_description":"AADSTS70011: x","error_codes":[1]}`}, entra.Error{Code: 70011, ErrorName: "e", Description: "AADSTS70011: x", Status: 400}},
		{"IDs in the header", faults.Fault{Status: 400, Body: `{"error":"e"}`, Header: map[string]string{"x-ms-request-id": "trace", "client-request-id": "corr"}}, entra.Error{ErrorName: "e", CorrelationID: "corr", TraceID: "trace", Status: 400}},
		{"success that is none", faults.Fault{Status: 200, Body: `{"error":"invalid_client","error_description":"AADSTS7000222: Expired."}`}, entra.Error{Code: 7000222, ErrorName: "invalid_client", Description: "AADSTS7000222: Expired."}},
		{"text", faults.Fault{Status: 400, Body: `AADSTS90002: No tenant.`}, entra.Error{Code: 90002, Description: "AADSTS90002: No tenant.", Status: 400}},
		{"a wait until a date", faults.Fault{Status: 400, Body: `{"error":"e"}`, Header: map[string]string{"Retry-After": time.Now().Add(time.Hour).UTC().Format(in)}}, entra.Error{ErrorName: "e", Status: 400, RetryAfter: time.Hour}},
		{"a wait that is over", faults.Fault{Status: 400, Body: `{"error":"e"}`, Header: map[string]string{"Retry-After": time.Now().Add(-time.Hour).UTC().Format(in)}}, entra.Error{ErrorName: "e", Status: 400}},
		{"an absurd wait", faults.Fault{Status: 400, Body: `{"error":"e"}`, Header: map[string]string{"Retry-After": "9223372036854775807"}}, entra.Error{ErrorName: "e", Status: 400, RetryAfter: 24 * time.Hour}},
		{"a wait below zero", faults.Fault{Status: 400, Body: `{"error":"e"}`, Header: map[string]string{"Retry-After": "-5"}}, entra.Error{ErrorName: "e", Status: 400}},
		{"control characters", faults.Fault{Status: 400, Body: `{"error":"e\u001b[31m","error_description":"a\u0000b\u202e"}`}, entra.Error{ErrorName: "e[31m", Description: "ab", Status: 400}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, practice.Options{})
			c.fault.Operation, c.fault.Times = faults.OpToken, -1
			b.service.Faults().Add(c.fault)
			tokens, _ := b.tokens(b.app)
			_, err := tokens.Token(t.Context())
			got := *refusal(t, err)
			got.Host = ""
			if c.want.Timestamp == "" {
				got.Timestamp = "" // the Date of the answer
			}
			got.RetryAfter = got.RetryAfter.Round(time.Minute)
			if got != c.want {
				t.Errorf("\n%+v\nwant\n%+v", got, c.want)
			}
		})
	}
}

func TestHugeAnswer(t *testing.T) {
	b := newBench(t, practice.Options{})
	b.service.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 400, Body: `{"error":"e","error_description":"` + strings.Repeat("é", 1<<18) + `"}`})
	tokens, _ := b.tokens(b.app)
	_, err := tokens.Token(t.Context())
	e := refusal(t, err)
	if len(e.Error())+len(e.Failure().Details)+len(e.Failure().Sentence) > 10_000 {
		t.Errorf("%d bytes", len(e.Error()))
	}
	fit(t, e)
}
