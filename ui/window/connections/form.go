package connections

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/network"
	"pushdesk/connection/register"
	"pushdesk/storage/text"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// form creates or changes a connection. What is wrong with a value is
// said below it as it is typed; the test at the right runs on what is typed.
//
// Large: a field for each input.
type form struct {
	page *listing
	was  connection.Connection // before the form; without an ID it is new

	name, tenant, client             *widget.Entry
	workspace, dataset, table, notes *widget.Entry
	loginURL, apiURL, resource, file *widget.Entry
	tags                             *widget.Entry
	environment                      *widget.Segmented
	cloud                            *widget.Select
	credential                       *widget.Segmented

	fields  map[connection.Field]*widget.Field
	custom  fyne.CanvasObject // the fields that only Custom has
	own     fyne.CanvasObject // tenant, client and what it signs in with
	proves  *credentialSection
	choice  fyne.CanvasObject // of the credentials, for the practice workspace
	touched map[connection.Field]bool
	notice  *widget.Banner
	// complaining is set while the notice says that values are wrong.
	complaining bool

	save    *widget.Button
	test    *widget.Button
	panel   *testPanel
	beside  *widget.Scrolled // holds it
	saving  *task.Latest
	reading *task.Latest        // of the CA file
	caFile  *connection.Finding // what is wrong with it, or nil
	report  *doctor.Report      // of what is typed now, nil when something was changed since
	content *fyne.Container
}

func newForm(p *listing, c connection.Connection) *form {
	f := &form{
		page: p, was: c, fields: map[connection.Field]*widget.Field{}, touched: map[connection.Field]bool{},
		notice: widget.NewBanner(), saving: p.host.Work().Latest(), reading: p.host.Work().Latest(),
		panel: newTestPanel(p.host, "Test what you typed before you save it. Nothing is saved or changed."),
	}
	f.name = f.entry(connection.FieldName, "For example Sales EU", c.Name)
	f.tenant = f.entry(connection.FieldTenant, "An ID, or a domain such as contoso.com", c.TenantID)
	f.client = f.entry(connection.FieldClient, "00000000-0000-0000-0000-000000000000", c.ClientID)
	f.workspace = f.entry(connection.FieldWorkspace, "Name or ID", c.Workspace)
	f.dataset, f.table = f.entry(connection.FieldDataset, "Name or ID", c.Dataset), f.entry(connection.FieldTable, "Name", c.Table)
	f.loginURL = f.entry(connection.FieldLoginURL, "https://login.example.com", c.LoginURL)
	f.apiURL = f.entry(connection.FieldAPIURL, "https://api.example.com", c.APIURL)
	f.resource = f.entry(connection.FieldResource, "The public cloud's when empty", c.Resource)
	f.file = widget.NewPath("A PEM file", func() { page.ChooseFile(p.host.Window(), nil, f.file.SetText) })
	f.listen(f.file, connection.FieldCAFile, c.CAFile)
	f.name.Clean, f.loginURL.Clean, f.apiURL.Clean = text.Name, connection.CleanURL, connection.CleanURL
	f.tags = widget.NewEntry("For example finance, month end")
	f.tags.Clean = text.Name
	f.tags.SetText(strings.Join(c.Tags, ", "))
	f.environment = newEnvironmentChoice(c.Environment)
	f.notes = widget.NewNotes("For yourself: who owns the app, what it is used for", 3)
	f.notes.SetText(c.Notes)

	var clouds []string
	for _, cloud := range connection.Clouds {
		clouds = append(clouds, cloud.Label())
	}
	f.cloud = widget.NewSelect(clouds, "Choose a cloud", func(int) { f.changed(connection.FieldCloud); f.arrange() })
	f.cloud.SetSelected(slices.Index(connection.Clouds, c.Cloud))
	f.proves = newCredentialSection(f, c)
	kind := 0
	if c.ID != "" && c.Credential != connection.CredentialPractice {
		kind = 1
	}
	f.credential = widget.NewSegmented([]widget.Option{{Word: "Built in"}, {Word: "Another app"}}, kind, func(int) { f.changed(connection.FieldCloud); f.arrange() })

	f.build()
	f.arrange()
	return f
}

// Content implements innerPage.
func (f *form) Content() fyne.CanvasObject { return f.content }

func (f *form) accept() { f.keep() }

// entry is an input for one field.
func (f *form) entry(field connection.Field, placeholder, value string) *widget.Entry {
	e := widget.NewEntry(placeholder)
	f.listen(e, field, value)
	return e
}

// listen fills an input and checks its field whenever it changes.
func (f *form) listen(e *widget.Entry, field connection.Field, value string) {
	e.Clean = text.Clean
	e.SetText(value)
	e.OnChanged = func(string) { f.changed(field) }
}

func (f *form) row(field connection.Field, label string, input fyne.CanvasObject, hint string) fyne.CanvasObject {
	r := widget.NewField(label, input, hint)
	f.fields[field] = r
	return r
}

func (f *form) build() {
	title := "New connection"
	if f.was.ID != "" {
		title = "Edit " + f.was.Name
	}
	f.custom = widget.Column(theme.Gap,
		f.row(connection.FieldLoginURL, "Login URL", f.loginURL, "The login host, instead of login.microsoftonline.com."),
		f.row(connection.FieldAPIURL, "API URL", f.apiURL, "The host of the Power BI API. /v1.0/myorg is added to it."),
		f.row(connection.FieldResource, "Resource (optional)", f.resource, "The resource (audience) to request a token for."),
		f.row(connection.FieldCAFile, "CA file (optional)", f.file, "When this computer does not trust the host's certificate."))
	f.own = widget.Column(theme.Gap,
		f.row(connection.FieldTenant, "Tenant ID", f.tenant, "Directory (tenant) ID on the app's overview in Entra."),
		f.row(connection.FieldClient, "Client ID", f.client, "Application (client) ID on the same page."),
		f.proves.content,
		widget.Row(0, widget.NewButton(widget.Quiet, theme.IconInfo, "How an administrator registers the app", func() { page.RegisterApp(f.page.host, register.Of(f.typed())) })))
	f.choice = widget.NewField("Credentials", f.credential, "The practice workspace comes with an app that is ready to use.")
	fields := widget.Card(
		f.row(connection.FieldName, "Name", f.name, ""),
		f.row(connection.FieldCloud, "Cloud", f.cloud, ""),
		f.choice, f.custom, f.own,
		f.row(connection.FieldWorkspace, "Default workspace (optional)", f.workspace, "Chosen for you when you upload, like the dataset and the table."),
		widget.Even(theme.Gap, f.row(connection.FieldDataset, "Default dataset (optional)", f.dataset, ""), f.row(connection.FieldTable, "Default table (optional)", f.table, "")),
		widget.NewField("Environment", f.environment, "Production asks before rows are sent or anything is deleted."),
		widget.NewField("Tags (optional)", f.tags, "Separated by commas. Find them again with tag: in the search."),
		widget.NewField("Notes (optional)", f.notes, ""),
	)
	f.save = widget.NewButton(widget.Primary, "", "Save", f.keep)
	f.test = widget.NewButton(widget.Secondary, theme.IconTest, "Test", f.run)
	f.panel.about = func() register.Values { return register.Of(f.typed()) }
	f.panel.changed = func(running bool) {
		f.test.SetEnabled(!running)
		if running {
			f.beside.ToTop()
		}
	}
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", f.leave)
	back := widget.NewIconButton(theme.IconArrowLeft, "Back", f.leave)
	head := widget.Row(8, back, widget.Fill(widget.NewHeader(title, "", f.test, cancel, f.save)))
	f.beside = widget.NewScrolled(widget.Margins(0, 0, 8, 0, widget.Column(0, f.panel.content)))
	left := widget.NewScrolled(widget.Margins(0, 0, 8, 0, widget.Capped(theme.FormWidth, fields)))
	f.content = widget.Inset(theme.PageMargin, widget.Under(
		widget.Margins(0, 0, theme.GapLarge, 0, widget.Column(theme.Gap, head, f.notice)),
		container.New(formAndTest{}, left, f.beside)))
}

// arrange shows the fields that the chosen cloud has.
func (f *form) arrange() {
	c := f.typed()
	widget.ShowIf(f.custom, c.Cloud == connection.CloudCustom)
	widget.ShowIf(f.choice, c.Cloud == connection.CloudPractice)
	widget.ShowIf(f.own, c.Credential != connection.CredentialPractice)
	f.proves.arrange()
	f.content.Refresh()
}

// typed is the connection as the form has it.
func (f *form) typed() connection.Connection {
	c := f.was
	c.Name, c.TenantID, c.ClientID = f.name.Text, f.tenant.Text, f.client.Text
	c.Workspace, c.Notes = f.workspace.Text, f.notes.Text
	c.Dataset, c.Table = f.dataset.Text, f.table.Text
	c.Environment, c.Tags = environmentOf(f.environment, f.was.Environment), strings.Split(f.tags.Text, ",")
	c.LoginURL, c.APIURL, c.Resource, c.CAFile = f.loginURL.Text, f.apiURL.Text, f.resource.Text, f.file.Text
	c.Cloud = ""
	f.proves.describe(&c)
	if i := f.cloud.Selected(); i >= 0 {
		c.Cloud = connection.Clouds[i]
	}
	if c.Cloud != connection.CloudCustom {
		c.LoginURL, c.APIURL, c.Resource, c.CAFile = "", "", "", ""
	}
	if c.Cloud == connection.CloudPractice && f.credential.Selected() == 0 {
		c.Credential, c.TenantID, c.ClientID = connection.CredentialPractice, "", ""
	}
	connection.CleanFields(&c)
	return c
}

// changed checks what is typed and says what is wrong with the touched fields.
func (f *form) changed(field connection.Field) {
	f.touched[field] = true
	f.report = nil
	if field == connection.FieldCAFile || field == connection.FieldCloud {
		f.readCAFile()
	}
	f.check()
}

// readCAFile reads the CA file in the background and says what is wrong with it.
func (f *form) readCAFile() {
	f.caFile = nil
	path := f.typed().CAFile
	task.Read(f.reading, func(context.Context) (*connection.Finding, error) {
		return network.CheckAuthorities(connection.FieldCAFile, path), nil
	}, func(wrong *connection.Finding, _ error) {
		f.caFile = wrong
		f.check()
	})
}

// check tells whether the connection can be kept.
func (f *form) check() bool {
	findings := f.findings()
	for name, row := range f.fields {
		if f.touched[name] {
			page.SayFinding(row, name, findings)
		}
	}
	wrong := slices.ContainsFunc(findings, func(x connection.Finding) bool { return x.Level == connection.LevelFail })
	if !wrong && f.complaining {
		f.complaining = false
		f.notice.Hide()
		f.content.Refresh()
	}
	return !wrong
}

// findings are all that is wrong, or looks wrong, with what is typed.
func (f *form) findings() []connection.Finding {
	secret := ""
	if given := f.proves.typed(); given != nil {
		secret = given.Secret
	}
	found := connection.Validate(f.typed(), secret, secret != "")
	if f.caFile != nil {
		found = append(found, *f.caFile)
	}
	return found
}

// wrong tells whether a field holds what cannot work.
func (f *form) wrong(field connection.Field) bool {
	return slices.ContainsFunc(f.findings(), func(x connection.Finding) bool { return x.Field == field && x.Level == connection.LevelFail })
}

// complain shows every finding and tells whether there is one that must be mended.
func (f *form) complain() bool {
	for name := range f.fields {
		if f.asks(name) {
			f.touched[name] = true
		}
	}
	if f.check() {
		return false
	}
	f.complaining = true
	f.notice.Say(widget.Message{Tone: widget.Error, Sentence: "Some values are not valid.", Remedy: "They are marked below."})
	f.content.Refresh()
	return true
}

// asks reports whether a field is one of those that the chosen cloud has: the others are
// not to blame, also not once another cloud is chosen.
func (f *form) asks(name connection.Field) bool {
	switch name {
	case connection.FieldLoginURL, connection.FieldAPIURL, connection.FieldResource, connection.FieldCAFile:
		return f.custom.Visible()
	case connection.FieldName, connection.FieldCloud, connection.FieldWorkspace, connection.FieldDataset, connection.FieldTable:
		return true
	}
	return f.own.Visible()
}

// run tests what is typed.
func (f *form) run() {
	if f.complain() {
		return
	}
	f.notice.Hide()
	c, typed := f.typed(), f.proves.typed()
	if typed == nil && f.was.ID == "" && c.Reference == (connection.Reference{}) {
		typed = &connection.Credential{Kind: c.Credential}
	}
	f.panel.start(func(ctx context.Context, on func(doctor.Check)) doctor.Report {
		return f.page.service.Test(ctx, c, typed, false, on)
	}, func(r doctor.Report) { f.report = &r })
}

// keep saves and leaves, after a question where an address looks like Microsoft's.
func (f *form) keep() {
	if f.saving.Busy() || f.complain() {
		return
	}
	if hosts := connection.LookAlikes(f.typed()); len(hosts) > 0 && !slices.Equal(hosts, connection.LookAlikes(f.was)) {
		widget.ConfirmTyped(f.page.host.Window(), "Is this host right?", hosts[0]+" looks like a host of Microsoft's, but does not belong to Microsoft. A secret that is sent there is lost. Save it only if your administrator has confirmed the address.",
			hosts[0], "Save", f.store)
		return
	}
	f.store()
}

// store saves what is typed and leaves.
func (f *form) store() {
	f.notice.Hide()
	f.save.SetEnabled(false)
	f.save.SetText("Saving")
	c, given := f.typed(), f.proves.typed()
	keep := f.page.service.Add
	if c.ID != "" {
		keep = f.page.service.Edit
	}
	task.Read(f.saving, func(ctx context.Context) (account.Saved, error) { return keep(ctx, c, given) },
		func(s account.Saved, err error) {
			f.save.SetText("Save")
			f.save.SetEnabled(true)
			if err != nil {
				f.notice.Say(page.Explain(err, "The connection could not be saved."))
				f.content.Refresh()
				return
			}
			f.panel.end()
			f.page.saved(s, f.report)
		})
}

// dirty tells whether leaving would lose something.
func (f *form) dirty() bool {
	before := f.was
	connection.CleanFields(&before)
	now := f.typed()
	if f.was.ID == "" && now.Credential == connection.CredentialPractice {
		before.Credential = now.Credential
	}
	return !now.Equal(before) || f.proves.typed() != nil
}

// leave goes back to the list.
func (f *form) leave() {
	away := func() {
		f.saving.Cancel()
		f.reading.Cancel()
		f.panel.end()
		f.page.load()
	}
	if !f.dirty() {
		away()
		return
	}
	what := "Your changes will be lost."
	if f.was.ID != "" {
		what = fmt.Sprintf("%s is not changed.", f.was.Name)
	}
	widget.Confirm(f.page.host.Window(), "Leave without saving?", what, "Leave", away)
}

// formAndTest gives the form the left and the test a third at the right.
type formAndTest struct{}

func (formAndTest) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(560, max(o[0].MinSize().Height, o[1].MinSize().Height))
}

func (formAndTest) Layout(o []fyne.CanvasObject, size fyne.Size) {
	left := max(min(theme.FormWidth+8, size.Width*0.56), min(o[0].MinSize().Width, size.Width*0.7)) // nothing of the form is cut off
	o[0].Resize(fyne.NewSize(left, size.Height))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(min(size.Width-left-theme.Gap, 520), size.Height))
	o[1].Move(fyne.NewPos(left+theme.Gap, 0))
}

// newEnvironmentChoice shows the environments, with "None" before them.
func newEnvironmentChoice(e connection.Environment) *widget.Segmented {
	options := []widget.Option{{Word: "None"}}
	for _, known := range connection.Environments {
		chip, _ := environmentChip(connection.Connection{Environment: known})
		options = append(options, widget.Option{Word: chip.Word})
	}
	return widget.NewSegmented(options, slices.Index(connection.Environments, e)+1, nil)
}

// environmentOf is the environment that is chosen. One that only a newer program
// knows is shown as none and is not changed.
func environmentOf(s *widget.Segmented, was connection.Environment) connection.Environment {
	if i := s.Selected(); i > 0 {
		return connection.Environments[i-1]
	}
	if slices.Contains(connection.Environments, was) {
		return ""
	}
	return was
}
