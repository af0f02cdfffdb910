package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Our own colour names, asked for through the theme like Fyne's. A tint is a
// soft background and its Text name the colour of words and icons on it.
const (
	ColorSurface     fyne.ThemeColorName = "pushdesk.surface"     // cards, lists, inputs' surroundings
	ColorSidebar     fyne.ThemeColorName = "pushdesk.sidebar"     // the navigation at the left
	ColorMuted       fyne.ThemeColorName = "pushdesk.muted"       // second lines, captions
	ColorHairline    fyne.ThemeColorName = "pushdesk.hairline"    // the soft border of a card
	ColorSelected    fyne.ThemeColorName = "pushdesk.selected"    // the tint of a selected row
	ColorNeutralTint fyne.ThemeColorName = "pushdesk.neutralTint" // chips that only inform
	ColorNeutralText fyne.ThemeColorName = "pushdesk.neutralText"
	ColorSuccessTint fyne.ThemeColorName = "pushdesk.successTint"
	ColorSuccessText fyne.ThemeColorName = "pushdesk.successText"
	ColorWarningTint fyne.ThemeColorName = "pushdesk.warningTint"
	ColorWarningText fyne.ThemeColorName = "pushdesk.warningText"
	ColorErrorTint   fyne.ThemeColorName = "pushdesk.errorTint"
	ColorErrorText   fyne.ThemeColorName = "pushdesk.errorText"
	ColorInfoTint    fyne.ThemeColorName = "pushdesk.infoTint"
	ColorInfoText    fyne.ThemeColorName = "pushdesk.infoText"
	ColorTrack       fyne.ThemeColorName = "pushdesk.track"     // the unfilled part of a progress bar
	ColorFocusRing   fyne.ThemeColorName = "pushdesk.focusRing" // the outline of what the keyboard is on
	ColorToast       fyne.ThemeColorName = "pushdesk.toast"
	ColorToastText   fyne.ThemeColorName = "pushdesk.toastText"
)

// pair is one colour in the light and in the dark variant. Colours are asked for
// hundreds of times a frame, so they are kept as the interface Fyne wants.
type pair struct{ light, dark color.Color }

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xFF}
}

func both(light, dark uint32) pair { return pair{rgb(light), rgb(dark)} }

func (p pair) alpha(light, dark uint8) pair {
	l, d := p.light.(color.NRGBA), p.dark.(color.NRGBA)
	l.A, d.A = light, dark
	return pair{l, d}
}

var (
	background  = both(0xF5F6F8, 0x14161A)
	surface     = both(0xFFFFFF, 0x1C1F25)
	sidebar     = both(0xECEEF2, 0x181A1F)
	text        = both(0x1B1F27, 0xE8EAED)
	muted       = both(0x5B6472, 0xA3ABB8)
	placeholder = both(0x6B7482, 0x8C95A3)
	disabled    = both(0x7C8492, 0x69717E)
	primary     = both(0x2457D6, 0x7AA2FF)
	onPrimary   = both(0xFFFFFF, 0x0B1220)
	inputBorder = both(0x848C99, 0x6A7280)
	hairline    = both(0xE1E5EA, 0x2A2F38)
	successText = both(0x166B3E, 0x5BD08F)
	successTint = both(0xE1F4E9, 0x173526)
	warningText = both(0x8F5200, 0xF0B35B)
	warningTint = both(0xFCEFD9, 0x3A2C14)
	errorText   = both(0xB42A25, 0xFF8A80)
	errorTint   = both(0xFBE4E2, 0x3D1F1E)
	selected    = both(0xE4ECFC, 0x1C2A4A)
	neutralTint = both(0xECEEF2, 0x2A2F38)
)

// palette answers for every colour name, Fyne's and ours.
var palette = map[fyne.ThemeColorName]pair{
	ColorSurface: surface, ColorSidebar: sidebar, ColorMuted: muted, ColorHairline: hairline,
	ColorSelected: selected, ColorNeutralTint: neutralTint, ColorNeutralText: muted,
	ColorSuccessTint: successTint, ColorSuccessText: successText,
	ColorWarningTint: warningTint, ColorWarningText: warningText,
	ColorErrorTint: errorTint, ColorErrorText: errorText,
	ColorInfoTint: selected, ColorInfoText: primary,
	ColorTrack: both(0xDDE2EA, 0x2F3540), ColorFocusRing: primary,
	ColorToast: both(0x252A33, 0xE8EAED), ColorToastText: both(0xFFFFFF, 0x1B1F27),

	fynetheme.ColorNameBackground:                background,
	fynetheme.ColorNameButton:                    neutralTint,
	fynetheme.ColorNameDisabled:                  disabled,
	fynetheme.ColorNameDisabledButton:            neutralTint,
	fynetheme.ColorNameError:                     errorText,
	fynetheme.ColorNameFocus:                     primary.alpha(0x2E, 0x40),
	fynetheme.ColorNameForeground:                text,
	fynetheme.ColorNameForegroundOnError:         both(0xFFFFFF, 0x1B1F27),
	fynetheme.ColorNameForegroundOnPrimary:       onPrimary,
	fynetheme.ColorNameForegroundOnSuccess:       both(0xFFFFFF, 0x0B1220),
	fynetheme.ColorNameForegroundOnWarning:       both(0xFFFFFF, 0x1B1F27),
	fynetheme.ColorNameHeaderBackground:          both(0xF5F6F8, 0x22262D),
	fynetheme.ColorNameHover:                     text.alpha(0x0C, 0x12),
	fynetheme.ColorNameHyperlink:                 primary,
	fynetheme.ColorNameInnerWindowBorder:         surface,
	fynetheme.ColorNameInnerWindowBorderInactive: background,
	fynetheme.ColorNameInputBackground:           both(0xFFFFFF, 0x14161A),
	fynetheme.ColorNameInputBorder:               inputBorder,
	fynetheme.ColorNameMenuBackground:            both(0xFFFFFF, 0x22262D),
	fynetheme.ColorNameOverlayBackground:         surface,
	fynetheme.ColorNamePlaceHolder:               placeholder,
	fynetheme.ColorNamePressed:                   text.alpha(0x1F, 0x2E),
	fynetheme.ColorNamePrimary:                   primary,
	fynetheme.ColorNameScrollBar:                 text.alpha(0x66, 0x66),
	fynetheme.ColorNameScrollBarBackground:       text.alpha(0x10, 0x14),
	fynetheme.ColorNameSelection:                 both(0xC9D9FA, 0x2A4175),
	fynetheme.ColorNameSeparator:                 hairline,
	fynetheme.ColorNameShadow:                    pair{color.NRGBA{A: 0x3C}, color.NRGBA{A: 0x8C}},
	fynetheme.ColorNameSuccess:                   successText,
	fynetheme.ColorNameWarning:                   warningText,
}
