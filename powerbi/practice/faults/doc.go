// Package faults is what a test asks of the practice service beyond its default: the
// trouble it makes (Fault), how it acts where the real service is not known
// (Behaviour), and a clock that can be driven forward (Clock).
//
// A new kind of trouble is a field of Fault with its effect in door.strike of package
// practice. A new behaviour is a field of Behaviour, asked for in package api.
package faults
