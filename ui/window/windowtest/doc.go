// Package windowtest holds what tests of the window need. A test of one page puts
// the page on a Stage and reads and presses the words on it (Sees, Press, Fill).
// With the tag display it also drives the real program on a real (if unseen)
// screen, as a person would: Start starts it, and Program clicks, types and reads.
// .ci/window builds that program and gives the screen and the keychain.
package windowtest
