package doctor

// checks are all checks, in the order in which they are made. A new check is a file
// of its own and a line here.
var checks = []check{
	formatCheck,
	secretCheck,
	networkCheck,
	clockCheck,
	tenantCheck,
	appCheck,
	tokenCheck,
	expiryCheck,
	claimsCheck,
	permissionCheck,
	apiCheck,
	workspaceCheck,
	roleCheck,
	datasetsCheck,
	targetCheck,
	trialCheck,
	limitsCheck,
}
