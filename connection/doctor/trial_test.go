package doctor_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

// trials are the trial datasets that a workspace holds.
func (c *clinic) trials(workspace string) (names []string) {
	c.Helper()
	id, err := c.service.WorkspaceID(workspace)
	if err != nil {
		c.Fatal(err)
	}
	list, err := c.client().Datasets(context.WithoutCancel(c.Context()), id)
	if err != nil {
		c.Fatal(err)
	}
	for _, d := range list {
		if strings.HasPrefix(d.Name, "zz_conncheck_") {
			names = append(names, d.Name)
		}
	}
	return names
}

func (c *clinic) client() *powerbi.Client {
	c.Helper()
	app, _ := c.service.Credential(practice.AppPractice)
	e := c.subject("").Endpoints
	hc, err := network.Client(e, network.Settings{})
	if err != nil {
		c.Fatal(err)
	}
	tokens, err := entra.NewTokens(e, app.TenantID, app.ClientID, connection.SecretCredential(app.ClientSecret), hc)
	if err != nil {
		c.Fatal(err)
	}
	return powerbi.NewClient(e.APIURL, tokens, hc)
}

func notes(t *testing.T, folder string) int {
	t.Helper()
	list, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return len(list)
}

func capability(r doctor.Report, id string) doctor.Answer {
	for _, c := range r.Capabilities {
		if c.ID == id {
			return c.Answer
		}
	}
	return ""
}

func TestProbe(t *testing.T) {
	for _, x := range []struct {
		name     string
		app      string
		change   func(*clinic)
		status   doctor.Status
		evidence string
		who      string
		answers  string // create push delete query
		left     int    // datasets that stay
		notes    int
	}{
		{"all of it", practice.AppPractice, nil, doctor.Pass, "created and a row pushed into it and read back. It was deleted again.", "", "yes yes yes yes", 0, 0},
		{"a viewer", practice.AppViewer, nil, doctor.Skipped, "Viewer cannot create", "", "no no no not tested", 0, 0},
		{"creation has ended", practice.AppPractice, func(c *clinic) { c.service.SetCreationAllowed(false) }, doctor.Fail, "can no longer create", "your Power BI administrator", "no expected expected expected", 0, 0},
		{"rows refused", practice.AppPractice, func(c *clinic) {
			c.service.Faults().Add(faults.Fault{Operation: faults.OpRows, Status: 401, ErrorInfo: "GroupNotAccessible"})
		}, doctor.Fail, "no row could be pushed", "a workspace administrator", "yes no yes expected", 0, 0},
		{"queries forbidden", practice.AppPractice, func(c *clinic) { c.service.SetExecuteQueriesAllowed(false) }, doctor.Warn, "could not be read back", "your Power BI administrator", "yes yes yes no", 0, 0},
		{"deletion refused", practice.AppPractice, func(c *clinic) {
			c.service.Faults().Add(faults.Fault{Operation: faults.OpDeleteDataset, Status: 403, ErrorInfo: "PowerBINotAuthorizedException", Times: -1})
		}, doctor.Warn, "could not be deleted", "a workspace administrator", "yes yes no yes", 1, 1},
		{"answer to the creation lost", practice.AppPractice, func(c *clinic) {
			c.service.Faults().Add(faults.Fault{Operation: faults.OpCreateDataset, CutAfter: true})
		}, doctor.Warn, "We don't know whether", "", "expected expected expected expected", 0, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			c := open(t, x.app)
			if x.change != nil {
				x.change(c)
			}
			s := c.subject(practice.Workspace)
			s.Trial = &doctor.Trial{Journal: filepath.Join(t.TempDir(), "probes")}
			r := doctor.Run(t.Context(), s, nil)
			got := at(t, r, doctor.TrialDataset)
			if got.Status != x.status || !strings.Contains(got.Evidence, x.evidence) || x.who != "" && got.Who != x.who {
				t.Errorf("%+v", got)
			}
			answers := []string{}
			for _, id := range []string{"create", "push", "delete", "query"} {
				answers = append(answers, string(capability(r, id)))
			}
			if strings.Join(answers, " ") != x.answers {
				t.Errorf("answers %q", answers)
			}
			c.service.Faults().Clear()
			if left := c.trials(practice.Workspace); len(left) != x.left || notes(t, s.Trial.Journal) != x.notes {
				t.Errorf("left %q and %d notes", left, notes(t, s.Trial.Journal))
			}
			if x.left > 0 && (!strings.Contains(got.Remedy, c.trials(practice.Workspace)[0]) || !strings.Contains(got.Details, "Dataset ID")) {
				t.Errorf("%+v", got)
			}
			wellFormed(t, r)
		})
	}
}

// A trial that is stopped removes what it created.
func TestProbeStopped(t *testing.T) {
	c := open(t, practice.AppPractice)
	s := c.subject(practice.Workspace)
	s.Trial = &doctor.Trial{Journal: t.TempDir()}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	hold := make(chan struct{})
	c.service.Faults().Add(faults.Fault{Operation: faults.OpRows, Hold: hold})
	done := make(chan doctor.Report)
	go func() { done <- doctor.Run(ctx, s, nil) }()
	for len(c.trials(practice.Workspace)) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	r := <-done
	close(hold)
	if left := c.trials(practice.Workspace); len(left) != 0 || notes(t, s.Trial.Journal) != 0 {
		t.Errorf("left %q, %d notes", left, notes(t, s.Trial.Journal))
	}
	if got := at(t, r, doctor.TrialDataset); got.Status != doctor.Skipped {
		t.Errorf("%+v", got)
	}
}

// What a crash left behind is deleted at the next start, and nothing else is.
func TestCleanUp(t *testing.T) {
	c := open(t, practice.AppPractice)
	s := c.subject(practice.Workspace)
	journal := t.TempDir()
	s.Trial = &doctor.Trial{Journal: journal}
	c.service.Faults().Add(faults.Fault{Operation: faults.OpDeleteDataset, Status: 500, Times: -1})
	doctor.Run(t.Context(), s, nil)
	if len(c.trials(practice.Workspace)) != 1 || notes(t, journal) != 1 {
		t.Fatalf("%d datasets, %d notes", len(c.trials(practice.Workspace)), notes(t, journal))
	}
	if err := os.WriteFile(filepath.Join(journal, "zz_conncheck_cut.json"), []byte(`{"conn`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(journal, "zz_conncheck_evil.json"), []byte(`{"dataset":"Budget model"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	asked := ""
	client := func(_ context.Context, id string) (*powerbi.Client, error) { asked = id; return c.client(), nil }
	// A trial that another program is running is left alone.
	mine := ""
	list, err := os.ReadDir(journal)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if !strings.Contains(f.Name(), "cut") && !strings.Contains(f.Name(), "evil") {
			mine = filepath.Join(journal, f.Name())
		}
	}
	free, err := doctor.HoldNote(mine)
	if err != nil {
		t.Fatal(err)
	}
	if left := doctor.CleanUp(t.Context(), journal, client); len(left) != 0 || asked != "" {
		t.Errorf("one that is on its way was touched: %v", left)
	}
	free()
	left := doctor.CleanUp(t.Context(), journal, client)
	if len(left) != 1 || left[0].Workspace != practice.Workspace || !strings.Contains(left[0].Sentence(), left[0].Dataset) || asked != s.Connection.ID {
		t.Errorf("%+v", left)
	}
	c.service.Faults().Clear()
	if left := doctor.CleanUp(t.Context(), journal, func(context.Context, string) (*powerbi.Client, error) { return nil, errors.New("no such connection") }); len(left) != 1 {
		t.Errorf("%+v", left)
	}
	if left := doctor.CleanUp(t.Context(), journal, client); len(left) != 0 || notes(t, journal) != 0 || len(c.trials(practice.Workspace)) != 0 {
		t.Errorf("left %v, %d notes", left, notes(t, journal))
	}
	if left := doctor.CleanUp(t.Context(), filepath.Join(journal, "never"), client); left != nil {
		t.Errorf("%v", left)
	}
}
