package upload

import (
	"slices"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/window/upload/contract"
)

// drift takes another choice for columns that do not match, and reports whether it can
// be taken.
func drift(f frame, d job.Draft, choice mapping.OnDrift) bool {
	t := d.Terms
	t.OnDrift = choice
	next, err := d.On(t).Extended()
	if err != nil {
		f.explain(err, "The columns could not be added to the table.")
		return false
	}
	f.give(next)
	f.refresh()
	return true
}

// newContractList lists the columns that do not match.
func newContractList(s *mappedColumns) *contract.List {
	edit := func(name string, change func(*mapping.Field)) {
		s.change(func(m *mapping.Mapping) {
			for i := range m.Fields {
				if m.Fields[i].Target.Name == name {
					change(&m.Fields[i])
				}
			}
		})
		s.checked()
	}
	return contract.NewList(contract.Actions{
		Join: func(j mapping.Joined) {
			r := s.now.draft.Reading
			if from := slices.IndexFunc(r.Layout.Headers, func(h infer.Header) bool { return h.Name == j.From }); from >= 0 {
				edit(j.To, func(f *mapping.Field) { *f = job.From(*f, r, from) })
			}
		},
		LeaveOut: func(header string) {
			s.change(func(m *mapping.Mapping) { m.LeftOut = append(slices.Clone(m.LeftOut), header) })
			s.checked()
		},
		Blank: func(column string) { edit(column, func(f *mapping.Field) { f.By = mapping.Chosen }) },
		Choose: func(o mapping.OnDrift) {
			drift(s.frame, s.now.draft, o)
			s.checked()
		},
	})
}
