// Package storagetest is for tests of files that other programs use.
package storagetest
