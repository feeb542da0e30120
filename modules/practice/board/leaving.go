package board

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/practice/finding"
	"staffetta/tenants"
)

// clear adds to what is wrong what may tell who a person is in texts that the other side will read, by the rules of kits; nothing
// is looked for where something else is wrong. Where nobody may learn in which text a registered name stands, it stands at "text".
func (v *Service) clear(ctx context.Context, s tenants.Scope, about uuid.UUID, wrong problem.Fields, texts map[string]any) error {
	if err := wrong.Err(); err != nil || len(texts) == 0 {
		return err
	}
	wrong, err := v.releases.Clear(ctx, s, about, "text", texts)
	if err != nil {
		return err
	}
	return wrong.Err()
}

// checkNamed notes what a field holds that names who answers for something: their name may stand there, and no number of a person.
func checkNamed(wrong *problem.Fields, field, name string) {
	for _, f := range finding.Patterns([]finding.Text{{Text: name}}, nil) {
		wrong.Add(field, "practice.finding."+f.Rule)
	}
}
