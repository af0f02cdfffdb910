package pause

import (
	"strconv"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// bootKey holds the number of this run of the computer, which Windows counts up at each
// start.
const bootKey = `SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters`

// SinceBoot returns how long the computer has run, sleep included, by a clock that nobody
// sets, and the ID of this run of it. Not every system tells.
func SinceBoot() (id string, at time.Duration, ok bool) {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, bootKey, registry.QUERY_VALUE)
	if err != nil {
		return "", 0, false
	}
	defer k.Close()
	number, _, err := k.GetIntegerValue("BootId")
	if err != nil {
		return "", 0, false
	}
	return "boot " + strconv.FormatUint(number, 10), windows.DurationSinceBoot(), true
}
