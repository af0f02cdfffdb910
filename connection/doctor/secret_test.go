package doctor_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
)

// offline is a connection whose test ends at its secret.
func offline(read func(context.Context) (connection.Credential, string, error)) doctor.Subject {
	endpoints, _ := connection.CloudPublic.Endpoints()
	return doctor.Subject{
		Connection: connection.Connection{Name: "Depots", Cloud: connection.CloudPublic, Credential: connection.CredentialSecret,
			TenantID: "contoso.onmicrosoft.com", ClientID: unknownID},
		Endpoints:  endpoints,
		Credential: read,
	}
}

// A keychain that asks its owner for a password is waited for, and that is said.
func TestSlowKeychain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []string
		r := doctor.Run(t.Context(), offline(func(context.Context) (connection.Credential, string, error) {
			time.Sleep(time.Minute)
			return connection.Credential{}, "", errors.New("refused")
		}), func(c doctor.Check) {
			if c.ID == doctor.Secret {
				told = append(told, string(c.Status)+" "+c.Evidence)
			}
		})
		want := []string{"running ", "running Waiting for the keychain. It may be asking for its password in another window.", "fail The client secret could not be read."}
		if !slices.Equal(told, want) || at(t, r, doctor.Secret).Duration != time.Minute {
			t.Errorf("told %q after %s", told, at(t, r, doctor.Secret).Duration)
		}
	})
}

// A keychain that never answers does not hold the test for ever.
func TestSilentKeychain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		released := make(chan struct{})
		defer close(released)
		r := doctor.Run(t.Context(), offline(func(context.Context) (connection.Credential, string, error) {
			<-released
			return connection.Credential{}, "", nil
		}), nil)
		got := at(t, r, doctor.Secret)
		if got.Status != doctor.Fail || !strings.Contains(got.Remedy, "Unlock your keychain") || got.Duration != 2*time.Minute {
			t.Errorf("%+v", got)
		}
	})
}
