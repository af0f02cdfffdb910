package powerbi

import (
	"context"
	"net/url"
	"time"
)

// OnWait lets a test see the waits of a client instead of waiting.
func (c *Client) OnWait(f func(time.Duration)) {
	c.wait = func(ctx context.Context, d time.Duration) error {
		f(d)
		return ctx.Err()
	}
}

// LimitTo sets the limit of a request.
func (c *Client) LimitTo(d time.Duration) { c.limit = d }

// RedirectTarget reports whether a redirect is followed.
func RedirectTarget(from, to string) bool {
	u, err := url.Parse(from)
	return err == nil && redirectTarget(u, to) != nil
}
