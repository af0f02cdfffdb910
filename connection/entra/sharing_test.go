package entra_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pushdesk/connection/entra"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/netfail"
	"pushdesk/storage/pause"
)

// hold makes the service keep requests of an operation until release is called.
// arrived waits for one to come.
func (b *bench) hold(op faults.Operation) (arrived, release func()) {
	open := make(chan struct{})
	id := b.service.Faults().Add(faults.Fault{Operation: op, Hold: open, Times: -1})
	release = sync.OnceFunc(func() { b.service.Faults().Remove(id); close(open) })
	b.t.Cleanup(release)
	return func() {
		b.t.Helper()
		for deadline := time.Now().Add(10 * time.Second); b.service.Faults().Struck(id) == 0; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				b.t.Fatal("no request came")
			}
		}
	}, release
}

// Fifty and one ask at once, and the first gives up: one request, fifty tokens.
func TestFiftyCallersAndOneGivesUp(t *testing.T) {
	b := newBench(t, practice.Options{})
	arrived, release := b.hold(faults.OpMetadata)
	tokens, _ := b.tokens(b.app)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() { _, err := tokens.Token(ctx); first <- err }()
	arrived()

	var all sync.WaitGroup
	got := make([]string, 50)
	for i := range got {
		all.Go(func() {
			token, err := tokens.Token(t.Context())
			if err != nil {
				t.Error(err)
			}
			got[i] = token
		})
	}
	for entra.Waiting(tokens) < 51 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that gave up: %v", err)
	}
	release()
	all.Wait()
	for _, token := range got {
		if token == "" || token != got[0] {
			t.Fatal("not all have the same token")
		}
	}
	if m, n := b.count(faults.OpMetadata), b.count(faults.OpToken); m != 1 || n != 1 {
		t.Errorf("%d requests of metadata and %d of tokens, want one each", m, n)
	}
}

// When all give up, the request ends, and the next one who asks gets a new one.
func TestAllGiveUp(t *testing.T) {
	b := newBench(t, practice.Options{})
	arrived, release := b.hold(faults.OpToken)
	tokens, _ := b.tokens(b.app)
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() { _, err := tokens.Token(ctx); gone <- err }()
		arrived()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) || entra.Waiting(tokens) != 0 {
			t.Errorf("%v", err)
		}
	}
	release()
	mustToken(t, tokens)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tokens.Token(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
}

// Users come and go; all that stay are served.
func TestComingAndGoing(t *testing.T) {
	b := newBench(t, practice.Options{TokenLife: time.Minute}) // never kept
	tokens, _ := b.tokens(b.app)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%5 == 0 {
				time.AfterFunc(time.Duration(i)*100*time.Microsecond, cancel)
			}
			get := tokens.Token
			if i%7 == 0 {
				get = func(ctx context.Context) (string, error) { return tokens.Renew(ctx, "") }
			}
			if token, err := get(ctx); err != nil && !errors.Is(err, context.Canceled) || err == nil && token == "" || err != nil && i%5 != 0 {
				t.Errorf("%q, %v", token, err)
			}
		})
	}
	all.Wait()
}

func TestRetries(t *testing.T) {
	const busy = "The login service is busy."
	for _, c := range []struct {
		name     string
		fault    faults.Fault
		requests int // of the operation in trouble
		waits    string
		sentence string // empty when a token comes in the end
		remedy   string
	}{
		{"429 then a token", faults.Fault{Operation: faults.OpToken, Status: 429, RetryAfter: 7}, 2, "7s", "", ""},
		{"503 three times", faults.Fault{Operation: faults.OpToken, Status: 503, Times: 3}, 4, "500ms 1s 2s", "", ""},
		{"503 for good", faults.Fault{Operation: faults.OpToken, Status: 503, Times: -1}, 4, "500ms 1s 2s", "The login service is temporarily unavailable.", "a few minutes"},
		{"503 page", faults.Fault{Operation: faults.OpToken, Status: 503, Times: -1, Body: "<html>", Header: map[string]string{"Content-Type": "text/html"}}, 4, "500ms 1s 2s", "The login service is temporarily unavailable.", ""},
		{"429 for longer than anybody waits", faults.Fault{Operation: faults.OpToken, Status: 429, RetryAfter: 1800, Times: -1}, 1, "", busy, "Try again in 30 min."},
		{"metadata", faults.Fault{Operation: faults.OpMetadata, Status: 429, RetryAfter: 1, Times: 2}, 3, "1s 1s", "", ""},
		{"cut", faults.Fault{Operation: faults.OpToken, CutBefore: true}, 2, "500ms", "", ""},
		{"cut after it was served", faults.Fault{Operation: faults.OpToken, CutAfter: true}, 2, "500ms", "", ""},
		{"cut for good", faults.Fault{Operation: faults.OpToken, CutBefore: true, Times: -1}, 4, "500ms 1s 2s", "The connection to the login host 127.0.0.1", "Try again"},
		{"400 with a wait", faults.Fault{Operation: faults.OpToken, Status: 400, RetryAfter: 1, Body: `{"error":"invalid_request","error_description":"AADSTS90055: busy"}`}, 1, "", busy, "in 1 s."},
		{"403", faults.Fault{Operation: faults.OpToken, Status: 403}, 1, "", "The login service refused and gave no reason.", "client ID"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, practice.Options{})
			b.service.Faults().Add(c.fault)
			tokens, waits := b.tokens(b.app)
			_, err := tokens.Token(t.Context())
			if c.sentence == "" && err != nil {
				t.Fatal(err)
			}
			if c.sentence != "" {
				if e := refusal(t, err); !strings.HasPrefix(e.Failure().Sentence, c.sentence) || !strings.Contains(e.Failure().Remedy, c.remedy) {
					t.Errorf("%q %q", e.Failure().Sentence, e.Failure().Remedy)
				}
			}
			if n := b.count(c.fault.Operation); n != c.requests || waits.String() != c.waits {
				t.Errorf("%d requests, waits %v; want %d, %s", n, waits, c.requests, c.waits)
			}
		})
	}
}

// Some chance is in every wait, and never less than what was asked for.
func TestWaitsDiffer(t *testing.T) {
	b := newBench(t, practice.Options{})
	b.service.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 429, RetryAfter: 5})
	b.service.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 503})
	tokens, waits := b.tokens(b.app)
	entra.SetJitter(tokens, 1)
	mustToken(t, tokens)
	if waits.String() != "5.5s 1.5s" {
		t.Errorf("%v", waits)
	}
}

// timed is a context whose time runs out when the test says so.
type timed struct {
	context.Context
	up chan struct{}
}

func (c timed) Done() <-chan struct{} { return c.up }

func (c timed) Err() error {
	select {
	case <-c.up:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// One whose time runs out hears why: the host is silent, or busy.
func TestTimeRunsOut(t *testing.T) {
	b := newBench(t, practice.Options{})
	arrived, release := b.hold(faults.OpMetadata)
	tokens, _ := b.tokens(b.app)
	ctx := timed{t.Context(), make(chan struct{})}
	go func() { arrived(); close(ctx.up) }()
	for _, when := range []string{"while it waits", "before it asks"} {
		_, err := tokens.Token(ctx)
		if e := refusal(t, err); e.Network != netfail.Timeout || !strings.Contains(e.Failure().Sentence, "did not answer in time") {
			t.Errorf("%s: %v", when, err)
		}
	}
	release()

	b.service.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 429, RetryAfter: 50, Times: -1})
	ctx = timed{t.Context(), make(chan struct{})}
	entra.SetWait(tokens, func(waiting context.Context, _ time.Duration) error {
		close(ctx.up)
		<-waiting.Done()
		return waiting.Err()
	})
	_, err := tokens.Token(ctx)
	if e := refusal(t, err); e.Status != 429 || e.RetryAfter != 50*time.Second || e.Failure().Remedy != "Nothing is wrong with the connection. Try again in 50 s." {
		t.Errorf("%v", err)
	}
}

func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := pause.For(t.Context(), time.Minute); err != nil || time.Since(began) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := pause.For(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Minute+time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}
