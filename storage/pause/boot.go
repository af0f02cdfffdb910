//go:build !windows

package pause

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// SinceBoot returns how long the computer has run, sleep included, by a clock that nobody
// sets, and the ID of this run of it. Not every system tells.
func SinceBoot() (id string, at time.Duration, ok bool) {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", 0, false
	}
	line, err := os.ReadFile("/proc/uptime")
	if err != nil {
		return "", 0, false
	}
	first, _, _ := strings.Cut(string(line), " ")
	seconds, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return "", 0, false
	}
	return strings.TrimSpace(string(boot)), time.Duration(seconds * float64(time.Second)), true
}
