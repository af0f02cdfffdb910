// Package tenant is the one tenant of a practice service.
package tenant
