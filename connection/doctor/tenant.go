package doctor

import (
	"context"
	"errors"
	"fmt"

	"pushdesk/connection"
	"pushdesk/connection/entra"
)

// Tenant is the check that the tenant exists in this cloud.
const Tenant = "tenant"

var tenantCheck = check{id: Tenant, group: GroupEntra, title: "The tenant exists", limit: networkLimit, run: (*test).checkTenant,
	without: "the tenant is not known"}

// checkTenant asks the login host for the tenant. Nothing secret is sent.
func (t *test) checkTenant(ctx context.Context) finding {
	found, err := entra.LookUpTenant(ctx, t.Endpoints, t.Connection.TenantID, t.hc)
	if err != nil {
		f := trouble(ctx, login, err)
		var refused *entra.Error
		if errors.As(err, &refused) && refused.About() == entra.AboutTenant {
			f.who = "you"
			if cloud, ok := t.propose(ctx); ok {
				f.evidence = fmt.Sprintf("There is no such tenant in the cloud %s; it belongs to %s.", t.Connection.Cloud.Label(), cloud.Label())
				f.remedy = "Choose the cloud " + cloud.Label() + " for the connection."
			}
		}
		return f
	}
	t.tenant = found
	f := pass("It exists" + where(found.Region) + ".")
	f.details = lines("Tenant", found.ID, "Issuer", found.Issuer, "Region", found.Region)
	if other := found.Cloud; t.elsewhere(other) {
		f.status, f.who = Warn, "you"
		f.evidence = fmt.Sprintf("The tenant belongs to the cloud %s, and the connection to %s.", other.Label(), t.cloud().Label())
		f.remedy = "Choose the cloud " + other.Label() + " for the connection."
	}
	return f
}

func where(region string) string {
	if region == "" {
		return ""
	}
	return " (region " + region + ")"
}

// elsewhere reports whether a tenant says that it is in another of Microsoft's clouds
// than the connection. Not every tenant of GCC says so.
func (t *test) elsewhere(c connection.Cloud) bool {
	mine := t.cloud()
	return mine != "" && c != "" && c != mine && !(c == connection.CloudPublic && mine == connection.CloudGCC)
}

// cloud is the cloud of Microsoft's that the connection is for, or ""; with custom
// addresses, the one whose Power BI its tokens are asked for.
func (t *test) cloud() connection.Cloud {
	if _, fixed := t.Connection.Cloud.Endpoints(); fixed {
		return t.Connection.Cloud
	}
	if c, ok := connection.CloudOfResource(t.Endpoints.Resource); ok && t.Connection.Cloud == connection.CloudCustom {
		return c
	}
	return ""
}

// propose finds the cloud that a tenant is in.
func (t *test) propose(ctx context.Context) (connection.Cloud, bool) {
	if t.Propose == nil {
		return "", false
	}
	return t.Propose(ctx)
}
