package receipt

import (
	"fmt"
	"path/filepath"
	"pushdesk/powerbi/push/words"
	"strings"

	"pushdesk/powerbi/push/history"
	"pushdesk/ui/window/page"
)

// save writes a receipt to a file: a page to read or print, or JSON.
func save(h page.Host, r history.Receipt) {
	page.Save(h, page.Saving{
		Title: "Save the receipt", Source: r.File,
		Name: fmt.Sprintf("Receipt of %s %s.html", strings.TrimSuffix(Title(r), filepath.Ext(Title(r))), r.Started.Local().Format("2006-01-02")),
		Write: page.Content(func(path string) ([]byte, error) {
			if strings.EqualFold(filepath.Ext(path), ".json") {
				return words.ReceiptJSON(r)
			}
			return words.ReceiptPage(r)
		}),
		Saved: func(path string) { h.Toast("Receipt saved as " + filepath.Base(path) + ".") },
	})
}
