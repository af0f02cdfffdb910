package team

import (
	"slices"
	"time"

	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
)

// Stamp is a member's word that a connection was tested: who, when, what was seen, and
// on exactly which content. It holds no secret and no token.
type Stamp struct {
	Team        string       `json:"team"`
	Connection  string       `json:"connection"`
	Content     string       `json:"content"` // see Document.Content
	By          string       `json:"by"`      // a member's ID
	At          time.Time    `json:"at"`
	Passed      bool         `json:"passed"`
	Proved      string       `json:"proved,omitempty"` // how the right to push was proven: see below
	Principal   string       `json:"principal,omitempty"`
	Workspace   string       `json:"workspace,omitempty"`
	WorkspaceID string       `json:"workspaceId,omitempty"`
	Checks      []StampCheck `json:"checks,omitempty"`
	Summary     string       `json:"summary,omitempty"`
	FailsSince  time.Time    `json:"failsSince,omitzero"` // of one that did not pass: when that began
	Signature   string       `json:"signature,omitempty"`
}

// StampCheck is one check of the test and how it ended.
type StampCheck struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// What proves the right to push.
const (
	ProvedByTrial = "trial dataset"
	ProvedByRun   = "run"
)

// stampAge is how long a proof counts as new.
const stampAge = 30 * 24 * time.Hour

func (s Stamp) signable() ([]byte, error) {
	s.Signature = ""
	return shared.Signable("stamp", s)
}

func (s *Stamp) sign(k key.Key) error {
	s.By = k.Public().ID()
	content, err := s.signable()
	s.Signature = k.Sign(content)
	return err
}

// signedBy reports whether a member signed the stamp as it is.
func (s Stamp) signedBy(m Member) bool {
	content, err := s.signable()
	return err == nil && m.Verifies(content, s.Signature)
}

// Proves reports whether the stamp says that everything was tested and the right to
// push was proven, not assumed.
func (s Stamp) Proves() bool { return s.Passed && s.Proved != "" }

// StampState is what a stamp is worth now.
type StampState string

const (
	StampProven StampState = "proven"
	StampOld    StampState = "old"    // proven, more than 30 days ago
	StampStale  StampState = "stale"  // the connection was changed since
	StampFailed StampState = "failed" // the member's last test did not pass
	StampPartly StampState = "tested" // it passed, and the right to push was assumed
)

// stateOf says what a stamp is worth for a state of a connection.
func (s Stamp) stateOf(d *Document, now time.Time) StampState {
	switch {
	case s.Content != d.Content():
		return StampStale
	case !s.Passed:
		return StampFailed
	case !s.Proves():
		return StampPartly
	case now.Sub(s.At) > stampAge:
		return StampOld
	}
	return StampProven
}

// latest sorts stamps, the latest first.
func latest(list []StampView) {
	slices.SortFunc(list, func(a, b StampView) int { return b.At.Compare(a.At) })
}
