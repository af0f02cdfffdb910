package doctor

import (
	"context"
	"fmt"
	"strings"

	"pushdesk/connection"
	"pushdesk/connection/network"
)

// Format is the check that the settings are well formed.
const Format = "format"

var formatCheck = check{id: Format, group: GroupLocal, title: "The settings are well formed", run: (*test).checkFormat,
	without: "the settings must be corrected first"}

// checkFormat looks at the settings alone, and makes ready what speaks to the servers.
func (t *test) checkFormat(context.Context) finding {
	if t.Unsettled != nil {
		return explain(t.Unsettled, "The connection cannot be used yet.", "")
	}
	c := t.Connection
	f := pass(fmt.Sprintf("Cloud: %s; tenant %s; client %s.", c.Cloud.Label(), c.TenantID, c.ClientID))
	f.details = lines("Cloud", string(c.Cloud), "Tenant ID", c.TenantID, "Client ID", c.ClientID,
		"Login address", t.Endpoints.LoginURL, "API address", t.Endpoints.APIURL, "Resource", t.Endpoints.Resource, "Network", t.Network.Describe())
	f.judge(connection.Validate(c, "", false), func(x connection.Finding) bool {
		return x.Field != connection.FieldName && x.Field != connection.FieldExpires // it may be tested before it is named, and the day has a check of its own
	})
	if f.status == Fail {
		return f
	}
	hc, err := network.Client(t.Endpoints, t.Network)
	if err != nil {
		bad := explain(err, "The CA file cannot be used.", "Choose a file with certificates in PEM form.")
		bad.details = joined(f.details, bad.details)
		return bad
	}
	t.hc = hc
	return f
}

// judge takes the worst of what a check of the settings found, and all its
// sentences, of those findings that matter.
func (f *finding) judge(found []connection.Finding, matters func(connection.Finding) bool) {
	var evidence, remedies []string
	for _, level := range []connection.Level{connection.LevelFail, connection.LevelWarn} {
		for _, x := range found {
			if x.Level != level || !matters(x) {
				continue
			}
			evidence = append(evidence, x.Sentence)
			if x.Remedy != "" {
				remedies = append(remedies, x.Remedy)
			}
			if level == connection.LevelFail {
				f.status = Fail
			} else if f.status == Pass {
				f.status = Warn
			}
		}
	}
	if len(evidence) > 0 {
		f.evidence, f.remedy, f.who = strings.Join(evidence, " "), strings.Join(remedies, " "), "you"
	}
}
