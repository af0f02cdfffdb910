package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/failure"
)

// TestExitCodesAreDocumented: the README, the page of the JSON and the help have every
// exit code and every reason, and no other.
func TestExitCodesAreDocumented(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| (\\d+) \\| `([a-z-]+)` \\|").FindAllStringSubmatch(aboutJSON, -1) {
		page[m[1]+" "+m[2]] = true
	}
	for i, e := range ExitCodes {
		if e.Code != i {
			t.Errorf("the code %d is at the place of %d", e.Code, i)
		}
		if row := fmt.Sprintf("| %d | %s |\n", e.Code, e.Meaning); !strings.Contains(string(readme), row) {
			t.Errorf("the README lacks %s", row)
		}
		if !strings.Contains(ExitHelp(), e.Meaning) {
			t.Errorf("the help lacks %q", e.Meaning)
		}
		for _, reason := range e.Reasons {
			key := fmt.Sprintf("%d %s", e.Code, reason)
			if !page[key] {
				t.Errorf("the page of the JSON lacks %s", key)
			}
			delete(page, key)
		}
	}
	if len(page) > 0 {
		t.Errorf("the page of the JSON has %v", page)
	}
}

// TestHowRunsEnd: the exit code and the reason of each way in which a run ends.
func TestHowRunsEnd(t *testing.T) {
	most := func(text string) mapping.LeftOut {
		l, err := mapping.ParseLeftOut(text)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for _, c := range []struct {
		r      history.Receipt
		code   int
		reason string
	}{
		{history.Receipt{Status: history.StatusDone}, ExitDone, ReasonDone},
		{history.Receipt{Status: history.StatusPartial, RowsRead: 100, RowsRejected: 2}, ExitDone, ReasonSkipped},
		{history.Receipt{Status: history.StatusPartial, RowsRead: 100, RowsRejected: 2, Origin: history.Origin{MaxLeftOut: most("2")}}, ExitDone, ReasonSkipped},
		{history.Receipt{Status: history.StatusPartial, RowsRead: 100, RowsRejected: 2, Origin: history.Origin{MaxLeftOut: most("1")}}, ExitLeftOut, ReasonLeftOut},
		{history.Receipt{Status: history.StatusPartial, RowsRead: 100, RowsRejected: 2, Origin: history.Origin{MaxLeftOut: most("1.5%")}}, ExitLeftOut, ReasonLeftOut},
		{history.Receipt{Status: history.StatusPartial, RowsRead: 100, RowsRejected: 2, RowsRefused: 1, Origin: history.Origin{MaxLeftOut: most("50%")}}, ExitLeftOut, ReasonRefused},
		{history.Receipt{Status: history.StatusStopped, Resumable: true, Kind: failure.Cancelled}, ExitStopped, ReasonByHand},
		{history.Receipt{Status: history.StatusFailed, Resumable: true, Kind: failure.Connection}, ExitStopped, ReasonStopped},
		{history.Receipt{Status: history.StatusFailed, Kind: failure.Connection}, ExitConnection, ReasonConnection},
		{history.Receipt{Status: history.StatusFailed, Kind: failure.Data}, ExitData, ReasonData},
		{history.Receipt{Status: history.StatusUnproven, RowsRead: 100, RowsUnproven: 10, RowsRejected: 2}, ExitUnproven, ReasonUnproven},
		{history.Receipt{Status: history.StatusUnknown, Resumable: true, Kind: failure.Stopped}, ExitStopped, ReasonUnknown},
	} {
		if code, reason := RunEnd(c.r); code != c.code || reason != c.reason {
			t.Errorf("%s, %d refused: %d %s, want %d %s", c.r.Status, c.r.RowsRefused, code, reason, c.code, c.reason)
		}
	}
}

// A kind without an ending would be done, with 0.
func TestEveryKindEndsACommand(t *testing.T) {
	for _, kind := range failure.Kinds {
		if kinds[kind].reason == "" {
			t.Errorf("%s has no exit code", kind)
		}
	}
	if len(kinds) != len(failure.Kinds) {
		t.Errorf("%d kinds end a command, %d are listed", len(kinds), len(failure.Kinds))
	}
	if code, reason := End(failure.New("brand-new", "x", "Something.", "")); code != ExitUnexpected || reason != ReasonUnexpected {
		t.Errorf("an unknown kind ends with %d, %s", code, reason)
	}
}
