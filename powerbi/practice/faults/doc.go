// Package faults is what a test asks of the practice service beyond its default: the
// trouble it makes (Fault), how it acts where the real service is not known
// (Behaviour), and a clock that can be driven forward (Clock).
//
// A new fault is a field of Fault, and its effect a line of the practice service's
// serve.go. A new behaviour is a field of Behaviour, asked at the place it changes.
package faults
