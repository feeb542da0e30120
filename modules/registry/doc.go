// Package registry knows the persons whom a body has met, how to reach them, and the households they live in. It
// warns of possible duplicates and of data that contradict a tax code, and never stops a registration for them.
// It must not know cases, nor decide what another body may see of a person: the policies of its tables do.
package registry
