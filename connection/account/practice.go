package account

import (
	"context"
	"errors"
	"fmt"

	"pushdesk/connection"
	"pushdesk/connection/file"
)

// PracticeConnection returns the connection to the practice service: the saved one,
// or a new one that is saved when save is set.
func (a *Accounts) PracticeConnection(ctx context.Context, save bool) (connection.Connection, error) {
	for _, c := range a.Connections.List() {
		if c.Cloud == connection.CloudPractice && c.Credential == connection.CredentialPractice {
			return c, nil
		}
	}
	p, err := a.options.Practice(ctx)
	if err != nil {
		return connection.Connection{}, err
	}
	ready := p.Credentials()[0]
	c := connection.Connection{
		Name: "Practice", Cloud: connection.CloudPractice, Credential: connection.CredentialPractice,
		TenantID: ready.TenantID, ClientID: ready.ClientID, Workspace: ready.Workspace,
		Notes: "The practice service on this computer. Nothing leaves it.",
	}
	if !save {
		return c, nil
	}
	saved, err := a.Connections.Add(c)
	for n := 2; errors.Is(err, file.ErrNameTaken) && n < 100; n++ {
		c.Name = fmt.Sprintf("Practice %d", n)
		saved, err = a.Connections.Add(c)
	}
	return saved, err
}
