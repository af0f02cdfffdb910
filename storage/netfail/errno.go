//go:build !windows

package netfail

import "syscall"

// The numbers with which the system says why there was no answer.
var (
	refused     = []error{syscall.ECONNREFUSED}
	unreachable = []error{syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN}
	broken      = []error{syscall.ECONNRESET, syscall.EPIPE}
	late        = []error{syscall.ETIMEDOUT}
)
