package practice

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"pushdesk/powerbi"
)

// datasetView is a dataset as the API writes it, with the casing of its published
// description.
type datasetView struct {
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

func (s *Service) view(w *workspace, d *dataset) datasetView {
	group := w.ID
	if w.Owner != "" {
		group = "me"
	}
	return datasetView{
		ID: d.ID, Name: d.Name,
		WebURL:                 s.url + "/groups/" + group + "/datasets/" + d.ID,
		AddRowsAPIEnabled:      d.Push,
		ConfiguredBy:           d.ConfiguredBy,
		IsRefreshable:          !d.Push,
		TargetStorageMode:      "Abf",
		CreatedDate:            d.Created.UTC().Format("2006-01-02T15:04:05.000Z"),
		DefaultRetentionPolicy: d.Retention,
	}
}

func (s *Service) listDatasets(q *request, in place) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, refused := s.enter(q, in, RoleViewer)
	if refused != nil {
		return *refused
	}
	list := []datasetView{}
	for _, d := range w.Datasets {
		list = append(list, s.view(w, d))
	}
	return jsonAnswer(http.StatusOK, s.odata("datasets", list))
}

func (s *Service) getDataset(q *request, in place) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, d, refused := s.enterDataset(q, in, RoleViewer)
	if refused != nil {
		return *refused
	}
	return s.entity(http.StatusOK, "datasets", s.view(w, d))
}

// enterDataset finds the dataset of a place. The caller holds s.mu.
func (s *Service) enterDataset(q *request, in place, least Role) (*workspace, *dataset, *answer) {
	w, refused := s.enter(q, in, least)
	if refused != nil {
		return nil, nil, refused
	}
	d := w.dataset(in.dataset)
	if d == nil {
		a := entityNotFound()
		return nil, nil, &a
	}
	return w, d, nil
}

// enterPush is enterDataset for what only push datasets can do.
func (s *Service) enterPush(q *request, in place, least Role) (*dataset, *answer) {
	_, d, refused := s.enterDataset(q, in, least)
	if refused != nil {
		return nil, refused
	}
	if !d.Push {
		a := apiError(http.StatusNotFound, "ItemNotFound", "Dataset "+d.ID+" is not Push API dataset.")
		return nil, &a
	}
	return d, nil
}

// enterTable is enterPush for one table of the dataset.
func (s *Service) enterTable(q *request, in place, least Role) (*dataset, *table, *answer) {
	d, refused := s.enterPush(q, in, least)
	if refused != nil {
		return nil, nil, refused
	}
	t := d.table(in.table)
	if t == nil {
		// The marks and the internal name are what the real text looks like.
		a := apiError(http.StatusNotFound, "ItemNotFound",
			"Table '<pi>"+in.table+"</pi>' not found in dataset 'sobe_wowvirtualserver|"+d.ID+"'.")
		return nil, nil, &a
	}
	return d, t, nil
}

// createDataset makes a push dataset. Names need not be unique.
func (s *Service) createDataset(q *request, in place) answer {
	retention := powerbi.RetentionNone
	switch policy := q.URL.Query().Get("defaultRetentionPolicy"); {
	case policy == "" || strings.EqualFold(policy, string(powerbi.RetentionNone)):
	case strings.EqualFold(policy, string(powerbi.RetentionFIFO)):
		retention = powerbi.RetentionFIFO
	default:
		return *invalid("The retention policy %q is not known.", clip(policy))
	}
	s.mu.Lock()
	w, refused := s.enter(q, in, RoleContributor)
	blocked := q.caller.tenant.CreationBlocked
	s.mu.Unlock()
	if refused != nil {
		drain(q.Request)
		return *refused
	}
	if blocked {
		drain(q.Request)
		return pbiErrorAnswer(http.StatusForbidden, "FeatureDeprecatedError")
	}
	var body datasetBody
	if err := decodeBody(q, &body); err != nil {
		return badBody(err)
	}
	if refused := checkDataset(&body); refused != nil {
		return *refused
	}
	d := &dataset{ID: newGUID(), Name: body.Name, Push: true, Mode: "Push", Retention: retention,
		ConfiguredBy: q.caller.name, Created: q.now}
	if body.DefaultMode != "" {
		d.Mode = body.DefaultMode
	}
	if len(body.Relationships) > 0 {
		d.Relationships, _ = json.Marshal(body.Relationships)
	}
	for _, t := range body.Tables {
		d.Tables = append(d.Tables, &table{Definition: t.Table})
	}
	if err := s.openDataset(d, q.now); err != nil {
		return internalError(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Datasets = append(w.Datasets, d)
	if err := s.saveState(); err != nil {
		w.Datasets = slices.DeleteFunc(w.Datasets, func(o *dataset) bool { return o == d })
		return internalError(err)
	}
	return s.entity(http.StatusCreated, "datasets", s.view(w, d))
}

func (s *Service) deleteDataset(q *request, in place) answer {
	d, refused, err := s.takeDataset(q, in)
	switch {
	case refused != nil:
		return *refused
	case err != nil:
		return internalError(err)
	}
	d.storing.Lock() // a batch that is being stored is stored first
	defer d.storing.Unlock()
	for _, t := range d.Tables {
		if err := t.store.remove(); err != nil {
			return internalError(err)
		}
	}
	return emptyAnswer(http.StatusOK)
}

// takeDataset takes a dataset out of its workspace.
func (s *Service) takeDataset(q *request, in place) (*dataset, *answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, d, refused := s.enterDataset(q, in, RoleContributor)
	if refused != nil {
		return nil, refused, nil
	}
	d.gone = true
	w.Datasets = slices.DeleteFunc(w.Datasets, func(o *dataset) bool { return o == d })
	return d, nil, s.saveState()
}
