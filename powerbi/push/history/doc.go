// Package history keeps what must outlive a run: what each run was about, its journal,
// its receipt, and the ledger of what every dataset was sent lately. Several processes
// use it at the same time.
//
// It holds row numbers, column names and the values of rows that were refused, but no
// values of accepted rows, and no secret.
//
//   - database.go: the file, its tables and its transactions
//   - history.go: runs as a list, and one run
//   - retention.go: what is deleted, and when
//   - journal.go, entry.go: the account of one run while a process is at it
//   - replay.go: what earlier sessions of a run did, read from its journal
//   - ledger.go, usage.go: what a dataset was sent, by every run on this computer
//   - count_lock.go: one run at a time counts the rows of a table
//   - receipt.go: how a run ended
package history
