package upload

import (
	"context"
	"slices"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
)

// mappedColumns is what the step and its rows share: the mapping, and how it is changed.
type mappedColumns struct {
	frame   frame
	host    page.Host
	now     bundle
	reads   *task.Latest                     // of a column in another way
	sources []string                         // what an existing column can be filled from; the first is nothing
	wrong   map[string]powerbi.SchemaProblem // by column
	checked func()                           // looks again at what is wrong, and shows it
}

// fixed tells whether the columns are those of a table that exists.
func (s *mappedColumns) fixed() bool {
	return s.now.draft.Place.Fixed()
}

// change changes the mapping; everything after it has to be checked again. The
// fields are copied, because a check under way still reads the old ones.
func (s *mappedColumns) change(f func(m *mapping.Mapping)) {
	m := s.now.draft.Mapping
	m.Fields = slices.Clone(m.Fields)
	f(&m)
	s.frame.give(s.now.draft.Map(m))
	s.frame.refresh()
}

// sample is the first value of a field's column, as it will be sent.
func (s *mappedColumns) sample(f mapping.Field) (sent string, problem *mapping.Problem) {
	if f.From < 0 && !f.IsConstant() {
		return "blank", nil
	}
	return s.now.draft.Reading.Example(f)
}

// readTexts reads the texts of a column of the file in another way.
func (s *mappedColumns) readTexts(column int, text infer.TextFormat) {
	if s.reads.Busy() {
		return
	}
	r := s.now.draft.Reading
	task.Read(s.reads, func(ctx context.Context) (job.Reading, error) {
		return r.ReadTexts(ctx, column, text)
	}, func(r job.Reading, err error) {
		if err != nil {
			s.frame.explain(err, "The column could not be read in another way.")
		} else {
			s.frame.giveReading(s.now.draft.ReadAs(r))
		}
		s.checked()
		s.frame.refresh()
	})
	s.frame.give(s.now.draft.Unchecked())
	s.checked()
	s.frame.refresh()
}
