package theme_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/theme"
)

func TestAllColoursAndSizesAreDefined(t *testing.T) {
	for _, c := range theme.Choices {
		test.AssertAllColorNamesDefined(t, theme.New(c), "pushdesk "+string(c))
	}
	for _, name := range []fyne.ThemeSizeName{
		fynetheme.SizeNamePadding, fynetheme.SizeNameInnerPadding, fynetheme.SizeNameText, fynetheme.SizeNameInputBorder,
		fynetheme.SizeNameScrollBar, fynetheme.SizeNameSeparatorThickness, fynetheme.SizeNameLineSpacing,
	} {
		if theme.New(theme.Light).Size(name) <= 0 {
			t.Errorf("size %s is not defined", name)
		}
	}
}

func TestTheChoiceWinsOverTheSystem(t *testing.T) {
	dark := theme.New(theme.Dark).Color(fynetheme.ColorNameBackground, fynetheme.VariantLight)
	if dark != theme.New(theme.System).Color(fynetheme.ColorNameBackground, fynetheme.VariantDark) {
		t.Errorf("a dark theme under a light system gave %v", dark)
	}
	if theme.ParseChoice("dark") != theme.Dark || theme.ParseChoice("purple") != theme.System || theme.ParseChoice("") != theme.System {
		t.Error("an unknown stored choice must mean the system's")
	}
}

// luminance and contrast follow WCAG 2.2, "relative luminance" and "contrast ratio".
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	lin := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(n.R) + 0.7152*lin(n.G) + 0.0722*lin(n.B)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

func TestContrast(t *testing.T) {
	type use struct {
		over, under fyne.ThemeColorName
		least       float64
	}
	var uses []use
	for _, under := range []fyne.ThemeColorName{fynetheme.ColorNameBackground, theme.ColorSurface, theme.ColorSidebar, theme.ColorSelected, fynetheme.ColorNameInputBackground, fynetheme.ColorNameMenuBackground, fynetheme.ColorNameHeaderBackground} {
		uses = append(uses, use{fynetheme.ColorNameForeground, under, 4.5}, use{theme.ColorMuted, under, 4.5})
	}
	for _, under := range []fyne.ThemeColorName{theme.ColorSurface, fynetheme.ColorNameBackground} {
		uses = append(uses,
			use{fynetheme.ColorNamePrimary, under, 4.5},
			use{theme.ColorErrorText, under, 4.5}, use{theme.ColorWarningText, under, 4.5}, use{theme.ColorSuccessText, under, 4.5},
			use{fynetheme.ColorNameInputBorder, under, 3}, use{theme.ColorFocusRing, under, 3}, use{fynetheme.ColorNameDisabled, under, 3})
	}
	uses = append(uses,
		use{theme.ColorNeutralText, theme.ColorNeutralTint, 4.5},
		use{theme.ColorSuccessText, theme.ColorSuccessTint, 4.5},
		use{theme.ColorWarningText, theme.ColorWarningTint, 4.5},
		use{theme.ColorErrorText, theme.ColorErrorTint, 4.5},
		use{theme.ColorInfoText, theme.ColorInfoTint, 4.5},
		use{fynetheme.ColorNameForeground, theme.ColorErrorTint, 4.5},
		use{fynetheme.ColorNameForeground, theme.ColorWarningTint, 4.5},
		use{fynetheme.ColorNameForeground, theme.ColorSuccessTint, 4.5},
		use{fynetheme.ColorNameForeground, fynetheme.ColorNameSelection, 4.5},
		use{theme.ColorToastText, theme.ColorToast, 4.5},
		use{fynetheme.ColorNamePlaceHolder, fynetheme.ColorNameInputBackground, 4.5},
		use{fynetheme.ColorNameForeground, fynetheme.ColorNameButton, 4.5},
		use{fynetheme.ColorNameForegroundOnPrimary, fynetheme.ColorNamePrimary, 4.5},
		use{fynetheme.ColorNameForegroundOnError, fynetheme.ColorNameError, 4.5},
		use{fynetheme.ColorNameForegroundOnSuccess, fynetheme.ColorNameSuccess, 4.5},
		use{fynetheme.ColorNameForegroundOnWarning, fynetheme.ColorNameWarning, 4.5},
		use{fynetheme.ColorNamePrimary, theme.ColorSidebar, 3},
		use{fynetheme.ColorNamePrimary, theme.ColorTrack, 3},
		use{fynetheme.ColorNameInputBorder, fynetheme.ColorNameInputBackground, 3},
	)
	for _, choice := range []theme.Choice{theme.Light, theme.Dark} {
		th := theme.New(choice)
		for _, u := range uses {
			if got := contrast(th.Color(u.over, 0), th.Color(u.under, 0)); got < u.least {
				t.Errorf("%s: %s on %s has contrast %.2f, want at least %.1f", choice, u.over, u.under, got, u.least)
			}
		}
	}
}
