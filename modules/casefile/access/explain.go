package access

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/policies"
	"staffetta/tenants"
)

// Verdict is why an actor may read a section of a case, or may not (it: spiegazione dell'accesso).
type Verdict struct {
	Section   string
	Allowed   bool
	Rule      string // role, relation and whether all bodies or this one set it
	Share     uuid.UUID
	Agreement uuid.UUID
	Until     time.Time // of the share
}

// Explain says for every section whether the opened case shows it and by which
// rule, agreement and share.
func (c *Cases) Explain(_ context.Context, scope tenants.Scope, a *Access) ([]Verdict, error) {
	var verdicts []Verdict
	for _, section := range policies.Sections {
		reason, err := c.deps.Policies.Explain(scope, a.Relation, section.ID, policies.Read)
		if err != nil {
			return nil, err
		}
		v := Verdict{Section: section.ID, Allowed: a.Scope.Reads(section.ID)}
		if reason.Allowed && len(reason.Rule) > 3 {
			v.Rule = reason.Rule[1]
		}
		for _, g := range a.Grants {
			if g.Section == section.ID {
				v.Share, v.Agreement, v.Until = g.Share, g.Agreement, g.Until
			}
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, nil
}
