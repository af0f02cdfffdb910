//go:build !linux

package push

import "pushdesk/powerbi/push/history"

// sinceBoot is known within a process only. A run that is resumed begins its wait anew.
func sinceBoot() history.Moment { return sinceProcess() }
