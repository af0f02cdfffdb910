// Package entra signs in at Microsoft Entra: it gets access tokens for an app or a
// person, lets a person sign in, looks tenants up, and explains Entra's errors. Neither
// a secret nor a token is ever in an error.
package entra
