// Package leaving refuses texts that another body will read where something in them may tell who a person is, by the rules of
// kits. It must not know of what the texts are.
package leaving

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/practice/finding"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// Texts are about to leave the body: what they are about, and what else is wrong with them.
type Texts struct {
	About uuid.UUID
	Wrong problem.Fields
	Of    map[string]any // by their fields
	Whole string         // the field of a registered name where nobody may learn in which text it stands; "text" if empty
}

// Check is problem.Invalid with a field for each place. Nothing is looked for where something else is wrong.
func (t Texts) Check(ctx context.Context, releases *release.Service, s tenants.Scope) error {
	wrong := t.Wrong
	if len(wrong) == 0 && len(t.Of) > 0 {
		findings, err := releases.FindPersonal(ctx, s, t.About, t.Of)
		if err != nil {
			return err
		}
		for _, f := range findings {
			wrong.Add(cmp.Or(f.Path, t.Whole, "text"), "practice.finding."+f.Rule)
		}
	}
	return wrong.Err()
}

// CheckNamed notes what a field holds that names who answers for something: their name may stand there, and no number of a person.
func CheckNamed(wrong *problem.Fields, field, name string) {
	for _, f := range finding.Patterns([]finding.Text{{Text: name}}, nil) {
		wrong.Add(field, "practice.finding."+f.Rule)
	}
}
