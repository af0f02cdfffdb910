package connections

import (
	"context"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/entra"
	"pushdesk/connection/file"
	"pushdesk/connection/team"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/widget"
)

// Service is what the Connections page needs from below.
type Service interface {
	List() []connection.Connection
	// Notices says what was wrong with the file the connections are kept in.
	Notices() []string
	// SecretPlaces says where the secrets of connections are, by their ID. It may wait for
	// the keychain, for a few seconds.
	SecretPlaces(ctx context.Context, list []connection.Connection) map[string]string
	// LastTests are the last tests of those connections that were tested. It reads the disk.
	LastTests(list []connection.Connection) (map[string]account.LastTest, error)
	// Add, Edit and Duplicate keep a connection; without a credential the stored one stays.
	Add(ctx context.Context, c connection.Connection, given *connection.Credential) (account.Saved, error)
	Edit(ctx context.Context, c connection.Connection, given *connection.Credential) (account.Saved, error)
	Duplicate(ctx context.Context, c connection.Connection) (account.Saved, error)
	// Forget removes a connection and what it signs in with.
	Forget(ctx context.Context, c connection.Connection) (Deleted, error)
	// ReadCertificate reads a PFX or PEM file.
	ReadCertificate(ctx context.Context, path, password string) (connection.Credential, error)
	// SignIn signs a person in, in the way the connection says. It calls open with the
	// address for the browser, or show with a code to type.
	SignIn(ctx context.Context, c connection.Connection, open func(link string) error, show func(entra.DeviceCode)) (connection.Credential, error)
	// PlanImport reads connections from a file and writes nothing; Import keeps them.
	PlanImport(ctx context.Context, path string, o file.ImportOptions) (account.ImportPlan, error)
	Import(ctx context.Context, p account.ImportPlan, existing file.Existing) (account.ImportResult, error)
	// ListTeams are the person's teams; ChangedHere reports whether a connection of a team
	// was changed on this computer and not shared since.
	ListTeams() []team.View
	ChangedHere(c connection.Connection) bool
	// Share tests a connection and shares it with a team.
	Share(ctx context.Context, c connection.Connection, o account.ShareOptions, on func(doctor.Check)) (account.Sharing, error)
	// Export writes connections as a file for others.
	Export(ctx context.Context, list []connection.Connection, o account.ExportOptions) ([]byte, error)
	// Managers say which secret managers may be asked.
	page.Managers
	// SecretOf reads the client secret of a connection.
	SecretOf(ctx context.Context, c connection.Connection) (string, error)
	// UnlockVault opens the passphrase vault.
	page.Vault
	// PracticeConnection gives the connection to the practice workspace and keeps it when save is set.
	PracticeConnection(ctx context.Context, save bool) (connection.Connection, error)
	// Test runs the doctor on a connection as it is; typed is a credential that is not stored yet;
	// trial creates a trial dataset.
	Test(ctx context.Context, c connection.Connection, typed *connection.Credential, trial bool, on func(doctor.Check)) doctor.Report
	// TestMany tests connections side by side. on is told when a test starts, with
	// nil, and when it ends; it may be called from several goroutines.
	TestMany(ctx context.Context, ids []string, on func(id string, r *doctor.Report))
	// SameApp gives the connections that use the client secret of c, c among them.
	SameApp(c connection.Connection) []connection.Connection
	// Rotate tests connections with a new secret and keeps it where it was accepted.
	// on is told like that of TestMany.
	Rotate(ctx context.Context, ids []string, secret string, expires connection.Day, on func(id string, done *account.Rotation)) error
}

// innerPage takes the place of the list until a person leaves it.
type innerPage interface {
	Content() fyne.CanvasObject
	accept() // Enter was pressed
	leave()  // Escape was pressed
}

// Deleted is a connection that was removed and can be brought back.
type Deleted struct {
	Warning string // what could not be removed, or ""
	Undo    func(ctx context.Context) error
}

// outer is what the page does for what stands in it.
type outer interface {
	// load lists the connections again.
	load()
	// edit opens the form, rotate the page that replaces the secret of every connection
	// of the app.
	edit(connection.Connection)
	rotate(connection.Connection)
	// exposed leads to the next connection whose secret somebody could read, if there is one.
	exposed() bool
	// testThese opens the page that tests many connections, and begins.
	testThese([]connection.Connection)
	// saved comes back from the form.
	saved(s account.Saved, report *doctor.Report)
}

// listing is what the page shares with what stands in it: what is known of the
// connections, and the list of them.
type listing struct {
	outer
	service Service
	host    page.Host

	all     []connection.Connection
	found   []connection.Connection // all that the search leaves
	places  map[string]string       // where the secret of each is
	tested  map[string]doctor.Report
	last    map[string]account.LastTest // as they are stored
	teams   map[string]team.View        // by ID
	current string                      // the ID of the connection shown
	inner   innerPage                   // in place of the list, nil while that is shown
	// toReplace are connections whose secret shutOut could read, and may not any more.
	toReplace []string
	shutOut   string
	copied    string // a secret that is in the clipboard, "" when it was taken out

	search *widget.Entry
	list   *widget.Rows
	notice *widget.Banner
}
