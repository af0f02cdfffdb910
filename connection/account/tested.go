package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/connection/team"
	"pushdesk/storage"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// LastTest is what the last test of a stored connection found, with what is stored for it.
type LastTest struct {
	At      time.Time     `json:"at"`
	Verdict doctor.Status `json:"verdict"`
	Summary string        `json:"summary"`
	Check   string        `json:"check"`  // the first that failed, or else warns, by its ID; "" for none
	Pushed  bool          `json:"pushed"` // a trial dataset proved the right to push
	Stale   bool          `json:"stale"`  // the connection, or what it signs in with, was changed since
}

// Word says how it ended.
func (l LastTest) Word() string {
	switch l.Verdict {
	case doctor.Pass:
		return "Worked"
	case doctor.Warn:
		return "Warnings"
	}
	return "Failed"
}

// Says is how it ended and when, in a few words.
func (l LastTest) Says(now time.Time) string {
	says := l.Word() + ", " + humanize.Time(l.At, now)
	if l.Stale {
		says += " (changed since)"
	}
	return says
}

// keptTest is a last test as it is stored.
type keptTest struct {
	LastTest
	Of string `json:"of"` // a fingerprint of what was tested
	// Credential is made up anew when what the connection signs in with is.
	Credential string `json:"credential,omitempty"`
}

// lastTests is the file of last tests, by the ID of the connection.
type lastTests = storage.Kept[map[string]keptTest]

func openTests(home string) *lastTests {
	return storage.OpenKept[map[string]keptTest](filepath.Join(home, "tests.json"), "the last tests of connections")
}

// LastTests returns the last tests of those connections that were tested. It reads the disk.
func (a *Accounts) LastTests(list []connection.Connection) (map[string]LastTest, error) {
	kept, err := a.tests.Read()
	if err != nil {
		return nil, err
	}
	all := make(map[string]LastTest, len(kept))
	for _, c := range list {
		if k, ok := kept[c.ID]; ok && slices.Contains([]doctor.Status{doctor.Pass, doctor.Warn, doctor.Fail}, k.Verdict) {
			k.Summary, k.Check = text.Clean(k.Summary), text.Clean(k.Check)
			k.Stale = k.Of != a.fingerprint(c, k.Credential)
			all[c.ID] = k.LastTest
		}
	}
	return all, nil
}

// fingerprint names the settings that a test depends on, and which credential is stored.
func (a *Accounts) fingerprint(c connection.Connection, credential string) string {
	of := c.Team
	c.Name, c.Notes, c.Environment, c.Tags, c.Team = "", "", "", nil, ""
	c.Dataset, c.Table, c.Expires, c.ExpiresFrom = "", "", "", ""
	c.Created, c.Updated, c.Used = time.Time{}, time.Time{}, time.Time{}
	settings, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	if _, s, err := a.Teams.Shared(of, c.ID); err == nil && s.How == team.SecretSealed && !s.Own && s.Secret.Rotation > 1 {
		credential += fmt.Sprint(" ", s.Secret.Rotation) // a colleague has replaced it
	}
	sum := sha256.Sum256(append(settings, credential...))
	return hex.EncodeToString(sum[:16])
}

// tested is a test that begins: what has to be the same when it ends for its result to be
// that of the stored connection.
type tested struct {
	connection connection.Connection
	of         string
	credential string
}

// begin notes what a test of a connection tests. ok is false when that is not the
// connection as it is stored, with what is stored for it.
func (a *Accounts) begin(c connection.Connection, typed *connection.Credential, o TestOptions) (t tested, ok bool) {
	if c.ID == "" || typed != nil || a.secret != "" && c.Credential == connection.CredentialSecret ||
		o.Workspace != "" && c.Workspace != "" && o.Workspace != c.Workspace || o.Dataset != "" && o.Dataset != c.Dataset {
		return t, false
	}
	stored, err := a.Connections.Find(c.ID)
	kept, unread := a.tests.Read()
	if err != nil || unread != nil || stored.ID != c.ID {
		return t, false
	}
	t = tested{connection: c, credential: kept[c.ID].Credential}
	t.of = a.fingerprint(c, t.credential)
	return t, t.of == a.fingerprint(stored, t.credential)
}

// remember stores what a test found that came to its end. That it cannot be stored is no
// reason for a test to fail.
func (a *Accounts) remember(ctx context.Context, t tested, r doctor.Report) {
	if _, err := a.Connections.Find(t.connection.ID); err != nil || ctx.Err() != nil {
		return
	}
	last := LastTest{At: r.Started.UTC().Truncate(time.Millisecond), Verdict: r.Verdict, Summary: r.Summary}
	for _, status := range []doctor.Status{doctor.Fail, doctor.Warn} {
		for _, check := range r.Checks {
			if check.Status == status && last.Check == "" {
				last.Check = check.ID
			}
		}
	}
	for _, able := range r.Capabilities {
		last.Pushed = last.Pushed || able.ID == "push" && able.Answer == doctor.Yes
	}
	_ = a.tests.Change(func(all *map[string]keptTest) error {
		now := (*all)[t.connection.ID]
		if *all == nil {
			*all = map[string]keptTest{}
		}
		(*all)[t.connection.ID] = keptTest{LastTest: last, Of: t.of, Credential: now.Credential}
		return nil
	})
}

// newCredentials notes that connections sign in with something else from now on.
func (a *Accounts) newCredentials(ids ...string) {
	a.changeTests(ids, func(all map[string]keptTest, id string) {
		k := all[id]
		k.Credential = rand.Text()
		all[id] = k
	})
}

// bringBack stores the last test of a connection that is there again under an ID.
func (k *keptTest) bringBack(a *Accounts, id string) {
	if k == nil {
		return
	}
	_ = a.tests.Change(func(all *map[string]keptTest) error {
		if *all == nil {
			*all = map[string]keptTest{}
		}
		(*all)[id] = *k
		return nil
	})
}

// forgetTest drops the last test of a connection that is gone, and returns it.
func (a *Accounts) forgetTest(id string) (k *keptTest) {
	a.changeTests([]string{id}, func(all map[string]keptTest, id string) {
		was := all[id]
		k = &was
		delete(all, id)
	})
	return k
}

// changeTests changes what is stored of those of the connections that were tested.
func (a *Accounts) changeTests(ids []string, do func(all map[string]keptTest, id string)) {
	kept, err := a.tests.Read()
	var there []string
	for _, id := range ids {
		if _, ok := kept[id]; ok {
			there = append(there, id)
		}
	}
	if err != nil || len(there) == 0 {
		return
	}
	_ = a.tests.Change(func(all *map[string]keptTest) error {
		for _, id := range there {
			if _, ok := (*all)[id]; ok {
				do(*all, id)
			}
		}
		return nil
	})
}
