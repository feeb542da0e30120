// Package component holds the values that the shared templates of api/web/templates render: the page around
// everything (Shell) and the parts pages are made of (Field, Table, Summary, Timeline …). A module fills these
// values in its page struct and its template says {{template "field" .Surname}}; how a part looks and how it
// is made accessible is decided once, in the template.
//
// A value carries words already in the reader's language, except what the templates say themselves with
// {{t "web.…"}}. Every URL is a path below the body's prefix ("/cartelle/7"): templates pass it through the
// function url, which adds the prefix and leaves "#…", "?…" and addresses with a scheme as they are.
//
// The package must not import anything of the project, decide permissions, read requests or produce HTML.
package component
