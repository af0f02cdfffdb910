package failure_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"pushdesk/storage/failure"
)

var taken = failure.New(failure.Usage, "name-taken", "The name is taken.", "Choose another name.")

type explained struct{ missing string }

func (e *explained) Error() string { return "no " + e.missing }
func (e *explained) Failure() *failure.Error {
	return failure.New(failure.Data, "missing", "There is no "+e.missing+".", "")
}

func TestFailureIsFoundThroughWrapping(t *testing.T) {
	wrapped := fmt.Errorf("add the connection: %w", taken.Because(io.EOF).WithDetails("line %d", 3))
	if !errors.Is(wrapped, taken) || !errors.Is(wrapped, io.EOF) {
		t.Errorf("%v is neither the failure nor its cause", wrapped)
	}
	f, ok := failure.From(wrapped)
	if !ok || f.Details != "line 3" || f.Sentence != taken.Sentence {
		t.Errorf("got %+v", f)
	}
	if taken.Cause != nil || taken.Details != "" {
		t.Error("adding to a failure changed the one that was kept")
	}
}

func TestExplainerSpeaksForItself(t *testing.T) {
	f, ok := failure.From(fmt.Errorf("read: %w", &explained{"sheet"}))
	if !ok || f.Sentence != "There is no sheet." || !failure.HasCode(&explained{}, "missing") {
		t.Errorf("got %+v", f)
	}
	if _, ok := failure.From(io.EOF); ok {
		t.Error("an error that was not made for a person has words")
	}
}

func TestFirstInTheChainSpeaks(t *testing.T) {
	if f, _ := failure.From(taken.Because(&explained{"sheet"})); f.Code != "name-taken" {
		t.Errorf("got %q, want the failure that wraps the other", f.Code)
	}
}

func ExampleFrom() {
	err := fmt.Errorf("add the connection: %w", taken)
	if f, ok := failure.From(err); ok {
		fmt.Println(f.Sentence, f.Remedy)
	}
	// Output: The name is taken. Choose another name.
}
