package cell

// Row is a row of cells with its place in the file.
type Row struct {
	Number int    // in the sheet, from one; in a text file the record's first line
	Cells  []Cell // one for each column
}
