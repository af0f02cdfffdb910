package theme_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/theme"
)

func TestEveryIconIsDrawnAndRecoloured(t *testing.T) {
	test.NewTempApp(t)
	files, err := os.ReadDir("icons")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, i := range theme.Icons {
		named[string(i)] = true
		red := i.Resource(fynetheme.ColorNameError)
		if bytes.Equal(red.Content(), i.Resource(fynetheme.ColorNamePrimary).Content()) {
			t.Errorf("%s does not take the theme's colour", i)
		}
		image := canvas.NewImageFromResource(red)
		image.SetMinSize(fyne.NewSize(24, 24))
		c := software.NewTransparentCanvas()
		c.SetPadded(false)
		c.SetContent(image)
		c.Resize(fyne.NewSize(24, 24))
		drawn, picture := 0, c.Capture()
		for y := range 24 {
			for x := range 24 {
				if _, _, _, a := picture.At(x, y).RGBA(); a > 0x8000 {
					drawn++
				}
			}
		}
		if drawn < 12 || drawn > 400 {
			t.Errorf("%s covers %d of 576 pixels: empty, or a filled hole", i, drawn)
		}
	}
	for _, f := range files {
		if name := strings.TrimSuffix(f.Name(), ".svg"); !named[name] {
			t.Errorf("icons/%s is not in Icons", f.Name())
		}
	}
}
