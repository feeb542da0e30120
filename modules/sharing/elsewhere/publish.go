package elsewhere

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// gap is a token that is missing.
type gap struct {
	agreement  uuid.UUID
	generation int32
	file       uuid.UUID
}

// Publish makes the keys that are due and writes the tokens that the body of the scope has yet to write; a case that must not
// be found has none. It is a job's: an actor's scope reads no code here. It returns how many it wrote.
func (s *Service) Publish(ctx context.Context, scope tenants.Scope) (written int, err error) {
	if err := s.makeKeys(ctx, scope); err != nil {
		return 0, err
	}
	for {
		n, err := s.publishSome(ctx, scope)
		written += n
		if err != nil || n == 0 {
			return written, err
		}
	}
}

func (s *Service) makeKeys(ctx context.Context, scope tenants.Scope) error {
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		due, err := findKeyless(ctx, tx, scope)
		if err != nil {
			return err
		}
		for _, agreement := range due {
			sealed, err := s.newKey(agreement)
			if err != nil {
				return err
			}
			if err := addKey(ctx, tx, agreement, sealed); err != nil {
				return err
			}
			if err := audit.Write(ctx, tx, scope, audit.Event{Action: "known.key", Object: agreement}); err != nil {
				return err
			}
		}
		return nil
	})
}

// publishSome writes as many tokens as one transaction takes.
func (s *Service) publishSome(ctx context.Context, scope tenants.Scope) (n int, err error) {
	err = s.deps.DB.InTx(ctx, policies.ForJob(scope, "identity"), func(tx tenants.Tx) error {
		gaps, err := findGaps(ctx, tx)
		if err != nil {
			return err
		}
		codes, err := findCodes(ctx, tx, scope, filesOf(gaps))
		if err != nil {
			return err
		}
		sealed, err := findSealed(ctx, tx, agreementsOf(gaps), false)
		if err != nil {
			return err
		}
		keys, err := s.open(sealed)
		if err != nil {
			return err
		}
		wrote, took, err := writeTokens(ctx, tx, fill(gaps, keys, codes))
		if n = wrote; err != nil || wrote+took == 0 {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{Action: "known.publish", Payload: map[string]any{"tokens": wrote, "taken": took}})
	})
	return n, err
}

// written is a gap with its token, and the code that it was made of as the person has it.
type written struct {
	gap
	code  string
	token []byte
}

// fill makes the tokens of the gaps; a code that is none leaves its gap.
func fill(gaps []gap, keys []key, codes map[uuid.UUID]string) []written {
	var filled []written
	for _, g := range gaps {
		at := slices.IndexFunc(keys, func(k key) bool { return k.agreement == g.agreement && k.generation == g.generation })
		code, err := taxcode.Parse(codes[g.file])
		if at >= 0 && err == nil && code.Kind() == taxcode.Person {
			filled = append(filled, written{g, codes[g.file], keys[at].token(code)})
		}
	}
	return filled
}

func filesOf(gaps []gap) []uuid.UUID {
	ids := make([]uuid.UUID, len(gaps))
	for i, g := range gaps {
		ids[i] = g.file
	}
	return ids
}

func agreementsOf(gaps []gap) []uuid.UUID {
	var ids []uuid.UUID
	for _, g := range gaps {
		if !slices.Contains(ids, g.agreement) {
			ids = append(ids, g.agreement)
		}
	}
	return ids
}
