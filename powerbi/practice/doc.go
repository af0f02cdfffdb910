// Package practice is a local Entra and Power BI push service: the embedded default
// of the program, and the server of its tests. It serves on a loopback address over
// HTTPS, with a certificate authority made at every start, and keeps the rules of the
// real services as far as they are documented or were measured by others. Where the
// real behavior is not known, the comment at the place says that it is assumed.
//
// Start runs a service; Open runs or joins the one of this computer. A new service has
// one tenant, ready-made apps (Credentials) and two workspaces. One listener serves
// login paths such as /{tenant}/oauth2/v2.0/token (package entra), the REST API below
// /v1.0/myorg (package api), and paths of its own below /practice (control.go). All of
// them work on one tenant (package tenant).
//
// # Paths of its own
//
// For people who run the service alone, and need trouble on demand:
//
//	GET    /practice/ping           answers 200
//	GET    /practice/state          workspaces, roles, datasets, tables and row counts, faults
//	GET    /practice/requests       the last requests
//	POST   /practice/faults         adds a fault; the body is a faults.Fault in JSON, delays in delayMs
//	DELETE /practice/faults         removes every fault
//	DELETE /practice/faults/{id}    removes one
//	POST   /practice/revoke-tokens  revokes every access token issued until now
//	POST   /practice/role           {"workspace":"...","who":"...","role":"Viewer"}
//	POST   /practice/settings       {"servicePrincipals":false,"executeQueries":false}
//	GET    /practice/behavior      how it acts where the real service is not known, and its limits
//	POST   /practice/behavior      changes the fields that are given: {"windows":"fixed","countDelayMs":9000}
//	GET    /practice/clock          the service's time
//	POST   /practice/clock          {"forwardMs":3600000} lets an hour pass for the service
//	POST   /practice/others         {"dataset":"ID","table":"...","rows":50} adds rows as another program would
//	POST   /practice/rename-table   {"dataset":"ID","table":"...","name":"..."}
//
// For example, the third POST of rows from now is stored but its answer lost:
//
//	curl --cacert ca.pem https://127.0.0.1:PORT/practice/faults \
//	     -d '{"operation":"rows","after":2,"cutAfter":true}'
//
// These paths need no token. They are only served on a loopback address, and
// refuse requests that come from a web page.
package practice
