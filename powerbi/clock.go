package powerbi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Ahead returns by how much the clock of a practice service goes before the computer's:
// it can be put forward, to practise limits. Only a service on this computer is asked; one
// without such a clock is an error.
func (c *Client) Ahead(ctx context.Context) (time.Duration, error) {
	if u, err := url.Parse(c.base); err != nil || !loopback(u.Hostname()) {
		return 0, errors.New("the service is not on this computer")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.base, apiPath)+"/practice/clock", nil)
	if err != nil {
		return 0, fmt.Errorf("ask for the clock: %w", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, fmt.Errorf("ask for the clock: %w", err)
	}
	defer resp.Body.Close()
	var clock struct {
		AheadMS *int64 `json:"aheadMs"`
	}
	if resp.StatusCode == http.StatusOK {
		err = json.NewDecoder(io.LimitReader(resp.Body, 1<<10)).Decode(&clock)
	}
	if err != nil || clock.AheadMS == nil || *clock.AheadMS < 0 {
		return 0, fmt.Errorf("the service tells no clock (status %d)", resp.StatusCode)
	}
	return time.Duration(*clock.AheadMS) * time.Millisecond, nil
}
