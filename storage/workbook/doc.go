// Package workbook reads spreadsheets that other programs made: Excel workbooks
// (.xlsx, .xlsm, .xltx, .xltm) and delimited text (.csv, .tsv). It decides by
// content what a file is, finds the tables in it, streams their rows as typed
// cells in memory that does not grow with the number of rows, and infers column
// types from every row.
//
// Its first rule is that no row is lost in silence. A file that cannot be read
// to its end (damaged, cut, changed while it was read) ends with an *Error that
// names the sheet and the row, even when the rows before it were fine.
//
// The order of use is Open, Find (or Sources), Layout, Preview for the first
// rows at once, Profile for the types, Rows for the stream.
package workbook
