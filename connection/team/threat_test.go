package team

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage/failure"
)

// enemy is somebody who can write into the folder: what they do to it, and what a
// member sees then.
type enemy struct {
	name string
	does func(t *testing.T, s scene)
	// want is why the connection cannot be used, or why its file is not read; nil: it can
	// be used, and is what it was.
	want *failure.Error
	at   string // connection, broken, roster, imposter
}

// scene is a team of Ann and Bob with two connections, which Bob has seen, and a key of
// the enemy's.
type scene struct {
	folder string
	ann    *person
	evil   key.Key
}

// rewrite changes a file as JSON, and signs it with a key where one is given.
func rewrite(t *testing.T, path string, k *key.Key, change func(d *Document)) {
	t.Helper()
	d, err := decodeDocument([]byte(content(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	change(d)
	if k != nil {
		by := d.Signed.By
		if err := d.sign(*k, d.Signed.At); err != nil {
			t.Fatal(err)
		}
		if d.Signed.Revision < 0 { // signed with one key, in the name of another
			d.Signed.Revision, d.Signed.By = -d.Signed.Revision, by
		}
	}
	line, err := d.encode()
	if err != nil {
		t.Fatal(err)
	}
	put(t, path, string(line))
}

func replace(t *testing.T, path, from, to string) {
	t.Helper()
	text := content(t, path)
	if !strings.Contains(text, from) {
		t.Fatalf("%s does not hold %q:\n%s", path, from, text)
	}
	put(t, path, strings.Replace(text, from, to, 1))
}

func plant(t *testing.T, s scene, change func(r *Roster)) {
	t.Helper()
	path := filepath.Join(s.folder, rosterFile)
	var r Roster
	if err := json.Unmarshal([]byte(content(t, path)), &r); err != nil {
		t.Fatal(err)
	}
	change(&r)
	line, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	put(t, path, string(line))
}

func evilMember(k key.Key) Member {
	return Member{ID: k.Public().ID(), Name: "Eve", Role: RoleOwner, Public: k.Public(), Joined: "2026-11-30"}
}

var enemies = []enemy{
	{"swaps the sealed parts of two files", func(t *testing.T, s scene) {
		a, b := fileOf(t, s.folder, first), fileOf(t, s.folder, second)
		x, err := decodeDocument([]byte(content(t, a)))
		if err != nil {
			t.Fatal(err)
		}
		rewrite(t, b, nil, func(d *Document) { d.Secret = x.Secret })
		rewrite(t, a, nil, func(d *Document) { d.Secret.Age = strings.Repeat("QUFB", 100) })
	}, ErrUnsigned, "connection"},
	{"puts their own secret in, signed by themselves", func(t *testing.T, s scene) {
		rewrite(t, fileOf(t, s.folder, first), &s.evil, func(d *Document) { d.Signed.Revision++ })
	}, ErrStranger, "connection"},
	{"signs in the name of a member", func(t *testing.T, s scene) {
		rewrite(t, fileOf(t, s.folder, first), &s.evil, func(d *Document) { d.Signed.Revision = -d.Signed.Revision - 1 })
	}, ErrUnsigned, "connection"},
	{"leads to their own tenant", func(t *testing.T, s scene) {
		rewrite(t, fileOf(t, s.folder, first), nil, func(d *Document) { d.TenantID = "evil.example.com" })
	}, ErrUnsigned, "connection"},
	{"leaves the signature out", func(t *testing.T, s scene) {
		rewrite(t, fileOf(t, s.folder, first), nil, func(d *Document) { d.Signed.Signature = "" })
	}, ErrUnsigned, "connection"},
	{"shows one tenant and uses another", func(t *testing.T, s scene) {
		replace(t, fileOf(t, s.folder, first), `"tenantId": "contoso.com"`, `"tenantId": "contoso.com", "tenantId": "evil.example.com"`)
	}, shared.ErrDuplicate, "broken"},
	{"the same with capitals", func(t *testing.T, s scene) {
		replace(t, fileOf(t, s.folder, first), `"tenantId": "contoso.com"`, `"tenantId": "contoso.com", "TenantID": "evil.example.com"`)
	}, shared.ErrDuplicate, "broken"},
	{"smuggles a login address", func(t *testing.T, s scene) {
		replace(t, fileOf(t, s.folder, first), `"tenantId": "contoso.com"`, `"tenantId": "contoso.com", "loginUrl": "https://evil.example"`)
	}, shared.ErrAddress, "broken"},
	{"smuggles an API address", func(t *testing.T, s scene) {
		replace(t, fileOf(t, s.folder, first), `"tenantId": "contoso.com"`, `"tenantId": "contoso.com", "apiUrl": "https://evil.example"`)
	}, shared.ErrAddress, "broken"},
	{"hides an address in the tenant", func(t *testing.T, s scene) {
		rewrite(t, fileOf(t, s.folder, first), nil, func(d *Document) { d.TenantID = "https://evil.example/contoso.com" })
	}, ErrUnsigned, "connection"},
	{"adds a field of the future", func(t *testing.T, s scene) {
		replace(t, fileOf(t, s.folder, first), `"tenantId": "contoso.com"`, `"tenantId": "contoso.com", "future": 1`)
	}, shared.ErrUnknown, "broken"},
	{"writes a second document behind the first", func(t *testing.T, s scene) {
		put(t, fileOf(t, s.folder, first), content(t, fileOf(t, s.folder, first))+"{}")
	}, shared.ErrNotJSON, "broken"},
	{"makes the file enormous", func(t *testing.T, s scene) {
		put(t, fileOf(t, s.folder, first), content(t, fileOf(t, s.folder, first))+strings.Repeat(" ", shared.MaxFile))
	}, shared.ErrOversize, "broken"},
	{"brings an older file back", func(t *testing.T, s scene) {
		path := fileOf(t, s.folder, first)
		old := content(t, path)
		if _, err := s.ann.Rotate(t.Context(), s.ann.team, first, connection.SecretCredential(marker+"-new"), "", ""); err != nil {
			t.Fatal(err)
		}
		put(t, path+".old", old)
	}, ErrRolledBack, "rollback"},
	{"adds their key to the members", func(t *testing.T, s scene) {
		plant(t, s, func(r *Roster) {
			r.Members = append(r.Members, evilMember(s.evil))
			r.Signed.Revision++
		})
	}, ErrUnsigned, "roster"},
	{"makes themselves the owner, and signs that", func(t *testing.T, s scene) {
		plant(t, s, func(r *Roster) {
			r.Members = append(r.Members, evilMember(s.evil))
			r.Signed.Revision++
			if err := r.sign(s.evil, r.Signed.At); err != nil {
				t.Fatal(err)
			}
		})
	}, ErrStranger, "roster"},
	{"replaces a member's key", func(t *testing.T, s scene) {
		plant(t, s, func(r *Roster) { r.Members[0].Recipient = s.evil.Public().Recipient })
	}, ErrKeyReplaced, "roster"},
	{"allows their own tenant", func(t *testing.T, s scene) {
		plant(t, s, func(r *Roster) { r.Tenants = append(r.Tenants, "evil.example.com") })
	}, ErrUnsigned, "roster"},
	{"names a member twice in the roster", func(t *testing.T, s scene) {
		replace(t, filepath.Join(s.folder, rosterFile), `"name": "Finance"`, `"name": "Finance", "Name": "Evil"`)
	}, shared.ErrDuplicate, "roster"},
	{"puts a file of their own beside", func(t *testing.T, s scene) {
		path := fileOf(t, s.folder, first)
		put(t, filepath.Join(filepath.Dir(path), "sales (2).json"), content(t, path))
		rewrite(t, filepath.Join(filepath.Dir(path), "sales (2).json"), &s.evil, func(d *Document) { d.Signed.Revision += 9 })
	}, ErrStranger, "imposter"},
	{"deletes the file", func(t *testing.T, s scene) {
		if err := os.Remove(fileOf(t, s.folder, first)); err != nil {
			t.Fatal(err)
		}
	}, nil, "connection"},
	{"writes other line ends", func(t *testing.T, s scene) {
		path := fileOf(t, s.folder, first)
		put(t, path, "\ufeff"+strings.ReplaceAll(content(t, path), "\n", "\r\n"))
	}, nil, "connection"},
}

// The threat table: each row is something that a person who can write into the folder
// may do. What is not trusted is shown, with the reason, and not used.
func TestThreats(t *testing.T) {
	for _, e := range enemies {
		t.Run(e.name, func(t *testing.T) {
			ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
			folder := ann.founds()
			bob.joins(folder, ann)
			ann.shares(sealed(first, "Sales", marker))
			ann.shares(sealed(second, "Depots", marker+"-depots"))
			bob.sync()
			evil, err := key.New()
			if err != nil {
				t.Fatal(err)
			}
			e.does(t, scene{folder, ann, evil})
			if e.at == "rollback" {
				bob.sync() // sees the new one
				path := fileOf(t, folder, first)
				put(t, path, content(t, path+".old"))
			}
			v := bob.sync()
			c, found := v.Find(first)
			got, opened := bob.opens(first)
			switch e.at {
			case "connection", "rollback":
				if found != nil {
					t.Fatal(found)
				}
				if e.want == nil {
					if opened != nil || got != marker {
						t.Errorf("%q, %v", got, opened)
					}
					return
				}
				if !errors.Is(c.Problem, e.want) || !IsUntrusted(c.Problem) || opened == nil || got != "" {
					t.Errorf("%v, %q, %v", c.Problem, got, opened)
				}
			case "broken":
				if len(v.Broken) != 1 || !errors.Is(v.Broken[0].Why, e.want) {
					t.Errorf("%+v", v.Broken)
				}
			case "roster":
				if !errors.Is(v.Problem, e.want) || len(v.Members) != 2 || len(v.Tenants) != 1 {
					t.Errorf("%v: %+v", v.Problem, v.Members)
				}
				if got != marker { // the team that is known goes on
					t.Errorf("%q, %v", got, opened)
				}
				if _, err := bob.Share(t.Context(), bob.team, sealed("33333333-2222-4333-8444-555555555555", "Third", marker)); err == nil {
					t.Error("a secret was sealed for a team that cannot be trusted")
				}
			case "imposter":
				if found != nil || len(c.Imposters) != 1 || !errors.Is(c.Imposters[0].Why, e.want) || got != marker {
					t.Errorf("%+v, %q", c.Imposters, got)
				}
			}
			if f, ok := failure.From(e.want); !ok || f.Sentence == "" || f.Remedy == "" {
				t.Errorf("a person is told nothing: %v", e.want)
			}
		})
	}
}

// A member who means ill, or whose key was stolen, signs well and is found out by what
// is signed.
func TestThreatsByAMember(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d *Document)
		want   *failure.Error
	}{
		"a foreign tenant":        {func(d *Document) { d.TenantID = "evil.example.com" }, ErrTenant},
		"a control character":     {func(d *Document) { d.Name = "Sales\x1b[2J" }, ErrNames},
		"a mark of direction":     {func(d *Document) { d.Name = "Sales \u202eUE" }, ErrNames},
		"letters that look alike": {func(d *Document) { d.Name = "Sаles" }, ErrNames},
		"the look of another":     {func(d *Document) { d.Name = "Dep0ts" }, ErrNames},
		"an address for a tenant": {func(d *Document) { d.TenantID = "https://login.evil.example/contoso.com" }, ErrInvalid},
		"another team's file":     {func(d *Document) { d.Team = second }, ErrOtherTeam},
		"an option of a program": {func(d *Document) {
			d.Secret = &Secret{How: SecretReference, Reference: &connection.Reference{Manager: "op", Item: "--config=evil"}}
		}, ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
			folder := ann.founds()
			bob.joins(folder, ann)
			ann.shares(sealed(second, "Depots", marker+"-depots"))
			ann.shares(sealed(first, "Sales", marker))
			bob.sync()
			k, err := key.Load(t.Context(), ann.secrets)
			if err != nil {
				t.Fatal(err)
			}
			rewrite(t, fileOf(t, folder, first), &k, func(d *Document) {
				d.Signed.Ancestors, d.Signed.Revision = []string{d.hash()}, d.Signed.Revision+1
				d.Signed.At = d.Signed.At.Add(time.Hour)
				c.change(d)
			})
			got, err := bob.opens(first)
			if got != "" || !errors.Is(err, c.want) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	// A sealed part of another connection, signed well: what is inside says so.
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	ann.shares(sealed(second, "Depots", marker+"-depots"))
	x, err := decodeDocument([]byte(content(t, fileOf(t, folder, second))))
	if err != nil {
		t.Fatal(err)
	}
	k, err := key.Load(t.Context(), ann.secrets)
	if err != nil {
		t.Fatal(err)
	}
	rewrite(t, fileOf(t, folder, first), &k, func(d *Document) {
		d.Signed.Ancestors, d.Signed.Revision = []string{d.hash()}, d.Signed.Revision+1
		d.Secret = x.Secret
	})
	if got, err := bob.opens(first); got != "" || !errors.Is(err, shared.ErrSwapped) {
		t.Errorf("%q, %v", got, err)
	}
}

// Who joined while this computer was away is new to it until its person says so.
func TestNewMembersAreAskedAbout(t *testing.T) {
	ann, bob, cy := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy")
	folder := ann.founds()
	bob.joins(folder, ann)
	cy.joins(folder, ann)
	cy.shares(sealed(first, "Sales", marker))
	if _, err := bob.opens(first); !errors.Is(err, ErrNewMember) {
		t.Errorf("%v", err)
	}
	if _, err := bob.Trust(t.Context(), bob.team, "cy"); err != nil {
		t.Fatal(err)
	}
	if got, err := bob.opens(first); err != nil || got != marker {
		t.Errorf("%q, %v", got, err)
	}
	// Somebody with a name that looks like a member's does not get in.
	eve := newPerson(t, "B0b")
	if _, err := eve.Join(t.Context(), folder, "BOB", ""); !errors.Is(err, ErrNameTaken) {
		t.Errorf("%v", err)
	}
	if _, err := eve.Join(t.Context(), folder, "B0b", ""); !errors.Is(err, ErrNameTaken) {
		t.Errorf("%v", err)
	}
	if _, err := eve.Join(t.Context(), folder, "Eve", strings.Repeat("0", 32)); !errors.Is(err, ErrOwner) {
		t.Errorf("%v", err)
	}
	// A request whose keys were replaced under way gives other words, or none.
	v, err := eve.Join(t.Context(), folder, "Eve", "")
	if err != nil {
		t.Fatal(err)
	}
	path := requestPath(folder, v.Me)
	k, err := key.New()
	if err != nil {
		t.Fatal(err)
	}
	replace(t, path, v.Me, k.Public().ID())
	if o := ann.sync(); len(o.Requests) != 0 {
		t.Errorf("%+v", o.Requests)
	}
	q, err := ask(folder, v.ID, v.Signer, "Eve", false, k, ann.now())
	if err != nil || q.Phrase() == v.Phrase {
		t.Errorf("%q %v", q.Phrase(), err)
	}
}

// A new owner changes the team while a member is away: the member has to ask.
func TestOwnerNobodySawJoining(t *testing.T) {
	ann, bob, cy := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy")
	folder := ann.founds()
	bob.joins(folder, ann)
	cy.joins(folder, ann)
	if _, err := ann.SetRole(t.Context(), ann.team, "Cy", RoleOwner); err != nil {
		t.Fatal(err)
	}
	cy.sync()
	if _, err := cy.AllowTenants(t.Context(), cy.team, []string{"other.com"}); err != nil {
		t.Fatal(err)
	}
	if v := bob.sync(); !errors.Is(v.Problem, ErrNewMember) || len(v.Tenants) != 1 { // Bob never saw Cy
		t.Errorf("%+v", v.Problem)
	}
	if v, err := bob.Trust(t.Context(), bob.team, "Cy"); err != nil || v.Problem != nil || len(v.Tenants) != 2 || len(v.Members) != 3 {
		t.Errorf("%+v, %v", v, err)
	}
	if v := ann.sync(); v.Problem != nil || len(v.Tenants) != 2 { // Ann accepted Cy herself
		t.Errorf("%+v", v.Problem)
	}
}
