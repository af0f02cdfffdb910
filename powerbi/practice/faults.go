package practice

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Operation names what a request asks for, as faults and the request log know it.
type Operation string

const (
	OpMetadata   Operation = "metadata"   // OpenID metadata of a tenant
	OpDiscovery  Operation = "discovery"  // instance discovery
	OpKeys       Operation = "keys"       // public signing keys
	OpToken      Operation = "token"      // the token endpoint
	OpDeviceCode Operation = "devicecode" // start of a device code sign-in
	OpAuthorize  Operation = "authorize"  // the sign-in page
	OpSignIn     Operation = "signin"     // the page where a device code is typed

	OpGraphApp Operation = "graph-app" // an app registration, of Microsoft Graph

	OpGroups        Operation = "groups"         // list workspaces
	OpGroup         Operation = "group"          // one workspace
	OpCreateGroup   Operation = "create-group"   // create a workspace
	OpGroupUsers    Operation = "group-users"    // who has a role
	OpAddGroupUser  Operation = "add-group-user" // give a role
	OpRefreshRights Operation = "refresh-rights" // RefreshUserPermissions
	OpDatasets      Operation = "datasets"       // list datasets
	OpDataset       Operation = "dataset"        // one dataset
	OpCreateDataset Operation = "create-dataset" // create a dataset
	OpDeleteDataset Operation = "delete-dataset" // delete a dataset
	OpTables        Operation = "tables"         // list tables
	OpUpdateTable   Operation = "update-table"   // redefine a table
	OpRows          Operation = "rows"           // POST rows
	OpDeleteRows    Operation = "delete-rows"    // DELETE rows
	OpSequence      Operation = "sequence"       // sequence numbers of a table
	OpQuery         Operation = "query"          // executeQueries
	OpReports       Operation = "reports"        // reports of a workspace

	OpControl Operation = "control" // the service's own /practice paths; never hit by a fault
	OpUnknown Operation = "unknown" // no path of either service
)

// Fault is trouble that was asked for. It strikes requests that match Operation,
// Method and PathContains (an empty one matches all), lets the first After of
// them pass, and strikes the next Times (0 means one, -1 until it is removed).
//
// With Among, a request is struck by chance: one in OneIn, by one of Among; Seed and
// the count of the requests decide, so that the same seed makes the same trouble.
//
// What it does happens in this order: Others, RevokeTokens, Delay (and Hold), CutBefore,
// Status, then the request is served with Role in force, and CutAfter withholds
// the answer. A POST of rows that is delayed counts as pending meanwhile.
type Fault struct {
	Operation    Operation `json:"operation,omitempty"`
	Method       string    `json:"method,omitempty"`
	PathContains string    `json:"pathContains,omitempty"`
	After        int       `json:"after,omitempty"`
	Times        int       `json:"times,omitempty"`

	Delay        time.Duration   `json:"-"`
	DelayMS      int64           `json:"delayMs,omitempty"` // the same for JSON
	Hold         <-chan struct{} `json:"-"`                 // waits until it is closed
	RevokeTokens bool            `json:"revokeTokens,omitempty"`
	Role         Role            `json:"role,omitempty"` // the caller's role in the workspace of the request, from now on
	CutBefore    bool            `json:"cutBefore,omitempty"`
	CutAfter     bool            `json:"cutAfter,omitempty"`
	LaterMS      int64           `json:"laterMs,omitempty"` // with CutBefore: the request is served all the same after so long by the service's clock
	Others       int             `json:"others,omitempty"`  // blank rows that somebody else adds to the table right before the request is served

	Status     int               `json:"status,omitempty"`
	Body       string            `json:"body,omitempty"` // sent as JSON unless Header says otherwise
	ErrorInfo  string            `json:"errorInfo,omitempty"`
	RetryAfter int               `json:"retryAfter,omitempty"` // seconds
	Header     map[string]string `json:"header,omitempty"`

	Seed  uint64  `json:"seed,omitempty"`
	OneIn int     `json:"oneIn,omitempty"`
	Among []Fault `json:"among,omitempty"`
}

// chosen gives the fault that strikes the n-th request.
func (f Fault) chosen(n int) (Fault, bool) {
	if len(f.Among) == 0 {
		return f, true
	}
	r := rand.New(rand.NewPCG(f.Seed, uint64(n)))
	if r.IntN(max(f.OneIn, 1)) != 0 {
		return Fault{}, false
	}
	return f.Among[r.IntN(len(f.Among))], true
}

// Faults is the list of trouble the service will make. It may be changed while
// the service runs.
type Faults struct {
	mu   sync.Mutex
	next int
	list []*plannedFault
}

type plannedFault struct {
	id     int
	fault  Fault
	seen   int
	struck int
}

// Add asks for a fault and gives its number.
func (f *Faults) Add(fault Fault) int {
	if fault.DelayMS > 0 {
		fault.Delay = time.Duration(fault.DelayMS) * time.Millisecond
	}
	fault.DelayMS = fault.Delay.Milliseconds()
	for i := range fault.Among {
		fault.Among[i].Delay = max(fault.Among[i].Delay, time.Duration(fault.Among[i].DelayMS)*time.Millisecond)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	f.list = append(f.list, &plannedFault{id: f.next, fault: fault})
	return f.next
}

// Remove takes a fault back.
func (f *Faults) Remove(id int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = slices.DeleteFunc(f.list, func(p *plannedFault) bool { return p.id == id })
}

// Clear takes every fault back.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

// Struck tells how often a fault has struck.
func (f *Faults) Struck(id int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.list {
		if p.id == id {
			return p.struck
		}
	}
	return 0
}

// strike finds the first fault that strikes a request. Every matching fault
// counts the request, whether another one struck it or not.
func (f *Faults) strike(op Operation, r *http.Request) (Fault, bool) {
	if op == OpControl {
		return Fault{}, false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var hit *plannedFault
	var does Fault
	for _, p := range f.list {
		if !p.matches(op, r) {
			continue
		}
		p.seen++
		if hit != nil || p.seen <= p.fault.After || p.spent() {
			continue
		}
		if what, strikes := p.fault.chosen(p.seen); strikes {
			hit, does = p, what
		}
	}
	if hit == nil {
		return Fault{}, false
	}
	hit.struck++
	return does, true
}

func (p *plannedFault) matches(op Operation, r *http.Request) bool {
	return (p.fault.Operation == "" || p.fault.Operation == op) &&
		(p.fault.Method == "" || strings.EqualFold(p.fault.Method, r.Method)) &&
		(p.fault.PathContains == "" || strings.Contains(r.URL.Path, p.fault.PathContains))
}

func (p *plannedFault) spent() bool {
	return p.fault.Times >= 0 && p.struck >= max(1, p.fault.Times)
}

// answer gives the canned answer of a fault.
func (f Fault) answer() answer {
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
