package push

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/mapping/mappingtest"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
)

// driven is a clock that jumps to the earliest end of a wait as soon as no request
// is on its way. The service lives by it too, and so may several runs.
type driven struct {
	patience int // polls without work before a jump; 0 = 6. Set before the clock is used.
	mu       sync.Mutex
	now      time.Time
	busy     int
	waits    map[*wait]bool
	driving  bool
}

type wait struct {
	until time.Time
	fires chan time.Time
	works bool // when it is over the clock is busy: a request gets on its way
}

func (d *driven) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *driven) Steady() history.Moment {
	return history.Moment{Boot: "bench", At: time.Hour + d.Now().Sub(noon)}
}

func (d *driven) After(length time.Duration) (<-chan time.Time, func()) { return d.wait(length, false) }

func (d *driven) wait(length time.Duration, works bool) (<-chan time.Time, func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := &wait{d.now.Add(length), make(chan time.Time, 1), works}
	if d.waits == nil {
		d.waits = map[*wait]bool{}
	}
	d.waits[w] = true
	if !d.driving {
		d.driving = true
		go d.drive()
	}
	return w.fires, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.waits, w)
	}
}

// drive jumps as long as somebody waits.
func (d *driven) drive() {
	for idle := 0; ; {
		time.Sleep(300 * time.Microsecond)
		d.mu.Lock()
		if len(d.waits) == 0 {
			d.driving = false
			d.mu.Unlock()
			return
		}
		if idle++; d.busy > 0 {
			idle = 0
		}
		if idle < max(6, d.patience) { // the answer of the last request may still be on its way to the run
			d.mu.Unlock()
			continue
		}
		idle = 0
		var first *wait
		for w := range d.waits {
			if first == nil || w.until.Before(first.until) {
				first = w
			}
		}
		if first.until.After(d.now) {
			d.now = first.until
		}
		if first.works {
			d.busy++
		}
		first.fires <- d.now
		delete(d.waits, first)
		d.mu.Unlock()
	}
}

// advance lets time pass.
func (d *driven) advance(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

func (d *driven) work(n int) {
	d.mu.Lock()
	d.busy += n
	d.mu.Unlock()
}

// busyAPI tells the clock when a request is on its way.
type busyAPI struct {
	Service
	clock *driven
}

func (b busyAPI) AddRows(ctx context.Context, w, d, t string, body []byte) (powerbi.Answer, error) {
	b.clock.work(1)
	defer b.clock.work(-1)
	return b.Service.AddRows(ctx, w, d, t, body)
}

func (b busyAPI) SampleRows(ctx context.Context, w, d, t string, n int) ([]map[string]any, error) {
	return b.Service.(schema.Service).SampleRows(ctx, w, d, t, n)
}

func (b busyAPI) FindRows(ctx context.Context, w, d, t string, wanted [][]powerbi.Match, most int) ([]map[string]any, error) {
	return b.Service.(finder).FindRows(ctx, w, d, t, wanted, most)
}

// signer gets tokens of the ready-made app.
type signer struct {
	hc    *http.Client
	login string
	scope string
	app   practice.Credential

	mu      sync.Mutex
	token   string
	renewed int
}

func (s *signer) Token(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token != "" {
		return s.token, nil
	}
	return s.fetch()
}

func (s *signer) Renew(context.Context, string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.renewed++
	return s.fetch()
}

func (s *signer) fetch() (string, error) {
	resp, err := s.hc.PostForm(s.login+"/"+s.app.TenantID+"/oauth2/v2.0/token", url.Values{"grant_type": {"client_credentials"},
		"client_id": {s.app.ClientID}, "client_secret": {s.app.ClientSecret}, "scope": {s.scope}})
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.AccessToken == "" {
		return "", fmt.Errorf("no token: %s %w", resp.Status, err)
	}
	s.token = answer.AccessToken
	return s.token, nil
}

// bench is a practice service with a push dataset, and a client of it.
type bench struct {
	testing.TB
	service *practice.Service
	clock   *driven
	client  *powerbi.Client
	api     Service
	signer  *signer
	target  history.Table
}

// newBench starts a service over HTTPS on a driven clock.
func newBench(t testing.TB, keep powerbi.Retention, o practice.Options) *bench {
	t.Helper()
	b := &bench{TB: t, clock: &driven{now: noon}}
	o.Now = b.clock.Now
	var err error
	if b.service, err = practice.Start(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.service.Close() })
	hc := trusting(t, b.service.CAPEM())
	app, _ := b.service.Credential(practice.AppPractice)
	b.signer = &signer{hc: hc, login: b.service.LoginURL(), scope: b.service.Resource() + "/.default", app: app}
	b.client = powerbi.NewClient(b.service.APIURL(), b.signer, hc)
	b.api = busyAPI{b.client, b.clock}

	ctx := context.Background()
	workspaces, err := b.client.Workspaces(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w, err := powerbi.FindWorkspace(workspaces, practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	d, err := b.client.CreateDataset(ctx, w.ID, powerbi.DatasetSchema{Name: "Depot stock", Tables: []powerbi.Table{stockMapping.Schema()}}, keep)
	if err != nil {
		t.Fatal(err)
	}
	b.target = history.Table{WorkspaceID: w.ID, WorkspaceName: w.Name, DatasetID: d.ID, DatasetName: d.Name, Table: "Stock", Retention: keep}
	return b
}

// trusting makes a client that trusts the service's authority.
func trusting(t testing.TB, pem []byte) *http.Client {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 2 * time.Minute}
}

// send sends rows as small batches, unless the options say otherwise.
func (b *bench) send(ctx context.Context, src mapping.Source, o Options, on func(Progress)) (history.Receipt, error) {
	b.Helper()
	if o.Clock == nil {
		o.Clock = b.clock
	}
	if o.Pace.BatchRows == 0 {
		o.Pace.BatchRows = 100
	}
	if r, ok := src.(*mappingtest.Rows); ok && o.Reread == nil && o.Mode != plan.ModeReplace {
		o.Reread = func() (mapping.Source, error) {
			return &mappingtest.Rows{N: r.N, From: r.From, Bad: r.Bad, Depot: r.Depot}, nil
		}
	}
	r, err := Send(ctx, NewTarget(b.api, b.target), stockMapping, src, o, on)
	b.adds(r)
	return r, err
}

// adds checks that the sums of a receipt add up.
func (b *bench) adds(r history.Receipt) {
	b.Helper()
	if r.RowsRead != r.RowsSent+r.RowsRejected+r.RowsUnknown+r.RowsNotSent || min(r.RowsSent, r.RowsRejected, r.RowsUnknown, r.RowsNotSent) < 0 {
		b.Errorf("the sums do not add up: read %d, sent %d, rejected %d, unknown %d, not sent %d", r.RowsRead, r.RowsSent, r.RowsRejected, r.RowsUnknown, r.RowsNotSent)
	}
	if (r.RowsUnknown > 0) != (r.Status == history.StatusUnknown) && r.Status != history.StatusStopped {
		b.Errorf("%d rows unknown, status %s", r.RowsUnknown, r.Status)
	}
	if r.RowsConfirmed != 0 && r.RowsConfirmed+r.RowsUnproven != r.RowsSent {
		b.Errorf("confirmed %d of %d, unproven %d", r.RowsConfirmed, r.RowsSent, r.RowsUnproven)
	}
	if (r.Status == history.StatusDone) && len(r.Doubts) > 0 || r.Status == history.StatusUnproven && (len(r.Doubts) == 0 || r.RowsUnproven == 0 || len(r.Unproven) == 0 || r.Resumable) {
		b.Errorf("status %s with %d doubts, unproven %q", r.Status, len(r.Doubts), r.Unproven)
	}
	if r.Status == history.StatusUnproven {
		return
	}
	if r.Status == history.StatusDone && r.RowsRejected != 0 || r.Status.Finished() && (r.RowsNotSent != 0 || r.Reason != "") || !r.Status.Finished() && (r.Reason == "" || r.Remedy == "") {
		b.Errorf("status %s: %d not sent, reason %q, remedy %q", r.Status, r.RowsNotSent, r.Reason, r.Remedy)
	}
}

// stored gives the IDs of the rows the service holds, in their order.
func (b *bench) stored() []int {
	b.Helper()
	raw, err := b.service.Rows(b.target.WorkspaceID, b.target.DatasetID, "Stock")
	if err != nil {
		b.Fatal(err)
	}
	list := make([]int, len(raw))
	for i, line := range raw {
		var row struct{ ID *int }
		if err := json.Unmarshal(line, &row); err != nil {
			b.Fatal(err)
		}
		list[i] = -1
		if row.ID != nil {
			list[i] = *row.ID
		}
	}
	return list
}

// holds checks that the service holds exactly these rows once.
func (b *bench) holds(want func(id int) bool, n int) {
	b.Helper()
	got := b.stored()
	slices.Sort(got)
	var lost, extra []int
	at := 0
	for id := range n {
		if !want(id) {
			continue
		}
		for at < len(got) && got[at] < id {
			extra = append(extra, got[at])
			at++
		}
		if at < len(got) && got[at] == id {
			at++
		} else {
			lost = append(lost, id)
		}
	}
	extra = append(extra, got[at:]...)
	if len(lost)+len(extra) > 0 {
		b.Errorf("%d rows lost %v, %d doubled or wrong %v", len(lost), lost[:min(len(lost), 5)], len(extra), extra[:min(len(extra), 5)])
	}
}

// posts counts the POSTs of rows the service saw, and how many had a status.
func (b *bench) posts(status int) (all, with int) {
	for _, r := range b.service.Requests() {
		if r.Operation == faults.OpRows {
			all++
			if r.Status == status {
				with++
			}
		}
	}
	return all, with
}

func everyRow(int) bool { return true }
