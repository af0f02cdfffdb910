package plan

import (
	"testing"
	"time"
)

// TestPlanOfSeveralTables: the service counts per dataset, so that a table finds less
// room after another.
func TestPlanOfSeveralTables(t *testing.T) {
	one := Input{Rows: 600_000, Now: noon}
	p := MakeSet(SetInput{Tables: []Input{one, one}, Names: []string{"A", "B"}})
	if p.Rows != 1_200_000 || p.Tables[0].LeastTime != 0 || p.Tables[1].LeastTime != time.Hour || p.LeastTime != time.Hour || p.Blocker != nil {
		t.Errorf("%+v", p)
	}
	one.Mode = ModeReplace
	p = MakeSet(SetInput{Tables: []Input{one, one}, Names: []string{"A", "B"}})
	if p.Blocker == nil || p.Blocker.Kind != NoteParts {
		t.Errorf("a table that would stay partly filled for an hour: %+v", p.Blocker)
	}
	if p = MakeSet(SetInput{Tables: []Input{one, one}, Names: []string{"A", "B"}, InParts: true}); p.Blocker != nil {
		t.Errorf("%+v", p.Blocker)
	}
	p = MakeSet(SetInput{Tables: []Input{{Rows: 10, Now: noon}, {Now: noon}}, Names: []string{"A", "B"}})
	if p.Blocker == nil || p.Blocker.Sentence != "Table “B”: There are no rows to send." {
		t.Errorf("%+v", p.Blocker)
	}
}
