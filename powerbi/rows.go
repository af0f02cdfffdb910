package powerbi

import (
	"context"
	"errors"
	"net/http"
	"strconv"
)

// AddRows adds the rows of a body {"rows":[...]} to a table: at most
// MaxRowsPerRequest of them, in at most MaxBodyBytes. The body is sent as it is
// and must not be changed meanwhile. The service does not say how many rows it
// took, and adds them again when a request is repeated: see OutcomeOf.
func (c *Client) AddRows(ctx context.Context, workspaceID, datasetID, table string, body []byte) (Answer, error) {
	return c.do(ctx, call{op: OpAddRows, method: http.MethodPost, path: datasetPath(workspaceID, datasetID, "tables", table, "rows"), body: body})
}

// The header and the path of sequence numbers were a preview of 2015 and are missing
// from the present reference. Whether a service still honours them shows only when
// they are tried: LastSequenceNumber tells.
// Source: powerbi.microsoft.com/en-us/blog/newdatasets (archived).
const sequenceHeader = "X-Powerbi-Pushdata-Sequencenumber"

// MaxSequenceNumber is the highest number there is.
const MaxSequenceNumber = 1<<31 - 1

// AddNumberedRows is AddRows with a sequence number. A service that honours numbers
// answers a batch whose number is not above the last one as accepted, and does not
// store it: so that a batch may be sent again with its own number, and must never
// be sent with a number that is too low.
func (c *Client) AddNumberedRows(ctx context.Context, workspaceID, datasetID, table string, body []byte, number int64) (Answer, error) {
	return c.do(ctx, call{op: OpAddRows, method: http.MethodPost, path: datasetPath(workspaceID, datasetID, "tables", table, "rows"), body: body,
		header: http.Header{sequenceHeader: {strconv.FormatInt(number, 10)}}})
}

// LastSequenceNumber gives the highest number of a batch that a table has taken; 0
// when there was none. ok is false where the service knows nothing of numbers.
func (c *Client) LastSequenceNumber(ctx context.Context, workspaceID, datasetID, table string) (number int64, ok bool, err error) {
	var list struct {
		Value []struct {
			SequenceNumber int64 `json:"sequenceNumber"`
		} `json:"value"`
	}
	_, err = c.do(ctx, call{op: OpSequenceNumbers, method: http.MethodGet, path: datasetPath(workspaceID, datasetID, "tables", table, "sequenceNumbers"), into: &list})
	var refused *APIError
	var strange *AnswerError
	switch {
	case errors.As(err, &refused) && refused.Status >= 400 && refused.Status < 500 && !refused.Throttled(), errors.As(err, &strange):
		return 0, false, nil
	case err != nil:
		return 0, false, err
	}
	for _, v := range list.Value {
		number = max(number, v.SequenceNumber)
	}
	return number, true, nil
}

// DeleteRows deletes every row of a table.
func (c *Client) DeleteRows(ctx context.Context, workspaceID, datasetID, table string) error {
	_, err := c.do(ctx, call{op: OpDeleteRows, method: http.MethodDelete, path: datasetPath(workspaceID, datasetID, "tables", table, "rows")})
	return err
}
