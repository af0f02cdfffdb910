// Package theme is how Pushdesk looks: the theme with its palette and sizes, and
// the icons. Nothing outside this package names a colour by its numbers or a
// distance by a literal that is not here.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Sizes of text, in Fyne's device-independent pixels. Size and weight alone make
// the hierarchy; the font is the same everywhere.
const (
	TextPage    float32 = 22 // a page's title, bold
	TextSection float32 = 16 // a card's title, bold
	TextBody    float32 = 14
	TextCaption float32 = 12
)

// Distances.
const (
	GapSmall     float32 = 6  // between an icon and its word
	Gap          float32 = 12 // between things in a column
	GapLarge     float32 = 20 // between cards and sections
	PageMargin   float32 = 24
	CardPadding  float32 = 16
	SidebarWidth float32 = 208
	FormWidth    float32 = 600 // a form never grows wider
	IconSize     float32 = 18
	RadiusInput  float32 = 6 // inputs and buttons
	RadiusCard   float32 = 10
	BarHeight    float32 = 8 // progress bars
)

// Choice is which variant the person asked for.
type Choice string

const (
	System Choice = "system" // as the system says
	Light  Choice = "light"
	Dark   Choice = "dark"
)

// Choices in the order in which they are offered.
var Choices = []Choice{System, Light, Dark}

// Label is the choice as a person reads it.
func (c Choice) Label() string {
	switch c {
	case Light:
		return "Light"
	case Dark:
		return "Dark"
	}
	return "Like the system"
}

// ParseChoice reads a stored choice; anything unknown is System.
func ParseChoice(s string) Choice {
	switch c := Choice(s); c {
	case Light, Dark:
		return c
	}
	return System
}

// Theme is the program's fyne.Theme. Make a new one for every change: Fyne
// refreshes all windows when it is given a different value.
type Theme struct{ choice Choice }

var _ fyne.Theme = (*Theme)(nil)

// New makes the theme for a choice.
func New(c Choice) *Theme { return &Theme{choice: c} }

// Variant is the variant the theme really uses when Fyne asks for v.
func (t *Theme) Variant(v fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.choice {
	case Light:
		return fynetheme.VariantLight
	case Dark:
		return fynetheme.VariantDark
	}
	return v
}

// Color answers for all of Fyne's names and ours.
func (t *Theme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	v = t.Variant(v)
	p, ok := palette[name]
	if !ok {
		return fynetheme.DefaultTheme().Color(name, v)
	}
	if v == fynetheme.VariantLight {
		return p.light
	}
	return p.dark
}

// Font is Fyne's own in every style.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource { return fynetheme.DefaultTheme().Font(s) }

// Icon gives Fyne's widgets their icons.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return fynetheme.DefaultTheme().Icon(n) }

// Size answers for every size Fyne asks for.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		return TextBody
	case fynetheme.SizeNameCaptionText:
		return TextCaption
	case fynetheme.SizeNameHeadingText:
		return TextPage
	case fynetheme.SizeNameSubHeadingText:
		return TextSection
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameButtonRadius, fynetheme.SizeNameSelectionRadius,
		fynetheme.SizeNameMenuRadius, fynetheme.SizeNamePopupRadius:
		return RadiusInput
	case fynetheme.SizeNameCardRadius, fynetheme.SizeNameDialogRadius, fynetheme.SizeNameInnerWindowRadius:
		return RadiusCard
	case fynetheme.SizeNameInlineIcon:
		return IconSize
	case fynetheme.SizeNameModalBlurRadius:
		return 0 // a dimmed page is enough, and a blur is costly without a GPU
	}
	return fynetheme.DefaultTheme().Size(name)
}

// Color looks a colour up in the theme in use. Call it in a renderer's Refresh,
// never once at construction: a colour read once stays when the theme changes.
func Color(name fyne.ThemeColorName) color.Color { return fynetheme.Color(name) }
