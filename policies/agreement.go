package policies

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// The states of an agreement.
const (
	AgreementProposed  = "proposed"
	AgreementActive    = "active"
	AgreementSuspended = "suspended"
	AgreementEnded     = "ended"
)

// What a party is for the protection of data (GDPR, Regulation (EU) 2016/679).
const (
	Controller      = "controller"       // decides alone about purposes and means: art. 4(7) (it: titolare autonomo)
	JointController = "joint_controller" // decides together with others: art. 26 (it: contitolare)
	Processor       = "processor"        // acts for a controller: art. 28 (it: responsabile del trattamento)
)

// DataRoles lists what a party can be.
func DataRoles() []string { return []string{Controller, JointController, Processor} }

// Agreement is the act under which bodies may show each other parts of cases (it: accordo).
type Agreement struct {
	ID          uuid.UUID
	Title       string
	State       string
	Purposes    []string
	Sections    []string
	Writable    []string // of the sections: those in which the other body may also write
	From, To    time.Time
	SuspendedBy int32     // 0 unless suspended
	EndedBy     int32     // who withdrew from it or refused it; 0 for nobody
	EndReason   string    // as that body gave it
	Renews      uuid.UUID // the agreement that it follows; uuid.Nil for none
	Asks        Asking
	Only        uuid.UUID // the handover that it serves alone, for which it shows nothing to anybody; uuid.Nil for any share
	Version     int
	Parties     []Party
	Edges       []Edge
}

// Asking is what the bodies of an agreement may do beyond the cases that are shown to them.
type Asking struct {
	Known      bool // ask whether another body follows a person already
	BreakGlass bool // open such a case in an emergency; only where Known
}

// Party is a body that signs an agreement (it: parte dell'accordo).
type Party struct {
	Tenant     int32
	Proposer   bool
	Role       string // of data protection: Controller, JointController or Processor
	Act        Act
	AcceptedAt time.Time // zero until it signs
	Signatory  string    // who signed for it
	Digest     string    // of what it signed
}

// Act is what a body decided by, with number and day (it: atto).
type Act struct {
	Number string
	Day    time.Time
}

// Edge is a direction in which cases may be shown; it never runs backwards.
type Edge struct{ From, To int32 }

// Proposal is an agreement as its proposer writes it; the proposer signs it with its act at once.
type Proposal struct {
	ID       uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Title    string
	Parties  []int32          // the proposer's own body among them
	Roles    map[int32]string // of data protection, by party; who has none is a Controller
	Edges    []Edge
	Purposes []string
	Sections []string
	Writable []string // of the sections
	From, To time.Time
	Act      Act
	Renews   uuid.UUID // the agreement that it follows; uuid.Nil for none
	Asks     Asking
	Only     uuid.UUID // the handover that it serves alone; uuid.Nil for any share
	Network  uuid.UUID // in which all parties are; uuid.Nil for none. Package sharing keeps it
}

// RoleOf is what the party is for the protection of data.
func (p Proposal) RoleOf(tenant int32) string {
	if role := p.Roles[tenant]; role != "" {
		return role
	}
	return Controller
}

// Live tells whether the agreement carries shares at the instant. One that serves a handover alone never does.
func (a Agreement) Live(at time.Time) bool {
	return a.State == AgreementActive && !at.Before(a.From) && at.Before(a.To) && a.Only == uuid.Nil
}

// Shows tells whether the agreement lets one body show cases to the other.
func (a Agreement) Shows(from, to int32) bool { return slices.Contains(a.Edges, Edge{from, to}) }

// Awaits tells whether the signature of the body is missing. Nobody awaits one for a handover that nobody answered in time.
func (a Agreement) Awaits(tenant int32) bool {
	return a.State == AgreementProposed && (a.Only == uuid.Nil || time.Now().Before(a.To)) && slices.ContainsFunc(a.Parties, func(p Party) bool { return p.Tenant == tenant && p.AcceptedAt.IsZero() })
}

// Has tells whether the body is a party that has signed.
func (a Agreement) Has(tenant int32) bool {
	return slices.ContainsFunc(a.Parties, func(p Party) bool { return p.Tenant == tenant && !p.AcceptedAt.IsZero() })
}

// InForce tells whether all parties have signed it, at whatever time that was.
func (a Agreement) InForce() bool {
	return !slices.ContainsFunc(a.Parties, func(p Party) bool { return p.AcceptedAt.IsZero() })
}

// Refused tells whether a party ended the agreement instead of signing it.
func (a Agreement) Refused() bool { return a.EndedBy != 0 && !a.Has(a.EndedBy) }

// Steps lists the states into which the body may bring the agreement. Who has not signed a proposal signs or refuses it. One that
// serves a handover alone ends with it, and takes no step of its own.
func (a Agreement) Steps(tenant int32) []string {
	if a.Only != uuid.Nil {
		return nil
	}
	switch a.State {
	case AgreementActive:
		return []string{AgreementSuspended, AgreementEnded}
	case AgreementSuspended:
		if a.SuspendedBy == tenant {
			return []string{AgreementActive, AgreementEnded}
		}
		return []string{AgreementEnded}
	case AgreementProposed:
		if a.Has(tenant) {
			return []string{AgreementEnded}
		}
	}
	return nil
}

// Check refuses what no agreement may be, by field. now is the present instant.
func (p Proposal) Check(now time.Time) error {
	var fields problem.Fields
	if n := len([]rune(p.Title)); n < 3 {
		fields.Add("titolo", "sharing.error.title")
	}
	fields.MaxLength("titolo", p.Title, 200)
	if len(p.Edges) == 0 {
		fields.Add("verso", "sharing.error.direction")
	}
	if len(p.Purposes) == 0 {
		fields.Add("scopi", "sharing.error.purposes")
	}
	if len(p.Sections) == 0 || slices.ContainsFunc(p.Sections, func(s string) bool { return !slices.Contains(SectionIDs(), s) }) {
		fields.Add("sezioni", "sharing.error.sections")
	}
	if slices.ContainsFunc(p.Writable, func(s string) bool { return !slices.Contains(p.Sections, s) }) {
		fields.Add("scrittura", "sharing.error.writable")
	}
	p.checkRoles(&fields)
	if p.Asks.BreakGlass && !p.Asks.Known {
		fields.Add("gia_noto", "sharing.error.break_glass")
	}
	if p.From.IsZero() {
		fields.Add("dal", "sharing.error.day")
	}
	if p.To.IsZero() || !p.To.After(p.From) || !p.To.After(now) {
		fields.Add("al", "sharing.error.until")
	}
	p.Act.Check(&fields, now)
	return fields.Err()
}

// checkRoles refuses roles that do not fit together: joint controllers are several, and a processor acts for somebody.
func (p Proposal) checkRoles(fields *problem.Fields) {
	count := map[string]int{}
	for _, party := range p.Parties {
		count[p.RoleOf(party)]++
	}
	known := count[Controller] + count[JointController] + count[Processor]
	if known != len(p.Parties) || count[JointController] == 1 || count[Processor] > 0 && count[Processor] == known {
		fields.Add("ruoli", "sharing.error.data_roles")
	}
}

// Check adds to fields what is wrong with an act: its number and its day.
func (a Act) Check(fields *problem.Fields, now time.Time) {
	fields.Require("atto_numero", strings.TrimSpace(a.Number))
	fields.MaxLength("atto_numero", a.Number, 60)
	if a.Day.IsZero() || a.Day.Year() < 1990 || a.Day.After(now.AddDate(0, 0, 1)) {
		fields.Add("atto_data", "sharing.error.act_day")
	}
}

// Propose writes an agreement that the other parties have yet to sign. The caller audits it in the same transaction.
// A second call with the same id changes nothing and returns false.
func Propose(ctx context.Context, tx tenants.Tx, s tenants.Scope, p Proposal) (bool, error) {
	if err := p.Check(time.Now()); err != nil {
		return false, err
	}
	_, err := GetAgreement(ctx, tx, s, p.ID)
	if err == nil || !problem.Is(err, problem.NotFound) {
		return false, err
	}
	return true, insertAgreement(ctx, tx, s, p)
}

// Sign signs for the actor's own body; the last signature makes the agreement active. Errors: problem.NotFound where
// the body is no party; problem.Conflict when no signature is awaited.
func Sign(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, act Act) error {
	a, err := GetAgreement(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if !a.Awaits(s.Tenant) {
		return problem.New(problem.Conflict, "sharing.error.not_awaited")
	}
	var fields problem.Fields
	act.Check(&fields, time.Now())
	if err := fields.Err(); err != nil {
		return err
	}
	return signAgreement(ctx, tx, s, id, act)
}

// Suspend makes every share under the agreement invisible from the next query on. Errors as of Withdraw.
func Suspend(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) error {
	if err := may(ctx, tx, s, id, AgreementSuspended); err != nil {
		return err
	}
	return changeAgreement(ctx, tx, id, AgreementSuspended)
}

// Resume takes a suspension back; only the body that suspended may. Errors as of Withdraw.
func Resume(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID) error {
	if err := may(ctx, tx, s, id, AgreementActive); err != nil {
		return err
	}
	return changeAgreement(ctx, tx, id, AgreementActive)
}

// Withdraw ends for ever, and for all parties, what the actor's body has signed; it may say why. Errors: problem.NotFound
// where the body is no party; problem.Conflict when the agreement does not allow the step now; problem.Invalid for a reason
// that is too long.
func Withdraw(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, reason string) error {
	var fields problem.Fields
	fields.MaxLength("motivo", reason, maxReason)
	if err := fields.Err(); err != nil {
		return err
	}
	if err := may(ctx, tx, s, id, AgreementEnded); err != nil {
		return err
	}
	return endAgreement(ctx, tx, id, reason)
}

// The lengths of a reason for a refusal.
const (
	minReason = 5
	maxReason = 500
)

// Refuse ends a proposal that the actor's body does not sign, with its reason. Errors: problem.NotFound where the body is
// no party; problem.Conflict when no signature is awaited; problem.Invalid without a reason.
func Refuse(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, reason string) error {
	a, err := GetAgreement(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if a.Only != uuid.Nil {
		return problem.New(problem.Conflict, "sharing.error.only")
	}
	if !a.Awaits(s.Tenant) {
		return problem.New(problem.Conflict, "sharing.error.not_awaited")
	}
	var fields problem.Fields
	if len([]rune(reason)) < minReason {
		fields.Add("motivo", "sharing.error.reason")
	}
	fields.MaxLength("motivo", reason, maxReason)
	if err := fields.Err(); err != nil {
		return err
	}
	return endAgreement(ctx, tx, id, reason)
}

// may refuses a step that the agreement does not allow the actor's body now.
func may(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, target string) error {
	a, err := GetAgreement(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if a.Only != uuid.Nil {
		return problem.New(problem.Conflict, "sharing.error.only")
	}
	if !slices.Contains(a.Steps(s.Tenant), target) {
		return problem.New(problem.Conflict, "sharing.error.no_step")
	}
	return nil
}
