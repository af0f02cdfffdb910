package connection

// Network is how requests leave this computer. The zero value goes the way the
// environment names (HTTPS_PROXY, NO_PROXY) and trusts the system's authorities.
type Network struct{}
