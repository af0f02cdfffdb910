package team

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"pushdesk/connection"
)

// stalls makes the folders of a person's teams hang until the returned function is called.
func (p *person) stalls() (resume func()) {
	hold := make(chan struct{})
	p.look = func(string) { <-hold }
	p.answerLimit = 100 * time.Millisecond
	done := false
	resume = func() {
		if !done {
			done = true
			close(hold)
		}
	}
	p.t.Cleanup(resume)
	return resume
}

// A folder that hangs keeps nobody waiting: the copy is used and can be changed where
// the folder is not needed, what needs the folder says that it does not answer, and no
// lock is held meanwhile. When the folder answers, everything goes on.
func TestFolderThatHangs(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	bob.sync()
	resume := bob.stalls()
	if v := bob.sync(); !v.Offline || !errors.Is(v.Problem, ErrSlow) || v.ReadAt.IsZero() {
		t.Errorf("%+v", v.Problem)
	}
	if got, err := bob.opens(first); err != nil || got != marker {
		t.Errorf("%q, %v", got, err)
	}
	bob.answerLimit = time.Hour // it was asked for long enough: nobody waits again
	bob.questions[folder].asked = time.Now().Add(-2 * time.Hour)
	needs := map[string]func() error{
		"share": func() error { _, err := bob.Share(t.Context(), bob.team, sealed(second, "Other", marker)); return err },
		"stamp": func() error { _, err := bob.Stamp(t.Context(), bob.team, Stamp{Connection: first}); return err },
		"rotate": func() error {
			_, err := bob.Rotate(t.Context(), bob.team, first, connection.SecretCredential("x"), "", "")
			return err
		},
		"accept":  func() error { _, err := bob.Accept(t.Context(), bob.team, "Cy"); return err },
		"unshare": func() error { _, err := bob.Unshare(t.Context(), bob.team, first, DropsAny); return err },
		"create":  func() error { _, err := bob.Create(t.Context(), folder, "Two", "Bob", []string{tenant}); return err },
		"join":    func() error { _, err := bob.Join(t.Context(), folder, "Bob", ""); return err },
	}
	for what, do := range needs {
		if err := do(); !errors.Is(err, ErrSlow) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := bob.UseOwn(t.Context(), bob.team, first, true); err != nil {
		t.Error(err)
	}
	if _, c, err := bob.Shared(bob.team, first); err != nil || !c.Own || !c.Offline {
		t.Errorf("%+v, %v", c, err)
	}
	// Another program of the same person finds no lock.
	other := &person{t: t, name: "Bob", home: bob.home, Book: Open(bob.home, bob.secrets), team: bob.team}
	if v := other.sync(); v.Problem != nil || v.Offline {
		t.Errorf("%+v", v.Problem)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	bob.questions[folder].asked = time.Now()
	if _, err := bob.Unshare(ctx, bob.team, first, DropsAny); !errors.Is(err, ErrSlow) { // Ctrl+C, or a dialog that is closed
		t.Errorf("%v", err)
	}
	resume()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		if v := bob.sync(); v.Problem == nil && !v.Offline {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the folder answers again, and nobody hears it")
		}
	}
	if v := bob.Refresh(ctx, bob.team); v.Problem != nil || v.Offline { // who does not wait has learned nothing
		t.Errorf("%v", v.Problem)
	}
	bob.sync() // nothing is asked any more
	// Who leaves a team whose folder hangs is out of it on this computer.
	bob.stalls()
	if says, err := bob.Leave(t.Context(), bob.team); err != nil || len(bob.List()) != 0 || !strings.Contains(says, "ask one to remove you") {
		t.Errorf("%v, %+v", err, bob.List())
	}
}

// watched starts Watch and returns how often it told of a change.
func (p *person) watched() (told chan struct{}) {
	told = make(chan struct{}, 1000)
	ctx, stop := context.WithCancel(p.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.Watch(ctx, func() {
			p.RefreshAll(ctx)
			told <- struct{}{}
		})
	}()
	p.t.Cleanup(func() { stop(); <-ended })
	return told
}

// until waits for what comes of being told.
func (p *person) until(told chan struct{}, what string, holds func() bool) {
	p.t.Helper()
	limit := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-told:
		case <-limit:
			p.t.Fatal("nobody noticed: " + what)
		}
	}
}

// The system tells nothing of what another computer changes on a network share: the
// folder is looked at from time to time.
func TestPolling(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	bob.notify = func() (*fsnotify.Watcher, error) { return nil, errors.New("the system tells nothing") }
	bob.pollEvery = 20 * time.Millisecond
	told := bob.watched()
	ann.shares(sealed(first, "Sales", marker))
	bob.until(told, "a connection", func() bool { v, _ := bob.Find(""); return len(v.Connections) == 1 })
	if err := os.Rename(folder, folder+"-away"); err != nil {
		t.Fatal(err)
	}
	bob.until(told, "the drive is gone", func() bool { v, _ := bob.Find(""); return errors.Is(v.Problem, ErrNoFolder) })
	if err := os.Rename(folder+"-away", folder); err != nil {
		t.Fatal(err)
	}
	bob.until(told, "the drive is back", func() bool { v, _ := bob.Find(""); return v.Problem == nil && !v.Offline })
}

// A folder that hangs is said to, and when it answers again, that is noticed. Meanwhile
// the folder of another team is watched as ever.
func TestOneFolderHangs(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	one := ann.founds()
	bob.joins(one, ann)
	two := filepath.Join(t.TempDir(), "two")
	v, err := bob.Create(t.Context(), two, "Depots", "Bob", []string{tenant})
	if err != nil {
		t.Fatal(err)
	}
	hold := make(chan struct{})
	bob.look = func(folder string) {
		if folder == one {
			<-hold
		}
	}
	bob.answerLimit, bob.pollEvery = 50*time.Millisecond, 30*time.Millisecond
	told := bob.watched()
	bob.until(told, "the folder hangs", func() bool { v, _ := bob.Find("Finance"); return errors.Is(v.Problem, ErrSlow) })
	other := &person{t: t, name: "Bob", home: bob.home, Book: Open(bob.home, bob.secrets), team: v.ID}
	other.shares(sealed(first, "Sales", marker))
	bob.until(told, "a change in the other folder", func() bool { v, _ := bob.Find("Depots"); return len(v.Connections) == 1 })
	close(hold)
	bob.until(told, "the folder answers", func() bool { v, _ := bob.Find("Finance"); return v.Problem == nil && !v.Offline })
}
