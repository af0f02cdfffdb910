package connection

import (
	"regexp"
	"strings"

	"pushdesk/storage/text"
)

// managerName is the form of a secret manager's name.
var managerName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,29}$`)

// longestItem bounds what a secret manager may call a secret.
const longestItem = 500

// ParseReference reads a reference as a person types it: the name of the manager, a
// colon, and what the manager calls the secret. The error is an *InvalidError.
func ParseReference(typed string) (Reference, error) {
	typed = text.Clean(typed)
	if typed == "" {
		return Reference{}, nil
	}
	manager, item, _ := strings.Cut(typed, ":")
	r := Reference{strings.ToLower(strings.TrimSpace(manager)), strings.TrimSpace(item)}
	if f := r.Check(); f != nil {
		return Reference{}, Invalid(FieldReference, f)
	}
	return r, nil
}

// Check finds what is wrong with a reference. What the manager calls the secret becomes
// an argument of a program, so it must not look like an option of it.
func (r Reference) Check() *Finding {
	const form = "Write it as manager:item, such as op:op://Finance/Power BI/secret."
	switch {
	case r == (Reference{}):
		return nil
	case !managerName.MatchString(r.Manager):
		return Failing("The name of the secret manager is not valid.", form)
	case r.Item == "" || text.Clean(r.Item) != r.Item || len(r.Item) > longestItem:
		return Failing("What the secret manager calls the secret is missing or not valid.", form)
	case strings.HasPrefix(r.Item, "-"):
		return Failing("What the secret manager calls the secret begins with a hyphen, like an option of a program.", form)
	}
	return nil
}
