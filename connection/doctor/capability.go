package doctor

const notSoFar = "An earlier step failed."

// capabilities sums up what the checks have proved.
func (t *test) capabilities() []Capability {
	at := func(id string) Check {
		c, _ := t.report.Check(id)
		return c
	}
	can := func(c Check) Answer {
		switch c.Status {
		case Pass, Warn:
			return Yes
		case Fail:
			return No
		}
		return Untested
	}
	signIn := Capability{"signin", "Sign in", can(at(Token)), at(Token).Evidence}
	if at(Token).Status == Warn { // the service was busy
		signIn.Answer = Untested
	}
	for _, id := range []string{Tenant, App} { // it does not come to a token then
		if at(id).Status == Fail {
			signIn.Answer, signIn.Why = No, at(id).Evidence
		}
	}
	list := Capability{"list", "List", can(at(API)), at(API).Evidence}
	switch {
	case signIn.Answer == No:
		list.Answer, list.Why = No, notSoFar
	case at(API).Status == Warn:
		list.Answer = Untested
	case at(Workspace).Status == Fail:
		list.Answer, list.Why = No, at(Workspace).Evidence
	}
	reached := list.Answer != No
	if t.byItsID { // the chosen one answers
		list.Answer = No
	}
	all := []Capability{signIn, list}
	for _, c := range []struct {
		id, title string
		step      string // the step of the trial that fails
		done      bool
	}{
		{"create", "Create", "create", t.tried.made},
		{"push", "Push", "push", t.tried.filled},
		{"delete", "Delete", "delete", t.tried.deleted},
		{"query", "Query", "query", t.tried.read},
	} {
		x := Capability{ID: c.id, Title: c.title, Answer: Untested, Why: "No trial dataset was requested."}
		switch {
		case c.done:
			x.Answer, x.Why = Yes, "A trial dataset proved it."
		case t.tried.failed == c.step:
			x.Answer, x.Why = No, at(TrialDataset).Evidence
		case !reached || signIn.Answer == No:
			x.Answer, x.Why = No, notSoFar
		case at(Permission).Status == Fail && c.id != "query":
			x.Answer, x.Why = No, at(Permission).Evidence
		case t.workspace.ID == "" && t.Workspace != "":
			x.Why = "The test stopped at an earlier step."
		case t.role != "" && !mayPush(t.role) && c.id != "query":
			x.Answer, x.Why = No, "The role "+t.role+" does not allow it."
		case mayPush(t.role) && c.id == "query":
			x.Answer, x.Why = Expected, "The role "+t.role+" allows it, unless a tenant setting forbids queries. A trial dataset shows it."
		case mayPush(t.role):
			x.Answer, x.Why = Expected, "The role "+t.role+" allows it. A trial dataset proves it."
		}
		all = append(all, x)
	}
	return all
}
