package team

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage/text"
)

// Role is what a member may do.
type Role string

const (
	RoleOwner  Role = "owner"  // accepts and removes members, names tenants, shares connections
	RoleMember Role = "member" // shares and uses connections
)

// Member is a person of a team.
type Member struct {
	ID   string `json:"id"` // made of the keys: see Public.ID
	Name string `json:"name"`
	Role Role   `json:"role"`
	key.Public
	Joined connection.Day `json:"joined"`
}

// Gone is a person who was a member.
type Gone struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Removed connection.Day `json:"removed"`
	By      string         `json:"by"`
}

// Roster is the file team.json: who belongs to a team, and which tenants its
// connections may lead to. An owner signs it.
type Roster struct {
	Format  int           `json:"pushdeskTeam"`
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Tenants []string      `json:"tenants"`
	Members []Member      `json:"members"`
	Gone    []Gone        `json:"removed,omitempty"`
	Signed  shared.Signed `json:"signed"`
}

// Member returns the member of an ID; ok is false when there is none.
func (r *Roster) Member(id string) (m Member, ok bool) {
	for _, m := range r.Members {
		if m.ID == id {
			return m, true
		}
	}
	return Member{}, false
}

// named returns the member of a name or ID.
func (r *Roster) named(name string) (m Member, ok bool) {
	for _, m := range r.Members {
		if m.ID == strings.ToLower(text.Clean(name)) || connection.NameKey(m.Name) == connection.NameKey(name) {
			return m, true
		}
	}
	return Member{}, false
}

func (r *Roster) owners() (list []Member) {
	for _, m := range r.Members {
		if m.Role == RoleOwner {
			list = append(list, m)
		}
	}
	return list
}

func (r *Roster) ids() (list []string) {
	for _, m := range r.Members {
		list = append(list, m.ID)
	}
	slices.Sort(list)
	return list
}

// allows reports whether the team's connections may lead to a tenant.
func (r *Roster) allows(tenant string) bool {
	return slices.ContainsFunc(r.Tenants, func(t string) bool { return strings.EqualFold(t, tenant) })
}

// hash names a state of the roster. It leaves out who signed it and when, so that two
// owners who make the same change make the same state.
func (r Roster) hash() string {
	r.Signed = shared.Signed{Revision: r.Signed.Revision, Ancestors: slices.Sorted(slices.Values(r.Signed.Ancestors))}
	line, err := shared.Signable("roster", r)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:10])
}

func (r Roster) signable() ([]byte, error) {
	r.Signed.Signature = ""
	return shared.Signable("roster", r)
}

// sign makes the next state of a roster by an owner.
func (r *Roster) sign(k key.Key, now time.Time) error {
	r.Signed.By, r.Signed.At = k.Public().ID(), now.UTC().Truncate(time.Second)
	content, err := r.signable()
	r.Signed.Signature = k.Sign(content)
	return err
}

func (r Roster) encode() ([]byte, error) { return shared.Layout(r, "signed") }

// decodeRoster reads team.json and checks what can be checked without knowing anybody:
// every member's ID is that of their keys, names are what they look like, and one of
// its own owners has signed it.
func decodeRoster(content []byte) (*Roster, error) {
	r, err := parseRoster(content)
	if err == nil {
		err = r.signedWell()
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// parseRoster is decodeRoster without the signature.
func parseRoster(content []byte) (*Roster, error) {
	r := &Roster{}
	if err := shared.Decode(content, shared.MaxFile, r); err != nil {
		return nil, err
	}
	if r.Format != 1 {
		return nil, errNewer
	}
	if uuid.Validate(r.ID) != nil || text.Name(r.Name) != r.Name || r.Name == "" {
		return nil, shared.ErrNotJSON.WithDetails("Cause: the team has no valid ID or name")
	}
	if shared.Mixed(r.Name) != "" {
		return nil, ErrNames.WithDetails("Team: %q", text.Shorten(r.Name, 60))
	}
	seen := map[string]bool{}
	var names []string
	for _, m := range r.Members {
		switch {
		case m.Public.ID() != m.ID || seen[m.ID]:
			return nil, ErrKeyReplaced.WithDetails("Member: %s", text.Shorten(text.Name(m.Name), 60))
		case text.Name(m.Name) != m.Name || m.Name == "" || shared.Mixed(m.Name) != "":
			return nil, ErrNames.WithDetails("Member: %q", text.Shorten(m.Name, 60))
		}
		if other := shared.LooksLike(m.Name, names); other != "" {
			return nil, ErrNames.WithDetails("Member: %s\nLooks like: %s", m.Name, other)
		}
		seen[m.ID] = true
		names = append(names, m.Name)
	}
	return r, nil
}

// signedWell says why no owner has signed the roster as it is, or nil.
func (r *Roster) signedWell() error {
	signer, ok := r.Member(r.Signed.By)
	if !ok || signer.Role != RoleOwner {
		return ErrUnsigned.WithDetails("File: team.json\nCause: nobody who may sign it has")
	}
	signed, err := r.signable()
	if err != nil {
		return err
	}
	if !signer.Verifies(signed, r.Signed.Signature) {
		return ErrUnsigned.WithDetails("File: team.json\nSigned as: %s", signer.Name)
	}
	return nil
}

// cleanTenants checks the tenants of a team.
func cleanTenants(tenants []string) (list []string, err error) {
	for _, t := range tenants {
		t = strings.ToLower(text.Clean(t))
		c := connection.Connection{Name: "x", Cloud: connection.CloudPublic, TenantID: t, ClientID: "11111111-1111-4111-8111-111111111111"}
		for _, f := range connection.Validate(c, "", false) {
			if f.Field == connection.FieldTenant && f.Level == connection.LevelFail {
				return nil, connection.Invalid(connection.FieldTenant, &f)
			}
		}
		if !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	return list, nil
}

// mergeRosters brings two changes of one roster together. Who was removed by either is
// removed; who was added by either is added.
func mergeRosters(base, a, b *Roster) *Roster {
	m := *a
	m.Name = shared.Pick(base.Name, a.Name, b.Name)
	m.Tenants = shared.MergeTexts(base.Tenants, a.Tenants, b.Tenants)
	m.Members = nil
	for _, x := range append(slices.Clone(a.Members), b.Members...) {
		_, inBase := base.Member(x.ID)
		inA, okA := a.Member(x.ID)
		inB, okB := b.Member(x.ID)
		if _, there := m.Member(x.ID); there || inBase && (!okA || !okB) {
			continue
		}
		if okA && okB {
			was, _ := base.Member(x.ID)
			x.Role, x.Name = shared.Pick(was.Role, inA.Role, inB.Role), shared.Pick(was.Name, inA.Name, inB.Name)
		}
		m.Members = append(m.Members, x)
	}
	m.Gone = slices.Clone(a.Gone)
	for _, g := range b.Gone {
		if !slices.ContainsFunc(m.Gone, func(x Gone) bool { return x.ID == g.ID }) {
			m.Gone = append(m.Gone, g)
		}
	}
	slices.SortFunc(m.Members, func(x, y Member) int { return strings.Compare(fmt.Sprint(x.Joined, x.ID), fmt.Sprint(y.Joined, y.ID)) })
	slices.SortFunc(m.Gone, func(x, y Gone) int { return strings.Compare(x.ID, y.ID) })
	m.Signed = shared.Signed{Revision: max(a.Signed.Revision, b.Signed.Revision) + 1, Ancestors: shared.AncestorsOf(a.Signed, b.Signed)(a.hash(), b.hash())}
	return &m
}
