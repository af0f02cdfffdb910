package practice

import (
	"net/http"
	"net/url"
	"strings"

	"pushdesk/powerbi/practice/faults"
)

// pathParts splits a path into its segments, unescaped one by one, so that a
// table name may hold any character. A trailing slash is ignored.
func pathParts(u *url.URL) []string {
	raw := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	parts := make([]string, 0, len(raw))
	for _, p := range raw {
		if v, err := url.PathUnescape(p); err == nil {
			p = v
		}
		parts = append(parts, p)
	}
	return parts
}

// route names the operation of a request and finds its handler.
func (s *Service) route(q *request) handler {
	q.op = faults.OpUnknown
	switch {
	case is(q.parts, "practice"):
		q.op = faults.OpControl
		return s.control
	case is(q.parts, "v1.0", "myorg"):
		return s.routeAPI(q)
	case len(q.parts) == 2 && is(q.parts, "v1.0") && graphApp.MatchString(q.parts[1]):
		q.op = faults.OpGraphApp
		return s.graphApplication
	default:
		return s.routeEntra(q)
	}
}

// is tells whether the first segments are these. The real services match the
// fixed parts of a path without case.
func is(parts []string, first ...string) bool {
	if len(parts) < len(first) {
		return false
	}
	for i, f := range first {
		if !strings.EqualFold(parts[i], f) {
			return false
		}
	}
	return true
}

func notFound(*request) answer { return emptyAnswer(http.StatusNotFound) }

// methodNotAllowed answers a known path with a method it does not take.
func methodNotAllowed(allow string) handler {
	return func(*request) answer {
		a := emptyAnswer(http.StatusMethodNotAllowed)
		a.header.Set("Allow", allow)
		return a
	}
}
