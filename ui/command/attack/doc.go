// Package attack attacks the built program from outside: with hostile homes, files,
// servers and texts. Each attack is a process of its own, whose processor time the
// operating system limits, and whose memory it measures.
package attack
