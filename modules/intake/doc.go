// Package intake records who arrives at the access desk, with which need and with what outcome. A contact may be
// anonymous and takes under a minute; once closed it is read-only and only gets addenda and forms. What a kit brings
// is used here: the forms of the body, which are filled in about a contact under the version they were begun with, and
// the term of its workflow for contacts. It must not open cases, which package casefile does, nor know how a person is
// registered, nor any form by its key: questions are data, read by package kit.
package intake
