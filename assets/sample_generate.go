//go:build ignore

// Writes sample.xlsx: 480 orders of a coffee roaster that does not exist, in a
// table, and a second sheet with the monthly targets of each region.
package main

import (
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"time"

	"github.com/xuri/excelize/v2"
)

const orders = 480

func main() {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", "Orders"); err != nil {
		log.Fatal(err)
	}
	writeOrders(f)
	writeTargets(f)
	if err := f.SetDocProps(&excelize.DocProperties{Title: "Harbour coffee orders", Creator: "Pushdesk"}); err != nil {
		log.Fatal(err)
	}
	if err := f.SaveAs("sample.xlsx"); err != nil {
		log.Fatal(err)
	}
}

func style(f *excelize.File, format string) int {
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		log.Fatal(err)
	}
	return id
}

func writeOrders(f *excelize.File) {
	r := rand.New(rand.NewPCG(7, 11))
	w, err := f.NewStreamWriter("Orders")
	if err != nil {
		log.Fatal(err)
	}
	day, stamp := style(f, "yyyy-mm-dd"), style(f, "yyyy-mm-dd hh:mm")
	money, share := style(f, "[$€-407] #,##0.00"), style(f, "0%")
	widths := []float64{11, 12, 12, 20, 22, 8, 12, 10, 12, 8, 18, 30}
	for i, width := range widths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			log.Fatal(err)
		}
	}
	headers := []any{"Order code", "Ordered on", "Region", "City", "Product", "Bags", "Price a bag", "Discount", "Revenue", "Paid", "Shipped at", "Remark"}
	must(w.SetRow("A1", headers))

	places := [][2]string{{"North", "Göteborg"}, {"North", "Århus"}, {"West", "Antwerpen"}, {"West", "Le Havre"}, {"South", "Genova"}, {"South", "Málaga"}, {"East", "Gdańsk"}, {"East", "Rīga"}}
	products := []struct {
		name  string
		price float64
	}{{"Harbour blend", 11.5}, {"Sidamo natural", 16.25}, {"Decaf, Swiss water", 14.9}, {"Espresso \"Nr. 4\"", 12.75}, {"Lighthouse filter", 13.4}}
	remarks := []string{"", "", "", "", "gift wrapping", "leave at the gate", "call before delivery", "invoice to head office"}
	discounts := []float64{0, 0, 0, 0.05, 0.1, 0.15}
	start := time.Date(2026, time.January, 2, 0, 0, 0, 0, time.UTC)

	for i := range orders {
		place, product := places[r.IntN(len(places))], products[r.IntN(len(products))]
		bags, discount := 1+r.IntN(48), discounts[r.IntN(len(discounts))]
		on := start.AddDate(0, 0, i*300/orders)
		revenue := math.Round(float64(bags)*product.price*(1-discount)*100) / 100
		paid := r.IntN(10) > 1
		var shipped, remark any
		if paid {
			shipped = excelize.Cell{StyleID: stamp, Value: on.Add(time.Duration(24+r.IntN(72))*time.Hour + time.Duration(r.IntN(60))*time.Minute)}
		}
		if text := remarks[r.IntN(len(remarks))]; text != "" {
			remark = text
		}
		must(w.SetRow(fmt.Sprintf("A%d", i+2), []any{
			fmt.Sprintf("%06d", 4100+i*7), excelize.Cell{StyleID: day, Value: on}, place[0], place[1], product.name, bags,
			excelize.Cell{StyleID: money, Value: product.price}, excelize.Cell{StyleID: share, Value: discount},
			excelize.Cell{StyleID: money, Value: revenue}, paid, shipped, remark,
		}))
	}
	must(w.AddTable(&excelize.Table{Range: fmt.Sprintf("A1:L%d", orders+1), Name: "Orders", StyleName: "TableStyleLight9"}))
	must(w.Flush())
}

func writeTargets(f *excelize.File) {
	if _, err := f.NewSheet("Targets"); err != nil {
		log.Fatal(err)
	}
	must(f.SetSheetRow("Targets", "A1", &[]any{"Region", "Month", "Target"}))
	row := 2
	for month := time.January; month <= time.October; month++ {
		for i, region := range []string{"North", "West", "South", "East"} {
			must(f.SetSheetRow("Targets", fmt.Sprintf("A%d", row), &[]any{region, time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC), 2500 + 150*int(month) + 400*i}))
			row++
		}
	}
	must(f.SetColStyle("Targets", "B", style(f, "mmm yyyy")))
	must(f.SetColWidth("Targets", "A", "C", 12))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
