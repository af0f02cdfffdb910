package manager

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/storage/failure"
)

const (
	// programLimit is how long a program may take: it may ask a person to unlock it.
	programLimit = 2 * time.Minute
	addressLimit = 30 * time.Second
	// most is how much of an answer is read, far above any client secret.
	most = 64 << 10
)

// ErrItem says that what the manager calls the secret cannot be one of its names.
var ErrItem = failure.New(failure.Connection, "secret-manager-item", "What the secret manager calls the secret is not a name that it may be asked for on this computer.",
	"Ask the person who shared the connection what the secret is called. An environment variable begins with PBI_.")

var variableName = regexp.MustCompile(`^` + VariablePrefix + `[A-Z0-9_]{1,100}$`)

// Ask returns the secret that the manager has under a name. token is for an address that
// wants one; do sends its request. An error holds nothing of the answer.
func (m Manager) Ask(ctx context.Context, item, token string, do *http.Client) (secret string, err error) {
	if err := m.Check(); err != nil {
		return "", err
	}
	switch {
	case m.Environment:
		if !variableName.MatchString(item) {
			return "", ErrItem
		}
		secret = os.Getenv(item)
	case m.Address != "":
		secret, err = m.fetch(ctx, item, token, do)
	default:
		secret, err = m.run(ctx, item)
	}
	if secret = connection.CleanSecret(secret); err == nil && secret == "" {
		err = errors.New("it answered nothing")
	}
	return secret, err
}

func (m Manager) run(ctx context.Context, item string) (string, error) {
	command := slices.Clone(m.Program)
	for i := range command[1:] {
		command[i+1] = strings.ReplaceAll(command[i+1], Item, item)
	}
	ctx, cancel := context.WithTimeout(ctx, programLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the person's own setting, of which a shared file fills one argument
	cmd.WaitDelay = time.Second
	var out limited
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("run %s: %w", command[0], err)
	}
	return out.String(), nil
}

// limited keeps the beginning of what a program prints.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := most - l.Len(); room > 0 {
		_, _ = l.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (m Manager) fetch(ctx context.Context, item, token string, do *http.Client) (string, error) {
	address, err := m.addressOf(item)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, addressLimit)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", fmt.Errorf("ask the secret manager: %w", err)
	}
	q.Header.Set("Accept", "application/json, text/plain")
	switch {
	case token == "":
	case m.Header == "" || strings.EqualFold(m.Header, "Authorization"):
		q.Header.Set("Authorization", "Bearer "+token)
	default:
		q.Header.Set(m.Header, token)
	}
	client := *do
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // the token is for this host
	r, err := client.Do(q)
	if err != nil {
		return "", fmt.Errorf("ask the secret manager: %w", err)
	}
	defer r.Body.Close()
	content, err := io.ReadAll(io.LimitReader(r.Body, most))
	switch {
	case err != nil:
		return "", fmt.Errorf("read what the secret manager answers: %w", err)
	case r.StatusCode != http.StatusOK:
		return "", fmt.Errorf("it answered with the status %d", r.StatusCode)
	case m.Field != "":
		return field(content, m.Field)
	case strings.HasPrefix(strings.TrimSpace(string(content)), "{"), strings.HasPrefix(strings.TrimSpace(string(content)), "<"):
		return "", errors.New("its answer is not the secret alone: name the field of its JSON")
	}
	return string(content), nil
}

// field returns a field of a JSON answer; points lead into what is nested.
func field(content []byte, path string) (string, error) {
	var now any
	if json.Unmarshal(content, &now) != nil { // the reason could show what is secret
		return "", errors.New("its answer is not JSON")
	}
	for name := range strings.SplitSeq(path, ".") {
		object, ok := now.(map[string]any)
		if now, ok = object[name], ok && object[name] != nil; !ok {
			return "", fmt.Errorf("its answer has no field %q", path)
		}
	}
	secret, ok := now.(string)
	if !ok {
		return "", fmt.Errorf("the field %q of its answer is not text", path)
	}
	return secret, nil
}
