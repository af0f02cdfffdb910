package upload

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"pushdesk/assets"
	"pushdesk/ui/window/windowtest"
)

// TestAnUploadWithASlowDisk: with everything below taking its time, the window waits for
// nothing (see service), and the upload arrives all the same.
func TestAnUploadWithASlowDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	h, p := uploading(t)
	h.Slowness = 150 * time.Millisecond
	path := filepath.Join(t.TempDir(), assets.SampleName)
	if err := os.WriteFile(path, assets.Sample, 0o600); err != nil {
		t.Fatal(err)
	}
	windowtest.Press(t, h.canvas, "Use the sample workbook")
	h.sees("480 rows")
	p.restart()
	h.send(p, path, "Send 480 rows")
	h.sees("Done")
}
