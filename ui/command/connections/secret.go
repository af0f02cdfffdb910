package connections

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"pushdesk/connection"
	"pushdesk/storage/text"
	"pushdesk/ui/command/cli"
)

// maxSecret bounds what is read from standard input: far above any client secret.
const maxSecret = 64 << 10

// readSecret takes a client secret from standard input, else from the
// environment, else from a prompt. It answers "" when none is given.
func readSecret(c *cli.Env, fromStdin, ask bool) (string, error) {
	if fromStdin {
		given, err := io.ReadAll(io.LimitReader(bufio.NewReader(c.In), maxSecret+1))
		if err != nil {
			return "", fmt.Errorf("read the client secret from standard input: %w", err)
		}
		if len(given) > maxSecret {
			return "", cli.Usage("the text on standard input is too long for a client secret")
		}
		secret := connection.CleanSecret(text.Decode(given))
		if secret == "" {
			return "", cli.Usage("--secret-stdin was given, but standard input held no secret")
		}
		return secret, nil
	}
	if secret := connection.CleanSecret(c.Getenv(cli.SecretVariable)); secret != "" {
		return secret, nil
	}
	if !ask || c.AskSecret == nil {
		return "", nil
	}
	secret, err := c.AskSecret("Client secret (the Value, not the Secret ID): ")
	if errors.Is(err, io.EOF) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("ask for the client secret: %w", err)
	}
	return connection.CleanSecret(strings.TrimRight(secret, "\r\n")), nil
}
