package team

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/google/uuid"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage"
	"pushdesk/storage/keychain"
	"pushdesk/storage/text"
)

// Book is the teams of one person on one computer. List and Usable answer from memory;
// everything else may wait for the folder, as long as its context.
//
// Large: everything that a person does with teams is asked of this one value.
type Book struct {
	home    string
	secrets *keychain.Store
	now     func() time.Time

	added chan struct{} // has room for the news that a team was added: see Watch

	// Tests replace these.
	look                   func(folder string)
	notify                 func() (*fsnotify.Watcher, error)
	answerLimit, pollEvery time.Duration

	mu        sync.Mutex // of what follows; held for moments only
	views     map[string]View
	readings  map[string]reading       // the folders as they were last read
	busy      map[string]chan struct{} // has room for the one who works with a team
	questions map[string]*question     // by folder: see reach
}

// Open opens the teams that are kept below a folder. It reads nothing of their folders.
func Open(home string, secrets *keychain.Store) *Book {
	b := &Book{home: filepath.Join(home, "teams"), secrets: secrets, now: time.Now, added: make(chan struct{}, 1),
		look: look, notify: fsnotify.NewWatcher, answerLimit: answerLimit, pollEvery: pollEvery,
		views: map[string]View{}, readings: map[string]reading{}, busy: map[string]chan struct{}{}, questions: map[string]*question{}}
	list, err := os.ReadDir(b.home)
	if err != nil {
		return b // there are none yet
	}
	for _, f := range list {
		if uuid.Validate(f.Name()) != nil {
			continue
		}
		if l, err := loadLocal(filepath.Join(b.home, f.Name())); err == nil {
			v := l.view(nil, b.now())
			v.Offline = true
			b.views[l.ID] = v
		}
	}
	return b
}

// List returns the teams by name, as they were last read.
func (b *Book) List() []View {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.SortedFunc(maps.Values(b.views), func(x, y View) int {
		return strings.Compare(connection.NameKey(x.Name)+x.ID, connection.NameKey(y.Name)+y.ID)
	})
}

// Find returns the team of a name or ID. An empty name stands for the only team.
func (b *Book) Find(nameOrID string) (View, error) {
	all := b.List()
	if nameOrID == "" && len(all) == 1 {
		return all[0], nil
	}
	var names, ids []string
	var named []View
	for _, v := range all {
		if v.ID == strings.ToLower(text.Clean(nameOrID)) {
			return v, nil
		}
		if connection.NameKey(v.Name) == connection.NameKey(nameOrID) { // anybody can name a team so
			named, ids = append(named, v), append(ids, v.ID+" in "+v.Folder)
		}
		names = append(names, v.Name)
	}
	switch {
	case len(named) == 1:
		return named[0], nil
	case len(named) > 1:
		return View{}, saying(ErrSeveral, "There are several teams “%s” on this computer.", named[0].Name).WithDetails("Their IDs: %s", strings.Join(ids, "; "))
	case len(all) == 0:
		return View{}, saying(ErrNoTeam, "There is no team on this computer yet.")
	case nameOrID == "":
		return View{}, saying(ErrSeveral, "There are several teams on this computer: %s.", strings.Join(names, ", "))
	}
	return View{}, saying(ErrNoTeam, "There is no team “%s” on this computer.", text.Shorten(text.Name(nameOrID), 60))
}

// Shared returns a connection of a team as it was last read.
func (b *Book) Shared(teamID, id string) (View, ConnectionView, error) {
	b.mu.Lock()
	v, ok := b.views[teamID]
	b.mu.Unlock()
	if !ok {
		return v, ConnectionView{}, ErrNoTeam
	}
	c, err := v.Find(id)
	return v, c, err
}

// Usable says why a connection of a team cannot be used, or nil. It answers from memory.
func (b *Book) Usable(c connection.Connection) error {
	v, shared, err := b.Shared(c.Team, c.ID)
	if err != nil {
		return err
	}
	switch {
	case v.Standing == StandingRemoved:
		return ErrRemoved.WithDetails("Team: %s", v.Name)
	case v.Standing == StandingPending:
		return ErrPending.WithDetails("Team: %s", v.Name)
	}
	return shared.Usable()
}

// enter begins to work with a team, which nobody else does until leave is called.
func (b *Book) enter(ctx context.Context, id string) (l *local, leave func(), err error) {
	b.mu.Lock()
	busy := b.busy[id]
	if busy == nil {
		busy = make(chan struct{}, 1)
		b.busy[id] = busy
	}
	b.mu.Unlock()
	select {
	case busy <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ErrSlow.Because(ctx.Err())
	}
	dir := filepath.Join(b.home, id)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		<-busy
		return nil, nil, &storage.FileError{Path: dir, Err: err}
	}
	lock, err := storage.WaitLock(ctx, filepath.Join(dir, "lock"))
	if err != nil {
		<-busy
		return nil, nil, err
	}
	leave = func() {
		_ = lock.Unlock() // it was ours
		<-busy
	}
	l, err = loadLocal(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &local{dir: dir, docs: map[string]*Document{}}, leave, nil
	}
	if err != nil {
		leave()
		return nil, nil, err
	}
	return l, leave, nil
}

// show makes what is known of a team what List answers.
func (b *Book) show(l *local, problem error) View {
	v := l.view(problem, b.now())
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.views[l.ID]; !known {
		select {
		case b.added <- struct{}{}:
		default:
		}
	}
	b.views[l.ID], b.readings[l.ID] = v, l.folder
	return v
}

// Refresh reads the folder of a team. What was changed at the same time by several
// members is brought together, where this person's key can be read. A folder that does
// not answer before ctx ends is left to itself: the copies stay, with their date. Who stops
// waiting before has learned nothing of the folder, and nothing is said of it.
func (b *Book) Refresh(asked context.Context, id string) View {
	ctx, cancel := context.WithTimeout(asked, readLimit)
	defer cancel()
	err := b.reach(ctx, b.folderOf(id))
	if err == nil {
		var v View
		if v, err = aside(ctx, func() (View, error) {
			return b.with(context.WithoutCancel(ctx), id, func(l *local, k key.Key) error { return l.refresh(k, b.now()) }), nil
		}); err == nil {
			return v
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	v := b.views[id]
	if errors.Is(asked.Err(), context.Canceled) {
		return v
	}
	v.Offline, v.Problem = true, ErrSlow.WithDetails("Folder: %s", v.Folder)
	b.views[id] = v
	return v
}

// RefreshAll is Refresh for every team, side by side.
func (b *Book) RefreshAll(ctx context.Context) {
	var wait sync.WaitGroup
	for _, v := range b.List() {
		wait.Go(func() { b.Refresh(ctx, v.ID) })
	}
	wait.Wait()
}

// readLimit is how long reading a folder may take.
const readLimit = time.Minute

// keyLimit is how long a keychain may take to give the key to somebody who only reads.
const keyLimit = 2 * time.Second

// lockLimit is how long another program of this person may work with a team.
const lockLimit = time.Minute

// with works with a team that is there, with this person's key if that can be read now.
func (b *Book) with(ctx context.Context, id string, do func(*local, key.Key) error) View {
	ctx, cancel := context.WithTimeout(ctx, lockLimit)
	defer cancel()
	short, stop := context.WithTimeout(ctx, keyLimit)
	defer stop()
	k, err := key.Load(short, b.secrets)
	if err != nil {
		k = key.Key{} // a locked keychain or vault: the folder can be read all the same
	}
	l, leave, err := b.enter(ctx, id)
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		v := b.views[id]
		v.Problem, v.Offline = err, true
		return v
	}
	defer leave()
	if l.ID == "" {
		return View{}
	}
	if k.Known() && k.Public().ID() != l.Me {
		k = key.Key{} // the key was replaced: it is nobody's in this team
	}
	return b.show(l, do(l, k))
}

// act is with for a change, which needs the key and the folder as it is now.
func (b *Book) act(ctx context.Context, id string, do func(*local, key.Key) error) (View, error) {
	return b.actOn(ctx, id, false, do)
}

// actOn is act; anyRoster acts also on a team whose roster is not trusted now.
func (b *Book) actOn(ctx context.Context, id string, anyRoster bool, do func(*local, key.Key) error) (View, error) {
	k, err := key.Load(ctx, b.secrets)
	if err != nil {
		return View{}, err
	}
	if folder := b.folderOf(id); folder != "" {
		if err := b.reach(ctx, folder); err != nil {
			return View{}, err
		}
	}
	return aside(ctx, func() (View, error) { return b.actNow(ctx, id, k, anyRoster, do) })
}

func (b *Book) actNow(ctx context.Context, id string, k key.Key, anyRoster bool, do func(*local, key.Key) error) (View, error) {
	l, leave, err := b.enter(ctx, id)
	if err != nil {
		return View{}, err
	}
	defer leave()
	switch {
	case l.ID == "":
		return View{}, ErrNoTeam
	case k.Public().ID() != l.Me:
		return View{}, key.ErrNone
	}
	if err := l.refresh(k, b.now()); err != nil && !isUnwritten(err) {
		return b.show(l, err), err
	}
	if l.folder.rosterErr != nil && !anyRoster && !errors.Is(l.folder.rosterErr, ErrNewMember) {
		return b.show(l, nil), l.folder.rosterErr
	}
	if err := do(l, k); err != nil {
		return b.show(l, nil), err
	}
	if err := l.keep(); err != nil {
		return View{}, err
	}
	return b.show(l, nil), nil
}

// asOwner is act for what only an owner may do.
func (b *Book) asOwner(ctx context.Context, id string, do func(*local, key.Key) error) (View, error) {
	return b.act(ctx, id, func(l *local, k key.Key) error {
		if me, ok := l.roster.Member(l.Me); !ok || me.Role != RoleOwner {
			return ErrNotOwner
		}
		return do(l, k)
	})
}

// Credential opens what a connection of a team signs in with. known is false where the
// team's file has no secret, or this person uses one of their own.
func (b *Book) Credential(ctx context.Context, c connection.Connection) (given connection.Credential, known bool, err error) {
	_, s, err := b.Shared(c.Team, c.ID)
	if err != nil || s.How != SecretSealed || s.Own {
		return given, false, err
	}
	given, err = b.Sealed(ctx, c)
	return given, true, err
}

// Sealed opens what is sealed into the team's file of a connection, whether this person
// uses it or a secret of their own.
func (b *Book) Sealed(ctx context.Context, c connection.Connection) (given connection.Credential, err error) {
	_, s, err := b.Shared(c.Team, c.ID)
	if err != nil {
		return given, err
	}
	if s.How != SecretSealed {
		return given, shared.ErrNoSeal
	}
	k, err := key.Load(ctx, b.secrets)
	if err != nil {
		return given, err
	}
	secret, err := shared.Open(s.Secret.Age, k.Identity())
	if err != nil {
		return given, fmt.Errorf("open the secret of %q: %w", c.Name, err)
	}
	return secret.Credential(shared.Of(c, nil), c.Team, s.Secret.Rotation)
}

// UseOwn says whether this person uses a secret of their own for a connection in place
// of the sealed one.
func (b *Book) UseOwn(ctx context.Context, teamID, id string, own bool) error {
	return b.note(ctx, teamID, func(l *local) { l.known(id).Own = own })
}

// Allow gives a shared connection the addresses that this computer uses for it. nil
// takes them away.
func (b *Book) Allow(ctx context.Context, teamID, id string, a *Addresses) error {
	return b.note(ctx, teamID, func(l *local) { l.known(id).Addresses = a })
}

// Mirrored notes what of a connection was brought into the person's own list; nil for a
// connection that was taken out of it.
func (b *Book) Mirrored(ctx context.Context, teamID string, list map[string]*shared.Definition) error {
	return b.note(ctx, teamID, func(l *local) {
		for id, d := range list {
			l.known(id).Mirrored = d
		}
	})
}

// Memory is what this computer knows of a team's connection.
type Memory struct {
	Mirrored  *shared.Definition
	Addresses *Addresses
}

// Remembered returns what this computer knows of a team's connections.
func (b *Book) Remembered(ctx context.Context, teamID string) (map[string]Memory, error) {
	l, leave, err := b.enter(ctx, teamID)
	if err != nil {
		return nil, err
	}
	defer leave()
	all := map[string]Memory{}
	for id, k := range l.Connections {
		all[id] = Memory{k.Mirrored, k.Addresses}
	}
	return all, nil
}

// note changes what this computer knows of a team.
func (b *Book) note(ctx context.Context, id string, change func(*local)) error {
	l, leave, err := b.enter(ctx, id)
	if err != nil {
		return err
	}
	defer leave()
	if l.ID == "" {
		return ErrNoTeam
	}
	change(l)
	if err := l.keep(); err != nil {
		return err
	}
	b.mu.Lock()
	v := b.views[id]
	b.mu.Unlock()
	if v.Offline {
		b.show(l, v.Problem)
		b.mu.Lock()
		now := b.views[id]
		now.Offline = true
		b.views[id] = now
		b.mu.Unlock()
		return nil
	}
	b.mu.Lock()
	l.folder = b.readings[id]
	b.mu.Unlock()
	b.show(l, nil)
	return nil
}
