package offer

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/preview"
	"staffetta/modules/sharing/setting"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// Offer is a share of a case as the worker of the owner writes it (it: proposta di condivisione).
type Offer struct {
	ID          uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Kind        string    // one of Kinds
	Agreement   uuid.UUID
	Receiver    int32
	Purpose     string
	Sections    []string
	Writable    []string // of them, in joint care
	ExtraReason string   // why sections beyond those of the purpose
	LegalBasis  string
	BasisReason string    // why there is none, for an Override
	AnswerBy    time.Time // the last day to answer; the zero Time is as the settings of the body say
	Until       time.Time // the last day
	Reason      string
	Asks        string // what a service request asks, as the receiver reads it before it accepts; it names nobody
}

// noDay stands for what was written where a day belongs and is none.
var noDay = time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)

// answerBy is the instant at which the offer lapses; in some days, where it names none.
func (o Offer) answerBy(now time.Time, days int) time.Time {
	until := form.EndOfDay(o.Until)
	if !o.AnswerBy.IsZero() {
		return form.EndOfDay(o.AnswerBy)
	}
	if standard := form.EndOfDay(now.In(language.Rome).AddDate(0, 0, days)); standard.Before(until) {
		return standard
	}
	return until
}

// Partner is a body to which cases may be shown now, under an agreement.
type Partner struct {
	Agreement policies.Agreement
	Body      tenants.Tenant
	Writes    []string // sections in which its people may write as guests
}

// Frame is what a share of a case must keep within.
type Frame struct {
	Access    *casefile.Access
	Partners  []Partner
	Purposes  Purposes
	Overrides bool // the actor may offer without a legal basis
	Settings  setting.Settings
}

// Bases are the legal bases that the actor may choose.
func (f Frame) Bases() []string {
	if f.Overrides {
		return append(slices.Clone(share.LegalBases), share.Override)
	}
	return share.LegalBases
}

// Sections are those that the actor may share under an agreement: what it carries, the body does not close and the
// actor reads.
func (f Frame) Sections(a policies.Agreement) []string {
	var open []string
	for _, section := range policies.SectionIDs() {
		if slices.Contains(a.Sections, section) && !slices.Contains(f.Purposes.Never, section) && f.Access.Scope.Reads(section) {
			open = append(open, section)
		}
	}
	return open
}

// Writable are those of the sections that the actor may share with a partner in which the partner may also write: where the
// agreement lets it, its own rules too, and the actor writes.
func (f Frame) Writable(p Partner) []string {
	return slices.DeleteFunc(f.Sections(p.Agreement), func(section string) bool {
		return !slices.Contains(p.Agreement.Writable, section) || !slices.Contains(p.Writes, section) || !f.Access.Scope.Writes(section)
	})
}

// Partner finds the partner of an offer.
func (f Frame) Partner(agreement uuid.UUID, receiver int32) (Partner, bool) {
	at := slices.IndexFunc(f.Partners, func(p Partner) bool { return p.Agreement.ID == agreement && p.Body.ID == receiver })
	if at < 0 {
		return Partner{}, false
	}
	return f.Partners[at], true
}

// Prepare opens a case of the actor's body for sharing. Errors: problem.NotFound and casefile.ErrReason as of Open;
// problem.Forbidden when the actor does not work on the case or it is another body's; problem.Conflict when it is closed.
func (s *Offers) Prepare(ctx context.Context, scope tenants.Scope, ref string) (Frame, error) {
	a, err := s.cases.OpenToWrite(ctx, scope, ref, "")
	if err != nil {
		return Frame{}, err
	}
	if !s.deps.Policies.Allows(scope, a.Relation, "case", "work") {
		return Frame{}, problem.New(problem.Forbidden, "sharing.error.not_worker")
	}
	f := Frame{Access: a}
	f.Overrides = s.deps.Permits(scope, share.MayOverride)
	if f.Purposes, err = s.FindPurposes(ctx, scope); err != nil {
		return Frame{}, err
	}
	if f.Settings, err = setting.Read(ctx, s.items, scope); err != nil {
		return Frame{}, err
	}
	f.Partners, err = s.FindPartners(ctx, scope)
	return f, err
}

// FindPartners lists the bodies to which the actor's body may show cases now and where somebody can decide about a
// share and somebody can read one. Who cannot is left out.
func (s *Offers) FindPartners(ctx context.Context, scope tenants.Scope) ([]Partner, error) {
	found, err := agreement.FindPartners(ctx, s.deps, scope, func(p agreement.Partner) bool {
		return p.Agreement.Shows(scope.Tenant, p.Body.ID) && s.isAble(p.Body, p.Roles)
	})
	partners := make([]Partner, len(found))
	for i, p := range found {
		partners[i] = Partner{Agreement: p.Agreement, Body: p.Body, Writes: s.guestWrites(p.Body.ID, p.Roles)}
	}
	return partners, err
}

// isAble tells whether a live body can take a share: the module is on, and roles that may decide and that may
// read as a guest are staffed.
func (s *Offers) isAble(body tenants.Tenant, roles []string) bool {
	decides, reads := false, false
	for _, role := range roles {
		probe := tenants.Scope{Tenant: body.ID, Roles: []string{role}}
		decides = decides || s.deps.Policies.Allows(probe, policies.Body, "share", "decide")
		reads = reads || s.deps.Policies.Allows(probe, policies.Guest, "case", "open")
	}
	return body.Has(string(share.ModuleID)) && decides && reads
}

// guestWrites lists the sections in which people with one of the roles may write as guests, as their body's rules say.
func (s *Offers) guestWrites(body int32, roles []string) []string {
	probe := tenants.Scope{Tenant: body, Roles: roles}
	return slices.DeleteFunc(policies.SectionIDs(), func(section string) bool {
		return !s.deps.Policies.Allows(probe, policies.Guest, section, policies.Write)
	})
}

// Offer offers a share of a case of the actor's body. A second call with the same id returns what the first one made.
// Errors: as of Prepare; problem.Invalid by field, and nothing is written.
func (s *Offers) Offer(ctx context.Context, scope tenants.Scope, ref string, o Offer) (share.Share, error) {
	f, err := s.Prepare(ctx, scope, ref)
	if err != nil {
		return share.Share{}, err
	}
	made, err := s.shares.Stored(ctx, scope, o.ID)
	switch {
	case err == nil && made.Owner == scope.Tenant && made.Case == f.Access.ID:
		return made, nil // the form was submitted before
	case err != nil && !problem.Is(err, problem.NotFound):
		return share.Share{}, err
	}
	made, err = f.check(o, time.Now())
	if err != nil {
		return share.Share{}, err
	}
	made.Offered = share.Mark{Tenant: scope.Tenant, Account: scope.Account, Name: scope.Name}
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if err := insertShare(ctx, tx, made); err != nil {
			return err
		}
		return share.WriteBoth(ctx, tx, scope, share.Event("share.offer", made))
	})
	if err != nil {
		return share.Share{}, err
	}
	return s.shares.Stored(ctx, scope, made.ID)
}

// check refuses by field what no share may be, and makes the share and its preview of the rest.
func (f Frame) check(o Offer, now time.Time) (share.Share, error) {
	var fields problem.Fields
	partner, live := f.Partner(o.Agreement, o.Receiver)
	if !live {
		fields.Add("destinatario", "sharing.error.agreement")
	}
	purpose, known := f.Purposes.Get(o.Purpose, o.Kind)
	known = known && share.KnownKind(o.Kind)
	f.checkPurpose(&fields, partner.Agreement, known, live, o.Purpose)
	extra := share.Without(o.Sections, purpose.Sections)
	if live {
		f.checkSections(&fields, partner.Agreement, o)
		f.checkWritable(&fields, partner, o)
	}
	if known && len(extra) > 0 && len([]rune(strings.TrimSpace(o.ExtraReason))) < share.LeastWords {
		fields.Add("motivo_sezioni", "sharing.error.extra")
	}
	fields.MaxLength("motivo_sezioni", o.ExtraReason, share.MaxExtra)
	fields.Require("base", o.LegalBasis)
	fields.OneOf("base", o.LegalBasis, f.Bases()...)
	if o.LegalBasis == share.Override && len([]rune(strings.TrimSpace(o.BasisReason))) < share.LeastWords {
		fields.Add("motivo_base", "sharing.error.override")
	}
	fields.MaxLength("motivo_base", o.BasisReason, share.MaxExtra)
	o.checkUntil(&fields, partner, purpose, now)
	o.checkAnswer(&fields, now)
	if n := len([]rune(strings.TrimSpace(o.Reason))); n < share.LeastWords {
		fields.Add("motivo", "sharing.error.reason")
	}
	fields.MaxLength("motivo", o.Reason, share.MaxWords)
	f.checkAsks(&fields, o)
	if err := fields.Err(); err != nil {
		return share.Share{}, err
	}
	return f.share(o, purpose, extra, now), nil
}

// checkPurpose says which agreement does not allow a purpose.
func (f Frame) checkPurpose(fields *problem.Fields, a policies.Agreement, known, live bool, purpose string) {
	switch {
	case !known:
		fields.Add("scopo", "sharing.error.purpose")
	case live && !slices.Contains(a.Purposes, purpose):
		fields.Add("scopo", "sharing.error.purpose_of", "title", a.Title)
	}
}

// Allows tells whether any of the agreements allows the purpose.
func (f Frame) Allows(purpose string) bool {
	return slices.ContainsFunc(f.Partners, func(p Partner) bool { return slices.Contains(p.Agreement.Purposes, purpose) })
}

func (f Frame) checkSections(fields *problem.Fields, a policies.Agreement, o Offer) {
	open := f.Sections(a)
	if len(o.Sections) == 0 {
		fields.Add("sezioni", "sharing.error.no_section")
	}
	for _, section := range o.Sections {
		if !slices.Contains(open, section) {
			fields.Add("sezioni", "sharing.error.section")
			return
		}
	}
}

// checkWritable sees that joint care lets the receiver write somewhere, and that nothing else does.
func (f Frame) checkWritable(fields *problem.Fields, partner Partner, o Offer) {
	switch {
	case o.Kind != share.JointCare && len(o.Writable) > 0:
		fields.Add("scrittura", "sharing.error.reads_only")
	case o.Kind == share.JointCare && len(o.Writable) == 0:
		fields.Add("scrittura", "sharing.error.no_writable")
	case len(share.Without(o.Writable, f.Writable(partner))) > 0 || len(share.Without(o.Writable, o.Sections)) > 0:
		fields.Add("scrittura", "sharing.error.writable_section")
	}
}

func (o Offer) checkUntil(fields *problem.Fields, partner Partner, purpose Purpose, now time.Time) {
	bound := form.EndOfDay(o.Until)
	switch {
	case o.Until.IsZero():
		fields.Add("fino", "sharing.error.day")
	case !bound.After(now):
		fields.Add("fino", "sharing.error.past")
	case partner.Body.ID != 0 && bound.After(partner.Agreement.To):
		fields.Add("fino", "sharing.error.agreement_end", "day", form.LastDay(partner.Agreement.To).Format("02/01/2006"))
	case purpose.MaxDays > 0 && bound.After(form.EndOfDay(now.In(language.Rome).AddDate(0, 0, purpose.MaxDays))):
		fields.Add("fino", "sharing.error.too_long", "days", purpose.MaxDays)
	}
}

func (o Offer) checkAnswer(fields *problem.Fields, now time.Time) {
	if o.AnswerBy.IsZero() {
		return
	}
	switch by := form.EndOfDay(o.AnswerBy); {
	case o.AnswerBy.Equal(noDay):
		fields.Add("risposta", "sharing.error.day")
	case !by.After(now):
		fields.Add("risposta", "sharing.error.past")
	case !o.Until.IsZero() && by.After(form.EndOfDay(o.Until)):
		fields.Add("risposta", "sharing.error.answer_late")
	}
}

// last is the latest day until which a share may last, and how many days its purpose allows; the zero time without a
// bound, zero days where it is the agreement that ends first.
func (f Frame) last(o Offer, now time.Time) (day time.Time, days int) {
	if partner, live := f.Partner(o.Agreement, o.Receiver); live {
		day = form.LastDay(partner.Agreement.To)
	}
	purpose, known := f.Purposes.Get(o.Purpose, o.Kind)
	bound := now.In(language.Rome).AddDate(0, 0, purpose.MaxDays)
	if known && purpose.MaxDays > 0 && (day.IsZero() || form.EndOfDay(bound).Before(form.EndOfDay(day))) {
		return bound, purpose.MaxDays
	}
	return day, 0
}

// share makes the share that passed the checks.
func (f Frame) share(o Offer, purpose Purpose, extra []string, now time.Time) share.Share {
	sections := inOrder(o.Sections)
	s := share.Share{
		ID: o.ID, Kind: o.Kind, State: share.Offered, Owner: f.Access.Tenant, Receiver: o.Receiver, Case: f.Access.ID, Number: f.Access.Number,
		Agreement: o.Agreement, Purpose: purpose.Key, PurposeLabel: purpose.Label.IT, LegalBasis: o.LegalBasis,
		Sections: sections, Writable: inOrder(o.Writable), Extra: extra, Reason: strings.TrimSpace(o.Reason), AnswerBy: o.answerBy(now, f.Settings.AnswerDays), Until: form.EndOfDay(o.Until), Version: 1,
	}
	if s.LegalBasis == share.Override {
		s.BasisReason = strings.TrimSpace(o.BasisReason)
	}
	if len(extra) > 0 {
		s.ExtraReason = strings.TrimSpace(o.ExtraReason)
	}
	s.Preview = preview.Preview{
		Kind: s.Kind, Purpose: s.PurposeLabel, Asks: strings.TrimSpace(o.Asks), Area: f.Access.Area, AgeBand: ageBand(f.Access.Person.Born, now),
		Sections: s.Sections, Writable: s.Writable, AnswerBy: s.AnswerBy, Until: s.Until,
	}
	return s
}

// inOrder lists sections each once, in the order in which people read a case.
func inOrder(sections []string) []string {
	return slices.DeleteFunc(policies.SectionIDs(), func(id string) bool { return !slices.Contains(sections, id) })
}

// CheckStep refuses what is wrong so far in an offer of which only the named fields are filled in.
func (f Frame) CheckStep(o Offer, names ...string) error {
	_, err := f.check(o, time.Now())
	if err == nil {
		return nil
	}
	all := problem.Of(err)
	fields := problem.Fields(slices.DeleteFunc(slices.Clone(all.Fields), func(field problem.Field) bool { return !slices.Contains(names, field.Name) }))
	return fields.Err()
}

// ageBand is the age as a preview tells it.
func ageBand(born, now time.Time) string {
	if born.IsZero() {
		return "unknown"
	}
	age := now.Year() - born.Year()
	if now.YearDay() < born.AddDate(age, 0, 0).YearDay() {
		age--
	}
	for _, band := range []struct {
		below int
		name  string
	}{{18, "minor"}, {35, "18_34"}, {65, "35_64"}, {80, "65_79"}} {
		if age < band.below {
			return band.name
		}
	}
	return "80_more"
}
