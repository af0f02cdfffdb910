// Package workbook reads spreadsheets that other programs made: Excel workbooks
// (.xlsx, .xlsm, .xltx, .xltm), OpenDocument spreadsheets (.ods) and delimited text
// (.csv, .tsv). It decides by content what a file is, finds the tables in it, streams their rows as typed
// cells in memory that does not grow with the number of rows, and infers column
// types from every row.
//
// Its first rule is that no row is lost in silence. A file that cannot be read
// to its end (damaged, cut, changed while it was read) ends with an *Error that
// names the sheet and the row, even when the rows before it were fine.
//
// The type of a column follows from all of its values:
//   - any text makes it text; numbers that are all whole make it whole, one fraction
//     makes it decimal, and so does a format of money or percentages;
//   - numbers that are codes stay text: shown with leading zeros or in the text
//     format, longer than 15 digits, or named as codes (ID, code, zip, phone,
//     account) and all of one length;
//   - dates make it datetime even when up to a tenth of the values are not;
//     times of day are text, durations are durations;
//   - errors and blanks never decide;
//   - a type that nine tenths of the values fit is offered, and not taken.
//
// In text files every value is text, so all values of a column have to read as
// numbers, dates or booleans for it to become that. Which mark is the decimal one,
// and whether day or month comes first, is decided by the column as a whole.
//
// The names of columns may take two rows, of which the upper one names groups. What
// stands below the rows, a total or a note, is found and told apart by how sure it is
// (Profile.Tail); leaving it out is the caller's choice.
//
// The order of use is Open, Find (or Sources), Layout, Preview for the first
// rows at once, Profile for the types, Rows for the stream.
package workbook
