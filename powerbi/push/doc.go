// Package push sends the rows of a table into a push dataset: it maps columns,
// converts values, finds every problem before anything is sent, plans what the
// service's limits will cost, keeps its pace, and says afterwards what arrived.
//
// It is given a stream of typed rows (Source) and the calls it needs of the
// service (API), and knows nothing of spreadsheets or connections.
//
//   - mapping.go, match.go: which column of the file goes where
//   - convert*.go, encoder.go: a cell becomes the JSON of its target type
//   - check.go: every problem of a file, with addresses
//   - pace.go, simulate.go, plan.go: the limits, and how long sending takes
//   - send.go and what it uses: the run itself
//   - settle.go: what became of a batch whose answer was lost
//   - database.go, journal.go, runs.go: what survives a crash
//   - ledger.go, quiet.go: what all runs of this computer have sent into a dataset
//
// A batch is accepted, refused or unknown. An unknown batch is never blindly
// sent again.
package push
