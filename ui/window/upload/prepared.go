package upload

import (
	"context"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/workbook"
	"pushdesk/ui/app"
	"pushdesk/ui/window/task"
)

// prepared is an upload that only waits to be sent.
type prepared struct {
	draft      job.Draft // checked
	workspaces []powerbi.Workspace
}

// TrySample fills all steps for the sample workbook and the practice workspace,
// so that one click sends it. A person can go back and look at each step.
func (p *Page) TrySample(c connection.Connection) {
	if p.send.running() {
		return
	}
	folder := p.service.Folder()
	p.restart()
	task.Read(p.source.reads, func(ctx context.Context) (prepared, error) {
		return prepareSample(ctx, p.service, c, folder)
	}, func(x prepared, err error) {
		if err != nil {
			p.explain(err, "The sample could not be prepared.")
			p.refresh()
			return
		}
		p.fill(x)
		p.bring(stepSend)
		p.host.Window().Canvas().Focus(p.send.begin)
	})
	p.refresh()
}

// fill takes over an upload in which everything is decided.
func (p *Page) fill(x prepared) {
	p.destination.take(x.draft.Reading, x.draft.Place, x.workspaces)
	p.giveReading(x.draft)
}

// Correct opens the corrected rows of a run with everything decided as in that run.
func (p *Page) Correct(r history.Receipt, path string) {
	if p.send.running() {
		p.host.Toast("Another run is under way.")
		return
	}
	p.restart()
	task.Read(p.source.reads, func(ctx context.Context) (prepared, error) {
		var x prepared
		u, err := p.service.Corrected(ctx, r.RunID, path, "")
		if err != nil {
			return x, err
		}
		if x.workspaces, err = p.service.Workspaces(ctx, u.Place.Destination.Connection.ID); err != nil {
			return x, err
		}
		x.draft, err = p.service.Check(ctx, u, nil)
		return x, err
	}, func(x prepared, err error) {
		if err != nil {
			p.explain(err, "The corrected rows could not be read.")
			p.refresh()
			return
		}
		p.fill(x)
		p.bring(stepCheck)
	})
	p.refresh()
}

func prepareSample(ctx context.Context, d Service, c connection.Connection, folder string) (prepared, error) {
	var x prepared
	path, err := writeSample(folder)
	if err != nil {
		return x, err
	}
	r, err := job.OpenWorkbook(ctx, path, workbook.Options{}, "", "", 0)
	if err != nil {
		return x, err
	}
	if r, err = r.Paged(ctx, folder, nil); err != nil {
		return x, err
	}
	if x.workspaces, err = d.Workspaces(ctx, c.ID); err != nil {
		return x, err
	}
	place, err := d.Locate(ctx, job.PracticeDestination(app.For(c), r))
	if err != nil {
		return x, err
	}
	x.draft, err = d.Check(ctx, job.Draft{}.From(r).To(place, plan.ModeAppend).Map(job.Propose(r, place)), nil)
	return x, err
}

// Resume continues a run that was chosen under Activity.
func (p *Page) Resume(r history.Receipt) {
	if p.send.running() {
		p.host.Toast("Another run is under way.")
		return
	}
	p.send.Resume(r)
}

// restart implements frame.
func (p *Page) restart() {
	if book := p.now.draft.Reading.Book; book != nil {
		go book.Close()
	}
	p.clearTables()
	p.giveReading(job.Draft{})
	p.bring(stepSource)
}
