// Package powerbi speaks the Power BI REST API for push datasets: workspaces,
// datasets, tables, rows, and the queries that count and read them back. It is
// given a source of tokens and knows nothing of connections or keychains.
//
// The service's documented limits are in limits.go, the push schema and its
// checks in schema.go and check.go, its errors in errors.go, and what to do about
// them in catalogue.go.
package powerbi
