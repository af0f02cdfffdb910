package powerbi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/storage/failure"
)

func addRows(ctx context.Context, c *powerbi.Client) error {
	_, err := c.AddRows(ctx, "w", "d", "Stock", []byte(oneRow))
	return err
}

func create(ctx context.Context, c *powerbi.Client) error {
	_, err := c.CreateDataset(ctx, "w", stock, "")
	return err
}

func workspaces(ctx context.Context, c *powerbi.Client) error {
	_, err := c.Workspaces(ctx)
	return err
}

func datasets(ctx context.Context, c *powerbi.Client) error {
	_, err := c.Datasets(ctx, "w")
	return err
}

func count(ctx context.Context, c *powerbi.Client) error {
	_, err := c.CountRows(ctx, "w", "d", "Stock")
	return err
}

// Every answer that is known, in every shape, gets its own words.
func TestAnswersExplained(t *testing.T) {
	info := func(status int, code string) http.HandlerFunc { return says(status, "", "x-powerbi-error-info", code) }
	pbi := func(status int, code, value string) http.HandlerFunc {
		return says(status, `{"error":{"code":"`+code+`","pbi.error":{"code":"`+code+`","parameters":{},"details":[{"code":"DetailsMessage","detail":{"type":1,"value":"`+value+`"}}],"exceptionCulprit":1}}}`)
	}
	plain := func(status int, code, message string) http.HandlerFunc {
		return says(status, `{"error":{"code":"`+code+`","message":"`+message+`"}}`)
	}
	const (
		you, fabric, admin, network = "you", "your Power BI administrator", "a workspace administrator", "your network team"
	)
	for _, c := range []struct {
		name     string
		do       func(context.Context, *powerbi.Client) error
		answer   http.HandlerFunc
		sentence string
		remedy   string // part of it
		who      failure.Who
	}{
		{"expired", addRows, info(403, "TokenExpired"), "Power BI says that the sign-in has expired.", "clock", you},
		{"invalid", addRows, info(403, "InvalidToken"), "Power BI does not accept the sign-in.", "cloud", you},
		{"switch by header", workspaces, info(401, "ServicePrincipalIsNotAllowedByTenantAdminSwitch"), "Your organisation does not let this app use the Power BI API.", "“Service principals can call Fabric public APIs” (older names: “Service principals can use Fabric APIs”, “Allow service principals to use Power BI APIs”)", fabric},
		{"switch by body", workspaces, pbi(401, "ServicePrincipalIsNotAllowedByTenantAdminSwitch", ""), "Your organisation does not let this app use the Power BI API.", "security group", fabric},
		{"not for apps", datasets, says(403, `{"Message":"API is not accessible for application"}`), "Power BI does not let apps use its API here.", "never in My workspace", fabric},
		{"deprecated", create, plain(403, "FeatureDeprecatedError", "Creating streaming datasets is deprecated"), "Your organisation can no longer create datasets of this kind.", "31 October 2027", fabric},
		{"no role", datasets, info(401, "GroupNotAccessible"), "This app has no role in the workspace.", "Contributor", admin},
		{"no workspace", datasets, pbi(404, "PowerBIFolderNotFound", ""), "There is no workspace with this ID, or the app may not see it.", "Contributor", admin},
		{"role too low", addRows, pbi(401, "PowerBINotAuthorizedException", ""), "This app's role in the workspace is too low to add rows.", "Contributor", admin},
		{"may not list", workspaces, pbi(401, "PowerBINotAuthorizedException", ""), "Power BI knows this app but does not let it list the workspaces.", "Fabric admin", fabric},
		{"may not query", count, pbi(401, "PowerBINotAuthorizedException", ""), "This app may not query the dataset.", "“Dataset Execute Queries REST API”", fabric},
		{"dataset gone", addRows, pbi(404, "PowerBIEntityNotFound", ""), "There is no such dataset in this workspace, or the app may not use it.", "deleted", you},
		{"no Build", count, pbi(404, "PowerBIEntityNotFound", ""), "There is no such dataset in this workspace, or the app may not query it.", "Contributor", admin},
		{"ordinary model", addRows, plain(404, "ItemNotFound", "Dataset 1 is not Push API dataset."), "This dataset was not created through the API, so rows cannot be pushed into it.", "push dataset", you},
		{"table gone", addRows, plain(404, "ItemNotFound", "Table '<pi>Stock</pi>' not found in dataset 'sobe_wowvirtualserver|5d0c'."), "The dataset has no table of this name: Table 'Stock' not found in dataset '5d0c'.", "Capital", you},
		{"property", create, says(400, `{"error":{"code":"BadRequest","message":"Bad Request","details":[{"message":"The property 'datatype' does not exist on type 'Column'.","target":"tables"}]}}`), "Power BI does not know a property that was sent: Bad Request The property 'datatype' does not exist on type 'Column'.", "Pushdesk bug", you},
		{"streaming", create, plain(400, "InvalidRequest", "It does not support column properties other than name and dataType"), "Streaming datasets allow a column only a name and a type.", "push dataset", you},
		{"incident", create, plain(400, "X", "could not be processed due to missing or invalid information"), "Power BI did not accept the new dataset and did not say why.", "by mistake", you},
		{"bad value", addRows, plain(400, "BadRequest", "Units is no number."), "Power BI did not accept the rows: Units is no number.", "smaller parts", you},
		{"bad value, silent", addRows, says(400, ""), "Power BI did not accept the rows and did not say why.", "smaller parts", you},
		{"bad value, odd code", addRows, plain(400, "RequestedResourceNotFound", ""), "Power BI did not accept the rows. Usually a value does not fit the type of its column.", "types", you},
		{"bad query", count, pbi(400, "DatasetExecuteQueriesError", "Cannot find table 'x'."), "Power BI could not run the query: Cannot find table 'x'.", "only counting", you},
		{"too large", addRows, says(413, ""), "The request is larger than Power BI accepts.", "fewer rows", you},
		{"throttled", addRows, says(429, `{"message":"You have exceeded the amount of requests allowed in the current time frame and further requests will fail. Retry in 3392 seconds."}`), "Power BI's limit for rows or requests is reached; it asks to wait 56 min 32 s.", "Nothing of this request was stored", ""},
		{"throttled read", workspaces, says(429, "", "Retry-After", "30"), "Power BI's limit for requests is reached; it asks to wait 30 s.", "after the wait", ""},
		{"locked", addRows, pbi(500, "GeneralException", "AcquireLockTimeoutException was thrown"), "The dataset was busy.", "Count the rows before you send them again", ""},
		{"own fault", addRows, says(500, ""), "Power BI reported an internal error.", "Count the rows before you send them again", ""},
		{"own fault on create", create, says(502, ""), "A part of Power BI could not reach the rest of it.", "Check whether the dataset exists", ""},
		{"down", datasets, says(503, ""), "Power BI is not available right now.", "Wait a few minutes", ""},
		{"slow", datasets, says(504, ""), "Power BI did not finish in time.", "Wait", ""},
		{"teapot", datasets, plain(418, "Teapot", "short and stout"), "Power BI did not list the datasets and answered with status 418.", "Send the details", ""},
		{"odd fault", datasets, says(599, ""), "Power BI reported an internal error.", "Wait", ""},
		{"page", datasets, says(200, " <!DOCTYPE html><title>Hotel</title>"), "Something between this computer and Power BI answered with a web page.", "sign in to the network", network},
		{"page by type", datasets, says(403, "blocked", "Content-Type", "text/html"), "Something between this computer and Power BI answered with a web page.", "network", network},
		{"page of a gateway", datasets, says(502, "<html><body>Bad Gateway</body></html>"), "Power BI, or something between it and this computer, is not available right now.", "Wait", ""},
		{"redirect away", datasets, says(307, "", "Location", "https://example.com/"), "Power BI sent this program to another address that it does not trust.", "cloud", you},
		{"refused, nothing said", workspaces, says(403, ""), "Power BI refused to list the workspaces and gave no reason.", "Service principals can call Fabric public APIs", fabric},
		{"refused rows, nothing said", addRows, says(403, ""), "Power BI refused to add rows and gave no reason.", "Contributor", admin},
		{"not found, nothing said", addRows, says(404, ""), "Power BI cannot find the dataset or the table.", "choose it again", you},
		{"header over body", datasets, says(401, `{"error":{"code":"BadRequest","message":"x"}}`, "x-powerbi-error-info", "GroupNotAccessible"), "This app has no role in the workspace.", "", admin},
		{"details in a header", datasets, says(404, "", "X-PowerBI-Error-Details", `{"error":{"code":"PowerBIFolderNotFound"}}`), "There is no workspace with this ID, or the app may not see it.", "", admin},
		{"code at the top", datasets, says(404, `{"code":"PowerBIFolderNotFound","message":"x"}`), "There is no workspace with this ID, or the app may not see it.", "", admin},
		{"code as the words of a detail", workspaces, pbi(403, "GeneralException", "ServicePrincipalIsNotAllowedByTenantAdminSwitch"), "Your organisation does not let this app use the Power BI API.", "security group", fabric},
		{"details over code", datasets, says(401, `{"error":{"code":"PowerBINotAuthorizedException","pbi.error":{"code":"PowerBINotAuthorizedException","details":[{"code":"GroupNotAccessible","detail":{"value":"x"}}]}}}`), "This app has no role in the workspace.", "", admin},
		{"claims challenge", workspaces, says(401, "", "WWW-Authenticate", `Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="`), "A Conditional Access rule of the organisation requires a stronger sign-in for Power BI.", "exception", "your Entra administrator"},
		{"refused list, nothing said", workspaces, says(401, ""), "Power BI does not let this app list the workspaces.", "Service principals can call Fabric public APIs", fabric},
		{"list and no role", workspaces, info(401, "GroupNotAccessible"), "Power BI knows this app but does not let it list the workspaces.", "Fabric admin", fabric},
		{"no API", workspaces, says(404, ""), "The API address is not that of Power BI's API.", "API URL", you},
		{"code in the details", datasets, says(404, `{"error":{"code":"Outer","pbi.error":{"code":"PowerBIFolderNotFound"}}}`), "There is no workspace with this ID, or the app may not see it.", "", admin},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := powerbi.NewClient(serve(t, c.answer).URL, fixed("t"), nil)
			client.OnWait(func(time.Duration) {})
			err := c.do(t.Context(), client)
			var e *powerbi.APIError
			if !errors.As(err, &e) {
				t.Fatalf("%v", err)
			}
			if e.Failure().Sentence != c.sentence {
				t.Errorf("sentence %q\nwant     %q", e.Failure().Sentence, c.sentence)
			}
			if !strings.Contains(e.Failure().Remedy, c.remedy) || !strings.HasSuffix(e.Failure().Remedy, ".") {
				t.Errorf("remedy %q, want %q", e.Failure().Remedy, c.remedy)
			}
			if e.Failure().Who != c.who {
				t.Errorf("who %q, want %q", e.Failure().Who, c.who)
			}
			for _, s := range []string{e.Failure().Sentence, e.Failure().Remedy, e.Failure().Details, e.Error()} {
				if strings.Contains(s, "<pi>") || strings.Contains(s, "sobe_") || strings.Contains(s, "{") {
					t.Errorf("not fit for people: %q", s)
				}
			}
		})
	}
}

// What the practice service answers is read as what it is.
func TestPracticeAnswers(t *testing.T) {
	t.Run("viewer", func(t *testing.T) {
		b := newBench(t, practice.AppViewer, practice.Options{})
		_, err := b.client.CreateDataset(t.Context(), b.workspace, stock, "")
		expect(t, err, 401, "This app's role in the workspace is too low to create the dataset.")
	})
	t.Run("no role", func(t *testing.T) {
		b := newBench(t, practice.AppNoWorkspace, practice.Options{})
		_, err := b.client.Datasets(t.Context(), b.workspace)
		expect(t, err, 401, "This app has no role in the workspace.")
		if list, err := b.client.Workspaces(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("workspaces %v, %v", list, err)
		}
	})
	b := newBench(t, practice.AppPractice, practice.Options{Behavior: faults.Behavior{Limits: traffic.Limits{Requests: 2}}})
	id := b.stock()
	t.Run("unknown workspace", func(t *testing.T) {
		_, err := b.client.Workspace(t.Context(), "5d0cf6a5-0000-0000-0000-000000000000")
		expect(t, err, 404, "There is no workspace with this ID, or the app may not see it.")
	})
	t.Run("unknown dataset", func(t *testing.T) {
		_, err := b.client.Dataset(t.Context(), b.workspace, "5d0cf6a5-0000-0000-0000-000000000000")
		expect(t, err, 404, "There is no such dataset in this workspace, or the app may not use it.")
	})
	t.Run("ordinary model", func(t *testing.T) {
		list, err := b.client.Datasets(t.Context(), b.workspace)
		if err != nil {
			t.Fatal(err)
		}
		model, err := powerbi.FindDataset(list, "budget model")
		if err != nil || model.AddRowsAPIEnabled {
			t.Fatalf("%+v, %v", model, err)
		}
		_, err = b.client.AddRows(t.Context(), b.workspace, model.ID, "Budget", []byte(oneRow))
		expect(t, err, 404, "This dataset was not created through the API, so rows cannot be pushed into it.")
	})
	t.Run("unknown table", func(t *testing.T) {
		_, err := b.client.AddRows(t.Context(), b.workspace, id, "stock", []byte(oneRow))
		expect(t, err, 404, "The dataset has no table of this name: Table 'stock' not found in dataset '"+id+"'.")
	})
	t.Run("switch off", func(t *testing.T) {
		b.service.SetServicePrincipalsAllowed(false)
		defer b.service.SetServicePrincipalsAllowed(true)
		_, err := b.client.Workspaces(t.Context())
		expect(t, err, 401, "Your organisation does not let this app use the Power BI API.")
	})
	t.Run("queries off", func(t *testing.T) {
		b.service.SetExecuteQueriesAllowed(false)
		defer b.service.SetExecuteQueriesAllowed(true)
		_, err := b.client.CountRows(t.Context(), b.workspace, id, "Stock")
		expect(t, err, 401, "This app may not query the dataset.")
	})
	t.Run("query of no table", func(t *testing.T) {
		_, err := b.client.CountRows(t.Context(), b.workspace, id, "It's not there")
		expect(t, err, 400, "Power BI could not run the query: cannot find table 'It's not there'.")
	})
	t.Run("throttled", func(t *testing.T) {
		for range 2 {
			if _, err := b.client.AddRows(t.Context(), b.workspace, id, "Stock", []byte(oneRow)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := b.client.AddRows(t.Context(), b.workspace, id, "Stock", []byte(oneRow))
		var e *powerbi.APIError
		if !errors.As(err, &e) || !e.Throttled() || e.RetryAfter < time.Second || e.RetryAfter > time.Minute {
			t.Errorf("%+v", err)
		}
	})
	t.Run("tokens revoked", func(t *testing.T) {
		b.service.RevokeTokens()
		if _, err := b.client.Tables(t.Context(), b.workspace, id); err != nil || b.tokens.renewed != 1 {
			t.Errorf("renewed %d times, %v", b.tokens.renewed, err)
		}
	})
}

func expect(t *testing.T, err error, status int, sentence string) {
	t.Helper()
	var e *powerbi.APIError
	if !errors.As(err, &e) {
		t.Fatalf("%v", err)
	}
	if e.Status != status || e.Failure().Sentence != sentence || e.RequestID == "" || e.Time.IsZero() {
		t.Errorf("%d %q, request %q; want %d %q", e.Status, e.Failure().Sentence, e.RequestID, status, sentence)
	}
	if !strings.Contains(e.Failure().Details, e.RequestID) {
		t.Errorf("details %q", e.Failure().Details)
	}
}

// Somebody who signed in is not told about settings for apps.
func TestExplainedToAPerson(t *testing.T) {
	for _, c := range []struct {
		name             string
		do               func(context.Context, *powerbi.Client) error
		answer           http.HandlerFunc
		sentence, remedy string
		who              failure.Who
	}{
		{"list", workspaces, says(401, ""), "Power BI does not let this account list the workspaces.", "licence", "your Power BI administrator"},
		{"list refused", workspaces, says(403, ""), "Power BI refused to list the workspaces and gave no reason.", "licence", "your Power BI administrator"},
		{"list by code", workspaces, says(401, `{"error":{"code":"PowerBINotAuthorizedException"}}`), "Power BI does not let this account list the workspaces.", "licence", "your Power BI administrator"},
		{"no role", datasets, says(401, "", "x-powerbi-error-info", "GroupNotAccessible"), "This account has no role in the workspace.", "give the account the Contributor role", "a workspace administrator"},
		{"rows", addRows, says(401, ""), "Power BI does not let this account add rows.", "give the account the Contributor role", "a workspace administrator"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.do(t.Context(), powerbi.NewClient(serve(t, c.answer).URL, fixed("t"), nil).ForPerson())
			var e *powerbi.APIError
			if !errors.As(err, &e) {
				t.Fatalf("%v", err)
			}
			if e.Failure().Sentence != c.sentence || !strings.Contains(e.Failure().Remedy, c.remedy) || e.Failure().Who != c.who || strings.Contains(e.Failure().Remedy, "ervice principals") {
				t.Errorf("%q\n%q\n%q", e.Failure().Sentence, e.Failure().Remedy, e.Failure().Who)
			}
		})
	}
}
