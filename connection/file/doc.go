// Package file keeps the connections in connections.json, and reads connections from
// CSV and JSON files. Secrets are never in the connection file: they are in the
// keychain, under the connection's ID.
package file
