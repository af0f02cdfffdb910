package doctor_test

import (
	"context"
	"fmt"
	"log"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/powerbi/practice"
)

// A connection is tested step by step. The practice service stands for Power BI here.
func ExampleRun() {
	service, err := practice.Start(practice.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer service.Close()
	app, _ := service.Credential(practice.AppPractice)

	report := doctor.Run(context.Background(), doctor.Subject{
		Connection: connection.Connection{Name: "Depots", Cloud: connection.CloudCustom, Credential: connection.CredentialSecret,
			TenantID: app.TenantID, ClientID: app.ClientID, LoginURL: service.LoginURL(), APIURL: service.APIURL(), Resource: service.Resource()},
		Endpoints: connection.Endpoints{LoginURL: service.LoginURL(), APIURL: service.APIURL(), Resource: service.Resource(), CAPEM: service.CAPEM()},
		Workspace: practice.Workspace,
		Credential: func(context.Context) (connection.Credential, string, error) {
			return connection.SecretCredential(app.ClientSecret), "System keychain", nil
		},
	}, nil)

	fmt.Println(report.Summary)
	role, _ := report.Check(doctor.Role)
	fmt.Println(role.Status, role.Evidence)
	// Output:
	// Ready to push to Practice workspace (Admin).
	// pass The app is Admin, which may create datasets and push rows.
}
