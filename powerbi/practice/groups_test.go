package practice

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/internal/fixture"
)

func TestListGroups(t *testing.T) {
	b := newHarness(t, Options{})
	for i := range 5 {
		b.want(200, "POST", "/groups?workspaceV2=true", map[string]string{"name": fmt.Sprintf("O'Hara %d", i)})
	}
	for _, c := range []struct {
		query string
		want  string // names, joined; "!" means 400
	}{
		{"", "Practice workspace,Finance (practice),O'Hara 0,O'Hara 1,O'Hara 2,O'Hara 3,O'Hara 4"},
		{"$top=2", "Practice workspace,Finance (practice)"},
		{"$top=2&$skip=5", "O'Hara 3,O'Hara 4"},
		{"$skip=99", ""},
		{"$top=0", ""},
		{"$filter=name eq 'practice workspace'", "Practice workspace"},
		{"$filter=contains(name,'practice')", "Practice workspace,Finance (practice)"},
		{"$filter=contains(name,'practice')&$top=1&$skip=1", "Finance (practice)"},
		{"$filter=name eq 'O''Hara 3'", "O'Hara 3"},
		{"$filter=startswith(name,'O''')&$top=1", "O'Hara 0"},
		{"$filter=id eq '" + b.group + "'", "Practice workspace"},
		{"$filter=name eq 'nothing'", ""},
		{"$filter=name eq 'O'Hara 3'", "!"},
		{"$filter=name gt 'x'", "!"},
		{"$filter=type eq 'x'", "!"},
		{"$filter=name", "!"},
		{"$filter=indexof(name,'x')", "!"},
		{"$filter=contains(type,'x')", "!"},
		{"$top=x", "!"},
		{"$skip=-1", "!"},
	} {
		query, value, _ := strings.Cut(c.query, "=")
		path := "/groups"
		if query != "" {
			parts := strings.Split(value, "&$")
			path += "?" + url.QueryEscape(query) + "=" + url.QueryEscape(parts[0])
			for _, p := range parts[1:] {
				path += "&%24" + p
			}
		}
		r := b.do("GET", path, nil)
		if c.want == "!" {
			if r.status != 400 || r.code() != "BadRequest" {
				t.Errorf("%s: %d %s", c.query, r.status, r.body)
			}
			continue
		}
		list := decode[struct {
			Context string `json:"@odata.context"`
			Value   []api.Group
		}](t, r.body)
		names := []string{}
		for _, g := range list.Value {
			names = append(names, g.Name)
		}
		if got := strings.Join(names, ","); got != c.want || !strings.HasSuffix(list.Context, "/v1.0/myorg/$metadata#groups") {
			t.Errorf("%s: %s (%s), want %s", c.query, got, list.Context, c.want)
		}
	}
}

func TestGroupAndUsers(t *testing.T) {
	b := newHarness(t, Options{})
	g := decode[api.Group](t, b.want(200, "GET", "/groups/"+strings.ToUpper(b.group), nil).body)
	if g.ID != b.group || g.Name != Workspace {
		t.Errorf("workspace: %+v", g)
	}
	practice, _ := b.s.Credential(AppPractice)
	users := decode[struct{ Value []api.GroupUser }](t, b.want(200, "GET", "/groups/"+b.group+"/users", nil).body)
	want := api.GroupUser{GroupUserAccessRight: RoleAdmin, DisplayName: "Practice", Identifier: practice.ObjectID, PrincipalType: "App"}
	if len(users.Value) != 3 || users.Value[0] != want {
		t.Errorf("users: %+v", users.Value)
	}
	if u := users.Value[2]; u.PrincipalType != "User" || u.EmailAddress != "alex@"+Domain {
		t.Errorf("the person: %+v", u)
	}

	created := decode[api.Group](t, b.want(200, "POST", "/groups", `{"name":"New one"}`).body)
	if r := b.want(409, "POST", "/groups", `{"name":"new ONE"}`); r.code() != "PowerBIEntityAlreadyExists" {
		t.Errorf("a taken name: %s", r.body)
	}
	b.want(400, "POST", "/groups", `{"name":" "}`)
	b.want(400, "POST", "/groups", `{"nome":"x"}`)
	b.want(400, "POST", "/groups", `{`)
	nobody, _ := b.s.Credential(AppNoWorkspace)
	add := func(identifier, kind, role string) string {
		return fmt.Sprintf(`{"identifier":%q,"principalType":%q,"groupUserAccessRight":%q}`, identifier, kind, role)
	}
	members := "/groups/" + created.ID + "/users"
	b.want(404, "POST", members, add(nobody.ClientID, "App", "Contributor")) // the object ID is needed, not the client ID
	b.want(400, "POST", members, add(nobody.ObjectID, "App", "Owner"))
	b.want(200, "POST", members, add(nobody.ObjectID, "App", "Contributor"))
	b.want(200, "POST", members, add("alex@"+Domain, "User", "Viewer"))
	b.token = b.signIn(AppNoWorkspace)
	b.want(200, "GET", "/groups/"+created.ID, nil)
}

func TestSetRole(t *testing.T) {
	b := newHarness(t, Options{})
	path, _ := b.stock("None")
	rows := path + "/tables/Stock/rows"
	for _, c := range []struct {
		role   Role
		status int
	}{{RoleViewer, 401}, {RoleContributor, 200}, {RoleMember, 200}, {RoleNone, 401}, {RoleAdmin, 200}} {
		if err := b.s.SetRole(Workspace, AppPractice, c.role); err != nil {
			t.Fatal(err)
		}
		b.want(c.status, "POST", rows, fixture.StockRows(1))
	}
	for _, wrong := range [][3]string{{"No such", AppPractice, "Viewer"}, {Workspace, "Nobody", "Viewer"}, {Workspace, AppPractice, "King"}} {
		if b.s.SetRole(wrong[0], wrong[1], Role(wrong[2])) == nil {
			t.Errorf("SetRole(%q) was accepted", wrong)
		}
	}
}

func TestRefreshUserPermissions(t *testing.T) {
	b := newHarness(t, Options{})
	b.want(200, "POST", "/RefreshUserPermissions", nil)
	if r := b.want(429, "POST", "/RefreshUserPermissions", nil); r.header.Get("Retry-After") != "3600" {
		t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	b.clock.add(time.Hour)
	b.token = b.signIn(AppPractice)
	b.want(200, "POST", "/refreshuserpermissions", nil)
}

func TestPathsAndMethods(t *testing.T) {
	b := newHarness(t, Options{})
	path, _ := b.stock("None")
	// Fixed parts have no case, a trailing slash does not matter.
	b.want(200, "GET", "/Groups/", nil)
	b.want(200, "GET", strings.Replace(path, "/datasets", "/Datasets", 1)+"/TABLES/", nil)
	for _, c := range [][2]string{{"PATCH", "/groups"}, {"PUT", path}, {"GET", path + "/tables/Stock/rows"}, {"GET", path + "/executeQueries"}} {
		if r := b.want(405, c[0], c[1], nil); r.header.Get("Allow") == "" {
			t.Errorf("%v: no Allow header", c)
		}
	}
	for _, p := range []string{"/nothing", "/groups/" + b.group + "/nothing", path + "/nothing", path + "/tables/Stock/nothing", "/groups/" + b.group + "/users/x"} {
		b.want(404, "GET", p, nil)
	}
	for _, p := range []string{"/", "/v1.0", "/v2.0/myorg/groups", "/v1.0/other/groups"} {
		if r, err := b.try("GET", p, nil); err != nil || r.status != 404 {
			t.Errorf("%s: %d, %v", p, r.status, err)
		}
	}
}
