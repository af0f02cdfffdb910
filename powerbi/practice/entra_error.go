package practice

import (
	"fmt"
	"net/http"
	"strings"
)

// entraError is an error of the login service: its number and what the OAuth
// answer says with it.
type entraError struct {
	code   int
	name   string // the OAuth error
	status int
	text   string
}

// The errors this service gives. Numbers, OAuth names and causes are those of
// Microsoft's published list of AADSTS errors or, for 7000229, 900023 and
// 1002012, of public threads. The sentences are our own.
var (
	errTenantUnknown   = entraError{90002, "invalid_request", http.StatusBadRequest, "Tenant '%s' not found. Check that the tenant ID is right and that it belongs to this cloud."}
	errTenantMalformed = entraError{900023, "invalid_request", http.StatusBadRequest, "Specified tenant identifier '%s' is neither a valid DNS name, nor a valid external domain."}
	errTenantCommon    = entraError{9001023, "invalid_request", http.StatusBadRequest, "The grant type is not supported over the /common or /consumers endpoints. Use the tenant's own endpoint."}
	errAppUnknown      = entraError{700016, "unauthorized_client", http.StatusBadRequest, "Application with identifier '%s' was not found in the directory '%s'."}
	errNoPrincipal     = entraError{7000229, "unauthorized_client", http.StatusBadRequest, "The client application '%s' is missing service principal in the tenant '%s'."}
	errAppDisabled     = entraError{7000112, "unauthorized_client", http.StatusBadRequest, "Application '%s' is disabled."}
	errSecretWrong     = entraError{7000215, "invalid_client", http.StatusUnauthorized, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'."}
	errSecretExpired   = entraError{7000222, "invalid_client", http.StatusUnauthorized, "The provided client secret keys for app '%s' are expired."}
	errSecretMissing   = entraError{7000216, "invalid_client", http.StatusUnauthorized, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."}
	errNotPublic       = entraError{7000218, "invalid_client", http.StatusUnauthorized, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."}
	errPublicSecret    = entraError{700025, "invalid_client", http.StatusUnauthorized, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."}
	errAssertion       = entraError{700027, "invalid_client", http.StatusUnauthorized, "The certificate with identifier used to sign the client assertion is not registered on application, or the signature is not valid: %s."}
	errAssertionTime   = entraError{700024, "invalid_client", http.StatusUnauthorized, "Client assertion is not within its valid time range."}
	errAssertionShape  = entraError{50027, "invalid_request", http.StatusBadRequest, "JWT token is invalid or malformed."}
	errNoConsent       = entraError{65001, "invalid_grant", http.StatusBadRequest, "The user or administrator has not consented to use the application with ID '%s' named '%s'."}
	errDeclined        = entraError{65004, "access_denied", http.StatusBadRequest, "User declined to consent to access the app."}
	errScopeNotDefault = entraError{1002012, "invalid_scope", http.StatusBadRequest, "The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier."}
	errScopeInvalid    = entraError{70011, "invalid_scope", http.StatusBadRequest, "The provided value for the input parameter 'scope' is not valid. The scope %s does not exist."}
	errResourceUnknown = entraError{500011, "invalid_resource", http.StatusBadRequest, "The resource principal named %s was not found in the tenant named %s."}
	errTwoResources    = entraError{700022, "invalid_scope", http.StatusBadRequest, "Provided value for the input parameter scope is not valid because it contains more than one resource: %s."}
	errFieldMissing    = entraError{900144, "invalid_request", http.StatusBadRequest, "The request body must contain the following parameter: '%s'."}
	errGrantType       = entraError{70003, "unsupported_grant_type", http.StatusBadRequest, "The app requested an unsupported grant type '%s'."}
	errResponseType    = entraError{700054, "unsupported_response_type", http.StatusBadRequest, "response_type '%s' is not enabled for the application."}
	errRedirect        = entraError{50011, "invalid_request", http.StatusBadRequest, "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application '%s'."}
	errDevicePending   = entraError{70016, "authorization_pending", http.StatusBadRequest, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."}
	errDeviceDeclined  = entraError{70020, "authorization_declined", http.StatusBadRequest, "The user declined the authorization request."}
	errDeviceExpired   = entraError{70019, "expired_token", http.StatusBadRequest, "Verification code expired."}
	errDeviceUnknown   = entraError{70018, "bad_verification_code", http.StatusBadRequest, "Invalid verification code."}
	errCodeUsed        = entraError{54005, "invalid_grant", http.StatusBadRequest, "OAuth2 Authorization code was already redeemed, please retry with a new valid code."}
	errCodeInvalid     = entraError{9002313, "invalid_grant", http.StatusBadRequest, "Invalid request. Request is malformed or invalid."}
	errCodeExpired     = entraError{70008, "invalid_grant", http.StatusBadRequest, "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request."}
	errVerifier        = entraError{501481, "invalid_grant", http.StatusBadRequest, "The Code_Verifier does not match the code_challenge supplied in the authorization request."}
	errRefreshRevoked  = entraError{50173, "invalid_grant", http.StatusBadRequest, "The provided grant has expired due to it being revoked, a fresh auth token is needed."}
)

// with fills the gaps of the sentence.
func (e entraError) with(args ...any) *entraError {
	if len(args) > 0 {
		e.text = fmt.Sprintf(e.text, args...)
	}
	return &e
}

// entraErrorBody is the documented shape of an error of the login service.
type entraErrorBody struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri"`
	Suberror      string `json:"suberror,omitempty"`
}

// describe gives the description with its trailer of IDs.
func (e *entraError) describe(q *request) (text, timestamp, correlation string) {
	timestamp = q.now.UTC().Format("2006-01-02 15:04:05Z")
	correlation = q.Header.Get("client-request-id")
	if !isGUID(correlation) {
		correlation = newGUID()
	}
	return fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s",
		e.code, e.text, q.id, correlation, timestamp), timestamp, correlation
}

func (s *Service) refuse(q *request, e *entraError) answer {
	text, timestamp, correlation := e.describe(q)
	a := jsonAnswer(e.status, entraErrorBody{
		Error: e.name, Description: text, Codes: []int{e.code}, Timestamp: timestamp,
		TraceID: q.id, CorrelationID: correlation, URI: fmt.Sprintf("%s/error?code=%d", s.origin(q), e.code),
	})
	a.header.Set("x-ms-request-id", q.id)
	a.header.Set("client-request-id", correlation)
	return a
}

// origin is the address the client used, so that links and issuer match it when
// it dialled this service under another of its names.
func (s *Service) origin(q *request) string {
	host := strings.ToLower(q.Host)
	if s.ownHost(host) {
		return "https://" + host
	}
	return s.url
}
