package connection_test

import (
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
)

func TestParseDay(t *testing.T) {
	for text, want := range map[string]connection.Day{
		"": "", " 2027-01-31 ": "2027-01-31", "2027-1-3": "2027-01-03", "31/01/2027": "2027-01-31", "1/31/2027": "2027-01-31",
		"31.1.2027": "2027-01-31", "Jan 31, 2027": "2027-01-31", "31 January 2027": "2027-01-31", "5/5/2027": "2027-05-05",
		"2027-01-31T10:00:00Z": "2027-01-31", "12/24/2027 11:59 PM": "2027-12-24", "29/02/2028": "2028-02-29",
	} {
		if got, err := connection.ParseDay(text); err != nil || got != want {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
	for text, says := range map[string]string{"03/04/2027": "two different days", "soon": "not a date", "2027-02-30": "not a date", "31/31/2027": "not a date", "29/02/2027": "not a date", "1/1/27": "not a date", "1/1/9999": "not a date"} {
		if got, err := connection.ParseDay(text); err == nil || got != "" || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
}

func TestExpiry(t *testing.T) {
	now := time.Date(2026, 11, 23, 23, 30, 0, 0, time.FixedZone("west", -8*3600))
	for _, c := range []struct {
		day   connection.Day
		level connection.ExpiryLevel
		says  string
	}{
		{"2026-11-22", connection.ExpiryOver, "expired on 22 November 2026"},
		{"2026-11-23", connection.ExpirySoon3, "expires today"},
		{"2026-11-24", connection.ExpirySoon3, "expires tomorrow"},
		{"2026-11-26", connection.ExpirySoon3, "in 3 days"},
		{"2026-11-27", connection.ExpirySoon14, "in 4 days"},
		{"2026-12-07", connection.ExpirySoon14, "in 14 days"},
		{"2026-12-08", connection.ExpirySoon30, "in 15 days"},
		{"2026-12-23", connection.ExpirySoon30, "in 30 days"},
		{"2026-12-24", connection.ExpiryFar, "in 31 days, on 24 December 2026"},
	} {
		e := connection.Connection{Expires: c.day}.Expiry(now)
		if !e.Known || e.Level != c.level || !strings.Contains(e.Sentence, c.says) {
			t.Errorf("%s: %+v", c.day, e)
		}
	}
	if e := (connection.Connection{Expires: "24 Dec 2026"}).Expiry(now); !e.Known || e.Days != 31 {
		t.Errorf("a day in the words of a file that was edited by hand: %+v", e)
	}
	for _, c := range []connection.Connection{{}, {Expires: "someday"}, {Expires: "03/04/2026"}, {Expires: "2026-11-24", Credential: connection.CredentialBrowser}} {
		if e := c.Expiry(now); e.Known || e.Level != connection.ExpiryFar {
			t.Errorf("%+v: %+v", c, e)
		}
	}
}

func TestMatch(t *testing.T) {
	c := connection.Connection{Name: "Sales EU", Cloud: connection.CloudChina, Environment: connection.EnvironmentProduction, Tags: []string{"Month end"}, Notes: "asked by Ann"}
	for query, want := range map[string]bool{
		"": true, "sales": true, "SALES": true, "EU ann": true, "tag:month": true, "tag:": true, "env:prod cloud:china": true, "CLOUD:21vianet": true,
		"tag:sales": false, "env:test": false, "sales us": false, "http://x": false,
	} {
		if connection.Match(c, query) != want {
			t.Errorf("%q", query)
		}
	}
	if !connection.Match(connection.Connection{Name: "Müller Straße"}, "MU\u0308LLER strasse") {
		t.Error("accents and capitals make a difference")
	}
	if custom := (connection.Connection{Name: "Local", Cloud: connection.CloudCustom}); connection.Match(custom, "us") || !connection.Match(custom, "cust") {
		t.Error("\"us\" is looked for inside the label Custom")
	}
}

// TestSearchRanks: the name first, then tags, then the rest; whole before beginning
// before part.
func TestSearchRanks(t *testing.T) {
	all := []connection.Connection{
		{Name: "Sales DACH", Tags: []string{"Finance"}, Notes: "Finance DACH gets the same"},
		{Name: "Big Finance DACH"}, {Name: "Finance DACH old"}, {Name: "Finance DACH"}, {Name: "Refinance"}, {Name: "Marketing", Notes: "finance asked"},
		{Name: "Focus", Cloud: connection.CloudCustom}, {Name: "Sales US"}, {Name: "USA", Tags: []string{"eu"}}, {Name: "Local", Cloud: connection.CloudCustom},
	}
	for query, want := range map[string]string{
		"Finance DACH": "Finance DACH, Finance DACH old, Big Finance DACH, Sales DACH",
		"finance":      "Finance DACH old, Finance DACH, Big Finance DACH, Refinance, Sales DACH, Marketing",
		"us":           "USA, Sales US, Focus",
		"tag:eu":       "USA",
		"nobody":       "",
	} {
		var names []string
		for _, c := range connection.Search(all, query) {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%q finds %s, not %s", query, got, want)
		}
	}
	if got := connection.Search(all, "  "); len(got) != len(all) {
		t.Errorf("nothing asked for finds %d of %d", len(got), len(all))
	}
}
