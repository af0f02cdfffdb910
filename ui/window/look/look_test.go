package look_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/look"
)

func TestAllColoursAndSizesAreDefined(t *testing.T) {
	for _, c := range look.Choices {
		test.AssertAllColorNamesDefined(t, look.New(c), "pushdesk "+string(c))
	}
	for _, name := range []fyne.ThemeSizeName{
		theme.SizeNamePadding, theme.SizeNameInnerPadding, theme.SizeNameText, theme.SizeNameInputBorder,
		theme.SizeNameScrollBar, theme.SizeNameSeparatorThickness, theme.SizeNameLineSpacing,
	} {
		if look.New(look.Light).Size(name) <= 0 {
			t.Errorf("size %s is not defined", name)
		}
	}
}

func TestTheChoiceWinsOverTheSystem(t *testing.T) {
	dark := look.New(look.Dark).Color(theme.ColorNameBackground, theme.VariantLight)
	if dark != look.New(look.System).Color(theme.ColorNameBackground, theme.VariantDark) {
		t.Errorf("a dark theme under a light system gave %v", dark)
	}
	if look.ParseChoice("dark") != look.Dark || look.ParseChoice("purple") != look.System || look.ParseChoice("") != look.System {
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
	for _, under := range []fyne.ThemeColorName{theme.ColorNameBackground, look.ColorSurface, look.ColorSidebar, look.ColorSelected, theme.ColorNameInputBackground, theme.ColorNameMenuBackground, theme.ColorNameHeaderBackground} {
		uses = append(uses, use{theme.ColorNameForeground, under, 4.5}, use{look.ColorMuted, under, 4.5})
	}
	for _, under := range []fyne.ThemeColorName{look.ColorSurface, theme.ColorNameBackground} {
		uses = append(uses,
			use{theme.ColorNamePrimary, under, 4.5},
			use{look.ColorErrorText, under, 4.5}, use{look.ColorWarningText, under, 4.5}, use{look.ColorSuccessText, under, 4.5},
			use{theme.ColorNameInputBorder, under, 3}, use{look.ColorFocusRing, under, 3}, use{theme.ColorNameDisabled, under, 3})
	}
	uses = append(uses,
		use{look.ColorNeutralText, look.ColorNeutralTint, 4.5},
		use{look.ColorSuccessText, look.ColorSuccessTint, 4.5},
		use{look.ColorWarningText, look.ColorWarningTint, 4.5},
		use{look.ColorErrorText, look.ColorErrorTint, 4.5},
		use{look.ColorInfoText, look.ColorInfoTint, 4.5},
		use{theme.ColorNameForeground, look.ColorErrorTint, 4.5},
		use{theme.ColorNameForeground, look.ColorWarningTint, 4.5},
		use{theme.ColorNameForeground, look.ColorSuccessTint, 4.5},
		use{theme.ColorNameForeground, theme.ColorNameSelection, 4.5},
		use{look.ColorToastText, look.ColorToast, 4.5},
		use{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground, 4.5},
		use{theme.ColorNameForeground, theme.ColorNameButton, 4.5},
		use{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary, 4.5},
		use{theme.ColorNameForegroundOnError, theme.ColorNameError, 4.5},
		use{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess, 4.5},
		use{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning, 4.5},
		use{theme.ColorNamePrimary, look.ColorSidebar, 3},
		use{theme.ColorNamePrimary, look.ColorTrack, 3},
		use{theme.ColorNameInputBorder, theme.ColorNameInputBackground, 3},
	)
	for _, choice := range []look.Choice{look.Light, look.Dark} {
		th := look.New(choice)
		for _, u := range uses {
			if got := contrast(th.Color(u.over, 0), th.Color(u.under, 0)); got < u.least {
				t.Errorf("%s: %s on %s has contrast %.2f, want at least %.1f", choice, u.over, u.under, got, u.least)
			}
		}
	}
}
