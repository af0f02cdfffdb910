package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"pushdesk/storage/text"
)

// SchemaVersion is the version of the shape of every JSON answer. It goes up when a key
// is removed or means something else, not when one is added.
const SchemaVersion = 1

// PrintJSON sets the one document a command with --json answers with. It is printed when
// the command has ended, because it says how.
func (c *Env) PrintJSON(document any) { c.document = document }

// PrintNow prints the document of a command that goes on afterwards.
func (c *Env) PrintNow(document any) { c.print(document, nil, ExitDone, ReasonDone) }

// print prints a document, with what every JSON answer says.
func (c *Env) print(document any, failed *Problem, code int, reason string) {
	body, err := encode(document)
	head, headErr := encode(struct {
		SchemaVersion int      `json:"schemaVersion"`
		Reason        string   `json:"reason"`
		ExitCode      int      `json:"exitCode"`
		Error         *Problem `json:"error,omitempty"`
	}{SchemaVersion, reason, code, failed})
	if err = errors.Join(err, headErr); err != nil || !bytes.HasPrefix(body, []byte("{")) {
		fmt.Fprintln(c.Err, "write the JSON document:", err)
		return
	}
	whole := head
	if len(body) > len("{}") {
		whole = append(append(head[:len(head)-1:len(head)-1], ','), body[1:]...)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, whole, "", "  "); err != nil {
		fmt.Fprintln(c.Err, "write the JSON document:", err)
		return
	}
	out.WriteByte('\n')
	if _, err := c.Out.Write(out.Bytes()); err != nil {
		fmt.Fprintln(c.Err, "write the JSON document:", err)
	}
}

// encode returns a document as JSON that leaves < and & as they are.
func encode(document any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(document)
	return bytes.TrimSpace(out.Bytes()), err
}

// Table prints rows under headers in aligned columns.
func Table(w io.Writer, headers []string, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join(headers, "\t"))
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, value := range row {
			cells[i] = text.Value(value)
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	_ = t.Flush()
}

// SayCut says below a table that values in it are cut, where some are.
func SayCut(w io.Writer, rows [][]string, where string) {
	for _, row := range rows {
		if strings.Contains(strings.Join(row, ""), "…") {
			fmt.Fprintf(w, "Values that end with … are cut; %s.\n", where)
			return
		}
	}
}

// Facts prints names and values, one a line; empty values are left out.
func Facts(w io.Writer, pairs ...string) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(t, "%s\t%s\n", text.Value(pairs[i]), text.Value(pairs[i+1]))
		}
	}
	_ = t.Flush()
}
