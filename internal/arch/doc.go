// Package arch holds the architecture as tests: who may import whom, where SQL and
// the driver may stand, how long things may be, what has to be documented, and that
// the words of the code are those of docs/GLOSSARY.md. It reads the sources of the
// whole module, so that a new package is covered without being named. An exception
// is a line in a table with its reason, and one that nothing needs any more fails.
// It must not hold anything but tests.
package arch
