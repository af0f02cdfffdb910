// Package faults is what a test asks of the practice service beyond its default: the
// trouble it makes (Fault), how it acts where the real service is not known
// (Behavior), and a clock that can be driven forward (Clock).
//
// Which requests are struck is decided in list.go (List.Strike). What a fault then does to
// a request is in door.strike of package practice: a new kind of trouble is a field of
// Fault with its effect there. A new behavior is a field of Behavior, asked for in package api.
package faults
