package connection

import (
	"cmp"
	"slices"
	"strings"
)

// Cloud is one of Microsoft's clouds, the practice service of this computer, or
// addresses that a person typed.
type Cloud string

const (
	CloudPublic   Cloud = "public"
	CloudGCC      Cloud = "gcc"
	CloudGCCHigh  Cloud = "gcchigh"
	CloudDoD      Cloud = "dod"
	CloudChina    Cloud = "china"
	CloudPractice Cloud = "practice" // the service that is built in; its addresses change with every start
	CloudCustom   Cloud = "custom"   // the connection holds the addresses; never leaves this computer
)

// Clouds are the clouds in the order in which they are offered.
var Clouds = []Cloud{CloudPublic, CloudGCC, CloudGCCHigh, CloudDoD, CloudChina, CloudPractice, CloudCustom}

// Label is the cloud as a person reads it.
func (c Cloud) Label() string {
	switch c {
	case CloudPublic:
		return "Public"
	case CloudGCC:
		return "US Government (GCC)"
	case CloudGCCHigh:
		return "US Government (GCC High)"
	case CloudDoD:
		return "US Government (DoD)"
	case CloudChina:
		return "China (21Vianet)"
	case CloudPractice:
		return "Practice (this computer)"
	case CloudCustom:
		return "Custom addresses"
	}
	return string(c)
}

// Known reports whether this version of the program knows the cloud.
func (c Cloud) Known() bool { return slices.Contains(Clouds, c) }

// Endpoints are the addresses of a cloud.
type Endpoints struct {
	LoginURL string // login host, https, without a tenant
	APIURL   string // API host, https, without /v1.0/myorg
	Resource string // what a token is asked for; "/.default" is appended to it
	CAFile   string // PEM file of authorities to trust beside the system's, or empty
	CAPEM    []byte // the same in memory, or empty

	// GraphURL is Microsoft Graph, which may tell when a secret ends; "" where it is
	// not asked. GraphResource is what a token for it is asked for, "" for GraphURL.
	GraphURL      string
	GraphResource string
}

// The hosts of Microsoft's clouds, from its tutorial on national clouds for Power
// BI (learn.microsoft.com/power-bi/developer/embedded/embed-sample-for-customers-national-clouds)
// and, for the login host in China, Entra's page on national clouds.
// GCC signs in at the public cloud's login host. The addresses of Microsoft Graph
// are from learn.microsoft.com/graph/deployments.
var fixed = map[Cloud]Endpoints{
	CloudPublic:  {LoginURL: "https://login.microsoftonline.com", APIURL: "https://api.powerbi.com", Resource: "https://analysis.windows.net/powerbi/api", GraphURL: "https://graph.microsoft.com"},
	CloudGCC:     {LoginURL: "https://login.microsoftonline.com", APIURL: "https://api.powerbigov.us", Resource: "https://analysis.usgovcloudapi.net/powerbi/api", GraphURL: "https://graph.microsoft.com"},
	CloudGCCHigh: {LoginURL: "https://login.microsoftonline.us", APIURL: "https://api.high.powerbigov.us", Resource: "https://high.analysis.usgovcloudapi.net/powerbi/api", GraphURL: "https://graph.microsoft.us"},
	CloudDoD:     {LoginURL: "https://login.microsoftonline.us", APIURL: "https://api.mil.powerbigov.us", Resource: "https://mil.analysis.usgovcloudapi.net/powerbi/api", GraphURL: "https://dod-graph.microsoft.us"},
	CloudChina:   {LoginURL: "https://login.partner.microsoftonline.cn", APIURL: "https://api.powerbi.cn", Resource: "https://analysis.chinacloudapi.cn/powerbi/api", GraphURL: "https://microsoftgraph.chinacloudapi.cn"},
}

// Endpoints gives the addresses of a cloud of Microsoft's. ok is false for
// CloudPractice, CloudCustom and clouds this version does not know.
func (c Cloud) Endpoints() (e Endpoints, ok bool) {
	e, ok = fixed[c]
	return e, ok
}

// IsLoginHost reports whether a host is the login host of one of Microsoft's clouds.
func IsLoginHost(host string) bool {
	for _, e := range fixed {
		if e.LoginURL == "https://"+host {
			return true
		}
	}
	return false
}

// TokenResource returns what a token is asked for: the resource, or the public
// cloud's where none is named.
func (e Endpoints) TokenResource() string {
	return cmp.Or(cleanResource(e.Resource), fixed[CloudPublic].Resource)
}

// CloudOfResource tells whose Power BI a token with this audience is for. ok is false
// for a resource that is none of Microsoft's.
func CloudOfResource(resource string) (c Cloud, ok bool) {
	for _, c := range Clouds {
		if e, known := fixed[c]; known && strings.EqualFold(e.Resource, strings.TrimRight(resource, "/")) {
			return c, true
		}
	}
	return "", false
}
