package upload

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi/push/history"
	"pushdesk/ui/window/windowtest"
)

func TestUploadKeepsWhatIsOpenWhenAnotherFileFails(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "towns.csv", "Town;Code\nGhent;9000\n")})
	h.sees("1 row, 2 columns")
	windowtest.Choose(t, h.canvas, "Separated by", "Semicolons")
	h.until(func() bool {
		return p.source.options.Delimiter == ";" && !p.source.full.Busy() && !p.source.reads.Busy()
	})
	p.Dropped([]string{filepath.Join(t.TempDir(), "gone.csv")})
	h.until(func() bool { return p.notice.Visible() })
	if p.source.options.Delimiter != ";" || p.fileName() != "towns.csv" || p.source.mark.Inner.Selected != "Semicolons" {
		t.Errorf("%+v, %s, %s", p.source.options, p.fileName(), p.source.mark.Inner.Selected)
	}
	h.next(p) // one can go on with it
	h.until(func() bool { return p.current == stepDestination })
}

func TestUploadOpensAFileAgainThatHasChanged(t *testing.T) {
	h, p := uploading(t)
	path := written(t, "towns.csv", "Town,Code\nGhent,9000\n")
	p.Dropped([]string{path})
	h.next(p)
	h.next(p)
	h.sees("2 of 2 columns are sent")
	if err := os.WriteFile(path, []byte("Town,Code\nGhent,9000\nBruges,8000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.next(p)
	h.sees("Open the file again", "Check again")
	if p.next.Visible() && !p.next.Disabled() {
		t.Error("one can go on without a check")
	}
	windowtest.Press(t, h.canvas, "Open the file again")
	h.sees("2 rows, 2 columns")
	if p.notice.Visible() {
		t.Errorf("it still says %q", p.notice.Sentence())
	}
}

func TestUploadGoesBackWhereItWasWhenARunCannotBeContinued(t *testing.T) {
	h, p := uploading(t)
	p.Resume(history.Receipt{RunID: "0190a0a0-0000-7000-8000-000000000000"})
	h.sees("There is no run")
	if p.current != stepSource || p.Busy() != "" {
		t.Errorf("step %d, busy %q", p.current, p.Busy())
	}

	p.Dropped([]string{written(t, "towns.csv", "Town,Code\nGhent,9000\n")})
	h.next(p)
	h.next(p)
	h.sees("2 of 2 columns are sent")
	p.Resume(history.Receipt{RunID: "0190a0a0-0000-7000-8000-000000000000"})
	h.sees("There is no run")
	h.until(func() bool { return p.current == stepCheck }) // everything before is decided
	h.sees("1 row in 1 request")
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 1 row")
	h.sees("Done", "1 row sent.")
}

func TestUploadSaysHowManyFilesFell(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{prices(t), "another.csv", "a third.csv"})
	h.sees("3 files were dropped; only this one is open.")
	p.Dropped([]string{written(t, "one.csv", "A\n1\n")})
	h.sees("1 row, 1 column")
	if words := windowtest.Words(h.canvas); strings.Contains(words, "were dropped") {
		t.Error("it is still said of another file")
	}
}

func TestUploadCheckIsCancelledAndRunAgain(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{things(t, 95_000)})
	h.next(p)
	h.next(p)
	h.sees("1 of 1 column are sent")
	h.until(func() bool { return !p.next.Disabled() })
	windowtest.Press(t, h.canvas, p.next.Text()) // and before the answer is posted
	windowtest.Press(t, h.canvas, "Cancel")
	h.sees("The check was cancelled.")
	if p.now.draft.Checked != nil || p.check.blocked() == "" {
		t.Error("a check that was cancelled counts")
	}
	windowtest.Press(t, h.canvas, "Check again")
	h.sees("95,000 rows in 10 requests")
}
