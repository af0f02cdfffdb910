package storage

import (
	"regexp"
	"strings"
)

// devices are the names that Windows keeps for devices, with whatever ending.
// Source: Microsoft, Naming Files, Paths, and Namespaces.
var devices = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])$`)

// isDevice reports whether Windows may take a name, whatever its ending, for a device.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	return devices.MatchString(strings.TrimRight(base, " "))
}

// FileName makes a name of a file, to suggest to a person, from a text such as the name
// of a connection: one that every system takes as it is.
func FileName(text string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/\|?*`, r) || r < ' ' {
			return '-'
		}
		return r
	}, text)
	name = strings.TrimLeft(strings.TrimRight(name, ". "), " ")
	if isDevice(name) {
		base, ending, _ := strings.Cut(name, ".")
		name = strings.TrimRight(base, " ") + "-"
		if ending != "" {
			name += "." + ending
		}
	}
	return name
}
