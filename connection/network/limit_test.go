package network_test

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"pushdesk/connection/network"
)

// TestAnEndlessAnswerEnds: an answer that is small on the line and endless when it is
// decompressed ends with an error, after as many bytes as are read at most.
func TestAnEndlessAnswerEnds(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		zeros := make([]byte, 1<<20)
		for {
			if _, err := z.Write(zeros); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	for _, most := range []int64{0, 1, 100_000} {
		ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := (&http.Client{Transport: network.Limit(transport, most)}).Do(ask)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		var long *network.TooLongError
		if !errors.As(err, &long) || int64(len(text)) != most {
			t.Errorf("%d bytes of %d, %v", len(text), most, err)
		}
	}
}

// TestAnAnswerOfTheRightLength passes.
func TestAnAnswerOfTheRightLength(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "12345") }))
	defer server.Close()
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Transport: network.Limit(http.DefaultTransport, 5)}).Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "12345" {
		t.Errorf("%q, %v", text, err)
	}
}
