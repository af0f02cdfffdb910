package network

import (
	"fmt"
	"io"
	"net/http"
)

// Limit lets no answer be longer than most bytes, counted after it was decompressed:
// reading on gives a *TooLongError. A server could fill memory otherwise, with very
// little on the line.
func Limit(next http.RoundTripper, most int64) http.RoundTripper { return limited{next, most} }

type limited struct {
	next http.RoundTripper
	most int64
}

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.next.RoundTrip(r)
	if err == nil && answer.Body != nil {
		answer.Body = &limitedBody{ReadCloser: answer.Body, left: l.most, host: r.URL.Host, most: l.most}
	}
	return answer, err
}

type limitedBody struct {
	io.ReadCloser
	left, most int64
	host       string
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, &TooLongError{Host: b.host, Most: b.most}
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return n - 1, &TooLongError{Host: b.host, Most: b.most}
	}
	return n, err
}

// TooLongError says that the answer of a host was longer than any that is right.
type TooLongError struct {
	Host string
	Most int64 // bytes
}

func (e *TooLongError) Error() string {
	return fmt.Sprintf("the answer of %s is longer than %d bytes", e.Host, e.Most)
}
