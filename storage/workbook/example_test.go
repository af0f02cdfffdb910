package workbook_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
)

// The usual order: open, find a table, find its columns, decide their types from every
// row, and read the rows.
func Example() {
	ctx := context.Background()
	path := filepath.Join(os.TempDir(), "pushdesk-example.csv")
	if err := os.WriteFile(path, []byte("Customer;Price;Since\nMiller;1,50;31.12.2024\nSmith;22,00;01.02.2025\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	defer os.Remove(path)

	book, err := workbook.Open(ctx, path, workbook.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer book.Close()
	source, err := book.Find(ctx, "", "") // the best one
	if err != nil {
		log.Fatal(err)
	}
	layout, err := book.Layout(ctx, source, 0) // 0: find the column names
	if err != nil {
		log.Fatal(err)
	}
	profile, err := book.Profile(ctx, layout, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range profile.Columns {
		fmt.Printf("%s: %s. %s\n", c.Header.Name, c.Type, c.Why)
	}
	rows, err := book.Rows(ctx, layout.WithTypes(profile))
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		row := rows.Row()
		fmt.Println(row.Number, cell.Display(row.Cells[0]), row.Cells[1].Float, cell.Display(row.Cells[2]))
	}
	if err := rows.Err(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Customer: text. The values are text.
	// Price: decimal. All values are numbers with "," as the decimal mark.
	// Since: datetime. All values are dates, written day/month/year.
	// 2 Miller 1.5 2024-12-31
	// 3 Smith 22 2025-02-01
}

// A file that cannot be read says what to do, in words for people.
func ExampleError() {
	_, err := workbook.Open(context.Background(), "testdata/orders.xlsx", workbook.Options{})
	if f, ok := failure.From(err); ok {
		fmt.Println(f.Code)
		fmt.Println(f.Sentence)
		fmt.Println(f.Remedy)
	}
	// Output:
	// file-not-found
	// There is no file "orders.xlsx" in that folder.
	// Check the name and the folder; on a network drive, check that it is connected.
}

// Cells yields every cell with a value as it is stored, without headers and types.
func ExampleBook_Cells() {
	ctx := context.Background()
	book, err := workbook.Open(ctx, "testdata/programs/libreoffice.ods", workbook.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer book.Close()
	err = book.Cells(ctx, "", 1, func(s workbook.Stored) error {
		fmt.Println(cell.Address(s.Row, s.Column), s.Cell.Kind, s.Raw)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// A1 text Zoë & <b>
	// B1 number 42
	// C1 boolean TRUE
	// D1 date 2023-03-15
	// E1 number 0.25
	// F1 number 43
	// H1 text merged
}
