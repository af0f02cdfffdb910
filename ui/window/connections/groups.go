package connections

import (
	"fmt"
	"slices"
	"strings"

	"pushdesk/connection"
	"pushdesk/connection/team"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/widget"
)

// filter leaves what the search asks for. The order is that of the page's opening, so
// that no row moves away under the pointer because something was tested.
func (p *Page) filter() {
	all := p.all
	if p.byUse {
		all = slices.Clone(all)
		slices.SortStableFunc(all, func(a, b connection.Connection) int { return p.used[b.ID].Compare(p.used[a.ID]) })
	}
	p.found = connection.Search(all, p.search.Text)
	p.group()
	at := slices.IndexFunc(p.found, func(c connection.Connection) bool { return c.ID == p.current })
	if at < 0 && len(p.found) > 0 {
		at, p.current = 0, p.found[0].ID
	}
	nothing := ""
	if len(p.found) == 0 && p.groups.Selected() > 0 {
		nothing = "There are no connections in this group."
	}
	if asked := strings.TrimSpace(p.search.Text); len(p.found) == 0 && asked != "" {
		nothing = fmt.Sprintf("No connections match “%s”.", asked)
	}
	p.none.SetText(nothing)
	p.list.SetHeadings(p.headings())
	p.list.Select(at)
	if at < 0 {
		p.detail.show(connection.Connection{}, false)
		return
	}
	p.detail.show(p.connection(p.current))
}

// allGroups is the choice of every connection.
const allGroups = "All connections"

// group puts the person's own connections first, and then those of each team by name,
// and leaves those of the chosen group.
func (p *Page) group() {
	names, ids := []string{allGroups, "My own"}, []string{"", ""}
	p.teams = map[string]team.View{}
	for _, v := range p.service.ListTeams() {
		p.teams[v.ID] = v
		names, ids = append(names, "Team "+v.Name), append(ids, v.ID)
	}
	if !slices.Equal(ids, p.grouped) {
		p.grouped = ids
		p.groups.SetOptions(names)
		p.groups.SetSelected(0)
		widget.ShowIf(p.groups, len(p.teams) > 0)
	}
	if at := p.groups.Selected(); at > 0 && len(p.teams) > 0 {
		p.found = slices.DeleteFunc(slices.Clone(p.found), func(c connection.Connection) bool { return c.Team != ids[at] })
	}
	if len(p.teams) == 0 {
		return
	}
	order := map[string]int{} // of the groups: while something is searched, as their best hits are
	for _, c := range p.found {
		if id := p.groupOf(c); strings.TrimSpace(p.search.Text) != "" {
			if _, ok := order[id]; !ok {
				order[id] = len(order)
			}
		} else {
			order[id] = slices.Index(ids[1:], id)
		}
	}
	slices.SortStableFunc(p.found, func(a, b connection.Connection) int { return order[p.groupOf(a)] - order[p.groupOf(b)] })
}

// groupOf is the ID of the team that a connection stands under, "" for the person's own.
func (p *Page) groupOf(c connection.Connection) string {
	if _, ok := p.teams[c.Team]; ok {
		return c.Team
	}
	return ""
}

// headings are the names of the groups above their first connections. Without a team
// there are none.
func (p *Page) headings() map[int]string {
	if len(p.teams) == 0 {
		return nil
	}
	count := map[string]int{}
	for _, c := range p.found {
		count[p.groupOf(c)]++
	}
	all := map[int]string{}
	for i, c := range p.found {
		id := p.groupOf(c)
		if i > 0 && p.groupOf(p.found[i-1]) == id {
			continue
		}
		name := "My own"
		if v, ok := p.teams[id]; ok {
			name = "Team " + v.Name
			if v.Offline {
				name += ", offline copy"
			}
		}
		all[i] = fmt.Sprintf("%s (%s)", name, humanize.Number(count[id]))
	}
	return all
}

// searching shows the best of what is found for what is typed.
func (p *Page) searching() {
	shown := p.current
	if strings.TrimSpace(p.search.Text) != "" {
		p.current = ""
	}
	p.filter()
	if p.current == "" {
		p.current = shown // for when the search is cleared
	}
}
