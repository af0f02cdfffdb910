package command

import (
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
)

// filter puts the conditions of --where into a mapping whose columns and types are
// decided.
func (f *sendFlags) filter(m mapping.Mapping, r job.Reading) (mapping.Mapping, error) {
	for _, written := range f.where {
		c, err := job.Where(r, written)
		if err != nil {
			return m, err
		}
		m.Filter = append(m.Filter, c)
	}
	return m, m.CheckFilter()
}
