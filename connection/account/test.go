package account

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/connection/entra"
	"pushdesk/connection/team"
	"pushdesk/powerbi"
)

// TestOptions say what a test looks at beside the connection.
type TestOptions struct {
	Workspace string // name or ID; "" means the connection's default
	Dataset   string // to push into, or ""
	Table     string // of the dataset, or ""
	Trial     bool   // create a trial dataset: see doctor.TrialAsks
}

// Test runs the doctor on a connection as it is in a form or in the file. A typed
// credential is used in place of the stored one. The result of a connection as it is
// stored is kept: see LastTests.
func (a *Accounts) Test(ctx context.Context, c connection.Connection, typed *connection.Credential, o TestOptions, on func(doctor.Check)) doctor.Report {
	report := a.test(ctx, c, typed, o, on)
	if c.ID != "" && typed == nil && ctx.Err() == nil {
		_ = a.Connections.Touch(c.ID) // a list in another order is no reason to fail
	}
	return report
}

func (a *Accounts) test(ctx context.Context, c connection.Connection, typed *connection.Credential, o TestOptions, on func(doctor.Check)) doctor.Report {
	began, stored := a.begin(c, typed, o)
	resolved, endpoints, err := a.resolve(ctx, c)
	if err == nil {
		c = resolved
	}
	network, unread := a.Network(ctx)
	if o.Workspace == "" {
		o.Workspace = c.Workspace
	}
	var used atomic.Pointer[connection.SignIn] // the keychain may still answer when the test has ended
	s := doctor.Subject{
		Connection: c, Endpoints: endpoints, Network: network, Workspace: o.Workspace, Dataset: o.Dataset, Table: o.Table,
		Credential: func(ctx context.Context) (connection.Credential, string, error) {
			if unread != nil {
				return connection.Credential{}, "", unread
			}
			if typed != nil && c.Credential != connection.CredentialPractice {
				return *typed, "given, not saved yet", nil
			}
			given, place, err := a.Credential(ctx, c)
			used.Store(given.SignIn)
			return given, place, err
		},
		Sent: a.options.Sent,
		Propose: func(ctx context.Context) (connection.Cloud, bool) {
			return entra.ProposeCloud(ctx, c.TenantID, c.Cloud, network, nil)
		},
	}
	if err := a.Teams.Usable(c); c.Team != "" && errors.Is(err, team.ErrAddresses) {
		s.Unsettled = err
	}
	if a.options.Remembers != nil {
		s.Remembers = func(datasetID, table string) []powerbi.Column { return a.options.Remembers(c, datasetID, table) }
	}
	if o.Trial {
		s.Trial = &doctor.Trial{Journal: a.trials()}
	}
	report := doctor.Run(ctx, s, on)
	a.renewals.store(c.ID, used.Load())
	if c.ID != "" && typed == nil && ctx.Err() == nil {
		a.learnExpiry(c.ID, report.Expires)
	}
	if stored {
		a.remember(ctx, began, report)
	}
	return report
}

// learnExpiry keeps the day on which a secret ends, as Entra told it. A day that a
// person entered stays, and so does everything if it cannot be kept.
func (a *Accounts) learnExpiry(id string, day connection.Day) {
	c, err := a.Connections.Find(id)
	if err != nil || day == "" || c.Expires == day || c.Expires != "" && c.ExpiresFrom != connection.ExpiryGraph {
		return
	}
	_ = a.Connections.LearnExpiry(id, day)
}

func (a *Accounts) trials() string { return filepath.Join(a.options.Home, "trials") }

// CleanUpTrials deletes the trial datasets that were left behind when a program ended before
// they did, and says what could not be deleted.
func (a *Accounts) CleanUpTrials(ctx context.Context) (sentences []string) {
	for _, l := range doctor.CleanUp(ctx, a.trials(), func(ctx context.Context, id string) (*powerbi.Client, error) {
		c, err := a.Connections.Find(id)
		if err != nil {
			return nil, err
		}
		return a.Client(ctx, c)
	}) {
		sentences = append(sentences, l.Sentence())
	}
	return sentences
}
