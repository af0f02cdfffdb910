package push

import (
	"fmt"
	"time"

	"pushdesk/storage/cell"
)

// part is a source without its first rows, or with no more than so many.
type part struct {
	Source
	skip, left int64
	bounded    bool
}

// partOf leaves out the first rows of a source, and all after limit; 0 is no limit.
func partOf(src Source, skip, limit int64) Source {
	if skip <= 0 && limit <= 0 {
		return src
	}
	return &part{Source: src, skip: max(skip, 0), left: limit, bounded: limit > 0}
}

func (p *part) Next() bool {
	for ; p.skip > 0; p.skip-- {
		if !p.Source.Next() {
			return false
		}
	}
	if p.bounded {
		if p.left == 0 {
			return false
		}
		p.left--
	}
	return p.Source.Next()
}

func (p *part) Row() (int, []cell.Cell) { return p.Source.Row() }

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
