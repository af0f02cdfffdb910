package network_test

import (
	"testing"

	"pushdesk/connection"
	"pushdesk/powerbi/practice"
)

// bench is a practice service and its app that works.
type bench struct {
	service *practice.Service
	at      connection.Endpoints
	app     practice.Credential
}

func newBench(t *testing.T) *bench {
	t.Helper()
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	b := &bench{service: s, at: connection.Endpoints{LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAPEM: s.CAPEM()}}
	b.app, _ = s.Credential(practice.AppPractice)
	return b
}
