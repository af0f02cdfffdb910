package entra

import (
	"pushdesk/storage/failure"
	"pushdesk/storage/netfail"
)

// cause is one line of the catalogue: what an error means, and what to do. A line
// fits by its kind of network trouble, its numbers, its names of OAuth errors or
// its statuses, whichever it has.
type cause struct {
	network  netfail.Kind
	codes    []int
	names    []string
	status   [2]int // first and last
	sentence string // {says} is what the service says, {host} the login host, {reason} the system's reason, {cloud} whose Power BI was asked for
	remedy   string // {wait} is how long to wait
	who      failure.Who
	ask      string // what that person is asked for, in words to them; "" is the remedy
}

const (
	newSecret    = "Create a new client secret in the app registration under Certificates & secrets, and enter its Value."
	programFault = "This is a Pushdesk bug, or the wrong cloud is chosen: check the cloud, and send the details to your Pushdesk administrator." + customResource
	signInAgain  = "Sign in again."

	// Nothing says whether the ID, the secret or the certificate is meant.
	checkCredentials = "Check the client ID, and that the client secret is the column Value, not the Secret ID. If they are right, or the connection signs in with a certificate, the app's owner must create a new secret or upload the certificate again."
	askCredentials   = "Check the credentials of the app registration under Certificates & secrets: what I have is not accepted. Create a new client secret, and send me its Value in a safe way, for it is shown only once; or upload my certificate there."

	waitAndRetry  = "Nothing is wrong with the connection. Try again in {wait}."
	customAddress = " With custom addresses, check the login URL."

	customResource = " With custom addresses, check the resource."
)

// causes is the catalogue, the surest lines first. The meanings of the numbers are
// those of Microsoft's list (learn.microsoft.com/entra/identity-platform/reference-error-codes);
// 7000229, 900023 and 1002012 are from public threads. The words are ours.
var causes = []cause{
	// Something else answered for {host}. That it was not reached is said by netfail.
	{network: Page, sentence: "{host} returned a web page instead of an answer.", remedy: "A sign-in page of the network may be in the way: open a web browser and sign in to the network, or ask the network team to let this program through." + customAddress, who: failure.NetworkTeam,
		ask: "Let this program's requests to {host} through: a web page is returned instead."},
	{network: Elsewhere, sentence: "The login host {host} sends this tenant's sign-ins to another host ({reason}), so nothing was sent.", remedy: "The tenant probably belongs to another cloud: choose that cloud." + customAddress, who: failure.You},
	{network: Misfit, sentence: "{host} answered, but not as a login service that Pushdesk understands.", remedy: "Check the cloud; a proxy may also have changed the answer." + customAddress, who: failure.You},

	// The credential.
	{codes: []int{7000215}, sentence: "The client secret is wrong.", remedy: "Paste the column Value of the secret, not its Secret ID. If nobody kept the Value, the app's owner must create a new secret.", who: failure.AppOwner,
		ask: "Create a new client secret in the app registration under Certificates & secrets, and send me its Value in a safe way: it is shown only once. The one that I have is not accepted."},
	{codes: []int{7000222}, sentence: "The client secret has expired.", remedy: newSecret, who: failure.AppOwner,
		ask: "Create a new client secret in the app registration under Certificates & secrets, and send me its Value in a safe way: it is shown only once. The old secret has expired."},
	{codes: []int{7000216, 7000218}, sentence: "The app requires a client secret or a certificate, and none was sent.", remedy: "Enter the client secret. To sign in with your own account instead, the app's owner must turn on “Allow public client flows”.", who: failure.You},
	{codes: []int{700025}, sentence: "The app is for people who sign in, but a client secret was sent.", remedy: "Turn “Allow public client flows” off in the app registration, or sign in without a secret.", who: failure.AppOwner,
		ask: "Turn “Allow public client flows” off in the app registration under Authentication, or tell me which app to use: this one does not take a client secret."},
	{codes: []int{70002}, sentence: "The app's credentials are wrong.", remedy: checkCredentials, who: failure.AppOwner, ask: askCredentials},
	{codes: []int{700027, 50012}, sentence: "The certificate is not accepted for this app.", remedy: "Upload this certificate to the app registration, compare its thumbprint, and check this computer's clock.", who: failure.AppOwner,
		ask: "Upload the certificate with the thumbprint below to the app registration under Certificates & secrets."},
	{codes: []int{700024}, sentence: "The certificate's signature is not valid at this time.", remedy: "Let this computer set its clock automatically, and try again.", who: failure.You},
	{codes: []int{700030}, sentence: "The certificate is not valid.", remedy: "Use one that has not expired, and upload it to the app registration.", who: failure.AppOwner,
		ask: "Give the app a certificate that has not expired, upload it to the app registration under Certificates & secrets, and send me its PFX file in a safe way."},

	// The app.
	{codes: []int{700016, 700011}, sentence: "The tenant does not know this app.", remedy: "Check the client ID: an app registration has two IDs, and the one to enter is the Application (client) ID on its overview page, not the Object ID. Check also that the tenant is the one the app belongs to. If both are right, an admin must add the app to the tenant.", who: failure.You},
	{codes: []int{7000229}, sentence: "The app has no enterprise application in this tenant.", remedy: "An admin of the tenant must add it: by consenting to the app, or by creating its service principal.", who: failure.TenantAdmin,
		ask: "Add the app to this tenant: consent to it, or create its service principal (enterprise application)."},
	{codes: []int{7000112, 70001}, sentence: "The app is disabled.", remedy: "An admin must enable sign-in for the enterprise application in Entra.", who: failure.TenantAdmin,
		ask: "Set “Enabled for users to sign-in” to Yes in the properties of the enterprise application."},
	{codes: []int{65001}, sentence: "No one has consented to the app.", remedy: "An admin must grant consent to it in Entra. To sign in with your own account, the permission is Dataset.ReadWrite.All of the Power BI Service.", who: failure.TenantAdmin,
		ask: "Grant admin consent to the app, under Permissions of the enterprise application. For people who sign in, the permission is Dataset.ReadWrite.All of the Power BI Service (delegated)."},
	{codes: []int{65004}, sentence: "The consent to the app was refused at sign-in.", remedy: "Sign in again and accept.", who: failure.You},
	{codes: []int{90094, 90095}, sentence: "The app needs the consent of an admin.", remedy: "Ask an admin to grant consent to it in Entra.", who: failure.TenantAdmin,
		ask: "Grant admin consent to the app, under Permissions of the enterprise application."},
	{codes: []int{65005, 650056, 650057}, sentence: "The app is not set up for Power BI.", remedy: "Check that {cloud} is the one that your organisation uses: an app that is registered for another cloud's Power BI is refused here. If it is, add the delegated permission Dataset.ReadWrite.All of the Power BI Service to the app registration.", who: failure.AppOwner,
		ask: "Add the delegated permission Dataset.ReadWrite.All of the Power BI Service to the app registration under API permissions, for {cloud}."},
	{codes: []int{50011}, sentence: "The app does not allow the address that the sign-in returns to.", remedy: "Add http://localhost to the app registration, as a redirect address for mobile and desktop applications.", who: failure.AppOwner,
		ask: "Add http://localhost to the app registration under Authentication, as a redirect address for mobile and desktop applications."},
	{codes: []int{50105}, sentence: "The app is for some people only, and you are not among them.", remedy: "Ask the app's owner to assign you.", who: failure.AppOwner,
		ask: "Assign my account to the app, under Users and groups of the enterprise application."},

	// The tenant and its cloud.
	{codes: []int{90002}, sentence: "There is no such tenant in this cloud.", remedy: "Check the tenant ID. If it is right, the tenant belongs to another cloud: choose a government cloud or China.", who: failure.You},
	{codes: []int{900023}, sentence: "The tenant ID is neither a GUID nor a domain.", remedy: "Enter the Directory (tenant) ID, or a domain such as contoso.onmicrosoft.com, and nothing else.", who: failure.You},
	{codes: []int{50059, 50128, 90019}, sentence: "No tenant was sent to the login service.", remedy: "Fill in the tenant ID.", who: failure.You},
	{codes: []int{50194, 9001023}, sentence: "The app belongs to one tenant, but the connection does not name it.", remedy: "Enter the tenant ID in place of “common” or “organizations”.", who: failure.You},
	{codes: []int{90038, 900382, 900432}, sentence: "The tenant belongs to another national cloud.", remedy: "Choose that cloud for the connection.", who: failure.You},
	{codes: []int{50049}, names: []string{"invalid_instance"}, sentence: "The login service does not know this login host.", remedy: "Choose the right cloud." + customAddress, who: failure.You},
	{codes: []int{500011, 50001}, sentence: "The tenant does not know Power BI under the name that this cloud gives it.", remedy: "Check the cloud. If it is right, nobody may have used Power BI in the tenant yet: ask an admin." + customResource, who: failure.You},
	{codes: []int{650052}, sentence: "Your organisation has no Power BI subscription.", remedy: "Ask an admin to enable Power BI in the tenant.", who: failure.TenantAdmin,
		ask: "Enable Power BI in the tenant: the organisation has no subscription to it."},
	{codes: []int{500021, 500022}, sentence: "The network allows sign-ins to some tenants only, and this is not one of them.", remedy: "Ask the network team to allow this tenant.", who: failure.NetworkTeam,
		ask: "Allow the tenant below in the network's tenant restrictions (Restrict-Access-To-Tenants)."},

	// The request: nothing that a person typed, except for the cloud.
	{codes: []int{70011, 1002012, 700022}, sentence: "The login service rejected the requested scope.", remedy: programFault, who: failure.You},
	{codes: []int{900144, 9002313, 50027, 70003, 700054}, sentence: "The login service does not understand the request.", remedy: programFault, who: failure.You},

	// The rules of the organisation.
	{codes: []int{50072, 50074, 50076, 50078, 50079}, sentence: "Your organisation requires a second sign-in factor.", remedy: "Sign in with a browser and finish it there. For an app, ask an admin for an exception.", who: failure.You},
	{codes: []int{53003}, sentence: "A Conditional Access policy of your organisation blocks this sign-in.", remedy: "Send the details to an admin of Entra: the correlation ID identifies the policy. For an app, ask for an exception.", who: failure.TenantAdmin,
		ask: "Look up the sign-in with the correlation ID below in the sign-in logs, and make an exception in the Conditional Access policy that blocks it. For an app, that is a policy for workload identities."},
	{codes: []int{53000, 53001}, sentence: "Your organisation allows this only on computers that it manages.", remedy: "Use such a computer, or ask an admin.", who: failure.TenantAdmin,
		ask: "Let this computer meet the rule for managed devices, or make an exception for this sign-in: the correlation ID below leads to it in the sign-in logs."},
	{codes: []int{530032, 530035}, sentence: "A security policy of your organisation blocks this sign-in.", remedy: "Send the details to an admin of Entra.", who: failure.TenantAdmin,
		ask: "Look up the sign-in with the correlation ID below in the sign-in logs, and allow it in the security policy that blocks it."},

	// The account of a person.
	{codes: []int{50034, 50020, 90072}, sentence: "The account does not belong to this tenant.", remedy: "Sign in with another account, or ask an admin of the tenant for an invitation.", who: failure.You},
	{codes: []int{50126}, sentence: "The user name or the password is wrong.", remedy: "Try again.", who: failure.You},
	{codes: []int{50053}, sentence: "The account is locked, or this address is blocked.", remedy: "Wait and try again, or ask an admin.", who: failure.TenantAdmin,
		ask: "Unlock my account, or the address that I sign in from."},
	{codes: []int{50055}, sentence: "The password has expired.", remedy: "Change it in a web browser, and sign in again.", who: failure.You},
	{codes: []int{50057}, sentence: "The account is disabled.", remedy: "Ask an admin.", who: failure.TenantAdmin,
		ask: "Enable my account for sign-in."},
	{codes: []int{50132, 50133, 50173}, sentence: "The sign-in was revoked, or the password was changed.", remedy: signInAgain, who: failure.You},
	{codes: []int{70008, 700082, 70043, 500133}, sentence: "The sign-in has expired.", remedy: signInAgain, who: failure.You},
	{codes: []int{16000}, sentence: "The login service does not know which account is meant.", remedy: "Sign in again and choose the account.", who: failure.You},
	{codes: []int{70016}, sentence: "The sign-in with the code is not finished.", remedy: "Finish it in the web browser.", who: failure.You},
	{codes: []int{70018}, sentence: "The code is wrong.", remedy: "Start the sign-in again, and type the new code.", who: failure.You},
	{codes: []int{70019}, sentence: "The code has expired.", remedy: "Start the sign-in again.", who: failure.You},
	{codes: []int{70020}, sentence: "The sign-in was refused in the web browser.", remedy: "Start it again and accept.", who: failure.You},

	// A busy service.
	{codes: []int{90055}, sentence: "The login service is busy.", remedy: waitAndRetry, who: failure.Nobody},
	{codes: []int{90033, 90090, 50196}, sentence: "The login service has a temporary problem.", remedy: waitAndRetry, who: failure.Nobody},
	{status: [2]int{429, 429}, sentence: "The login service is busy.", remedy: waitAndRetry, who: failure.Nobody},
	{status: [2]int{500, 599}, sentence: "The login service is temporarily unavailable.", remedy: waitAndRetry, who: failure.Nobody},

	// Numbers that are not known: the name of the error says the kind.
	{names: []string{"invalid_client"}, sentence: "The login service does not accept the app's credentials: {says}.", remedy: checkCredentials, who: failure.AppOwner, ask: askCredentials},
	{names: []string{"unauthorized_client"}, sentence: "The app may not sign in like this: {says}.", remedy: "Check the client ID and the tenant ID. If they are right, send the details to the app's owner.", who: failure.AppOwner,
		ask: "Find out why the app may not sign in like this; the correlation ID below leads to the sign-in logs."},
	{names: []string{"invalid_grant"}, sentence: "The login service does not accept this sign-in: {says}.", remedy: "Try again. If it keeps happening, send the details to the app's owner.", who: failure.AppOwner,
		ask: "Find out why the sign-in is not accepted; the correlation ID below leads to the sign-in logs."},
	{names: []string{"invalid_scope", "invalid_resource"}, sentence: "The login service rejected the requested scope: {says}.", remedy: programFault, who: failure.You},
	{names: []string{"interaction_required", "consent_required", "login_required"}, sentence: "A person must sign in first: {says}.", remedy: "Sign in with a browser. For an app, send the details to an admin of Entra.", who: failure.TenantAdmin,
		ask: "Look up the sign-in with the correlation ID below in the sign-in logs, and make an exception in the policy that wants a person to sign in."},
	{names: []string{"access_denied"}, sentence: "The sign-in was refused: {says}.", remedy: "Send the details to an admin of Entra.", who: failure.TenantAdmin,
		ask: "Look up the sign-in with the correlation ID below in the sign-in logs, and allow it in the policy that refuses it."},
	{names: []string{"temporarily_unavailable", "server_error"}, sentence: "The login service is temporarily unavailable.", remedy: waitAndRetry, who: failure.Nobody},
	{status: [2]int{404, 404}, sentence: "There is no login service at {host}.", remedy: "Check the cloud." + customAddress, who: failure.You},
}
