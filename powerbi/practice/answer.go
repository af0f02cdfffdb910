package practice

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// answer is what a handler gives back. It is written after the faults that were
// asked for have had their say, so that a connection can be cut between the
// storing of rows and the answer.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func newAnswer(status int, contentType string, body []byte) answer {
	h := make(http.Header, 4)
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	return answer{status: status, header: h, body: body}
}

// emptyAnswer has a status and no body.
func emptyAnswer(status int) answer { return newAnswer(status, "", nil) }

func jsonAnswer(status int, value any) answer {
	body, err := json.Marshal(value)
	if err != nil {
		// Only possible for values this package builds wrongly.
		return newAnswer(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte(err.Error()))
	}
	return newAnswer(status, "application/json; charset=utf-8", body)
}

// errorInfo is an answer without a body, explained by a header only: how the
// service answers bad tokens and missing roles.
func errorInfo(status int, code string) answer {
	a := emptyAnswer(status)
	if code != "" {
		a.header.Set("x-powerbi-error-info", code)
	}
	return a
}

// apiErrorBody is the body of most errors of the Power BI API.
type apiErrorBody struct {
	Error apiErrorInner `json:"error"`
}

type apiErrorInner struct {
	Code    string           `json:"code"`
	Message string           `json:"message,omitempty"`
	Details []apiErrorDetail `json:"details,omitempty"`
	PBI     *pbiError        `json:"pbi.error,omitempty"`
}

type apiErrorDetail struct {
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Target  string `json:"target,omitempty"`
}

type pbiError struct {
	Code             string            `json:"code"`
	Parameters       map[string]string `json:"parameters"`
	Details          []pbiDetail       `json:"details"`
	ExceptionCulprit int               `json:"exceptionCulprit"`
}

type pbiDetail struct {
	Code   string         `json:"code"`
	Detail pbiDetailValue `json:"detail"`
}

type pbiDetailValue struct {
	Type  int    `json:"type"`
	Value string `json:"value"`
}

// apiError is the shape {"error":{"code","message","details"}}.
func apiError(status int, code, message string, details ...apiErrorDetail) answer {
	return jsonAnswer(status, apiErrorBody{apiErrorInner{Code: code, Message: message, Details: details}})
}

// pbiErrorAnswer is the shape {"error":{"code","pbi.error":{...}}}.
func pbiErrorAnswer(status int, code string, details ...pbiDetail) answer {
	if details == nil {
		details = []pbiDetail{}
	}
	return jsonAnswer(status, apiErrorBody{apiErrorInner{Code: code, PBI: &pbiError{
		Code: code, Parameters: map[string]string{}, Details: details, ExceptionCulprit: 1,
	}}})
}

func detail(code, value string) pbiDetail {
	return pbiDetail{Code: code, Detail: pbiDetailValue{Type: 1, Value: value}}
}

// throttled is the answer of the real service to too much of anything. The text
// and its spelling were seen on the live service.
func throttled(wait time.Duration) answer {
	seconds := max(1, int64((wait+time.Second-1)/time.Second))
	a := jsonAnswer(http.StatusTooManyRequests, map[string]string{"message": fmt.Sprintf(
		"You have exceeded the amount of requests allowed in the current time frame and further requests will fail. Retry in %d seconds.", seconds)})
	a.header.Set("Retry-After", strconv.FormatInt(seconds, 10))
	return a
}
