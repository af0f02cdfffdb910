package netfail

import (
	"net"
	"os"
	"syscall"
	"testing"
)

// TestWindowsNumbers: the errors of Windows sockets are known for what they are.
func TestWindowsNumbers(t *testing.T) {
	for number, want := range map[syscall.Errno]Kind{10061: Refused, 10051: Unreachable, 10065: Unreachable, 10054: Cut, 10053: Cut, 10060: Timeout} {
		err := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connectex", number)}
		if got := KindOf(err); got != want {
			t.Errorf("%d: %q, want %q", number, got, want)
		}
	}
}
