// Package kit holds typed configuration items (it: componente): what a kit carries from one body to another and what a
// tenant then works with. It knows the shape and the meaning of each kind, interprets forms, assessments, workflows and
// indicators as data, and gives every content one canonical text and hash.
//
// The files of the domain are deterministic and pure: same content, same answers, same result. They must not read
// the clock, the network, a database or the environment, and they hold no rule that belongs to one form only.
package kit
