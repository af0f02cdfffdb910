package command

import (
	"pushdesk/powerbi/push"
	"pushdesk/ui/desk"
)

// filter puts the conditions of --where into a mapping whose columns and types are
// decided.
func (f *sendFlags) filter(m push.Mapping, r desk.Reading) (push.Mapping, error) {
	for _, written := range f.where {
		c, err := desk.Where(r, written)
		if err != nil {
			return m, err
		}
		m.Filter = append(m.Filter, c)
	}
	return m, m.CheckFilter()
}
