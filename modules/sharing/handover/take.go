package handover

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Taking is how the taking body accepts.
type Taking struct {
	Manager uuid.UUID               // who holds the case from now on; uuid.Nil for the actor
	Person  uuid.UUID               // who of the body's own persons this is; uuid.Nil to take the person along
	Owners  map[uuid.UUID]uuid.UUID // who answers for what is open, by its id

	Manifest string       // digest of the manifest that was read, where the person moved house
	Act      policies.Act // by which the body signs the agreement for this handover alone, where there is one
}

// Accept takes a case over: all of it goes along in one transaction, or nothing. Files are copied before it ends; as they lie
// under their content, one that stays behind after a failure harms nothing. Errors: problem.NotFound for a handover of
// others; problem.Forbidden for the body that offered it; problem.Conflict when it is no longer offered; problem.Invalid by
// field when something open has no new owner, somebody cannot hold the case, or no agreement carries it now. For a person who moved
// house, those of Signing too.
func (s *Service) Accept(ctx context.Context, scope tenants.Scope, id uuid.UUID, t Taking) (Handover, error) {
	h, err := s.answerable(ctx, scope, id)
	if err != nil {
		return Handover{}, err
	}
	err = s.take(ctx, scope, h, t, func(sums []string) error { return s.copyFiles(ctx, h, sums) })
	if err != nil {
		return Handover{}, err
	}
	return s.getHandover(ctx, scope, id)
}

// errRehearsed undoes a rehearsal.
var errRehearsed = errors.New("only rehearsed")

// Rehearse tells whether Accept would take the case over, with its errors, and leaves everything as it was.
func (s *Service) Rehearse(ctx context.Context, scope tenants.Scope, id uuid.UUID, t Taking) (Handover, error) {
	h, err := s.answerable(ctx, scope, id)
	if err != nil {
		return Handover{}, err
	}
	err = s.take(ctx, scope, h, t, func([]string) error { return errRehearsed })
	if !errors.Is(err, errRehearsed) {
		return Handover{}, err
	}
	return h, nil
}

// take takes a case over in one transaction, with what comes last in it.
func (s *Service) take(ctx context.Context, scope tenants.Scope, h Handover, t Taking, last func(sums []string) error) error {
	err := s.deps.DB.InTx(ctx, s.cases.ConfineOpening(scope), func(tx tenants.Tx) error {
		if !h.MovedOn.IsZero() {
			if err := s.signing.Sign(ctx, tx, scope, h, t); err != nil {
				return err
			}
		}
		sums, err := handOver(ctx, tx, scope, h.ID, t)
		if err != nil {
			return err
		}
		caseID, err := getTakenCase(ctx, tx, h.ID)
		if err != nil {
			return err
		}
		if _, err := s.cases.Take(ctx, tx, scope, caseID, t.Manager); err != nil {
			return err
		}
		if err := keepShelter(ctx, tx, scope, h.ID, caseID); err != nil {
			return err
		}
		told, err := audit.WriteTold(ctx, tx, scope, event("share.accept", h.ID, caseID))
		if err != nil {
			return err
		}
		if err := errors.Join(share.TellOther(ctx, tx, h.ID, told), tellEnded(ctx, tx, h.ID, told), s.signing.End(ctx, tx, scope, h)); err != nil {
			return err
		}
		return last(sums)
	})
	if problem.Is(err, problem.Conflict) {
		if now, found := s.getHandover(ctx, scope, h.ID); found == nil && now.Standing(time.Now()) != Offered {
			return moved(now, time.Now()).Wrap(err)
		}
	}
	return err
}

// keepShelter protects a case that has just been taken over and whose household was protected where it comes from, although what
// protected it stays behind.
func keepShelter(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id, caseID uuid.UUID) error {
	mark, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make an id: %w", err)
	}
	kept, err := insertShelter(ctx, tx, id, mark)
	if err != nil || !kept {
		return err
	}
	return audit.Write(ctx, tx, scope, casefile.Sheltered(caseID, mark))
}

// answerable reads a handover that the actor's body may answer.
func (s *Service) answerable(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Handover, error) {
	h, err := s.getHandover(ctx, scope, id)
	if err != nil {
		return Handover{}, err
	}
	if h.Taker != scope.Tenant {
		return Handover{}, problem.New(problem.Forbidden, "sharing.error.own_offer")
	}
	if h.Standing(time.Now()) != Offered {
		return Handover{}, moved(h, time.Now())
	}
	return h, nil
}

// copyFiles copies the files of the case. One that the giving body has lost is as lost here: the page of the document says so.
func (s *Service) copyFiles(ctx context.Context, h Handover, sums []string) error {
	for _, sum := range sums {
		content, err := s.deps.Platform.Files.Get(ctx, h.Giver, sum)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			_, err = s.deps.Platform.Files.Put(ctx, h.Taker, content)
		}
		if err != nil {
			return fmt.Errorf("copy a file of a case: %w", err)
		}
	}
	return nil
}

// FindKnown finds who of the body's own persons the person of an offered handover may be.
func (s *Service) FindKnown(ctx context.Context, scope tenants.Scope, h Handover) ([]registry.Duplicate, error) {
	d := registry.Details{TaxCode: h.Person.TaxCode, Surname: h.Person.Surname, Name: h.Person.Name}
	if d.TaxCode == "" {
		d.NoCodeReason = "unknown"
	}
	if !h.Person.Born.IsZero() {
		d.BirthDate = h.Person.Born.Format(time.DateOnly)
	}
	found, err := s.persons.FindDuplicates(ctx, scope, d)
	if problem.Is(err, problem.NotFound) || problem.Is(err, problem.Invalid) {
		return nil, nil // who may not see persons takes the person along
	}
	return found, err
}

// Refuse declines a handover, with a reason. Errors: as of Accept.
func (s *Service) Refuse(ctx context.Context, scope tenants.Scope, id uuid.UUID, words string) (Handover, error) {
	h, err := s.answerable(ctx, scope, id)
	if err != nil {
		return Handover{}, err
	}
	words = strings.TrimSpace(words)
	var fields problem.Fields
	if len([]rune(words)) < share.LeastWords {
		fields.Add("motivo", "sharing.error.reason")
	}
	fields.MaxLength("motivo", words, share.MaxWords)
	if err := fields.Err(); err != nil {
		return Handover{}, err
	}
	return s.end(ctx, scope, h, Refused, words)
}

// Withdraw takes an offer back. Errors: problem.NotFound for a handover of others; problem.Forbidden for the body that
// receives it; problem.Conflict when it is no longer offered.
func (s *Service) Withdraw(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Handover, error) {
	h, err := s.getHandover(ctx, scope, id)
	if err != nil {
		return Handover{}, err
	}
	if h.Giver != scope.Tenant {
		return Handover{}, problem.New(problem.Forbidden, "sharing.error.other_side")
	}
	if h.Standing(time.Now()) != Offered {
		return Handover{}, moved(h, time.Now())
	}
	return s.end(ctx, scope, h, Withdrawn, "")
}

// end takes the step that ends an offer, in both chains.
func (s *Service) end(ctx context.Context, scope tenants.Scope, h Handover, state, words string) (Handover, error) {
	action := map[string]string{Refused: "share.refuse", Withdrawn: "share.withdraw"}[state]
	h.State, h.Words, h.Decided.Name = state, words, scope.Name
	err := s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if err := endHandover(ctx, tx, h); err != nil {
			return err
		}
		if err := s.signing.End(ctx, tx, scope, h); err != nil {
			return err
		}
		return share.WriteBoth(ctx, tx, scope, event(action, h.ID, h.Case))
	})
	if err != nil {
		return Handover{}, err
	}
	return s.getHandover(ctx, scope, h.ID)
}
