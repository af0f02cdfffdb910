package push

import (
	"fmt"
	"time"
)

// HourError says that a run was to send what one hour takes, and has.
type HourError struct{ At time.Time }

func (e *HourError) Error() string { return "the hour's limit is reached" }
func (e *HourError) Sentence() string {
	return "What Power BI takes in this hour has been sent."
}
func (e *HourError) Remedy() string {
	return fmt.Sprintf("Resume the run after %s to send the rest.", e.At.Local().Format("15:04"))
}
func (e *HourError) Who() string     { return "you" }
func (e *HourError) Details() string { return "" }
