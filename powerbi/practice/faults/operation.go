package faults

// Operation names what a request asks for, as faults and the request log know it.
type Operation string

const (
	OpMetadata   Operation = "metadata"   // OpenID metadata of a tenant
	OpDiscovery  Operation = "discovery"  // instance discovery
	OpKeys       Operation = "keys"       // public signing keys
	OpToken      Operation = "token"      // the token endpoint
	OpDeviceCode Operation = "devicecode" // start of a device code sign-in
	OpAuthorize  Operation = "authorize"  // the sign-in page
	OpSignIn     Operation = "signin"     // the page where a device code is typed

	OpGraphApp Operation = "graph-app" // an app registration, of Microsoft Graph

	OpGroups        Operation = "groups"         // list workspaces
	OpGroup         Operation = "group"          // one workspace
	OpCreateGroup   Operation = "create-group"   // create a workspace
	OpGroupUsers    Operation = "group-users"    // who has a role
	OpAddGroupUser  Operation = "add-group-user" // give a role
	OpRefreshRights Operation = "refresh-rights" // RefreshUserPermissions
	OpDatasets      Operation = "datasets"       // list datasets
	OpDataset       Operation = "dataset"        // one dataset
	OpCreateDataset Operation = "create-dataset" // create a dataset
	OpDeleteDataset Operation = "delete-dataset" // delete a dataset
	OpTables        Operation = "tables"         // list tables
	OpUpdateTable   Operation = "update-table"   // redefine a table
	OpRows          Operation = "rows"           // POST rows
	OpDeleteRows    Operation = "delete-rows"    // DELETE rows
	OpQuery         Operation = "query"          // executeQueries
	OpReports       Operation = "reports"        // reports of a workspace

	OpControl Operation = "control" // the service's own /practice paths; never hit by a fault
	OpUnknown Operation = "unknown" // no path of either service
)
