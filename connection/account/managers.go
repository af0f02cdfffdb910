package account

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// ManagerItem stands, in the command of a secret manager, for what the manager calls
// the secret. It is replaced inside one argument; no shell reads it.
const ManagerItem = "{item}"

// managerLimit is how long a secret manager may take: it may ask a person to unlock it.
const managerLimit = 2 * time.Minute

var (
	errManagerUnknown = failure.New(failure.Connection, "secret-manager-not-allowed", "The client secret of “%s” is kept in the secret manager “%s”, which may not be asked on this computer.",
		"Allow it, if you trust it, by saying which program reads a secret from it; or enter the client secret yourself.")
	errManagerFailed = failure.New(failure.Connection, "secret-manager-failed", "The secret manager “%s” did not give the client secret of “%s”.",
		"Sign in to the secret manager and check that it has the secret under this name, then try again.")
	errManagerCommand = failure.New(failure.Usage, "secret-manager-command", "This is not a command that reads a secret.", "Give the program and its arguments, one of which contains {item}, and a name of letters, digits and hyphens.")
)

type managersFile struct {
	Managers map[string][]string `json:"managers"`
}

func (a *Accounts) managersPath() string {
	return filepath.Join(a.options.Home, "secret-managers.json")
}

// Managers returns the secret managers that may be asked, each with its command. They
// are this person's own settings: no shared file adds to them.
func (a *Accounts) Managers() (map[string][]string, error) {
	content, err := storage.ReadFile(a.managersPath(), 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string][]string{}, nil
	}
	var f managersFile
	if err == nil {
		err = json.Unmarshal(content, &f)
	}
	if err != nil {
		return nil, cannotRead(failure.Unexpected, "secret-managers-unreadable", a.managersPath(), "Correct it in a text editor, or delete it and allow the secret managers again.", err)
	}
	if f.Managers == nil {
		f.Managers = map[string][]string{}
	}
	return f.Managers, nil
}

// AllowManager says with which command a secret manager may be asked. An empty command
// forbids it again.
func (a *Accounts) AllowManager(name string, command []string) error {
	all, err := a.Managers()
	if err != nil {
		return err
	}
	name = strings.ToLower(text.Clean(name))
	if (connection.Reference{Manager: name, Item: "x"}).Check() != nil {
		return errManagerCommand
	}
	all = maps.Clone(all)
	delete(all, name)
	if len(command) > 0 {
		if !slices.ContainsFunc(command[1:], func(arg string) bool { return strings.Contains(arg, ManagerItem) }) {
			return errManagerCommand
		}
		all[name] = command
	}
	content, err := json.MarshalIndent(managersFile{all}, "", "  ")
	if err != nil {
		return fmt.Errorf("write the secret managers: %w", err)
	}
	return storage.WriteFile(a.managersPath(), append(content, '\n'))
}

// fromManager asks the secret manager of a connection.
func (a *Accounts) fromManager(ctx context.Context, c connection.Connection) (string, error) {
	all, err := a.Managers()
	if err != nil {
		return "", err
	}
	r := c.Reference
	command := slices.Clone(all[r.Manager])
	if len(command) == 0 || r.Check() != nil {
		f := *errManagerUnknown
		f.Sentence = fmt.Sprintf(f.Sentence, c.Name, r.Manager)
		return "", f.WithDetails("Secret: %s", r.Item)
	}
	for i := range command[1:] {
		command[i+1] = strings.ReplaceAll(command[i+1], ManagerItem, r.Item)
	}
	ctx, cancel := context.WithTimeout(ctx, managerLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the person's own setting, of which a shared file fills one argument
	cmd.WaitDelay = time.Second
	var out limited
	cmd.Stdout = &out
	err = cmd.Run()
	secret := connection.CleanSecret(out.String())
	if err == nil && secret == "" {
		err = errors.New("it answered nothing")
	}
	if err != nil {
		f := *errManagerFailed
		f.Sentence = fmt.Sprintf(f.Sentence, r.Manager, c.Name)
		return "", f.Because(err).WithDetails("Program: %s\nSecret: %s\nCause: %v", command[0], r.Item, err)
	}
	return secret, nil
}

// limited keeps the beginning of what a program prints, far above any client secret.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := 64<<10 - l.Len(); room > 0 {
		_, _ = l.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
