package powerbi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"pushdesk/storage/failure"
)

type fixedToken struct{}

func (fixedToken) Token(context.Context) (string, error)         { return "t", nil }
func (fixedToken) Renew(context.Context, string) (string, error) { return "t", nil }

// TestListsAreCutByBytes: pages without end, pages of bytes without end, and one answer that
// is too long give the beginning, whole entries only, with the error that says so. What has
// not begun to be a list is none.
func TestListsAreCutByBytes(t *testing.T) {
	entry := func(id, width int) string {
		return fmt.Sprintf(`{"id":"%d","name":"%s%d"}`, id, strings.Repeat(" ", width), id)
	}
	for name, page := range map[string]func(skip int) string{
		"small pages": func(skip int) string {
			var b strings.Builder
			for i := range pageSize {
				b.WriteString(entry(skip+i, 100) + ",")
			}
			return `{"value":[` + strings.TrimSuffix(b.String(), ",") + `]}`
		},
		"one page":         func(skip int) string { return `{"value":[` + strings.Repeat(entry(skip, 1000)+",", 20_000) + `{}]}` },
		"one entry":        func(skip int) string { return `{"value":[` + entry(skip, 1) + `,` + entry(skip, 17_000_000) + `]}` },
		"something before": func(int) string { return `{"@odata.context":"` + strings.Repeat("x", 17_000_000) + `","value":[]}` },
		"no list":          func(int) string { return strings.Repeat("[", 17_000_000) },
	} {
		var served atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			skip, _ := strconv.Atoi(r.URL.Query().Get("$skip"))
			n, _ := w.Write([]byte(page(skip)))
			served.Add(int64(n))
		}))
		c := NewClient(server.URL, fixedToken{}, server.Client())
		list, err := c.Workspaces(t.Context())
		if name == "something before" || name == "no list" { // nobody knows whether it is one
			if f, ok := failure.From(err); !ok || f.Code != "power-bi-answer" || len(list) > 0 {
				t.Errorf("%s: %d entries, %v", name, len(list), err)
			}
		} else if !errors.Is(err, ErrCut) {
			t.Errorf("%s: %d entries, %v", name, len(list), err)
		}
		if served.Load() > 3*maxList {
			t.Errorf("%s: %d bytes were asked for", name, served.Load())
		}
		for i, w := range list {
			if strings.TrimSpace(w.Name) != w.ID || w.ID == "" {
				t.Fatalf("%s: entry %d is %.40q, %.40q", name, i, w.ID, w.Name)
			}
		}
		if want := map[string]int{"small pages": 50_000, "one page": 7000, "one entry": 1}[name]; len(list) < want {
			t.Errorf("%s: %d entries of %d", name, len(list), want)
		}
		if name == "one page" {
			sets, err := c.Datasets(t.Context(), "w")
			if !errors.Is(err, ErrCut) || len(sets) < 7000 {
				t.Errorf("%d datasets, %v", len(sets), err)
			}
		}
		server.Close()
	}
}
