package house

import (
	"fmt"
	"slices"
)

// arrow is an import that must not be.
type arrow struct {
	from []string // who; see within
	but  []string // who of these may all the same
	not  []string // what they must not import
	why  string
}

var (
	program = []string{".", "ui/...", "connection/...", "powerbi/...", "storage/...", "assets/..."}
	leaves  = []string{"storage/remark", "storage/failure", "storage/humanize", "storage/text", "storage/pause", "storage/netfail", "storage/written", "storage/cell"}
	pages   = []string{"ui/window/activity", "ui/window/connections", "ui/window/schema", "ui/window/settings", "ui/window/team", "ui/window/upload"}
)

// arrows says which imports must not be, and why. Imports point down: ui, then
// connection and powerbi, then storage.
var arrows = []arrow{
	{from: []string{"storage/..."}, not: []string{"connection/...", "powerbi/...", "ui/..."},
		why: "storage is the ground: it knows nothing of what is kept in it"},
	{from: []string{"powerbi/..."}, not: []string{"connection/...", "ui/..."},
		why: "powerbi is given a token source and knows nothing of connections"},
	{from: []string{"connection/..."}, not: []string{"ui/..."},
		why: "rules stand below ui"},
	{from: leaves, not: []string{"storage", "storage/keychain/...", "storage/workbook/..."},
		why: "leaves depend on other leaves only"},
	{from: []string{"storage/keychain/..."}, not: []string{"storage/workbook/..."},
		why: "secrets and spreadsheets have nothing in common"},
	{from: []string{"storage/workbook/..."}, not: []string{"storage/keychain/..."},
		why: "secrets and spreadsheets have nothing in common"},
	{from: []string{"connection/..."}, not: []string{"storage/workbook/...", "powerbi/push/...", "powerbi/job/..."},
		why: "a connection knows nothing of uploads"},
	{from: []string{"connection", "connection/file/...", "connection/shared/...", "connection/team/..."}, not: []string{"powerbi/..."},
		why: "what is kept and shared of a connection knows nothing of the service"},
	{from: []string{"connection/shared/..."}, not: []string{"connection/file/...", "connection/team/...", "connection/account/...", "connection/doctor/...", "connection/entra/...", "connection/network/..."},
		why: "a shared connection is a value, without files"},
	{from: []string{"connection/team/..."}, not: []string{"connection/file/...", "connection/account/...", "connection/doctor/...", "connection/entra/...", "connection/network/..."},
		why: "the team's folder knows shared connections, not those of this computer"},
	{from: []string{"powerbi/push/..."}, not: []string{"storage/workbook/...", "powerbi/job/..."},
		why: "the sender is given a stream of typed rows and knows nothing of spreadsheets"},
	{from: []string{"powerbi/push/mapping", "powerbi/push/plan", "powerbi/push/history", "powerbi/push/reckon"}, not: []string{"powerbi/push"},
		why: "the sender uses these, not the other way round"},
	{from: []string{"storage/...", "powerbi", "powerbi/push/...", "connection", "connection/doctor/...", "connection/entra/...", "connection/file/...", "connection/network/...", "connection/shared/...", "connection/team/..."},
		not: []string{"powerbi/practice/..."}, why: "what speaks with the real service must not know the practice service"},
	{from: []string{"powerbi/practice/..."}, not: []string{"powerbi/push/...", "powerbi/job/...", "storage/workbook/..."},
		why: "the practice service must not share code with what is tried against it"},
	{from: []string{"ui/window/...", "ui/command/..."}, but: []string{"ui/window/windowtest/..."}, not: []string{"ui/window/windowtest/..."},
		why: "tests drive the window with it"},
	{from: []string{"ui/command/...", "ui/app/..."}, not: []string{"ui/window/..."},
		why: "the window and the terminal are two front ends of the same jobs"},
	{from: []string{"ui/window/...", "ui/app/..."}, not: []string{"ui/command/..."},
		why: "the window and the terminal are two front ends of the same jobs"},
	{from: []string{"ui/window/widget/...", "ui/window/table/...", "ui/window/theme/...", "ui/window/task/..."}, not: append([]string{"ui/window", "connection/...", "powerbi/..."}, pages...),
		why: "building blocks know no pages and no data"},
	{from: []string{"storage/...", "powerbi/...", "connection/...", "ui/app/...", "ui/command/..."}, not: []string{"fyne.io/fyne/v2/..."},
		why: "only the window knows Fyne"},
	{from: program, but: []string{"storage/..."}, not: []string{"github.com/gofrs/flock"},
		why: "storage has the one lock file"},
	{from: program, but: []string{"storage/workbook/...", "assets"}, not: []string{"github.com/xuri/excelize/v2"},
		why: "only the workbook reader and writer know Excel's library"},
	{from: program, but: []string{"storage/keychain/..."}, not: []string{"github.com/zalando/go-keyring"},
		why: "secrets go through storage/keychain"},
}

// pageArrows keeps the pages of the window apart: what two of them need belongs to a
// building block, or below ui.
func pageArrows() (list []arrow) {
	for _, p := range pages {
		others := slices.DeleteFunc(slices.Clone(pages), func(o string) bool { return o == p })
		list = append(list, arrow{from: []string{p + "/..."}, not: append(others, "ui/window"), why: "pages do not know one another, nor the window that holds them"})
	}
	return list
}

// Arrows finds the imports that must not be.
func Arrows(all []Package) (found []string) {
	rules := append(slices.Clone(arrows), pageArrows()...)
	for _, p := range all {
		for _, f := range p.Files {
			for _, imported := range f.imports() {
				for _, r := range rules {
					if within(p.Path, r.from...) && !within(p.Path, r.but...) && within(imported, r.not...) {
						found = append(found, fmt.Sprintf("%s: %s must not import %s: %s", f.Path, p.Path, imported, r.why))
					}
				}
			}
		}
	}
	return found
}
