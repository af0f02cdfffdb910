package theme

import (
	"embed"
	"fmt"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

//go:generate go run draw/icons.go

//go:embed icons/*.svg
var iconFiles embed.FS

//go:embed logo.svg
var logo []byte

// Logo is the program's mark in its own colours, for the window and the sidebar.
func Logo() fyne.Resource { return fyne.NewStaticResource("pushdesk-logo.svg", logo) }

// Icon is the name of one of our icons.
type Icon string

const (
	IconConnections  Icon = "connections"
	IconUpload       Icon = "upload"
	IconActivity     Icon = "activity"
	IconSettings     Icon = "settings"
	IconAdd          Icon = "add"
	IconSearch       Icon = "search"
	IconEdit         Icon = "edit"
	IconCopy         Icon = "copy"
	IconDelete       Icon = "delete"
	IconMore         Icon = "more"
	IconTest         Icon = "test"
	IconTick         Icon = "tick"
	IconClose        Icon = "close"
	IconPass         Icon = "pass"
	IconFail         Icon = "fail"
	IconWarning      Icon = "warning"
	IconInfo         Icon = "info"
	IconSkipped      Icon = "skipped"
	IconWaiting      Icon = "waiting"
	IconRunning      Icon = "running"
	IconUnknown      Icon = "unknown"
	IconStopped      Icon = "stopped"
	IconPause        Icon = "pause"
	IconChevronRight Icon = "chevron-right"
	IconChevronLeft  Icon = "chevron-left"
	IconChevronDown  Icon = "chevron-down"
	IconChevronUp    Icon = "chevron-up"
	IconArrowRight   Icon = "arrow-right"
	IconArrowLeft    Icon = "arrow-left"
	IconEye          Icon = "eye"
	IconEyeOff       Icon = "eye-off"
	IconFile         Icon = "file"
	IconTable        Icon = "table"
	IconDatabase     Icon = "database"
	IconCloud        Icon = "cloud"
	IconKey          Icon = "key"
	IconLock         Icon = "lock"
	IconRefresh      Icon = "refresh"
	IconFolder       Icon = "folder"
	IconPractice     Icon = "practice"
	IconSun          Icon = "sun"
	IconMoon         Icon = "moon"
	IconComputer     Icon = "computer"
	IconPerson       Icon = "person"
	IconPaste        Icon = "paste"
	IconText         Icon = "text" // the types of a column
	IconWhole        Icon = "whole"
	IconDecimal      Icon = "decimal"
	IconDateTime     Icon = "datetime"
	IconBoolean      Icon = "boolean"
	IconUnticked     Icon = "unticked"
	IconTicked       Icon = "ticked"
	IconMail         Icon = "mail"
	IconSave         Icon = "save"
	IconTag          Icon = "tag"
	IconRotate       Icon = "rotate"
)

// Icons lists every icon.
var Icons = []Icon{
	IconConnections, IconUpload, IconActivity, IconSettings, IconAdd, IconSearch, IconEdit, IconCopy, IconDelete,
	IconMore, IconTest, IconTick, IconClose, IconPass, IconFail, IconWarning, IconInfo, IconSkipped, IconWaiting,
	IconRunning, IconUnknown, IconStopped, IconPause, IconChevronRight, IconChevronLeft, IconChevronDown, IconChevronUp,
	IconArrowRight, IconArrowLeft, IconEye, IconEyeOff, IconFile, IconTable, IconDatabase, IconCloud, IconKey,
	IconLock, IconRefresh, IconFolder, IconPractice, IconSun, IconMoon, IconComputer, IconPerson, IconPaste,
	IconText, IconWhole, IconDecimal, IconDateTime, IconBoolean,
	IconUnticked, IconTicked, IconMail, IconSave, IconTag, IconRotate,
}

// Resource gives the icon in a colour of the theme, and follows the theme when
// it changes.
func (i Icon) Resource(colour fyne.ThemeColorName) fyne.Resource {
	data, err := iconFiles.ReadFile("icons/" + string(i) + ".svg")
	if err != nil {
		panic(fmt.Sprintf("icon %q is not in the program", i)) // a test holds every name
	}
	return fynetheme.NewColoredResource(fyne.NewStaticResource(string(i)+".svg", data), colour)
}
