package practice

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/traffic"
)

// Options say how a service runs. The zero value is a service in memory, on a
// free port of 127.0.0.1, with every documented limit.
type Options struct {
	Dir     string           // the folder that keeps the state; "" keeps it in memory
	Listen  string           // loopback address and port; "" means 127.0.0.1:0
	Now     func() time.Time // the clock behind every time decision; nil means time.Now
	Hosts   []string         // further host names the certificate is good for, for tests that dial this service under a real name
	LogSize int              // requests kept in the log; 0 means 10,000

	TokenLife time.Duration // life of an access token; 0 means 3599 seconds
	RefreshIn time.Duration // if set, tokens advise to be renewed after this long

	DiscardRows bool // check and count rows, but keep no values: for benchmarks
	DevicePolls int  // a device code is approved by itself after so many polls; 0 waits for a person or ApproveDevice

	Behaviour faults.Behaviour // how the service acts where the real one is not known, and its limits
}

// Service is a running practice service.
type Service struct {
	opts     Options
	dir      string // where state lives, or the temporary folder of the CA file
	caPEM    []byte
	url      string
	listener net.Listener
	server   *http.Server
	served   chan struct{} // closed when the server's accept loop has ended
	quit     chan struct{} // closed by Close; ends waits
	serving  sync.RWMutex  // held for reading by every request, and by Close to wait for them
	close    sync.Once
	closeErr error
	lock     *flock.Flock // held on Dir
	faults   *faults.Set
	log      requestLog
	late     stragglers
	keys     *signingKey
	bodies   sync.Pool // *bytes.Buffer for bodies of rows
	batches  sync.Pool // *[]byte for rows made ready to store

	mu      sync.Mutex // guards what follows
	model   *model
	devices map[string]*deviceLogin
	codes   map[string]*authorizationCode
	queries map[string]*traffic.Window // executeQueries by caller
	refresh map[string]time.Time
	reports map[string][]powerbi.Report // by workspace
}

// Start runs a service until Close. It fails with ErrInUse when another process
// runs one on the same folder.
func Start(opts Options) (*Service, error) {
	return start(opts, nil)
}

// start is Start with a lock on the folder that the caller may already hold; it
// takes the lock over, also when it fails.
func start(opts Options, lock *flock.Flock) (_ *Service, err error) {
	s := &Service{
		opts:    opts,
		lock:    lock,
		served:  make(chan struct{}),
		quit:    make(chan struct{}),
		devices: map[string]*deviceLogin{},
		codes:   map[string]*authorizationCode{},
		queries: map[string]*traffic.Window{},
		refresh: map[string]time.Time{},
		reports: map[string][]powerbi.Report{},
	}
	if s.opts.Now == nil {
		s.opts.Now = time.Now
	}
	if s.opts.TokenLife <= 0 {
		s.opts.TokenLife = 3599 * time.Second
	}
	s.log.size = opts.LogSize
	if s.log.size <= 0 {
		s.log.size = 10_000
	}
	defer func() {
		if err != nil {
			s.releaseDir()
			if s.listener != nil {
				s.listener.Close()
			}
		}
	}()

	if s.faults, err = faults.NewSet(s.opts.Now, opts.Behaviour); err != nil {
		return nil, err
	}
	if err := s.prepareDir(); err != nil {
		return nil, err
	}
	if err := s.loadState(); err != nil {
		return nil, err
	}
	cert, caPEM, err := certificates(opts.Hosts)
	if err != nil {
		return nil, err
	}
	s.caPEM = caPEM
	if err := writeFile(s.CAFile(), caPEM, 0o600); err != nil {
		return nil, fmt.Errorf("write the certificate authority: %w", err)
	}
	if s.listener, err = listen(opts.Listen); err != nil {
		return nil, err
	}
	s.url = "https://" + s.listener.Addr().String()
	s.server = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: 30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    1 << 20,
		ErrorLog:          stdlog.New(io.Discard, "", 0), // handshakes of clients that do not trust the authority
		HTTP2:             &http.HTTP2Config{MaxReceiveBufferPerStream: 4 << 20, MaxReceiveBufferPerConnection: 16 << 20},
	}
	if err := s.writeEndpoint(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.served)
		s.server.ServeTLS(s.listener, "", "") // ends with ErrServerClosed
	}()
	return s, nil
}

// listen opens the port. Only loopback addresses are served: the service has
// well-known behaviour and is no server for a network.
func listen(address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("listen on %q: the practice service only serves this computer; use 127.0.0.1 and a port", address)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w", address, err)
	}
	return l, nil
}

// LoginURL is the login host: https://127.0.0.1:PORT, without a tenant.
func (s *Service) LoginURL() string { return s.url }

// APIURL is the API host: https://127.0.0.1:PORT, without /v1.0/myorg.
func (s *Service) APIURL() string { return s.url }

// CAFile is the path of the PEM file with the certificate authority to trust.
func (s *Service) CAFile() string { return filepath.Join(s.dir, "ca.pem") }

// CAPEM is the certificate authority to trust.
func (s *Service) CAPEM() []byte { return append([]byte(nil), s.caPEM...) }

// Resource is the resource to ask tokens for: that of the public cloud.
func (s *Service) Resource() string { return resource }

// Faults gives the trouble the service can be asked to make, its behaviour and its
// clock.
func (s *Service) Faults() *faults.Set { return s.faults }

// Requests gives the last requests, oldest first.
func (s *Service) Requests() []Request { return s.log.all() }

// Wait returns when no request is being served, those included whose clients have
// gone. Requests that come meanwhile wait with it.
func (s *Service) Wait() {
	s.serving.Lock()
	defer s.serving.Unlock()
}

// Close takes no more requests, lets those on their way end, and frees the
// folder. A request whose client stalls is broken off after two seconds. Calling
// Close again does nothing.
func (s *Service) Close() error {
	s.close.Do(func() {
		close(s.quit)
		idle := make(chan struct{})
		go func() {
			defer close(idle)
			s.serving.Lock() // waits until the last handler has ended
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
		s.serving.Unlock() // a request that came too late sees that the service is closed
		s.closeErr = errors.Join(s.closeErr, s.closeState())
		s.releaseDir()
	})
	return s.closeErr
}

// closed tells whether Close was called.
func (s *Service) closed() bool {
	select {
	case <-s.quit:
		return true
	default:
		return false
	}
}

// request is one request on its way.
type request struct {
	*http.Request
	id     string
	parts  []string // segments of the path, unescaped
	op     faults.Operation
	now    time.Time
	fault  faults.Fault
	struck bool
	caller caller // Power BI only
	rows   int
	bytes  int
}

// serve is the one door: it names the operation, lets the faults strike, asks
// the handler and writes the answer with a RequestId and a line in the log.
func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	s.serving.RLock()
	defer s.serving.RUnlock()
	if s.closed() {
		panic(http.ErrAbortHandler)
	}
	began := time.Now()
	q := &request{Request: r, id: newGUID(), now: s.faults.Now(), parts: pathParts(r.URL)}
	s.serveStragglers(q.now)
	handle := s.route(q)
	a, cut := s.answer(q, handle)

	if cut {
		a.status = 0
	}
	s.log.add(q.line(a.status, time.Since(began)))
	if cut {
		panic(http.ErrAbortHandler) // net/http's way to break the connection
	}
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	h.Set("RequestId", q.id)
	h.Set("Cache-Control", "no-store, must-revalidate, no-cache")
	if h.Get("Date") == "" { // a fault may ask for a wrong one
		h.Set("Date", q.now.UTC().Format(http.TimeFormat))
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	w.Write(a.body)
}

// line is what the log keeps of a request.
func (q *request) line(status int, took time.Duration) Request {
	return Request{Time: q.now, Duration: took, Method: q.Method, Path: q.URL.Path, Query: q.URL.RawQuery, Operation: q.op,
		Status: status, RequestID: q.id, Rows: q.rows, Bytes: q.bytes, Caller: q.caller.name, Struck: q.struck}
}

type handler func(*request) answer

// answer serves a request under the faults asked for. cut means that the
// connection shall be broken instead of answered.
func (s *Service) answer(q *request, handle handler) (a answer, cut bool) {
	q.fault, q.struck = s.faults.Strike(q.op, q.Request)
	if !q.struck {
		return handle(q), false
	}
	f := q.fault
	if f.Others > 0 {
		s.othersWrite(q, f.Others)
	}
	if f.RevokeTokens {
		s.RevokeTokens()
	}
	waitsInside := q.op == faults.OpRows && !f.CutBefore && f.Status == 0
	if !waitsInside {
		s.hold(q)
	}
	switch {
	case f.CutBefore && f.LaterMS > 0:
		s.serveLater(q, handle)
		return answer{}, true
	case f.CutBefore:
		drain(q.Request)
		return answer{}, true
	case f.Status != 0:
		drain(q.Request)
		return cannedAnswer(f), false
	}
	a = handle(q)
	return a, f.CutAfter
}

// cannedAnswer gives the answer a fault asks for.
func cannedAnswer(f faults.Fault) answer {
	a := emptyAnswer(f.Status)
	if f.Body != "" {
		a = newAnswer(f.Status, "application/json; charset=utf-8", []byte(f.Body))
	}
	if f.ErrorInfo != "" {
		a.header.Set("x-powerbi-error-info", f.ErrorInfo)
	}
	if f.RetryAfter > 0 {
		wait := throttled(time.Duration(f.RetryAfter) * time.Second)
		a.header.Set("Retry-After", wait.header.Get("Retry-After"))
		if f.Body == "" && f.Status == http.StatusTooManyRequests {
			a.body = wait.body
			a.header.Set("Content-Type", wait.header.Get("Content-Type"))
		}
	}
	for k, v := range f.Header {
		a.header.Set(k, v)
	}
	return a
}

// hold waits as the fault of a request says, or until the client or the service
// has gone.
func (s *Service) hold(q *request) {
	if q.fault.Delay > 0 {
		t := time.NewTimer(q.fault.Delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-q.Context().Done():
		case <-s.quit:
		}
	}
	if q.fault.Hold != nil {
		select {
		case <-q.fault.Hold:
		case <-q.Context().Done():
		case <-s.quit:
		}
	}
}

// drain reads what the client still sends, within reason, so that it sees the
// answer rather than a broken pipe.
func drain(r *http.Request) { io.Copy(io.Discard, io.LimitReader(r.Body, 8*powerbi.MaxBodyBytes)) }

// Rows gives the stored rows of a table, oldest first, each as the JSON object
// that was sent.
func (s *Service) Rows(workspaceID, datasetID, tableName string) ([]json.RawMessage, error) {
	t, err := s.findTable(workspaceID, datasetID, tableName)
	if err != nil {
		return nil, err
	}
	var rows []json.RawMessage
	err = s.readRows(t, func(columns []powerbi.Column, values [][]byte) bool {
		rows = append(rows, rowObject(columns, values))
		return true
	})
	return rows, err
}

// CountRows gives the number of rows a table holds.
func (s *Service) CountRows(workspaceID, datasetID, tableName string) (int64, error) {
	t, err := s.findTable(workspaceID, datasetID, tableName)
	if err != nil {
		return 0, err
	}
	return t.store.count(), nil
}

// releaseDir removes what a service in memory put on disk, and frees a folder.
func (s *Service) releaseDir() {
	if s.opts.Dir == "" && s.dir != "" {
		os.RemoveAll(s.dir)
	}
	if s.lock != nil {
		if s.url != "" {
			os.Remove(filepath.Join(s.dir, endpointFile))
		}
		s.lock.Close()
	}
}
