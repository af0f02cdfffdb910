package command

import (
	"pushdesk/powerbi/push/mapping"
	"pushdesk/ui/desk"
)

// filter puts the conditions of --where into a mapping whose columns and types are
// decided.
func (f *sendFlags) filter(m mapping.Mapping, r desk.Reading) (mapping.Mapping, error) {
	for _, written := range f.where {
		c, err := desk.Where(r, written)
		if err != nil {
			return m, err
		}
		m.Filter = append(m.Filter, c)
	}
	return m, m.CheckFilter()
}
