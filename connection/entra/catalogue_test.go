package entra_test

import (
	"strings"
	"testing"

	"pushdesk/connection/entra"
	"pushdesk/storage/failure"
)

// The numbers of Microsoft's page on authentication errors that a program like
// this can meet, and those seen in public threads. Each has words of its own.
var documented = []int{
	7000215, 7000222, 7000218, 7000216, 700025, 700016, 700011, 7000229, 7000112, 70001, 70002, 700027, 50012, 700024, 700030,
	90002, 900023, 50059, 50128, 90019, 50194, 9001023, 90033, 90090, 50196, 90038, 900382, 900432, 90055, 500011, 500021, 500022,
	70011, 1002012, 700022, 900144, 65001, 65004, 90094, 90095, 65005, 650056, 650057, 650052, 50034, 50020, 50126, 50053, 50055, 50057,
	50072, 50074, 50076, 50078, 50079, 50105, 50011, 53000, 53001, 53003, 530032, 530035, 50132, 50133, 50173, 70008, 700082, 70043, 500133,
	70016, 70018, 70019, 70020, 90072, 16000, 50001, 50049,
}

func TestEveryDocumentedNumberHasWords(t *testing.T) {
	unknown := (&entra.Error{Code: 123456789, Status: 400}).Failure().Sentence
	who := map[string]bool{"you": true, string(failure.AppOwner): true, string(failure.TenantAdmin): true, string(failure.NetworkTeam): true, "": true}
	for _, code := range documented {
		e := &entra.Error{Code: code, Status: 400, Host: "login.example.com"}
		if e.Failure().Sentence == unknown || e.Failure().Remedy == "" || !who[string(e.Failure().Who)] || strings.ContainsAny(e.Failure().Sentence+e.Failure().Remedy, "{}") {
			t.Errorf("AADSTS%d: %q %q %q", code, e.Failure().Sentence, e.Failure().Remedy, string(e.Failure().Who))
		}
		// Whoever can fix it is asked in words of their own; the user is not written to.
		if other := string(e.Failure().Who) != "you" && string(e.Failure().Who) != ""; other != (e.Failure().Request != "") || strings.Contains(e.Failure().Request, "{") {
			t.Errorf("AADSTS%d: %s is asked %q", code, string(e.Failure().Who), e.Failure().Request)
		}
	}
}
