// Package guide is the public guide to services (it: guida ai servizi): it shows the published service sheets of a body
// to everybody, in the form of the national model for municipal sites; those that came with a kit wait until the body starts
// the practice or shows them. It must not know cases or persons, and it keeps nothing of its own: the sheets are configuration
// items of package kit.
package guide
