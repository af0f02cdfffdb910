// Package storage knows where Pushdesk keeps its files on this computer and how
// to write one without ever leaving half of it.
package storage
