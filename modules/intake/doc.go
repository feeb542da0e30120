// Package intake records who arrives at the access desk, with which need and with what outcome. A contact may be
// anonymous and takes under a minute; once closed it is read-only and only gets addenda. It must not open cases,
// which package casefile does, nor know how a person is registered.
package intake
