// Package connection is what it takes to reach Power BI: named connections with
// their cloud, tenant and app, the checks of what a person typed, the file that
// keeps them, and the tokens they are good for. Secrets are not kept here but in
// the keychain, under the connection's ID.
package connection
