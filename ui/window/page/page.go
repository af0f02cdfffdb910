// Package page is what the pages of the window share: what they are to the window
// and what they may ask of it, and the questions that several of them ask in the
// same way (which file, which passphrase).
package page

import (
	"fyne.io/fyne/v2"

	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
)

// Page is one place of the window. A page reads with a context and without
// widgets, then posts the answer once (task.Read); it holds no rules.
type Page interface {
	// Content is made once and kept while other pages are shown.
	Content() fyne.CanvasObject
	// Shown is called each time the page comes to the front.
	Shown()
}

// Place names a page in the sidebar, the menu and PUSHDESK_PAGE.
type Place string

// The places, in the order of the sidebar.
const (
	Connections Place = "connections"
	Upload      Place = "upload"
	Activity    Place = "activity"
	Team        Place = "team"
	Settings    Place = "settings"
)

// Table is opened from other pages and stands in no list of places.
const Table Place = "table"

// Places lists them.
var Places = []Place{Connections, Upload, Activity, Team, Settings}

// Label is the place as a person reads it.
func (p Place) Label() string {
	switch p {
	case Connections:
		return "Connections"
	case Upload:
		return "Upload"
	case Activity:
		return "Activity"
	case Team:
		return "Team"
	case Table:
		return "Table"
	}
	return "Settings"
}

func (p Place) Icon() theme.Icon {
	switch p {
	case Connections:
		return theme.IconConnections
	case Upload:
		return theme.IconUpload
	case Activity:
		return theme.IconActivity
	case Team:
		return theme.IconPerson
	}
	return theme.IconSettings
}

// Host is what a page may ask of the window around it.
type Host interface {
	// Work runs what must not block the window.
	Work() *task.Work
	// Window is where dialogs open.
	Window() fyne.Window
	// Toast says that something is done.
	Toast(text string)
	// Offer says that something is done, with a button that does something about it.
	Offer(text, action string, do func())
	// Open goes to another page.
	Open(Place)
}
