package entry

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

// Candidate is a municipality that a search found, and the body it already has.
type Candidate struct {
	register.Municipality
	Taken bool
	Slug  string // of the body that is already there, "" if it is not live
}

// maxQuery and maxFound bound a search.
const (
	maxQuery = 100
	maxFound = 20
)

// FindMunicipalities searches all municipalities by name, also one that is not quite right, ISTAT, Belfiore or IPA
// code and tells which of them have a body already. more tells that not all that
// match are listed.
func (v *Service) FindMunicipalities(ctx context.Context, query string) (found []Candidate, more bool, err error) {
	if len([]rune(query)) > maxQuery {
		return nil, false, nil
	}
	matches, _ := register.Suggest(query, maxFound+1)
	if more = len(matches) > maxFound; more {
		matches = matches[:maxFound]
	}
	codes := make([]string, len(matches))
	for i, m := range matches {
		codes[i] = m.Belfiore
	}
	present, err := v.findBodies(ctx, codes)
	if err != nil {
		return nil, false, err
	}
	for _, m := range matches {
		c := Candidate{Municipality: m}
		if at := slices.IndexFunc(present, func(b presentBody) bool { return b.belfiore == m.Belfiore }); at >= 0 {
			c.Taken = true
			if present[at].state == tenants.Active {
				c.Slug = present[at].slug
			}
		}
		found = append(found, c)
	}
	return found, more, nil
}

// ChooseMunicipality says which municipality enters, by its ISTAT code. Choosing the
// same again changes nothing. Errors: problem.Invalid at "municipality" when there is
// none, or it has a body already; problem.Conflict when the step was saved elsewhere.
func (v *Service) ChooseMunicipality(ctx context.Context, s tenants.Scope, id uuid.UUID, version int, istat string) error {
	var faults problem.Fields
	m, err := register.ByISTAT(istat)
	if err != nil {
		faults.Add("municipality", "onboarding.body.unknown")
	}
	there, err := v.holds(ctx, identity{belfiore: m.Belfiore})
	if err != nil {
		return err
	}
	if there != nil {
		faults.Add("municipality", there.takenKey(), "name", there.name, "slug", there.slug)
	}
	known := false
	err = v.changing(ctx, s, id, BodyStep, func(tx tenants.Tx, e Entry) (bool, error) {
		known = true
		switch {
		case faults.Err() != nil:
			return false, faults.Err()
		case e.Belfiore == m.Belfiore:
			return false, nil
		case e.BodyVersion != version:
			return false, conflict()
		}
		return true, saveBody(ctx, tx, s, Entry{ID: id, Belfiore: m.Belfiore})
	})
	if known && there != nil {
		return v.refused(ctx, s, id, taken, err)
	}
	return err
}

var ipaPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{1,39}$`)

// CorrectIPA replaces the code of the chosen municipality in the index of public
// bodies, which becomes the address of the body; that of the register takes the
// correction back. Errors: problem.Invalid at "ipa"; problem.Conflict when no
// municipality is chosen or the step was saved elsewhere.
func (v *Service) CorrectIPA(ctx context.Context, s tenants.Scope, id uuid.UUID, version int, text string) error {
	var faults problem.Fields
	code := strings.ToLower(strings.TrimSpace(text))
	if !ipaPattern.MatchString(code) || tenants.IsReserved(code) {
		faults.Add("ipa", "onboarding.body.ipa_wrong")
		code = ""
	}
	there, err := v.holds(ctx, identity{ipa: code})
	if err != nil {
		return err
	}
	refused := there != nil
	if refused {
		faults.Add("ipa", "onboarding.body.ipa_taken", "name", there.name)
	}
	err = v.changing(ctx, s, id, BodyStep, func(tx tenants.Tx, e Entry) (bool, error) {
		m, chosen := e.Municipality()
		switch {
		case !chosen:
			return false, problem.New(problem.Conflict, "onboarding.error.no_body")
		case faults.Err() != nil:
			return false, faults.Err()
		case m.IPA() != code && ofMunicipality(code):
			other, _ := register.ByBelfiore(strings.TrimPrefix(code, "c_"))
			faults.Add("ipa", "onboarding.body.ipa_taken", "name", legalName(other)) // it enters with it one day
			refused = true
			return false, faults.Err()
		case e.IPA() == code:
			return false, nil
		case e.BodyVersion != version:
			return false, conflict()
		}
		if e.CorrectedIPA = code; code == m.IPA() {
			e.CorrectedIPA = ""
		}
		return true, saveBody(ctx, tx, s, e)
	})
	if refused && problem.Is(err, problem.Invalid) {
		return v.refused(ctx, s, id, taken, err)
	}
	return err
}

// ofMunicipality tells whether a code is the one that the register gives to a municipality.
func ofMunicipality(ipa string) bool {
	belfiore, usual := strings.CutPrefix(ipa, "c_")
	_, err := register.ByBelfiore(belfiore)
	return usual && err == nil
}

// identity is what a body has alone; empty parts are not looked for.
type identity struct{ belfiore, ipa, pec, taxCode string }

// holds returns the body that has one of these already, whatever its state but closed; nil for none.
func (v *Service) holds(ctx context.Context, i identity) (*presentBody, error) {
	found, err := v.findHolders(ctx, i)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// takenKey says why a municipality cannot be chosen, and whom to ask.
func (b presentBody) takenKey() string {
	if b.state == tenants.Entering {
		return "onboarding.body.entering"
	}
	return "onboarding.body.taken"
}

// legalName is how the body of a municipality is called.
func legalName(m register.Municipality) string { return "Comune di " + m.Name }
