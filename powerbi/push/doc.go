// Package push sends the rows of a table into a push dataset: it keeps the service's
// pace, journals every batch before and after it is sent, and says afterwards what
// arrived.
//
// It is given a stream of typed rows (mapping.Source) and the place they go to (Target),
// and knows nothing of spreadsheets or connections.
//
//   - mapping: which column goes where, and a cell becomes the JSON of its type
//   - plan: the limits, and how long sending takes
//   - schema: the table is there and has the columns
//   - history: what survives a crash, and what all runs on this computer have sent
//   - words: a receipt in sentences
//
// Here, from above to below:
//
//   - send.go: a run from its start to its receipt
//   - sender.go: batches go out and answers come in; with it verdict.go (what an
//     answer means), bisect.go (the rows of a refused batch), sizing.go (smaller batches
//     when one is too large), replace.go, pacing.go, queue.go and reader.go
//   - resolver.go, look.go: what became of a batch whose answer was lost
//   - counter.go, sample.go: the table's rows counted, and some read back
//   - run.go, report.go: what all of these share
//
// A batch is accepted, refused or unknown. An unknown batch is never blindly sent
// again.
package push
