package account

import (
	"context"
	"time"

	"pushdesk/connection"
	"pushdesk/storage/keychain"
)

// SecretState says whether what a connection signs in with is there.
type SecretState string

const (
	SecretStored     SecretState = "stored"
	SecretMissing    SecretState = "missing"
	SecretNotAllowed SecretState = "not-allowed" // it is in a secret manager that may not be asked
	SecretUnknown    SecretState = "unknown"     // the keychain did not say
)

// StateOfSecret is what a place says about a secret: see SecretPlace.
func StateOfSecret(place string) SecretState {
	switch keychain.Place(place) {
	case keychain.PlaceNone, keychain.PlaceMissing:
		return SecretMissing
	case PlaceUnasked:
		return SecretNotAllowed
	case keychain.PlaceLocked, keychain.PlaceRefused, keychain.PlaceSilent, keychain.PlaceUnknown, "":
		return SecretUnknown
	}
	return SecretStored
}

// NothingStored says in a few words that there is nothing to sign in with.
func NothingStored(k connection.CredentialKind) string {
	switch {
	case k == connection.CredentialCertificate:
		return "No certificate"
	case k.User():
		return "Not signed in"
	}
	return "No secret"
}

// placesLimit is how long a list waits to say where secrets are. A keychain that is silent
// for longer is waiting for somebody.
const placesLimit = 2 * time.Second

// SecretPlaces is SecretPlace for many connections, by their ID. The keychain is asked side
// by side, for a few seconds in all; where it has not answered by then, the place is
// keychain.PlaceSilent.
func (a *Accounts) SecretPlaces(ctx context.Context, list []connection.Connection) map[string]string {
	ctx, cancel := context.WithTimeout(ctx, placesLimit)
	defer cancel()
	places := make(map[string]string, len(list))
	var ids []string
	for _, c := range list {
		places[c.ID] = string(keychain.PlaceSilent)
		ids = append(ids, c.ID)
	}
	a.each(ctx, ids, func(c connection.Connection, tell func(func())) {
		place := a.SecretPlace(ctx, c)
		tell(func() { places[c.ID] = place })
	})
	return places
}
