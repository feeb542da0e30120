package intake

import (
	"context"
	"slices"

	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// asked are the terms of the body's vocabularies that its workflow about contacts asks for, as the steps of a case ask for theirs.
// A contact takes no step of the workflow: nobody is kept from recording one by a term that is not known yet.
type asked struct {
	first, later casefile.Asked // of the steps with which a contact begins, and of the others
	all          casefile.Asked
}

// findAsked makes the questions about a contact. A vocabulary that the body does not use asks nothing.
func (sv *Service) findAsked(ctx context.Context, s tenants.Scope) (asked, error) {
	p, err := sv.contactPath(ctx, s)
	if err != nil {
		return asked{}, err
	}
	fields := slices.Concat(p.first, p.later)
	from, err := sv.cases.Questions.Read(ctx, s, fields)
	if err != nil {
		return asked{}, err
	}
	return asked{
		first: from.Ask(from.Chosen(p.first), false), later: from.Ask(from.Chosen(p.later), false), all: from.Ask(from.Chosen(fields), false),
	}, nil
}

// checkTerms reads the terms that somebody chose. The error has a field for each that is wrong, named kit.AnswerField + key.
func (sv *Service) checkTerms(ctx context.Context, s tenants.Scope, terms kit.Answers) ([]casefile.Given, error) {
	if len(terms) == 0 {
		return nil, nil
	}
	a, err := sv.findAsked(ctx, s)
	if err != nil {
		return nil, err
	}
	return a.all.Check(terms)
}

// typedTerms are the terms of a contact as the fields of a page hold them.
func typedTerms(given []casefile.Given) map[string][]string {
	typed := map[string][]string{}
	for _, g := range given {
		if term, ok := g.Value.(string); ok {
			typed[kit.AnswerPrefix+g.Key] = []string{term}
		}
	}
	return typed
}
