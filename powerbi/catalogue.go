package powerbi

import (
	"net/http"

	"pushdesk/storage/failure"
)

// Who can fix something.
const (
	whoYou       = failure.You
	whoFabric    = failure.PowerBIAdmin
	whoEntra     = failure.TenantAdmin
	whoWorkspace = failure.WorkspaceAdmin
	whoNetwork   = failure.NetworkTeam
	whoNobody    = failure.Nobody // it passes by itself, or only Microsoft can
)

// cause explains an error of the service. It fits when each of its conditions
// that is set does. In its texts {op} is what was asked for, {says} the service's
// own words, {wait} the time to wait.
type cause struct {
	codes    []string // one of these is in the header, the details of the body, or its code
	contains string   // this is in the service's message, in lower case
	ops      []Operation
	status   int
	person   bool   // somebody signed in, not an app
	code     string // of the failure; "" is "power-bi"
	sentence string
	remedy   string
	who      failure.Who
	ask      string // what that person is asked for, in words to them; "" follows from the remedy
}

// Tenant settings have been renamed; error texts and help pages still use the old
// names, so remedies give both.
const (
	settingApps = "“Service principals can call Fabric public APIs” (older names: “Service principals can use Fabric APIs”, " +
		"“Allow service principals to use Power BI APIs”)"
	settingQueries = "“Dataset Execute Queries REST API” (newer name: “Semantic Model Execute Queries REST API”)"
)

const (
	askSettingApps = "Ask a Fabric admin to turn on the tenant setting " + settingApps +
		" and, where it is limited to security groups, to add this app to one of them. Changes can take 15 to 30 minutes."
	// What the person is asked for who can do what the remedies say.
	requestSettingApps = "Turn on the tenant setting " + settingApps + " in the Fabric admin portal, under Tenant settings, Developer settings. " +
		"Where it is limited to security groups, add this app to one of them."
	requestCreation = "Tell me whether something in this tenant keeps the app from creating push datasets, and allow it if you can: Microsoft allows it until 31 October 2027."
	requestQueries  = "Turn on the tenant setting " + settingQueries + " in the Fabric admin portal, under Tenant settings, Integration settings, for this app."
	requestLicence  = "Check why the account below cannot use the Power BI REST API: whether it has a licence, and whether a tenant setting is in the way."
	requestRole     = "Give the service principal or the account below the role Contributor in the workspace, under Manage access."

	askLicence = "Open app.powerbi.com once with this account and check whether it has a Power BI licence. If it works there, " +
		"a Fabric admin can tell which tenant setting is in the way."
	askRole      = "Ask an admin of the workspace to give the app the Contributor role. A new role can take some minutes to work."
	splitBatch   = "Check the column types and the values; sending the rows in smaller parts shows which row is refused."
	tryLater     = "Wait a few minutes and try again."
	programFault = "This is probably a Pushdesk bug: send the details to your Pushdesk administrator."
	createAgain  = "Choose an existing push dataset, or plan the move to Fabric Real-Time Intelligence."
)

var (
	rowOps    = []Operation{OpAddRows}
	queryOps  = []Operation{OpQuery}
	tableOps  = []Operation{OpAddRows, OpDeleteRows, OpUpdateTable, OpTables}
	createOps = []Operation{OpCreateDataset, OpUpdateTable}
	spaceOps  = []Operation{OpWorkspace, OpWorkspaceUsers, OpDatasets, OpCreateDataset}
)

// stronger is the cause of a claims challenge that a new sign-in did not satisfy.
var stronger = cause{
	sentence: "A Conditional Access rule of the organisation requires a stronger sign-in for Power BI.",
	remedy: "A new sign-in did not satisfy it. A person signs in again with a browser and finishes what is asked for there; for an app, " +
		"ask an admin of Entra for an exception, and send the details: the time and the request ID identify the rule.", who: whoEntra,
	ask: "Look up the sign-in at the time below in the sign-in logs, and make an exception in the Conditional Access policy that asks for more for Power BI. " +
		"For an app, that is a policy for workload identities."}

// page is a web page in place of an answer of the API, and pageDown one that says that
// something is down.
var (
	page = cause{sentence: "Something between this computer and Power BI answered with a web page.",
		remedy: "A proxy or a sign-in page of the network is in the way: open a web browser and sign in to the network, or ask the network team to let this program through.", who: whoNetwork}
	pageDown = cause{sentence: "Power BI, or something between it and this computer, is not available right now.", remedy: tryLater, who: whoNobody}
)

// causes is the catalogue; the first that fits explains an error. Its codes come
// from Microsoft's documentation, public issue threads and measurements that
// others made on the live service.
var causes = []cause{
	// The token.
	{codes: []string{"TokenExpired"},
		sentence: "Power BI says that the sign-in has expired.",
		remedy:   "Try again: Pushdesk then signs in again. If it happens again, let this computer set its clock automatically.", who: whoYou},
	{codes: []string{"InvalidToken"},
		sentence: "Power BI does not accept the sign-in.",
		remedy:   "Check that the connection's cloud is the one your organisation uses, then test the connection.", who: whoYou},

	// The tenant.
	{codes: []string{"ServicePrincipalIsNotAllowedByTenantAdminSwitch"},
		sentence: "Your organisation does not let this app use the Power BI API.", remedy: askSettingApps, who: whoFabric},
	{contains: "api is not accessible for application",
		sentence: "Power BI does not let apps use its API here.",
		remedy:   askSettingApps + " Apps can only work in shared workspaces, never in My workspace.", who: whoFabric},
	{codes: []string{"FeatureDeprecatedError"},
		sentence: "Your organisation can no longer create datasets of this kind.",
		remedy:   "Microsoft is retiring push datasets: new ones can be created until 31 October 2027 at the latest. " + createAgain, who: whoFabric, ask: requestCreation},
	{contains: "is deprecated", ops: createOps,
		sentence: "Your organisation can no longer create datasets of this kind.",
		remedy:   "Microsoft is retiring push datasets: new ones can be created until 31 October 2027 at the latest. " + createAgain, who: whoFabric},

	// The workspace and the right to use it.
	{codes: []string{"GroupNotAccessible", "Unauthorized", "PowerBINotAuthorizedException"}, ops: []Operation{OpWorkspaces}, person: true,
		sentence: "Power BI does not let this account list the workspaces.", remedy: askLicence, who: whoFabric},
	{codes: []string{"GroupNotAccessible", "Unauthorized"}, ops: []Operation{OpWorkspaces},
		sentence: "Power BI knows this app but does not let it list the workspaces.", remedy: askSettingApps, who: whoFabric},
	{codes: []string{"GroupNotAccessible"},
		sentence: "This app has no role in the workspace.", remedy: askRole, who: whoWorkspace},
	{codes: []string{"PowerBIFolderNotFound", "GroupNotFound"},
		sentence: "There is no workspace with this ID, or the app may not see it.",
		remedy:   "Choose the workspace again. " + askRole, who: whoWorkspace},
	{codes: []string{"PowerBINotAuthorizedException"}, ops: queryOps,
		sentence: "This app may not query the dataset.",
		remedy: "The app needs the Contributor role in the workspace, and a Fabric admin must have turned on the tenant setting " +
			settingQueries + ". Rows can be sent without it; only counting and reading back need it.", who: whoFabric, ask: requestQueries},
	{codes: []string{"PowerBINotAuthorizedException"}, ops: []Operation{OpWorkspaces},
		sentence: "Power BI knows this app but does not let it list the workspaces.", remedy: askSettingApps, who: whoFabric},
	{codes: []string{"PowerBINotAuthorizedException", "Unauthorized"},
		sentence: "This app's role in the workspace is too low to {op}.", remedy: askRole, who: whoWorkspace},

	// The dataset and the table.
	{contains: "is not push api dataset",
		sentence: WhyNoRows,
		remedy:   "Choose a push dataset, or let Pushdesk create one.", who: whoYou},
	{codes: []string{"ItemNotFound"}, contains: "table",
		sentence: "The dataset has no table of this name: {says}",
		remedy:   "Choose the table again. Capital and small letters count. Where it was renamed, a run can be continued with the new name.", who: whoYou},
	{codes: []string{"PowerBIEntityNotFound"}, ops: queryOps,
		sentence: "There is no such dataset in this workspace, or the app may not query it.",
		remedy:   "Choose the dataset again. " + askRole, who: whoWorkspace},
	{codes: []string{"PowerBIEntityNotFound", "DatasetNotFound", "ItemNotFound"},
		sentence: "There is no such dataset in this workspace, or the app may not use it.",
		remedy:   "It may have been deleted or moved: choose the dataset again, or ask an admin of the workspace for the Contributor role.", who: whoYou},
	{codes: []string{"PowerBIEntityAlreadyExists"},
		sentence: "This name is already in use.", remedy: "Choose another name.", who: whoYou},

	// What was sent.
	{contains: "column properties other than name and datatype",
		sentence: "Streaming datasets allow a column only a name and a type.",
		remedy:   "Use a push dataset, or send the columns without formats and other properties.", who: whoYou},
	{contains: "does not exist on type",
		sentence: "Power BI does not know a property that was sent: {says}", remedy: programFault, who: whoYou},
	{contains: "missing or invalid information", ops: createOps,
		sentence: "Power BI did not accept the new dataset and did not say why.",
		remedy: "Check the names and types of the columns. If they are right, try again later: " +
			"Power BI has sometimes given this answer by mistake.", who: whoYou},
	{codes: []string{"RequestedResourceNotFound", "DMTS_DatasourceHasNoCredentialsError"}, ops: rowOps,
		sentence: "Power BI did not accept the rows. Usually a value does not fit the type of its column.",
		remedy:   splitBatch, who: whoYou},
	{codes: []string{"InvalidRequest", "BadRequest"}, ops: rowOps,
		sentence: "Power BI did not accept the rows: {says}", remedy: splitBatch, who: whoYou},
	{codes: []string{"InvalidRequest", "BadRequest"}, ops: createOps,
		sentence: "Power BI did not accept the table: {says}",
		remedy:   "Check the names and types of the columns.", who: whoYou},
	{codes: []string{"DatasetExecuteQueriesError"},
		sentence: "Power BI could not run the query: {says}",
		remedy:   "Check that the table is still there. Rows can be sent without it; only counting and reading back need it.", who: whoYou},
	{status: http.StatusRequestEntityTooLarge,
		sentence: "The request is larger than Power BI accepts.",
		remedy:   "Send fewer rows in one request.", who: whoYou},

	// The service's own state.
	{status: http.StatusTooManyRequests, ops: rowOps,
		sentence: "Power BI's limit for rows or requests is reached{wait}.",
		remedy: "Nothing of this request was stored. Limits of a dataset, shared with everybody who sends to it: 120 requests a minute " +
			"(an hour once a table has 250,000 rows), 1,000,000 rows an hour, 5 requests at once.", who: whoNobody},
	{status: http.StatusTooManyRequests,
		sentence: "Power BI's limit for requests is reached{wait}.",
		remedy:   "Nothing is wrong with the connection; continue after the wait.", who: whoNobody},
	{contains: "acquirelocktimeout", ops: rowOps,
		sentence: "The dataset was busy.", remedy: "Wait a little. " + afterAPending, who: whoNobody},
	{contains: "acquirelocktimeout", sentence: "The dataset was busy.", remedy: "Wait a little and try again.", who: whoNobody},
	{codes: []string{"AcquireLockTimeoutException"}, sentence: "The dataset was busy.", remedy: "Wait a little and try again.", who: whoNobody},
}

// fallbacks explain an error by its status alone.
var fallbacks = []cause{
	{status: http.StatusTemporaryRedirect,
		sentence: "Power BI sent this program to another address that it does not trust.",
		remedy:   "Check the connection's cloud. The address is among the details.", who: whoYou},
	{status: http.StatusPermanentRedirect,
		sentence: "Power BI sent this program to another address that it does not trust.",
		remedy:   "Check the connection's cloud. The address is among the details.", who: whoYou},
	{status: http.StatusUnauthorized, ops: []Operation{OpWorkspaces}, person: true,
		sentence: "Power BI does not let this account {op}.", remedy: askLicence, who: whoFabric},
	{status: http.StatusForbidden, ops: []Operation{OpWorkspaces}, person: true,
		sentence: "Power BI refused to {op} and gave no reason.", remedy: askLicence, who: whoFabric},
	{status: http.StatusUnauthorized, person: true,
		sentence: "Power BI does not let this account {op}.", remedy: askRole, who: whoWorkspace},
	{status: http.StatusForbidden, person: true,
		sentence: "Power BI refused to {op} and gave no reason.",
		remedy:   "A new sign-in did not help, so the account most likely lacks a right. " + askRole, who: whoWorkspace},
	{status: http.StatusUnauthorized, ops: []Operation{OpWorkspaces},
		sentence: "Power BI does not let this app {op}.", remedy: askSettingApps, who: whoFabric},
	{status: http.StatusUnauthorized, ops: spaceOps,
		sentence: "Power BI does not let this app {op}.", remedy: askRole, who: whoWorkspace},
	{status: http.StatusUnauthorized,
		sentence: "Power BI does not let this app {op}.",
		remedy:   "Check its role in the workspace; a Fabric admin can check the tenant setting " + settingApps + ".", who: whoWorkspace},
	{status: http.StatusForbidden, ops: []Operation{OpWorkspaces},
		sentence: "Power BI refused to {op} and gave no reason.", remedy: askSettingApps, who: whoFabric},
	{status: http.StatusForbidden,
		sentence: "Power BI refused to {op} and gave no reason.",
		remedy: "A new sign-in did not help, so the app most likely lacks a right. " + askRole +
			" A Fabric admin can check the tenant setting " + settingApps + ".", who: whoWorkspace},
	{status: http.StatusNotFound, ops: tableOps,
		sentence: "Power BI cannot find the dataset or the table.",
		remedy:   "It may have been deleted or renamed: choose it again. Capital and small letters of a table count. A run of a table that was renamed can be continued with its new name.", who: whoYou},
	{status: http.StatusNotFound, ops: []Operation{OpWorkspaces},
		sentence: "The API address is not that of Power BI's API.",
		remedy:   "Check the connection's cloud. With custom addresses, check the API URL: it is the host alone, without /v1.0/myorg.", who: whoYou},
	{status: http.StatusNotFound,
		sentence: "Power BI cannot find what was asked for, or the app may not see it.",
		remedy:   "Choose the workspace and the dataset again.", who: whoYou},
	{status: http.StatusBadRequest, ops: rowOps,
		sentence: "Power BI did not accept the rows and did not say why.", remedy: splitBatch, who: whoYou},
	{status: http.StatusBadRequest,
		sentence: "Power BI did not accept the request to {op}.", remedy: programFault, who: whoYou},
	{status: http.StatusServiceUnavailable,
		sentence: "Power BI is not available right now{wait}.", remedy: tryLater, who: whoNobody},
	{status: http.StatusBadGateway,
		sentence: "A part of Power BI could not reach the rest of it.", remedy: tryLater, who: whoNobody},
	{status: http.StatusGatewayTimeout,
		sentence: "Power BI did not finish in time.", remedy: tryLater, who: whoNobody},
	{status: http.StatusInternalServerError,
		sentence: "Power BI reported an internal error.", remedy: tryLater, who: whoNobody},
}
