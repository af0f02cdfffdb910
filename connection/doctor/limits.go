package doctor

import (
	"context"
	"fmt"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
)

// Limits is the check that no limit of the service is reached.
const Limits = "limits"

var limitsCheck = check{id: Limits, group: GroupPowerBI, title: "No limit is reached", run: (*test).checkLimits}

// checkLimits says whether a service asked to wait meanwhile.
func (t *test) checkLimits(context.Context) finding {
	if t.throttled > 0 {
		return finding{status: Warn, evidence: "Power BI asks to wait " + humanize.Duration(t.throttled) + " before more requests.",
			remedy: "Nothing is wrong with the connection. Wait that long and test again."}
	}
	if t.target.ID != "" && t.Sent != nil {
		if sent, ok := t.Sent(t.target.ID); ok {
			return t.judgeSent(sent)
		}
	}
	return pass(fmt.Sprintf("No limit was reached. A dataset accepts %s rows a request, %d requests a minute and %s rows an hour.",
		humanize.Number(powerbi.MaxRowsPerRequest), powerbi.MaxRequests, humanize.Number(powerbi.MaxRowsPerHour)))
}

// judgeSent compares what was sent into the chosen dataset with what it takes.
func (t *test) judgeSent(sent Sent) finding {
	f := pass(fmt.Sprintf("This computer sent %s of %s rows into “%s” in the last hour, and made %d of %d requests in the last minute.",
		humanize.Number(sent.RowsLastHour), humanize.Number(powerbi.MaxRowsPerHour), t.target.Name, sent.RequestsLastMinute, powerbi.MaxRequests))
	switch {
	case sent.Wait > 0:
		f.status = Warn
		f.evidence += " Power BI asks to wait " + humanize.Duration(sent.Wait) + "."
		f.remedy = "Nothing is wrong with the connection. An upload waits and continues automatically."
	case sent.RowsLastHour >= powerbi.MaxRowsPerHour*9/10 || sent.RequestsLastMinute >= powerbi.MaxRequests*9/10:
		f.status = Warn
		f.remedy = "Nothing is wrong with the connection. An upload waits and continues automatically when the limit is reached."
	}
	return f
}
