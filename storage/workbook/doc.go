// Package workbook reads spreadsheets that other programs made: Excel workbooks (.xlsx,
// .xlsm, .xltx, .xltm, .xlsb, .xls), OpenDocument spreadsheets (.ods) and delimited text
// (.csv, .tsv). It decides by content what a file is, finds the tables in it, streams
// their rows as typed cells in memory that does not grow with the number of rows, and
// infers the types of columns from every row (package infer).
//
// Its first rule is that no row is lost in silence. A file that cannot be read
// to its end (damaged, cut, changed while it was read) ends with an *Error that
// names the sheet and the row, even when the rows before it were fine.
//
// The order of use is Open, Find (or Sources), Layout, Preview for the first
// rows at once, Profile for the types, Rows for the stream. Each takes a context and
// returns as soon as that is done, whatever the disk does.
//
// A format is a package below internal that makes a format.Format, and one line in the
// list of formats.
package workbook
