package mapping

import (
	"slices"
	"strings"

	"pushdesk/storage/humanize"
)

// MaxProblems is how many problems are kept with their addresses. All are counted.
const MaxProblems = 1000

// ProblemCount counts the problems of one kind in one column.
type ProblemCount struct {
	Column   string   `json:"column"`
	Letter   string   `json:"letter,omitempty"` // in the sheet
	Rule     string   `json:"rule"`
	Advice   string   `json:"advice"`
	Severity Severity `json:"severity"`
	Count    int64    `json:"count"`
	First    Problem  `json:"first"`
	Places   []string `json:"places,omitempty"` // of the first cells, however many others there are
}

// mostPlaces is how many addresses of one kind of problem are kept.
const mostPlaces = 5

// Where names the first cells in words: "B7, B9 and 3 more"; "" when none are known.
func (g ProblemCount) Where() string {
	if more := g.Count - int64(len(g.Places)); more > 0 && len(g.Places) > 0 {
		return strings.Join(g.Places, ", ") + " and " + humanize.Number(more) + " more"
	}
	return humanize.List(g.Places)
}

type problemKey struct{ column, rule string }

// Problems collects problems: all are counted, the first are kept.
type Problems struct {
	errors, notes []Problem
	byKey         map[problemKey]*ProblemCount
	order         []*ProblemCount
	letters       map[string]string
}

// NewProblems returns an empty collection for the columns of a mapping.
func NewProblems(m Mapping) *Problems {
	p := &Problems{byKey: map[problemKey]*ProblemCount{}, letters: map[string]string{}}
	for _, f := range m.Used() {
		p.letters[f.Target.Name] = f.Letter
	}
	return p
}

// Add notes a problem.
func (p *Problems) Add(x Problem) {
	key := problemKey{x.Column, x.Rule}
	group := p.byKey[key]
	if group == nil {
		group = &ProblemCount{Column: x.Column, Letter: p.letters[x.Column], Rule: x.Rule, Advice: x.Advice, Severity: x.Severity, First: x}
		p.byKey[key] = group
		p.order = append(p.order, group)
	}
	if group.Count++; len(group.Places) < mostPlaces {
		switch {
		case x.Address != "":
			group.Places = append(group.Places, x.Address)
		case x.Row > 0:
			group.Places = append(group.Places, "row "+humanize.Number(x.Row))
		}
	}
	kept := &p.errors
	if x.Severity == SeverityNote {
		kept = &p.notes
	}
	if len(*kept) < MaxProblems {
		*kept = append(*kept, x)
	}
}

// Kept returns the first problems by row; notes only as far as the errors leave room.
func (p *Problems) Kept() []Problem {
	all := append([]Problem{}, p.errors...)
	all = append(all, p.notes[:min(len(p.notes), MaxProblems-len(p.errors))]...)
	slices.SortStableFunc(all, func(a, b Problem) int { return a.Row - b.Row })
	return all
}

// ProblemCounts returns every kind of problem, those that stop a row first, the most
// frequent first.
func (p *Problems) ProblemCounts() []ProblemCount {
	all := make([]ProblemCount, 0, len(p.order))
	for _, g := range p.order {
		all = append(all, *g)
	}
	slices.SortStableFunc(all, func(a, b ProblemCount) int {
		if a.Severity != b.Severity {
			if a.Severity == SeverityError {
				return -1
			}
			return 1
		}
		return int(min(max(b.Count-a.Count, -1), 1))
	})
	return all
}
