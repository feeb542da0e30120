package member

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/table"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// Admission is somebody to let into the body, by the tax code of their digital identity, with the roles that they get (it: ammissione).
type Admission struct {
	ID      uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Name    string    // as colleagues know the person
	TaxCode string
	Term
}

// Term is which roles somebody gets, at which office and for which days.
type Term struct {
	Roles    []string
	Office   int32     // 0 for the whole body
	From, To time.Time // zero From is today, zero To has no end
}

// Admitted is what became of one role of an admission.
type Admitted struct {
	Account    uuid.UUID
	Membership uuid.UUID
	Role       string
	New        bool // it was given now; else the same was asked before, or it is held then already
	Held       bool // by another membership
}

// Admit lets somebody in: an account of theirs is found or made, and nobody is told which. Errors: problem.Invalid by field, also
// for roles that exclude each other; problem.Conflict where every role is held then already.
func (v *Service) Admit(ctx context.Context, s tenants.Scope, a Admission) (account uuid.UUID, err error) {
	a, err = v.CheckAdmission(s, a)
	if err != nil {
		return uuid.Nil, err
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		done, err := v.AdmitAll(ctx, tx, s, []Admission{a})
		if len(done) > 0 {
			account = done[0].Account
		}
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(done, func(one Admitted) bool { return !one.Held }) {
			return problem.New(problem.Conflict, "onboarding.member.error.held")
		}
		return nil
	})
	return account, v.noteRefusal(ctx, s, account, a.Roles, err)
}

// AdmitAll lets people in who have passed CheckAdmission, all or nobody, and writes that down once. Errors: problem.Invalid for
// roles that exclude each other; problem.NotFound for a role or an office that the body does not have any more.
func (v *Service) AdmitAll(ctx context.Context, tx tenants.Tx, s tenants.Scope, list []Admission) ([]Admitted, error) {
	rows, err := v.rowsOf(list)
	if err != nil {
		return nil, err
	}
	done, err := admit(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	held, err := findHeld(ctx, tx)
	if err != nil {
		return nil, err
	}
	event := audit.Event{Action: "person.admit"}
	var people []map[string]any
	for i, one := range done {
		if v.excluded(one.Account, held) {
			return done, incompatible()
		}
		event.Object = one.Account
		if one.New {
			people = append(people, map[string]any{
				"account": one.Account, "role": one.Role, "membership": one.Membership, "office": rows.offices[i], "from": rows.firsts[i], "to": rows.lasts[i],
			})
		}
	}
	if len(people) == 0 {
		return done, nil
	}
	if len(list) > 1 {
		event.Object = uuid.Nil
	}
	event.Payload = map[string]any{"people": people}
	return done, audit.Write(ctx, tx, s, event)
}

// errIncompatible tells roles that exclude each other from all else that is wrong.
var errIncompatible = errors.New("roles exclude each other")

func incompatible() error {
	var wrong problem.Fields
	wrong.Add("ruoli", "onboarding.member.error.incompatible")
	err := problem.Of(wrong.Err())
	return err.Wrap(errIncompatible)
}

// CheckHeld refuses roles of somebody that exclude each other, as they stand in the transaction. Error: problem.Invalid.
func (v *Service) CheckHeld(ctx context.Context, tx tenants.Tx, account uuid.UUID) error {
	held, err := findHeld(ctx, tx)
	if err != nil || !v.excluded(account, held) {
		return err
	}
	return incompatible()
}

// noteRefusal writes down who tried to give roles that exclude each other, and passes the refusal on.
func (v *Service) noteRefusal(ctx context.Context, s tenants.Scope, account uuid.UUID, roles []string, refused error) error {
	if !errors.Is(refused, errIncompatible) {
		return refused
	}
	return errors.Join(refused, v.deps.Audit.Record(ctx, s, audit.Event{
		Action: "role.refuse", Object: account, Payload: map[string]any{"roles": roles, "own": account == s.Account},
	}))
}

// FindHeldBy lists what people of the body hold, by their tax code; of codes of nobody there it says nothing.
func (v *Service) FindHeldBy(ctx context.Context, s tenants.Scope, codes []string) (map[string][]Holding, error) {
	tokens := make([][]byte, len(codes))
	for i, code := range codes {
		tokens[i] = v.deps.Platform.Seal.Token(code)
	}
	held := map[string][]Holding{}
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		known, err := findKnown(ctx, tx, tokens)
		if err != nil || len(known) == 0 {
			return err
		}
		all, err := findHeld(ctx, tx)
		if err != nil {
			return err
		}
		for i, account := range known {
			held[codes[i]] = heldBy(all, account)
		}
		return nil
	})
	return held, err
}

// rowsOf makes a row of each role, with ids that are the same when the same is asked again.
func (v *Service) rowsOf(list []Admission) (rows admissionRows, err error) {
	for _, a := range list {
		sealed, err := v.deps.Platform.Seal.Seal([]byte(a.TaxCode), []byte("account"))
		if err != nil {
			return rows, fmt.Errorf("seal a tax code: %w", err)
		}
		token := v.deps.Platform.Seal.Token(a.TaxCode)
		for _, role := range a.Roles {
			rows.tokens, rows.seals, rows.names = append(rows.tokens, token), append(rows.seals, sealed), append(rows.names, a.Name)
			rows.memberships, rows.roles = append(rows.memberships, uuid.NewSHA1(a.ID, []byte(role))), append(rows.roles, role)
			rows.offices = append(rows.offices, a.Office)
			rows.firsts, rows.lasts = append(rows.firsts, a.From.Format(time.DateOnly)), append(rows.lasts, lastDay(a.To))
		}
	}
	return rows, nil
}

// CheckAdmission tidies who is to be let in; the error carries every field at fault.
func (v *Service) CheckAdmission(s tenants.Scope, a Admission) (Admission, error) {
	var wrong problem.Fields
	a.Name = CheckName(&wrong, "nome", a.Name)
	a.TaxCode = CheckCode(&wrong, "codice", a.TaxCode)
	a.Term = v.CheckTerm(&wrong, s, a.Term)
	return a, wrong.Err()
}

// CheckTerm tidies roles and days, and notes what is wrong with them.
func (v *Service) CheckTerm(wrong *problem.Fields, s tenants.Scope, t Term) Term {
	today := language.Day(time.Now())
	if t.From.IsZero() {
		t.From = today
	} else {
		t.From = language.Day(t.From)
	}
	if !t.To.IsZero() {
		t.To = language.Day(t.To)
	}
	t.Roles = slices.Compact(slices.Sorted(slices.Values(t.Roles)))
	given := v.deps.Policies.GivenRoles(s.Tenant)
	for _, role := range t.Roles {
		if !slices.ContainsFunc(given, func(r policies.Role) bool { return r.ID == role }) {
			wrong.Add("ruoli", "web.field.choice")
		}
	}
	if len(t.Roles) == 0 {
		wrong.Add("ruoli", "onboarding.member.error.no_role")
	}
	if v.Exclude(t.Roles) {
		wrong.Add("ruoli", "onboarding.member.error.incompatible")
	}
	if t.From.Before(today) {
		wrong.Add("dal", "onboarding.member.error.past")
	}
	if !t.To.IsZero() && t.To.Before(t.From) {
		wrong.Add("al", "onboarding.member.error.order")
	}
	return t
}

// Exclude tells whether nobody may hold all the roles in the body.
func (v *Service) Exclude(roles []string) bool { return Exclude(v.deps.Policies.Works, roles...) }

// Exclude tells whether nobody may hold all the roles, of which some work on cases: who configures sees no case, and what two people
// decide, the administrator and the data protection officer, nobody decides alone.
func Exclude(works func(role string) bool, roles ...string) bool {
	return slices.ContainsFunc(roles, policies.Configures) && slices.ContainsFunc(roles, works) ||
		slices.Contains(roles, "tenant_admin") && slices.Contains(roles, "dpo")
}

// CheckName tidies the name of a person, in plain characters and the composed form of Unicode, and notes at its field one that is
// missing, too long or not to be seen, or that a table would compute.
func CheckName(wrong *problem.Fields, field, name string) string {
	if !utf8.ValidString(name) {
		wrong.Add(field, "web.field.characters")
		return ""
	}
	name = norm.NFC.String(width.Fold.String(strings.Join(strings.Fields(name), " ")))
	wrong.Require(field, name)
	wrong.MaxLength(field, name, 120)
	wrong.Legible(field, name)
	if table.IsFormula(name) {
		wrong.Add(field, "onboarding.member.error.formula")
	}
	return name
}

// CheckCode reads a tax code that a digital identity can have, and notes at its field what is none.
func CheckCode(wrong *problem.Fields, field, text string) string {
	if strings.TrimSpace(text) == "" {
		wrong.Add(field, "web.field.required")
		return ""
	}
	code, err := taxcode.Parse(text)
	var fault *taxcode.Error
	switch {
	case errors.As(err, &fault):
		wrong.Add(field, "onboarding.tax_code."+string(fault.Reason), "position", fault.Position)
	case err != nil || code.Kind() != taxcode.Person:
		// Only the sixteen characters come from a digital identity.
		wrong.Add(field, "onboarding.tax_code.length", "position", 0)
	}
	return code.String()
}
