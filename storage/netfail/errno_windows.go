package netfail

import "syscall"

// The numbers with which the system says why there was no answer. Windows has its own
// beside those of syscall, which Go makes up.
// Source: Microsoft, Windows Sockets Error Codes.
var (
	refused     = []error{syscall.ECONNREFUSED, syscall.Errno(10061)}
	unreachable = []error{syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.Errno(10050), syscall.Errno(10051), syscall.Errno(10065)}
	broken      = []error{syscall.ECONNRESET, syscall.EPIPE, syscall.Errno(10053), syscall.Errno(10054)}
	late        = []error{syscall.ETIMEDOUT, syscall.Errno(10060)}
)
