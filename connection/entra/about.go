package entra

// NetworkError explains why a login host gave no answer to a request that was
// not for a token. host is its name.
func NetworkError(host string, err error) *Error {
	return &Error{Host: host, Network: networkKind(err), Reason: networkReason(err)}
}

// About says what an error of the login service is about: a token that was refused
// for one thing proves that another was right.
type About string

const (
	AboutTenant     About = "tenant"
	AboutApp        About = "app"
	AboutCredential About = "credential"
	AboutOther      About = ""
)

// abouts are the numbers that tell. Numbers that are not here tell nothing.
var abouts = map[About][]int{
	AboutTenant: {90002, 900023, 50059, 50128, 90019, 90038, 900382, 900432},
	AboutApp:    {700016, 700011, 7000229, 7000112, 70001},
	AboutCredential: {7000215, 7000222, 7000216, 7000218, 700025, 70002, 700027, 50012, 700024, 700030,
		50126, 50132, 50133, 50173, 70008, 700082, 70043, 500133},
}

// About tells what the error is about.
func (e *Error) About() About {
	for about, codes := range abouts {
		for _, code := range codes {
			if e.Code == code {
				return about
			}
		}
	}
	return AboutOther
}
