package powerbi

import (
	"cmp"
	"fmt"
	"strings"
)

func (e *AnswerError) Sentence() string {
	return "Power BI answered to “" + string(e.Operation) + "” with something this program does not understand."
}

func (e *AnswerError) Remedy() string {
	if !e.Operation.reads() {
		return unknownAdvice(e.Operation) + " If it happens again, check the connection's cloud and addresses."
	}
	return "Check the connection's cloud and addresses; a proxy may also have changed the answer."
}

func (e *AnswerError) Who() string { return whoYou }

func (e *AnswerError) Details() string {
	l := lines{}
	l.add("Operation", string(e.Operation))
	l.add("Cause", cleanMessage(e.Err.Error()))
	l.add("Request ID", e.RequestID)
	return l.String()
}

func (e *addressError) Sentence() string {
	return "The connection's API address cannot be used: " + e.reason + "."
}
func (e *addressError) Remedy() string  { return "Correct the address in the connection." }
func (e *addressError) Who() string     { return whoYou }
func (e *addressError) Details() string { return "Address: " + cmp.Or(e.address, "not readable") }

func (e *NotFoundError) Sentence() string {
	return fmt.Sprintf("There is no %s “%s”, or it cannot be seen with this connection.", e.What, e.Name)
}

func (e *NotFoundError) Remedy() string {
	if len(e.Near) > 0 {
		return "Did you mean “" + strings.Join(e.Near, "”, “") + "”?"
	}
	if e.What == "workspace" {
		return "Check the name. " + askRole
	}
	return "Check the name, or let Pushdesk create it."
}

func (e *NotFoundError) Who() string     { return whoYou }
func (e *NotFoundError) Details() string { return "Looked for: " + e.What + " " + e.Name }

func (e *AmbiguousError) Sentence() string {
	return fmt.Sprintf("The name “%s” fits %d %ss.", e.Name, len(e.IDs), e.What)
}

func (e *AmbiguousError) Remedy() string {
	return "Use the ID of the one you mean: " + strings.Join(e.IDs, ", ") + "."
}

func (e *AmbiguousError) Who() string     { return whoYou }
func (e *AmbiguousError) Details() string { return "IDs: " + strings.Join(e.IDs, ", ") }

func (e *TruncatedError) Sentence() string {
	return fmt.Sprintf("Power BI cut the result off after %d rows because it is too large.", e.Rows)
}
func (e *TruncatedError) Remedy() string  { return "Ask for fewer rows." }
func (e *TruncatedError) Who() string     { return whoYou }
func (e *TruncatedError) Details() string { return "Message: " + e.Message }
