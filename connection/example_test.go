package connection_test

import (
	"fmt"

	"pushdesk/connection"
)

// What a person typed is checked without asking anybody.
func ExampleValidate() {
	c := connection.Connection{Name: "Sales", Cloud: connection.CloudPublic, Credential: connection.CredentialSecret,
		TenantID: "ann@contoso.com", ClientID: "66666666-7777-4888-9999-aaaaaaaaaaaa"}
	for _, f := range connection.Validate(c, "", false) {
		fmt.Printf("%s (%s): %s %s\n", f.Field, f.Level, f.Sentence, f.Remedy)
	}
	// Output:
	// tenantId (fail): This is a mail address, not a tenant. Use only the part after the @, “contoso.com”, or the Directory (tenant) ID.
}

func ExampleParseDay() {
	for _, typed := range []string{"31 January 2027", "31/01/2027", "03/04/2027"} {
		day, err := connection.ParseDay(typed)
		fmt.Println(day, err)
	}
	// Output:
	// 2027-01-31 <nil>
	// 2027-01-31 <nil>
	//  “03/04/2027” could mean two different days.
}
