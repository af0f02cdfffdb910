package apply

import (
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
)

// Where reads a condition on the rows of a file as a person writes it, such as
// Amount>=100 or Note is blank. Its error is a mapping.ErrCondition.
func Where(r job.Reading, written string) (mapping.Condition, error) {
	headers, letters := make([]string, len(r.Layout.Headers)), make([]string, len(r.Layout.Headers))
	for i, h := range r.Layout.Headers {
		headers[i], letters[i] = h.Name, cell.Column(h.Column)
	}
	c, err := mapping.ParseCondition(written, headers, letters)
	if err != nil {
		return c, err
	}
	return On(r, c.From, c.Op, c.Value), nil
}

// On makes a condition on a column of a file. A column that is not sent is compared
// as what its values are.
func On(r job.Reading, column int, op mapping.Op, value string) mapping.Condition {
	h := r.Layout.Headers[column]
	c := mapping.Condition{From: column, Header: h.Name, Letter: cell.Column(h.Column), Op: op, As: job.DataType(r.Profile.Columns[column].Type)}
	if op.Valued() {
		c.Value = value
	}
	return c
}
