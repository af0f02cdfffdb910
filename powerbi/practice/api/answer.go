package api

import (
	"fmt"
	"net/http"

	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/storage/text"
)

// errorInfoHeader explains some answers that have no body.
const errorInfoHeader = "x-powerbi-error-info"

// ErrorBody is the body of most errors of the Power BI API.
type ErrorBody struct {
	Error ErrorInner `json:"error"`
}

// ErrorInner is the error in an ErrorBody.
type ErrorInner struct {
	Code    string        `json:"code"`
	Message string        `json:"message,omitempty"`
	Details []ErrorDetail `json:"details,omitempty"`
	PBI     any           `json:"pbi.error,omitempty"`
}

// ErrorDetail is what an error says of one part of a request.
type ErrorDetail struct {
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Target  string `json:"target,omitempty"`
}

// errorInfo is an answer without a body, explained by a header only: how the
// service answers bad tokens and missing roles.
func errorInfo(status int, code string) *web.Answer {
	return web.Empty(status).With(errorInfoHeader, code)
}

// apiError is the shape {"error":{"code","message","details"}}.
func apiError(status int, code, message string, details ...ErrorDetail) *web.Answer {
	return web.JSON(status, ErrorBody{ErrorInner{Code: code, Message: message, Details: details}})
}

// pbiErrorAnswer is the shape {"error":{"code","pbi.error":{...}}}. details are codes
// with what they say.
func pbiErrorAnswer(status int, code string, details ...[2]string) *web.Answer {
	list := []any{}
	for _, d := range details {
		list = append(list, map[string]any{"code": d[0], "detail": map[string]any{"type": 1, "value": d[1]}})
	}
	return web.JSON(status, ErrorBody{ErrorInner{Code: code,
		PBI: map[string]any{"code": code, "parameters": map[string]string{}, "details": list, "exceptionCulprit": 1}}})
}

func notAuthorized(status int) *web.Answer {
	return pbiErrorAnswer(status, "PowerBINotAuthorizedException")
}

func entityNotFound() *web.Answer {
	return pbiErrorAnswer(http.StatusNotFound, "PowerBIEntityNotFound")
}

func internalError(err error) *web.Answer {
	return apiError(http.StatusInternalServerError, "GeneralException", err.Error())
}

// invalid refuses what a request asks for.
func invalid(format string, args ...any) *web.Answer {
	return apiError(http.StatusBadRequest, "InvalidRequest", fmt.Sprintf(format, args...))
}

func badRequest(message string) *web.Answer {
	return apiError(http.StatusBadRequest, "BadRequest", message)
}

// badBody refuses a body that cannot be read.
func badBody(err error) *web.Answer {
	return apiError(http.StatusBadRequest, "BadRequest", "Bad request.", ErrorDetail{Message: err.Error()})
}

// clip shortens a value for a message.
func clip(s string) string { return text.Shorten(s, 60) }
