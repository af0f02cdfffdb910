// Package network is the way that requests leave this computer: the settings for the
// proxy and for the certificate authorities, and the HTTP client made of them.
package network
