// Package push sends the rows of a table into a push dataset, keeps the service's
// pace, and says afterwards what arrived.
//
// It is given a stream of typed rows (mapping.Source) and the calls it needs of the
// service (API), and knows nothing of spreadsheets or connections. What is sent into
// each column is the business of package mapping, what the limits cost that of
// package plan.
//
//   - send.go and what it uses: the run itself
//   - settle.go: what became of a batch whose answer was lost
//   - database.go, journal.go, runs.go: what survives a crash
//   - ledger.go, quiet.go: what all runs on this computer have sent into a dataset
//
// A batch is accepted, refused or unknown. An unknown batch is never blindly
// sent again.
package push
