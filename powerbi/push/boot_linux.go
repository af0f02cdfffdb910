package push

import (
	"os"
	"strconv"
	"strings"
	"time"

	"pushdesk/powerbi/push/history"
)

// sinceBoot returns how long the computer has run, sleep included, and the ID of this
// run of it.
func sinceBoot() history.Moment {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return sinceProcess()
	}
	line, err := os.ReadFile("/proc/uptime")
	if err != nil {
		return sinceProcess()
	}
	first, _, _ := strings.Cut(string(line), " ")
	seconds, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return sinceProcess()
	}
	return history.Moment{Boot: strings.TrimSpace(string(id)), At: time.Duration(seconds * float64(time.Second))}
}
