package plan_test

import (
	"fmt"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/plan"
)

func ExampleMake() {
	p := plan.Make(plan.Input{Rows: 250_000, ExistingRows: 4_900_000, Now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.Local)})
	fmt.Println(p.Summary)
	for _, c := range p.Choices[:1] {
		fmt.Println(c.Sentence)
	}
	// Output:
	// The table holds at most 5,000,000 rows. It has 4,900,000 rows now, so 150,000 rows of this run do not fit.
	// Send the rows that fit in the table: 100,000 rows, without waiting.
}

// A pacer tells when the next request may start. It is told the time, so that a plan
// follows the rules of a run.
func ExamplePacer() {
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.Local)
	p := plan.NewPacer(plan.Pace{}, powerbi.RetentionNone)
	for range 100 {
		p.Started(10_000)
		p.Ended(now, 10_000, true, 10_000)
		now = now.Add(time.Second)
	}
	at, why, _ := p.Next(now, 10_000)
	fmt.Println(at.Format("15:04:05"), why)
	// Output: 10:00:00 Power BI accepts 1,000,000 rows an hour
}
