package page_test

import (
	"errors"
	"fmt"
	"testing"

	"pushdesk/storage/failure"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/windowtest"
)

func TestFailuresAreSaidWithTheirWords(t *testing.T) {
	err := failure.New(failure.Connection, "workspace-missing", "The workspace was not found.", "Choose another one.").
		FixedBy("the workspace admin", "").WithDetails("RequestId 1")
	m := page.Explain(fmt.Errorf("read the datasets: %w", err), "The datasets could not be read.")
	if m.Sentence != "The workspace was not found." || m.Remedy != "Choose another one. Who can fix it: the workspace admin." || m.Details != "RequestId 1" {
		t.Errorf("%+v", m)
	}
	m = page.Explain(errors.New("boom"), "The datasets could not be read.")
	if m.Sentence != "The datasets could not be read." || m.Details != "boom" {
		t.Errorf("%+v", m)
	}
}

// TestTheWindowSaysWhereToClick: by the code of a failure in words, by its kind with a
// button.
func TestTheWindowSaysWhereToClick(t *testing.T) {
	s := windowtest.NewStage(t)
	m := page.ExplainWithLead(s, failure.New(failure.Connection, "secret-expired", "The client secret expired.", "Create a new one."), "")
	if m.Action != "Test the connection" {
		t.Fatalf("%+v", m)
	}
	m.OnAction()
	if len(s.Opened) != 1 || s.Opened[0] != page.Connections {
		t.Errorf("opened %v", s.Opened)
	}
	m = page.ExplainWithLead(s, failure.New(failure.Data, "bad-rows", "2 rows cannot be sent.", ""), "")
	if m.Action != "" || m.Remedy == "" {
		t.Errorf("%+v", m)
	}
}
