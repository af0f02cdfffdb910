package powerbi_test

import (
	"errors"
	"fmt"

	"pushdesk/powerbi"
	"pushdesk/storage/failure"
)

// An error of this package keeps its fields and can be said in words.
func Example_failure() {
	_, err := powerbi.FindWorkspace([]powerbi.Workspace{{ID: "1", Name: "Finance"}}, "Finanse")
	var missing *powerbi.NotFoundError
	if errors.As(err, &missing) {
		fmt.Println(missing.What, missing.Near)
	}
	if f, ok := failure.From(err); ok {
		fmt.Println(f.Sentence, f.Remedy)
	}
	// Output:
	// workspace [Finance]
	// There is no workspace “Finanse”, or it cannot be seen with this connection. Did you mean “Finance”?
}

// A batch whose outcome is unknown must not be sent again before it is known.
func ExampleOutcomeOf() {
	for _, err := range []error{nil, &powerbi.APIError{Status: 429}, &powerbi.TransportError{Sent: true, Err: errors.New("reset")}} {
		fmt.Println(powerbi.OutcomeOf(err))
	}
	// Output:
	// accepted
	// refused
	// unknown
}
