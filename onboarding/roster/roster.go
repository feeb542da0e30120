// Package roster is where a body brings a list of its people, as a table: line by line it says what will be done and what is wrong, and
// nothing is done before that was read. It must not have rules of its own about who gets which role: those are of packages member
// and invitation.
package roster

import (
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/table"
	"staffetta/modules"
	"staffetta/onboarding/invitation"
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Service reads lists of people and does what they say.
type Service struct {
	deps        modules.Deps
	members     *member.Service
	invitations *invitation.Service
	offices     *office.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps, members *member.Service, invitations *invitation.Service, offices *office.Service) *Service {
	return &Service{deps, members, invitations, offices}
}

// What is done with a line.
const (
	Admit  = "admit"  // the tax code is there: the role holds at once
	Invite = "invite" // only an address is there
	Skip   = "skip"   // the role is held already
	Wrong  = "wrong"
)

// Line is what a list says of one person, and what becomes of it (it: riga dell'elenco).
type Line struct {
	Number int // as programs for tables count: the heads are 1
	Do     string
	Name   string
	Code   string
	Email  string
	Role   string // as it was written
	Office string
	Term   member.Term
	Faults []language.Message
}

func (l *Line) fault(key string, pairs ...any) {
	l.Faults = append(l.Faults, language.M(key, pairs...))
}

// Plan reads a list and says line by line what would be done; nothing is. Cells with formulas are refused, and that is written down.
// Error: problem.Invalid for what is no list.
func (v *Service) Plan(ctx context.Context, s tenants.Scope, content []byte) ([]Line, error) {
	read, err := parse(content)
	if err != nil {
		return nil, err
	}
	places, err := v.offices.FindOpen(ctx, s)
	if err != nil {
		return nil, err
	}
	lines, formulas := make([]Line, len(read)), []int(nil)
	for i, one := range read {
		lines[i] = v.line(s, i+2, one, places)
		if slices.ContainsFunc(Columns, func(column string) bool { return table.IsFormula(one[column]) }) {
			formulas = append(formulas, i+2)
		}
	}
	checkTwice(lines)
	if err := v.checkHeld(ctx, s, lines); err != nil {
		return nil, err
	}
	for i := range lines {
		if len(lines[i].Faults) > 0 {
			lines[i].Do = Wrong
		}
	}
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "person.plan", Payload: map[string]any{"lines": len(lines), "formulas": formulas}})
	return lines, wait()
}

// line reads one line.
func (v *Service) line(s tenants.Scope, number int, one cells, places []office.Office) Line {
	l := Line{Number: number, Do: Admit, Email: one["e-mail"], Role: one["ruolo"], Office: one["sede"]}
	for _, column := range Columns {
		if table.IsFormula(one[column]) {
			l.fault("onboarding.roster.error.formula", "column", column)
			return l
		}
	}
	l.Name, l.Code = strings.TrimSpace(one["nome"]+" "+one["cognome"]), one["codice fiscale"]
	if one["nome"] == "" || one["cognome"] == "" {
		l.fault("onboarding.roster.error.name")
	}
	l.Term.Roles = v.rolesOf(s, one["ruolo"])
	if len(l.Term.Roles) == 0 {
		l.fault("onboarding.roster.error.role")
		return l
	}
	l.readPlace(one, places)
	var err error
	if l.Code == "" {
		l.Do = Invite
		var n invitation.Invitation
		n, err = v.invitations.Check(s, invitation.Invitation{Name: l.Name, Email: l.Email, Term: l.Term})
		l.Name, l.Term = n.Name, n.Term
	} else {
		var a member.Admission
		a, err = v.members.CheckAdmission(s, member.Admission{Name: l.Name, TaxCode: l.Code, Term: l.Term})
		l.Name, l.Code, l.Term = a.Name, a.TaxCode, a.Term
	}
	if one["codice fiscale"] == "" && l.Email == "" {
		l.fault("onboarding.roster.error.nobody")
		return l
	}
	if err != nil {
		for _, field := range problem.Of(err).Fields {
			l.Faults = append(l.Faults, field.Message)
		}
	}
	return l
}

// readPlace reads office and days.
func (l *Line) readPlace(one cells, places []office.Office) {
	var from, to bool
	l.Term.From, from = dayOf(one["dal"])
	l.Term.To, to = dayOf(one["al"])
	if !from || !to {
		l.fault("web.field.day")
	}
	if one["sede"] == "" {
		return
	}
	at := slices.IndexFunc(places, func(o office.Office) bool { return strings.EqualFold(o.Name, one["sede"]) })
	if at < 0 {
		l.fault("onboarding.roster.error.office")
		return
	}
	l.Term.Office = places[at].ID
}

// rolesOf is the role that people mean by its name in either language, or by its id; none where there is none.
func (v *Service) rolesOf(s tenants.Scope, text string) []string {
	for _, role := range v.deps.Policies.GivenRoles(s.Tenant) {
		label := v.deps.Policies.RoleLabel(s.Tenant, role.ID)
		if text != "" && (strings.EqualFold(text, strings.TrimSpace(label.It)) || strings.EqualFold(text, strings.TrimSpace(label.En)) || text == role.ID) {
			return []string{role.ID}
		}
	}
	return nil
}

// checkTwice finds who stands in a list twice with the same role and office, under two names, or with two invitations.
func checkTwice(lines []Line) {
	names, seen := map[string]string{}, map[string]bool{}
	for i := range lines {
		l := &lines[i]
		if len(l.Faults) > 0 {
			continue
		}
		key := "e-mail " + strings.ToLower(l.Email)
		if l.Do == Admit {
			key = l.Code + " " + l.Term.Roles[0] + " " + strconv.Itoa(int(l.Term.Office))
			if name, known := names[l.Code]; known && name != strings.ToLower(l.Name) {
				l.fault("onboarding.roster.error.two_names")
			}
			names[l.Code] = strings.ToLower(l.Name)
		}
		if seen[key] {
			l.fault("onboarding.roster.error.twice")
		}
		seen[key] = true
	}
}

// checkHeld finds roles that are held already, and those that exclude what somebody holds or gets by another line.
func (v *Service) checkHeld(ctx context.Context, s tenants.Scope, lines []Line) error {
	roles := map[string][]string{}
	for _, l := range lines {
		if l.Do == Admit && len(l.Faults) == 0 {
			roles[l.Code] = append(roles[l.Code], l.Term.Roles...)
		}
	}
	var codes []string
	for code := range roles {
		codes = append(codes, code)
	}
	held, err := v.members.FindHeldBy(ctx, s, codes)
	if err != nil {
		return err
	}
	for code, all := range held {
		for _, h := range all {
			roles[code] = append(roles[code], h.Role)
		}
	}
	for i := range lines {
		l := &lines[i]
		if l.Do != Admit || len(l.Faults) > 0 {
			continue
		}
		if v.members.Exclude(roles[l.Code]) {
			l.fault("onboarding.member.error.incompatible")
		} else if slices.ContainsFunc(held[l.Code], func(h member.Holding) bool {
			return h.Role == l.Term.Roles[0] && h.Office == l.Term.Office && h.Meets(l.Term)
		}) {
			l.Do = Skip
		}
	}
	return nil
}

// Apply does what a list says, all of its lines that are right at once, and tells what was done. The same list again does nothing
// more. Errors: problem.Invalid for what is no list, and where nothing in it is right; those of AdmitAll and InviteAll.
func (v *Service) Apply(ctx context.Context, s tenants.Scope, content []byte) ([]Line, error) {
	lines, err := v.Plan(ctx, s, content)
	if err != nil {
		return nil, err
	}
	var admissions []member.Admission
	var invitations []invitation.Invitation
	digest := sha256.Sum256(content)
	for _, l := range lines {
		id := uuid.NewSHA1(uuid.Nil, append(digest[:], strconv.Itoa(int(s.Tenant))+" "+strconv.Itoa(l.Number)...))
		switch l.Do {
		case Admit:
			admissions = append(admissions, member.Admission{ID: id, Name: l.Name, TaxCode: l.Code, Term: l.Term})
		case Invite:
			invitations = append(invitations, invitation.Invitation{ID: id, Name: l.Name, Email: l.Email, Term: l.Term})
		}
	}
	if !slices.ContainsFunc(lines, func(l Line) bool { return l.Do != Wrong }) {
		return lines, unreadable("onboarding.roster.error.nothing")
	}
	return lines, v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if len(admissions) > 0 {
			if _, err := v.members.AdmitAll(ctx, tx, s, admissions); err != nil {
				return err
			}
		}
		if len(invitations) > 0 {
			if _, err := v.invitations.InviteAll(ctx, tx, s, invitations); err != nil {
				return err
			}
		}
		return nil
	})
}
