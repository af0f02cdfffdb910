// Package doctor tests a connection step by step and says, for every step, what
// it saw, what to do about it and who can do it. It works in three layers: this
// computer, Microsoft Entra (who gives the token) and Power BI (which decides what
// the token is good for). A token that was issued proves only the second.
//
// A test never uses a token from before: a wrong secret must not pass because a
// right one did. Neither the secret nor a token is ever in a report.
package doctor
