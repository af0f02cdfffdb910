package api

import (
	"cmp"
	"net/http"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
)

// Dataset is a dataset as the API writes it, with the casing of its published
// description.
type Dataset struct {
	ID                     string            `json:"id"`
	Name                   string            `json:"name"`
	WebURL                 string            `json:"webUrl,omitempty"`
	AddRowsAPIEnabled      bool              `json:"addRowsAPIEnabled"`
	ConfiguredBy           string            `json:"configuredBy,omitempty"`
	IsRefreshable          bool              `json:"isRefreshable"`
	IsEffectiveIdentity    bool              `json:"isEffectiveIdentityRequired"`
	IsEffectiveIdentityRLS bool              `json:"isEffectiveIdentityRolesRequired"`
	IsOnPremGateway        bool              `json:"isOnPremGatewayRequired"`
	TargetStorageMode      string            `json:"targetStorageMode"`
	CreatedDate            string            `json:"CreatedDate"`
	DefaultRetentionPolicy powerbi.Retention `json:"defaultRetentionPolicy,omitempty"`
}

func (a *API) view(w *tenant.Workspace, d *tenant.Dataset) Dataset {
	group := w.ID
	if w.Owner != "" {
		group = "me"
	}
	return Dataset{
		ID: d.ID, Name: d.Name,
		WebURL:                 a.base + "/groups/" + group + "/datasets/" + d.ID,
		AddRowsAPIEnabled:      d.Push,
		ConfiguredBy:           d.ConfiguredBy,
		IsRefreshable:          !d.Push,
		TargetStorageMode:      "Abf",
		CreatedDate:            d.Created.UTC().Format("2006-01-02T15:04:05.000Z"),
		DefaultRetentionPolicy: d.Retention,
	}
}

func (q *call) listDatasets() *web.Answer {
	q.tenant.Lock()
	defer q.tenant.Unlock()
	w, refused := q.enter(tenant.RoleViewer)
	if refused != nil {
		return refused
	}
	list := []Dataset{}
	for _, d := range w.Datasets {
		list = append(list, q.view(w, d))
	}
	return q.list("datasets", list)
}

func (q *call) getDataset() *web.Answer {
	q.tenant.Lock()
	defer q.tenant.Unlock()
	w, d, refused := q.enterDataset(tenant.RoleViewer)
	if refused != nil {
		return refused
	}
	return q.entity(http.StatusOK, "datasets", q.view(w, d))
}

// createDataset creates a push dataset. Names need not be unique.
func (q *call) createDataset() *web.Answer {
	retention := powerbi.RetentionNone
	switch policy := q.URL.Query().Get("defaultRetentionPolicy"); {
	case policy == "" || strings.EqualFold(policy, string(powerbi.RetentionNone)):
	case strings.EqualFold(policy, string(powerbi.RetentionFIFO)):
		retention = powerbi.RetentionFIFO
	default:
		return invalid("The retention policy %q is not known.", clip(policy))
	}
	q.tenant.Lock()
	w, refused := q.enter(tenant.RoleContributor)
	blocked := q.tenant.CreationBlocked
	q.tenant.Unlock()
	if refused != nil {
		q.Drain()
		return refused
	}
	if blocked {
		q.Drain()
		return pbiErrorAnswer(http.StatusForbidden, "FeatureDeprecatedError")
	}
	var body datasetBody
	if err := q.Decode(&body); err != nil {
		return badBody(err)
	}
	related, refused := checkDataset(&body)
	if refused != nil {
		return refused
	}
	d := &tenant.Dataset{ID: tenant.NewGUID(), Name: body.Name, Push: true, Mode: cmp.Or(body.DefaultMode, "Push"), Retention: retention,
		ConfiguredBy: q.caller.Name, Created: q.Now}
	d.Relationships = related
	for _, t := range body.Tables {
		d.Tables = append(d.Tables, &tenant.Table{Definition: t.Table})
	}
	if err := q.tenant.OpenRows(d, q.Now); err != nil {
		return internalError(err)
	}
	q.tenant.Lock()
	defer q.tenant.Unlock()
	w.Datasets = append(w.Datasets, d)
	if err := q.tenant.Save(); err != nil {
		w.Remove(d)
		return internalError(err)
	}
	return q.entity(http.StatusCreated, "datasets", q.view(w, d))
}

func (q *call) deleteDataset() *web.Answer {
	d, refused := q.removeDataset()
	if refused != nil {
		return refused
	}
	d.Storing.Lock() // a batch that is being stored is stored first
	defer d.Storing.Unlock()
	for _, t := range d.Tables {
		if err := t.Rows.Remove(); err != nil {
			return internalError(err)
		}
	}
	return web.Empty(http.StatusOK)
}

// removeDataset removes the dataset of a call from its workspace.
func (q *call) removeDataset() (*tenant.Dataset, *web.Answer) {
	q.tenant.Lock()
	defer q.tenant.Unlock()
	w, d, refused := q.enterDataset(tenant.RoleContributor)
	if refused != nil {
		return nil, refused
	}
	w.Remove(d)
	if err := q.tenant.Save(); err != nil {
		return nil, internalError(err)
	}
	return d, nil
}
