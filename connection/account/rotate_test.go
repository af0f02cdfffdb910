package account

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/connection/file"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

func newSecret(t *testing.T, s *practice.Service, k practice.Credential) string {
	t.Helper()
	secret, err := s.AddSecret(k.ClientID, time.Now().AddDate(2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func tokens(s *practice.Service) (n int) {
	for _, r := range s.Requests() {
		if r.Operation == faults.OpToken {
			n++
		}
	}
	return n
}

// rotate replaces a secret and gives what became of each connection.
func rotate(t *testing.T, a *Accounts, ids []string, secret string) map[string]Rotation {
	t.Helper()
	results := map[string]Rotation{}
	if err := a.Rotate(t.Context(), ids, secret, "2028-11-30", func(id string, r *Rotation) {
		if r != nil {
			results[id] = *r
		}
	}); err != nil {
		t.Fatal(err)
	}
	return results
}

// A wrong secret is tried with one connection of an app, not with each.
func TestAWrongSecretIsTriedOnce(t *testing.T) {
	a := openInMemory(t)
	s, k := service(t)
	ids := depots(t, a, s, k, 12)
	rotate(t, a, ids[:1], "wrong8Q~of-one-connection")
	once := tokens(s)
	results := rotate(t, a, ids, "wrong8Q~of-all-connections")
	if got := tokens(s) - once; got != once {
		t.Errorf("%d sign-ins with a wrong secret, and %d for one connection", got, once)
	}
	for _, id := range ids {
		r, done := results[id]
		if !done || r.Replaced || r.Err != nil || r.Report.Verdict != doctor.Fail || r.Report.Connection != r.Connection.Name || kept(t, a, id) != k.ClientSecret {
			t.Errorf("%s: %+v", id, r)
		}
	}
}

// Stopped anywhere, each connection has the old secret or the new one, as was said.
func TestRotationIsStopped(t *testing.T) {
	a := openInMemory(t)
	s, k := service(t)
	ids := depots(t, a, s, k, 30)
	fresh := newSecret(t, s, k)
	for _, after := range []int{0, 1, 9} {
		ctx, stop := context.WithCancel(t.Context())
		replaced := map[string]bool{}
		if after == 0 {
			stop()
		}
		if err := a.Rotate(ctx, ids, fresh, "", func(id string, r *Rotation) {
			if r == nil {
				return
			}
			if replaced[id] = r.Replaced; len(replaced) == after {
				stop()
			}
		}); err != nil {
			t.Error(err)
		}
		stop()
		if len(replaced) < after || len(replaced) == len(ids) {
			t.Errorf("%d of %d were replaced", len(replaced), len(ids))
		}
		for _, id := range ids {
			want := k.ClientSecret
			if replaced[id] {
				want = fresh
			}
			if kept(t, a, id) != want {
				t.Errorf("a connection has another secret than was said: replaced %v", replaced[id])
			}
			if err := a.Secrets.Delete(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			if _, err := a.Secrets.Set(t.Context(), id, k.ClientSecret); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// What a person edits during the test is not undone; and when they chose another
// app, the new secret is not theirs.
func TestEditedDuringRotation(t *testing.T) {
	a := openInMemory(t)
	s, k := service(t)
	ids := depots(t, a, s, k, 2)
	fresh := newSecret(t, s, k)
	edited := map[string]func(*connection.Connection){
		ids[0]: func(c *connection.Connection) { c.Notes = "edited" },
		ids[1]: func(c *connection.Connection) { c.ClientID = "11111111-2222-4333-8444-555555555555" },
	}
	for _, id := range ids {
		hold := make(chan struct{})
		s.Faults().Add(faults.Fault{Operation: faults.OpToken, Hold: hold})
		var result Rotation
		if err := a.Rotate(t.Context(), []string{id}, fresh, "2028-11-30", func(_ string, r *Rotation) {
			if r != nil {
				result = *r
				return
			}
			c, err := a.Connections.Find(id)
			if err == nil {
				edited[id](&c)
				_, err = a.Connections.Update(c)
			}
			if err != nil {
				t.Error(err)
			}
			close(hold)
		}); err != nil {
			t.Fatal(err)
		}
		c, err := a.Connections.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		switch id {
		case ids[0]:
			if !result.Replaced || result.Err != nil || result.Warning != "" || c.Notes != "edited" || c.Expires != "2028-11-30" || c.ExpiresFrom != connection.ExpiryTyped || kept(t, a, id) != fresh {
				t.Errorf("%+v: %+v", result, c)
			}
		default:
			if result.Replaced || !errors.Is(result.Err, file.ErrChanged) || c.Expires != "" || kept(t, a, id) != k.ClientSecret {
				t.Errorf("%+v: %+v", result, c)
			}
		}
	}
}

// The day on which the old secret ended says nothing about the new one: it is the
// one that was given, or that Entra tells, or none.
func TestTheDayOfANewSecret(t *testing.T) {
	a := openInMemory(t)
	s, k := service(t)
	c, given := practiceApp(t, a, "Practice", practice.AppPractice)
	saved, err := a.Add(t.Context(), c, &given)
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.options.Practice(t.Context())
	if err == nil {
		err = p.Service().SetReadsApps(c.ClientID, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := p.Service().AddSecret(c.ClientID, time.Date(2099, 5, 6, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	foreign := depots(t, a, s, k, 1)[0]
	for _, x := range []struct {
		id, secret string
		day        connection.Day
		want       connection.Day
		from       connection.ExpirySource
	}{
		{saved.Connection.ID, fresh, "", "2099-05-06", connection.ExpiryGraph},
		{saved.Connection.ID, fresh, "Jan 31, 2099", "2099-01-31", connection.ExpiryTyped},
		{foreign, newSecret(t, s, k), "", "", ""},
	} {
		now, err := a.Connections.Find(x.id)
		if err != nil {
			t.Fatal(err)
		}
		now.Expires, now.ExpiresFrom = "2020-01-31", connection.ExpiryTyped
		if _, err := a.Connections.Update(now); err != nil {
			t.Fatal(err)
		}
		var result Rotation
		if err := a.Rotate(t.Context(), []string{x.id}, x.secret, x.day, func(_ string, r *Rotation) {
			if r != nil {
				result = *r
			}
		}); err != nil {
			t.Fatal(err)
		}
		if now, err = a.Connections.Find(x.id); err != nil || !result.Replaced || now.Expires != x.want || now.ExpiresFrom != x.from {
			t.Errorf("%v, %s %s, %v", result.Replaced, now.Expires, now.ExpiresFrom, err)
		}
		if strings.Contains(result.Report.Text(), "31 January 2020") {
			t.Errorf("the test looked at the old day:\n%s", result.Report.Text())
		}
	}
}

func TestTheAppOfAConnection(t *testing.T) {
	a := openInMemory(t)
	s, k := service(t)
	depots(t, a, s, k, 3)
	list := a.Connections.List()
	byDomain, person := list[0], list[0]
	byDomain.ID, byDomain.Name, byDomain.TenantID = "", "By domain", practice.Domain
	person.ID, person.Name, person.Credential = "", "A person", connection.CredentialBrowser
	for _, c := range []connection.Connection{byDomain, person} {
		if _, err := a.Connections.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	same := a.SameApp(list[1])
	if len(same) != 4 || same[0].ID != list[1].ID {
		t.Errorf("%+v", same)
	}
	var invalid *connection.InvalidError
	never := func(string, *Rotation) { t.Error("it began") }
	if err := a.Rotate(t.Context(), []string{list[0].ID}, "secret", "03/04/2027", never); !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
	if err := a.Rotate(t.Context(), []string{list[0].ID}, " ", "", never); err == nil {
		t.Error("an empty secret")
	}
	if err := a.Rotate(t.Context(), []string{"nobody"}, "secret", "", never); err != nil {
		t.Error(err)
	}
}

func TestManyAreTestedOnceEach(t *testing.T) {
	a := openInMemory(t)
	s, k := service(t)
	ids := depots(t, a, s, k, 10)
	began, ended := map[string]int{}, map[string]int{}
	a.TestMany(t.Context(), append(ids, ids[0], "nobody"), func(id string, r *doctor.Report) {
		if r == nil {
			began[id]++
		} else if ended[id]++; r.Verdict == doctor.Fail {
			t.Errorf("%s", r.Text())
		}
	})
	for _, id := range ids {
		c, err := a.Connections.Find(id)
		if err != nil || began[id] != 1 || ended[id] != 1 || !c.Used.IsZero() {
			t.Errorf("%s: began %d, ended %d, used %v, %v", id, began[id], ended[id], c.Used, err)
		}
	}
	if len(began) != len(ids) {
		t.Errorf("%v", began)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	a.TestMany(ctx, ids, func(id string, r *doctor.Report) {
		if r != nil {
			t.Error("a test that was stopped has a report")
		}
	})
}
