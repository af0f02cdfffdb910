package powerbi_test

import (
	"fmt"
	"strings"
	"testing"

	"pushdesk/powerbi"
)

// TestDataTypes: every name that is printed is read again.
func TestDataTypes(t *testing.T) {
	for _, want := range powerbi.DataTypes {
		for _, name := range []string{string(want), want.Label(), want.Both(), strings.ToLower(want.Label()), " " + strings.ToUpper(string(want)) + " "} {
			if got, ok := powerbi.ParseDataType(name); !ok || got != want {
				t.Errorf("%q is read as %q", name, got)
			}
		}
		if !strings.Contains(powerbi.TypeNames(), want.Both()) {
			t.Errorf("%s is not listed in %q", want, powerbi.TypeNames())
		}
	}
	for _, name := range []string{"", "number", "Int32", "Text (Int64)"} {
		if got, ok := powerbi.ParseDataType(name); ok {
			t.Errorf("%q is read as %q", name, got)
		}
	}
}

func ExampleParseDataType() {
	t, _ := powerbi.ParseDataType("whole number")
	fmt.Println(string(t), "is shown as", t.Both())
	// Output: Int64 is shown as Whole number (Int64)
}
