// Package mapping says what is sent into each column of a table: which column of a
// file a value comes from, how a cell becomes the JSON of the column's type, which
// rows meet the conditions, and every problem of a file before anything is sent.
//
// It reads a stream of typed rows (Source) and knows no disk and no service.
package mapping
