package practice

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/entra"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
	"pushdesk/storage"
	"pushdesk/storage/failure"
)

// Options say how a service runs. The zero value is a service in memory, on a
// free port of 127.0.0.1, with every documented limit.
type Options struct {
	Dir string // the folder that keeps the state; "" keeps it in memory
	// Temporary is the folder in which a service in memory has one of its own, for its
	// authority; "" is that of all programs.
	Temporary string
	Listen    string           // loopback address and port; "" means 127.0.0.1:0
	Now       func() time.Time // the clock behind every time decision; nil means time.Now
	Hosts     []string         // further host names the certificate is good for, for tests that dial this service under a real name
	LogSize   int              // requests kept in the log; 0 means 10,000

	TokenLife   time.Duration // life of an access token; 0 means 3599 seconds
	RefreshIn   time.Duration // if set, tokens advise to be renewed after this long
	DevicePolls int           // a device code is approved by itself after so many polls; 0 waits for a person or ApproveDevice
	DiscardRows bool          // check and count rows, but keep no values: for benchmarks

	Behavior faults.Behavior // how the service acts where the real one is not known, and its limits
	Ahead    time.Duration   // by how much its clock begins before Now
}

// lockFile is locked while a service runs on a folder.
const lockFile = "lock"

// ErrInUse is returned by Start when another process runs a service on the folder.
var ErrInUse = failure.New(failure.Unexpected, "practice-in-use",
	"Another program is already running the practice service in this folder.",
	"Use that one, close the other program, or choose another folder.")

// Service is a running practice service.
type Service struct {
	Portal
	Contents

	door   door
	tenant *tenant.Tenant
	login  *entra.Login
	host   web.Host
	caPEM  []byte
	dir    string          // where its files are; a temporary folder if it is in memory
	lock   *storage.Lock   // held on a folder that is kept
	own    *storage.Folder // of a service in memory

	listener net.Listener
	server   *http.Server
	served   chan struct{} // closed when the server's accept loop has ended
	close    sync.Once
	closeErr error
}

// Start runs a service until Close. It fails with ErrInUse when another process
// runs one on the same folder.
func Start(opts Options) (*Service, error) {
	if opts.Dir == "" {
		return start(opts, nil)
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the practice folder: %w", err)
	}
	lock, err := storage.TryLock(filepath.Join(opts.Dir, lockFile))
	if held := (*storage.LockedError)(nil); errors.As(err, &held) {
		return nil, ErrInUse.Because(err)
	} else if err != nil {
		return nil, fmt.Errorf("lock the practice folder: %w", err)
	}
	return start(opts, lock)
}

// start is Start with the lock on the folder. It takes the lock over, also when it
// fails.
func start(opts Options, lock *storage.Lock) (_ *Service, err error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.TokenLife <= 0 {
		opts.TokenLife = 3599 * time.Second
	}
	if opts.LogSize <= 0 {
		opts.LogSize = 10_000
	}
	s := &Service{lock: lock, served: make(chan struct{})}
	defer func() {
		if err != nil {
			if s.listener != nil {
				s.listener.Close()
			}
			s.releaseDir()
		}
	}()
	set, err := faults.NewSet(opts.Now, opts.Behavior)
	if err != nil {
		return nil, err
	}
	set.Forward(opts.Ahead)
	if opts.Dir == "" {
		if s.own, err = storage.NewFolderIn(cmp.Or(opts.Temporary, os.TempDir()), "practice"); err == nil {
			s.dir = s.own.Path
		}
	} else {
		opts.Dir, err = filepath.Abs(opts.Dir)
		s.dir = opts.Dir
	}
	if err != nil {
		return nil, fmt.Errorf("make the practice folder: %w", err)
	}
	if s.tenant, err = tenant.Open(opts.Dir, opts.DiscardRows, set.Now(), func() *tenant.Tenant { return readyMade(set.Now()) }); err != nil {
		return nil, err
	}
	if s.listener, err = listen(opts.Listen); err != nil {
		return nil, err
	}
	s.host = web.Host{Address: s.listener.Addr().String(), Names: opts.Hosts}
	if s.login, err = entra.New(s.tenant, s.host, entra.Options{TokenLife: opts.TokenLife, RefreshIn: opts.RefreshIn, DevicePolls: opts.DevicePolls}); err != nil {
		return nil, err
	}
	s.Portal, s.Contents = Portal{s.tenant, set.Now}, Contents{s.tenant}
	log := &requestLog{size: opts.LogSize}
	rest := api.New(s.tenant, s.login, s.host, set.Behavior, opts.DiscardRows)
	s.door = door{faults: set, login: s.login, api: rest, log: log, quit: make(chan struct{}),
		control: &control{rand.Text(), s.host, set, &s.Portal, &s.Contents, rest, log}}
	if err := s.save(); err != nil {
		return nil, err
	}
	return s, s.serve(opts.Hosts)
}

// serve makes the certificate and begins to answer.
func (s *Service) serve(names []string) error {
	cert, caPEM, err := certificates(names)
	if err != nil {
		return err
	}
	s.caPEM = caPEM
	if err := storage.WriteFile(s.CAFile(), caPEM); err != nil {
		return fmt.Errorf("write the certificate authority: %w", err)
	}
	s.server = &http.Server{
		Handler:           &s.door,
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: 30 * time.Second,
		ReadTimeout:       10 * time.Minute, // of 15 MB on a slow line
		WriteTimeout:      30 * time.Minute, // a fault may hold an answer back
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    1 << 20,
		ErrorLog:          stdlog.New(io.Discard, "", 0), // handshakes of clients that do not trust the authority
		HTTP2:             &http.HTTP2Config{MaxReceiveBufferPerStream: 4 << 20, MaxReceiveBufferPerConnection: 16 << 20},
	}
	if s.lock != nil {
		if err := s.endpoint().write(s.dir); err != nil {
			return err
		}
	}
	go func() {
		defer close(s.served)
		s.server.ServeTLS(s.listener, "", "") // ends with ErrServerClosed
	}()
	return nil
}

// listen opens the port. Only loopback addresses are served: the service has
// well-known behavior and is no server for a network.
func listen(address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		err = errors.New("the practice service only serves this computer")
	}
	var l net.Listener
	if err == nil {
		l, err = new(net.ListenConfig).Listen(context.Background(), "tcp", address)
	}
	if err != nil {
		return nil, failure.New(failure.Usage, "practice-address", fmt.Sprintf("The practice service cannot listen on %q.", address),
			"It only serves this computer. Use 127.0.0.1 and a port that no other program uses, such as 127.0.0.1:8443.").Because(err)
	}
	return l, nil
}

// LoginURL returns the login host: https://127.0.0.1:PORT, without a tenant.
func (s *Service) LoginURL() string { return s.host.URL() }

// APIURL returns the API host: https://127.0.0.1:PORT, without /v1.0/myorg.
func (s *Service) APIURL() string { return s.host.URL() }

// GraphURL returns the address of the little of Microsoft Graph that is here: an app
// registration with the days on which its secrets expire, for an app that may read it.
func (s *Service) GraphURL() string { return s.host.URL() }

// GraphResource is the resource of tokens for Microsoft Graph.
const GraphResource = entra.GraphResource

// Resource returns the resource to ask tokens for: that of the public cloud.
func (s *Service) Resource() string { return entra.Resource }

// CAFile returns the path of the PEM file with the certificate authority to trust.
func (s *Service) CAFile() string { return filepath.Join(s.dir, "ca.pem") }

// CAPEM returns the certificate authority to trust.
func (s *Service) CAPEM() []byte { return append([]byte(nil), s.caPEM...) }

// ControlToken returns what a request below /practice must carry in the header
// ControlHeader.
func (s *Service) ControlToken() string { return s.door.control.token }

// Faults returns the trouble the service can be asked to make, its behavior and its
// clock.
func (s *Service) Faults() *faults.Set { return s.door.faults }

// Requests returns the last requests, oldest first.
func (s *Service) Requests() []Request { return s.door.log.all() }

// State returns what the service holds.
func (s *Service) State() State { return s.door.control.state() }

// ApproveDevice signs the first user of the tenant in for a device code.
func (s *Service) ApproveDevice(userCode string) error {
	return s.login.DecideDevice(userCode, true, s.now())
}

// DeclineDevice refuses a device code.
func (s *Service) DeclineDevice(userCode string) error {
	return s.login.DecideDevice(userCode, false, s.now())
}

// Wait returns when no request is being served, those included whose clients have
// gone. Requests that come meanwhile wait with it.
func (s *Service) Wait() {
	s.door.serving.Lock()
	defer s.door.serving.Unlock()
}

// Close takes no more requests, lets those on their way end, and frees the
// folder. A request whose client stalls is broken off after two seconds. Calling
// Close again does nothing.
func (s *Service) Close() error {
	s.close.Do(func() {
		close(s.door.quit)
		idle := make(chan struct{})
		go func() {
			defer close(idle)
			s.door.serving.Lock() // waits until the last handler has ended
		}()
		select {
		case <-idle:
		case <-time.After(2 * time.Second):
		}
		// The last answers may still be on their way. HTTP/2 would wait a second
		// for clients to leave, which is not needed.
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		if s.server.Shutdown(ctx) != nil {
			s.closeErr = s.server.Close()
		}
		<-idle
		<-s.served
		s.door.serving.Unlock() // a request that came too late sees that the service is closed
		s.closeErr = errors.Join(s.closeErr, s.save())
		s.releaseDir()
	})
	return s.closeErr
}

// endpoint returns where the service is.
func (s *Service) endpoint() endpoint {
	return endpoint{URL: s.host.URL(), CAPEM: string(s.caPEM), PID: os.Getpid(), Resource: s.Resource(), Credentials: s.Credentials(), Control: s.ControlToken()}
}

// save keeps the tenant.
func (s *Service) save() error {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	return s.tenant.Save()
}

// releaseDir removes what a service in memory put on disk, and frees a folder. The
// lock file stays: another process may be waiting for it.
func (s *Service) releaseDir() {
	switch {
	case s.own != nil:
		s.own.Remove()
	case s.lock != nil:
		if s.server != nil {
			os.Remove(filepath.Join(s.dir, endpointFile))
		}
		_ = s.lock.Unlock()
	}
}
