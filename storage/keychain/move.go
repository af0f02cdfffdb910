package keychain

import (
	"context"
	"errors"
	"fmt"
)

// Moved is what became of one secret that was to be moved.
type Moved struct {
	ID  string
	Err error // nil when it is at its new place, or there was none
}

// Move brings the secrets of IDs to another place. Each is kept there and read back
// before the old place forgets it, so none is lost, also when ctx ends half-way. on,
// if not nil, is told how many are done. The error is that of a place that cannot be
// used at all.
func (s *Store) Move(ctx context.Context, ids []string, to Place, on func(done, of int)) ([]Moved, error) {
	if to == PlaceVault {
		if _, err := s.vault.open(); err != nil {
			return nil, explain("move the secrets", err, "")
		}
	}
	var all []Moved
	for i, id := range ids {
		if ctx.Err() != nil {
			return all, fmt.Errorf("move the secrets: %w", ctx.Err())
		}
		all = append(all, Moved{ID: id, Err: s.moveOne(ctx, id, to)})
		if on != nil {
			on(i+1, len(ids))
		}
	}
	return all, nil
}

func (s *Store) moveOne(ctx context.Context, id string, to Place) error {
	secret, err := s.Get(ctx, id)
	switch {
	case err == nil:
		if _, err := s.put(ctx, id, kindSecret, []byte(secret), to, true); err != nil {
			return err
		}
	case !errors.Is(err, ErrNotFound):
		return err
	}
	large, err := s.GetSealed(ctx, id)
	switch {
	case err == nil:
		_, err = s.put(ctx, id, kindLarge, large, to, true)
		return err
	case errors.Is(err, ErrNotFound):
		return nil
	}
	return err
}
