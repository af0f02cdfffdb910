package account

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/storage"
)

// Those who want the client of a connection at the same time get one, with one token.
func TestOneClientForOneConnection(t *testing.T) {
	a := openInMemory(t)
	s, k := service(t)
	c, err := a.Connections.Find(depots(t, a, s, k, 1)[0])
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	got := make([]*powerbi.Client, 20)
	for i := range got {
		all.Go(func() {
			client, err := a.Client(t.Context(), c)
			if err == nil {
				_, err = client.Workspaces(t.Context())
			}
			if err != nil {
				t.Error(err)
			}
			got[i] = client
		})
	}
	all.Wait()
	for _, client := range got {
		if client != got[0] {
			t.Fatal("two clients were made for one connection")
		}
	}
	if n := tokens(s); n != 1 {
		t.Errorf("%d tokens were asked for", n)
	}
}

// A sign-in that its tokens renew is stored, the newest last, and Close waits for it.
func TestRenewedSignInsAreStored(t *testing.T) {
	a := vaulted(t)
	c, _ := practiceApp(t, a, "Me", practice.AppSignIn)
	c.Credential = connection.CredentialDevice
	p, err := a.options.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	given, err := a.SignIn(t.Context(), c, nil, func(code entra.DeviceCode) {
		if err := p.Service().ApproveDevice(code.UserCode); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	saved, err := a.Add(t.Context(), c, &given)
	if err != nil {
		t.Fatal(err)
	}
	stored := func() string {
		data, err := a.Secrets.GetSealed(t.Context(), saved.Connection.ID)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	first := stored()
	client, err := a.Client(t.Context(), saved.Connection)
	if err == nil {
		_, err = client.Workspaces(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	second := stored()
	if second == first {
		t.Error("a renewed sign-in was not stored")
	}
	if r := a.Test(t.Context(), saved.Connection, nil, TestOptions{}, nil); r.Verdict == "fail" { // whether it may push is not known of this person
		t.Fatalf("%s", r.Text())
	}
	a.Close()
	if stored() == second {
		t.Error("what a test renewed was not stored")
	}
}

// Renewals are written one after the other, the newest last. Waiting may go on
// beside them, and what comes after it is written too.
func TestRenewalsInOrder(t *testing.T) {
	var mu sync.Mutex
	var written []string
	writing := false
	r := newRenewals(func(_ context.Context, id string, content []byte) error {
		mu.Lock()
		if writing {
			t.Error("two are written at the same time")
		}
		writing = true
		mu.Unlock()
		time.Sleep(time.Millisecond)
		mu.Lock()
		writing, written = false, append(written, id+string(content))
		mu.Unlock()
		return errors.New("nobody stops for this")
	})
	s := connection.NewSignIn("ann@contoso.com", "home", []byte(`{"n":"first"}`))
	var all sync.WaitGroup
	for _, n := range []string{`{"n":"a"}`, `{"n":"b"}`, `{"n":"c"}`} {
		s.Renew([]byte(n))
		r.store("id", s)
		all.Go(r.wait)
	}
	all.Wait()
	r.wait()
	last, err := s.Encode()
	mu.Lock()
	defer mu.Unlock()
	if err != nil || len(written) == 0 || written[len(written)-1] != "id"+string(last) {
		t.Errorf("%d were written: %q, %v", len(written), written, err)
	}
}

// What a window asks for while it draws answers from memory, also when another
// program holds the files: the list, a connection, the notices, the network settings,
// and the check of what is typed, which does not read the CA file either.
func TestNothingWaitsForTheDisk(t *testing.T) {
	a := openInMemory(t)
	c, err := a.Connections.Add(connection.Connection{Name: "Sales", Cloud: connection.CloudCustom, LoginURL: "https://login.example.com", APIURL: "https://api.example.com",
		TenantID: "contoso.com", ClientID: "66666666-7777-4888-9999-aaaaaaaaaaaa", CAFile: pipe(t)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.SetNetwork(t.Context(), network.Settings{Mode: network.Direct}, ""); err != nil {
		t.Fatal(err)
	}
	lock, err := storage.TryLock(filepath.Join(a.options.Home, "connections.json.lock"))
	if err != nil {
		t.Fatal(err)
	}
	var touching sync.WaitGroup
	touching.Go(func() { _ = a.Connections.Touch(c.ID) }) // waits for the lock, and the store for it
	defer touching.Wait()
	defer lock.Unlock()
	time.Sleep(50 * time.Millisecond)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 100 {
			_, _ = a.Connections.Find(c.ID)
			if len(a.Connections.List()) != 1 || len(a.Notices()) != 0 || a.NetworkSettings().Mode != network.Direct || len(connection.Validate(c, "", false)) != 0 {
				t.Error("something is not there")
			}
		}
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Error("something waits for the disk")
	}
}

// pipe returns the path of a file that blocks whoever opens it to read.
func pipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := makePipe(path); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { // frees whoever waits
		if f, err := os.OpenFile(path, os.O_RDWR, 0); err == nil {
			f.Close()
		}
	})
	return path
}
