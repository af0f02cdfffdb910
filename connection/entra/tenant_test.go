package entra_test

import (
	"errors"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/netfail"
)

func TestLookUpTenant(t *testing.T) {
	b := newBench(t, practice.Options{})
	b.service.SetPlace("NA", "DODCON", "microsoftonline.us")
	for _, name := range []string{b.app.TenantID, practice.Domain} {
		got, err := entra.LookUpTenant(t.Context(), b.at, name, b.hc)
		if err != nil || got.ID != b.app.TenantID || got.Region != "NA" || got.Cloud != connection.CloudGCCHigh || got.Date.IsZero() {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	_, err := entra.LookUpTenant(t.Context(), b.at, "nobody.onmicrosoft.com", b.hc)
	var e *entra.Error
	if !errors.As(err, &e) || e.Code != 90002 || e.CorrelationID == "" {
		t.Errorf("%v", err)
	}
	for body, kind := range map[string]netfail.Kind{"<html>": entra.Page, `{"a":1}`: entra.Misfit, "nonsense": entra.Misfit} {
		b.service.Faults().Add(faults.Fault{Operation: faults.OpMetadata, Status: 200, Body: body})
		if _, err := entra.LookUpTenant(t.Context(), b.at, b.app.TenantID, b.hc); !errors.As(err, &e) || e.Network != kind {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestProposeCloud(t *testing.T) {
	commercial, government, china := newBench(t, practice.Options{}), newBench(t, practice.Options{}), newBench(t, practice.Options{})
	commercial.service.SetPlace("EU", "", "microsoftonline.com")
	china.service.SetPlace("CN", "", "partner.microsoftonline.cn")
	at := func(c connection.Cloud) (connection.Endpoints, bool) {
		switch c {
		case connection.CloudPublic, connection.CloudGCC:
			return commercial.at, true
		case connection.CloudGCCHigh, connection.CloudDoD:
			return government.at, true
		}
		return china.at, true
	}
	for _, c := range []struct {
		tenant, sub string
		chosen      connection.Cloud
		want        connection.Cloud
	}{
		{commercial.app.TenantID, "", connection.CloudPublic, ""},
		{commercial.app.TenantID, "", connection.CloudGCC, ""}, // not every GCC tenant says so
		{commercial.app.TenantID, "GCC", connection.CloudPublic, connection.CloudGCC},
		{commercial.app.TenantID, "", connection.CloudChina, connection.CloudPublic},
		{government.app.TenantID, "DODCON", connection.CloudPublic, connection.CloudGCCHigh},
		{government.app.TenantID, "DOD", connection.CloudPublic, connection.CloudDoD},
		{government.app.TenantID, "DOD", connection.CloudGCCHigh, connection.CloudDoD},
		{china.app.TenantID, "", connection.CloudGCC, connection.CloudChina},
		{"22222222-3333-4444-8555-666666666666", "", connection.CloudPublic, ""},
	} {
		commercial.service.SetPlace("EU", c.sub, "microsoftonline.com")
		government.service.SetPlace("NA", c.sub, "microsoftonline.us")
		got, ok := entra.ProposeCloud(t.Context(), c.tenant, c.chosen, network.Settings{}, at)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%+v: %q, %v", c, got, ok)
		}
	}
}

// Microsoft Graph tells when a secret ends, to an app that may ask.
func TestSecretEnd(t *testing.T) {
	b := newBench(t, practice.Options{})
	at := b.at
	at.GraphURL, at.GraphResource = b.service.GraphURL(), practice.GraphResource
	ask := func(e connection.Endpoints, secret string) (connection.Day, bool) {
		return entra.SecretExpiry(t.Context(), e, b.app.TenantID, b.app.ClientID, connection.SecretCredential(secret), b.hc)
	}
	if day, ok := ask(at, b.app.ClientSecret); ok {
		t.Errorf("an app that may not ask is told %s", day)
	}
	if err := b.service.SetReadsApps(b.app.ClientID, true); err != nil {
		t.Fatal(err)
	}
	want := connection.DayOf(time.Now().AddDate(2, 0, 0))
	if day, ok := ask(at, b.app.ClientSecret); !ok || day != want {
		t.Errorf("%s, %v; want %s", day, ok, want)
	}
	for name, e := range map[string]connection.Endpoints{"no Graph": b.at, "another resource": {LoginURL: at.LoginURL, Resource: at.Resource, GraphURL: at.GraphURL}} {
		if _, ok := ask(e, b.app.ClientSecret); ok {
			t.Errorf("%s: told", name)
		}
	}
	if _, ok := ask(at, "wrong8Q~secret-that-nobody-has"); ok {
		t.Error("a wrong secret is told when it ends")
	}
	for _, f := range []faults.Fault{{Status: 500}, {Status: 200, Body: "<html>"}, {CutBefore: true}, {Status: 200, Body: `{"passwordCredentials":[{"hint":""},{"hint":"zzz"}]}`}} {
		f.Operation = faults.OpGraphApp
		b.service.Faults().Add(f)
		if day, ok := ask(at, b.app.ClientSecret); ok {
			t.Errorf("%+v: %s", f, day)
		}
	}
}
