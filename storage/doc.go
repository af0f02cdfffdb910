// Package storage knows where Pushdesk keeps its files on this computer, replaces one
// in a single step (WriteFile, Create), sets a damaged one aside (SetAside), tells
// whether one has changed (StateOf) and locks one against other programs (TryLock,
// WaitLock).
package storage
