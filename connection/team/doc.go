// Package team shares connections in a folder that several people can reach: a network
// share, a synced drive, a git repository. There is no server. Everything in the folder
// is signed; what is not signed by a member whose key this computer knows is shown and
// not used. A secret is in the folder only where a person chose to seal it to the
// members.
package team
