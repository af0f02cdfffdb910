// Package plan works out what the service's limits cost: when the next request may
// start, how long a run takes, what it waits for, and which rows a table drops or does
// not take. It is arithmetic: it is told the time and what was sent before, so that a
// plan follows the same rules as a run.
package plan
