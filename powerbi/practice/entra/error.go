package entra

import (
	"fmt"
	"net/http"

	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
)

// Error is an error of the login service: its number and what the OAuth
// answer says with it.
type Error struct {
	code   int
	name   string // the OAuth error
	status int
	text   string
}

// The errors this service gives. Numbers, OAuth names and causes are those of
// Microsoft's published list of AADSTS errors or, for 7000229, 900023 and
// 1002012, of public threads. The sentences are our own.
var (
	errTenantUnknown   = Error{90002, "invalid_request", http.StatusBadRequest, "Tenant '%s' not found. Check that the tenant ID is right and that it belongs to this cloud."}
	errTenantMalformed = Error{900023, "invalid_request", http.StatusBadRequest, "Specified tenant identifier '%s' is neither a valid DNS name, nor a valid external domain."}
	errTenantCommon    = Error{9001023, "invalid_request", http.StatusBadRequest, "The grant type is not supported over the /common or /consumers endpoints. Use the tenant's own endpoint."}
	errAppUnknown      = Error{700016, "unauthorized_client", http.StatusBadRequest, "Application with identifier '%s' was not found in the directory '%s'."}
	errNoPrincipal     = Error{7000229, "unauthorized_client", http.StatusBadRequest, "The client application '%s' is missing service principal in the tenant '%s'."}
	errAppDisabled     = Error{7000112, "unauthorized_client", http.StatusBadRequest, "Application '%s' is disabled."}
	errSecretWrong     = Error{7000215, "invalid_client", http.StatusUnauthorized, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'."}
	errSecretExpired   = Error{7000222, "invalid_client", http.StatusUnauthorized, "The provided client secret keys for app '%s' are expired."}
	errSecretMissing   = Error{7000216, "invalid_client", http.StatusUnauthorized, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."}
	errNotPublic       = Error{7000218, "invalid_client", http.StatusUnauthorized, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."}
	errPublicSecret    = Error{700025, "invalid_client", http.StatusUnauthorized, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."}
	errAssertion       = Error{700027, "invalid_client", http.StatusUnauthorized, "The certificate with identifier used to sign the client assertion is not registered on application, or the signature is not valid: %s."}
	errAssertionTime   = Error{700024, "invalid_client", http.StatusUnauthorized, "Client assertion is not within its valid time range."}
	errAssertionShape  = Error{50027, "invalid_request", http.StatusBadRequest, "JWT token is invalid or malformed."}
	errNoConsent       = Error{65001, "invalid_grant", http.StatusBadRequest, "The user or administrator has not consented to use the application with ID '%s' named '%s'."}
	errDeclined        = Error{65004, "access_denied", http.StatusBadRequest, "User declined to consent to access the app."}
	errScopeNotDefault = Error{1002012, "invalid_scope", http.StatusBadRequest, "The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier."}
	errScopeInvalid    = Error{70011, "invalid_scope", http.StatusBadRequest, "The provided value for the input parameter 'scope' is not valid. The scope %s does not exist."}
	errResourceUnknown = Error{500011, "invalid_resource", http.StatusBadRequest, "The resource principal named %s was not found in the tenant named %s."}
	errTwoResources    = Error{700022, "invalid_scope", http.StatusBadRequest, "Provided value for the input parameter scope is not valid because it contains more than one resource: %s."}
	errFieldMissing    = Error{900144, "invalid_request", http.StatusBadRequest, "The request body must contain the following parameter: '%s'."}
	errGrantType       = Error{70003, "unsupported_grant_type", http.StatusBadRequest, "The app requested an unsupported grant type '%s'."}
	errResponseType    = Error{700054, "unsupported_response_type", http.StatusBadRequest, "response_type '%s' is not enabled for the application."}
	errRedirect        = Error{50011, "invalid_request", http.StatusBadRequest, "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application '%s'."}
	errDevicePending   = Error{70016, "authorization_pending", http.StatusBadRequest, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."}
	errDeviceDeclined  = Error{70020, "authorization_declined", http.StatusBadRequest, "The user declined the authorization request."}
	errDeviceExpired   = Error{70019, "expired_token", http.StatusBadRequest, "Verification code expired."}
	errDeviceUnknown   = Error{70018, "bad_verification_code", http.StatusBadRequest, "Invalid verification code."}
	errCodeUsed        = Error{54005, "invalid_grant", http.StatusBadRequest, "OAuth2 Authorization code was already redeemed, please retry with a new valid code."}
	errCodeInvalid     = Error{9002313, "invalid_grant", http.StatusBadRequest, "Invalid request. Request is malformed or invalid."}
	errCodeExpired     = Error{70008, "invalid_grant", http.StatusBadRequest, "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request."}
	errVerifier        = Error{501481, "invalid_grant", http.StatusBadRequest, "The Code_Verifier does not match the code_challenge supplied in the authorization request."}
	errInstance        = Error{50049, "invalid_instance", http.StatusBadRequest, "Unknown or invalid instance."}
	errRefreshRevoked  = Error{50173, "invalid_grant", http.StatusBadRequest, "The provided grant has expired due to it being revoked, a fresh auth token is needed."}
)

// with fills the gaps of the sentence.
func (e Error) with(args ...any) *Error {
	if len(args) > 0 {
		e.text = fmt.Sprintf(e.text, args...)
	}
	return &e
}

// ErrorBody is the documented shape of an error of the login service.
type ErrorBody struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri"`
	Suberror      string `json:"suberror,omitempty"`
}

// describe returns the description with its trailer of IDs.
func (e *Error) describe(q *web.Request) (text, timestamp, correlation string) {
	timestamp = q.Now.UTC().Format("2006-01-02 15:04:05Z")
	correlation = q.Header.Get("client-request-id")
	if !tenant.IsGUID(correlation) {
		correlation = tenant.NewGUID()
	}
	return fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s",
		e.code, e.text, q.ID, correlation, timestamp), timestamp, correlation
}

// answer returns what the login service answers with an error.
func (e *Error) answer(q *web.Request, origin string) *web.Answer {
	text, timestamp, correlation := e.describe(q)
	return web.JSON(e.status, ErrorBody{
		Error: e.name, Description: text, Codes: []int{e.code}, Timestamp: timestamp,
		TraceID: q.ID, CorrelationID: correlation, URI: fmt.Sprintf("%s/error?code=%d", origin, e.code),
	}).With("x-ms-request-id", q.ID).With("client-request-id", correlation)
}
