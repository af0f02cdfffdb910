package connection

import (
	"pushdesk/storage/failure"
)

// Endpoints gives the addresses of a connection. It fails
// for addresses that must not be used, and for CloudPractice, whose service must be
// started to have any.
func (c Connection) Endpoints() (Endpoints, error) {
	if e, ok := c.Cloud.Endpoints(); ok {
		return e, nil
	}
	switch c.Cloud {
	case CloudPractice:
		return Endpoints{}, c.noEndpoints("The practice service is not running.", "Start it, and use the addresses that it gives.")
	case CloudCustom:
		CleanFields(&c)
		for _, f := range []*Finding{checkLoginURL(c.LoginURL), checkAPIURL(c.APIURL), checkResource(c.Resource)} {
			if f != nil && f.Level == LevelFail {
				return Endpoints{}, c.noEndpoints(f.Sentence, f.Remedy)
			}
		}
		return Endpoints{LoginURL: c.LoginURL, APIURL: c.APIURL, Resource: Endpoints{Resource: c.Resource}.TokenResource(), CAFile: c.CAFile}, nil
	}
	f := checkCloud(c.Cloud)
	return Endpoints{}, c.noEndpoints(f.Sentence, f.Remedy)
}

// noEndpoints says that a connection has no addresses that can be used.
func (c Connection) noEndpoints(sentence, remedy string) error {
	return failure.New(failure.Connection, "no-addresses", sentence, remedy).WithDetails("Connection: %s", c.Name)
}
