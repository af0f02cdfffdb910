package upload

import (
	"slices"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/ui/window/task"
)

// addTable implements frame: it keeps the draft as one table of the run and goes on to
// the next. Its file is opened for itself.
func (p *Page) addTable() {
	if p.send.running() || p.reached() < stepSend || p.now.draft.Checked == nil {
		return
	}
	one := p.now.draft
	task.Read(p.opening, one.Reading.Reopened, func(r job.Reading, err error) {
		if err != nil {
			p.explainFile(err, "The table could not be added.")
			return
		}
		p.now.others = append(p.now.others[:len(p.now.others):len(p.now.others)], one.Reopened(r))
		p.give(p.now.draft.To(job.Place{}, "").Bad(mapping.PolicyStop))
		p.bring(stepSource)
		p.host.Toast(one.Place.Target.Table + " was added. Choose the next sheet or file.")
	})
}

// dropTable implements frame.
func (p *Page) dropTable(i int) {
	go p.now.others[i].Reading.Book.Close()
	p.now.others = slices.Delete(slices.Clone(p.now.others), i, i+1)
	p.give(p.now.draft)
	p.bring(p.current)
}

// clearTables implements frame.
func (p *Page) clearTables() {
	for _, one := range p.now.others {
		go one.Reading.Book.Close()
	}
	p.now.others = nil
}
