package command

import (
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
)

// clientOf signs in to a practice service as its first app.
func clientOf(t *testing.T, s *practice.Service) *powerbi.Client {
	t.Helper()
	k := s.Credentials()[0]
	e := connection.Endpoints{LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAPEM: s.CAPEM()}
	hc, err := network.Client(e, network.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := entra.NewTokens(e, k.TenantID, k.ClientID, connection.SecretCredential(k.ClientSecret), hc)
	if err != nil {
		t.Fatal(err)
	}
	return powerbi.NewClient(s.APIURL(), tokens, hc)
}

// twin makes a second dataset with the name of one that exists, which the service
// allows, and gives its ID.
func twin(t *testing.T, s *practice.Service, datasetID string) string {
	t.Helper()
	api := clientOf(t, s)
	workspace, err := s.WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	d, err := api.Dataset(t.Context(), workspace, datasetID)
	if err != nil {
		t.Fatal(err)
	}
	made, err := api.CreateDataset(t.Context(), workspace, powerbi.DatasetSchema{Name: d.Name, DefaultMode: "Push",
		Tables: []powerbi.Table{{Name: "T", Columns: []powerbi.Column{{Name: "A", DataType: powerbi.String}}}}}, powerbi.RetentionNone)
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}
