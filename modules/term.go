package modules

import "staffetta/internal/language"

// AsTheBody is the retention of a record that is declared to be about people and names nobody: it is kept as long as the body.
const AsTheBody = "body"

// Term is how long a body keeps something about people unless it decides otherwise (it: termine di conservazione). Which rows are over,
// the disposal in the database says for each kind (onboarding.disposable).
type Term struct {
	Kind   string        // what records name as their retention: "case"
	Label  language.Text // what is kept
	From   language.Text // from when the term runs
	Years  int           // proposed to every body
	Source language.Text // why that long: the law where there is one
}

// FindTerms lists the terms of modules, in their order.
func FindTerms(list []Module) []Term {
	var all []Term
	for _, m := range list {
		all = append(all, m.Terms...)
	}
	return all
}
