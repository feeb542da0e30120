// Package draft holds agreements that a body is still writing, step by step. Nobody but the body sees them; proposing one
// makes the agreement, with the same id. What an agreement may be is ruled by package agreement.
package draft

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/network"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The states of a draft.
const (
	Open      = "open"
	Proposed  = "proposed"
	Discarded = "discarded"
)

// Draft is an agreement that a body is still writing.
type Draft struct {
	ID        uuid.UUID // the agreement will have it
	State     string
	Version   int // 0 before it is saved for the first time
	UpdatedAt time.Time
	UpdatedBy string // who saved it last
	Content
}

// Content is what has been written so far, right or not.
type Content struct {
	Title     string          `json:"title"`
	Parties   []Party         `json:"parties"`
	Edges     []policies.Edge `json:"edges"`
	Purposes  []string        `json:"purposes"`
	Sections  []string        `json:"sections"`
	Writable  []string        `json:"writable"`
	Known     bool            `json:"known_elsewhere"` // the bodies may ask who follows a person
	From      string          `json:"from"`            // days, as they were typed
	Until     string          `json:"until"`
	ActNumber string          `json:"act_number"`
	ActDay    string          `json:"act_day"`
	Network   uuid.UUID       `json:"network"`
	Renews    uuid.UUID       `json:"renews"`
}

// Party is a body that is to sign, and what it is for the protection of data; "" until that is chosen.
type Party struct {
	Body int32  `json:"body"`
	Role string `json:"role"`
}

// RoleOf is what the body is for the protection of data; "" where it is no party or that is not chosen yet.
func (c Content) RoleOf(body int32) string {
	for _, p := range c.Parties {
		if p.Body == body {
			return p.Role
		}
	}
	return ""
}

// Bodies are the bodies that are to sign.
func (c Content) Bodies() []int32 {
	bodies := make([]int32, len(c.Parties))
	for i, p := range c.Parties {
		bodies[i] = p.Body
	}
	return bodies
}

// keep sets the parties, the own body first and each once, and drops the edges of who is none any more.
func (c *Content) keep(own int32, parties []Party) {
	c.Parties = []Party{{Body: own}}
	for _, p := range parties {
		if i := slices.IndexFunc(c.Parties, func(q Party) bool { return q.Body == p.Body }); i >= 0 {
			c.Parties[i].Role = p.Role
			continue
		}
		c.Parties = append(c.Parties, p)
	}
	bodies := c.Bodies()
	c.Edges = slices.DeleteFunc(slices.Clone(c.Edges), func(e policies.Edge) bool {
		return !slices.Contains(bodies, e.From) || !slices.Contains(bodies, e.To)
	})
}

// Proposal is the agreement as the draft has it.
func (d Draft) Proposal() policies.Proposal {
	p := policies.Proposal{
		ID: d.ID, Title: d.Title, Parties: d.Bodies(), Roles: map[int32]string{}, Edges: d.Edges, Purposes: d.Purposes, Sections: d.Sections, Writable: d.Writable,
		From: form.Day(d.From), Act: policies.Act{Number: d.ActNumber, Day: form.Day(d.ActDay)}, Network: d.Network, Renews: d.Renews,
		Asks: policies.Asking{Known: d.Known},
	}
	if last := form.Day(d.Until); !last.IsZero() {
		p.To = form.EndOfDay(last)
	}
	for _, party := range d.Parties {
		p.Roles[party.Body] = party.Role
	}
	return p
}

// Service holds the rules of drafts.
type Service struct {
	deps       modules.Deps
	agreements *agreement.Service
	networks   *network.Service
}

// NewService makes the service over the program's parts and the rules of agreements.
func NewService(deps modules.Deps, agreements *agreement.Service) *Service {
	return &Service{deps: deps, agreements: agreements, networks: network.NewService(deps)}
}

// Find lists the open drafts of the actor's body, the latest first.
func (s *Service) Find(ctx context.Context, scope tenants.Scope) (found []Draft, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		found, err = find(ctx, tx, scope)
		return err
	})
	return found, err
}

// Get returns a draft of the actor's body that was not discarded, or problem.NotFound.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id uuid.UUID) (d Draft, err error) {
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		d, err = get(ctx, tx, scope, id)
		return err
	})
	return d, err
}

// The limits of what is kept before it is right.
const (
	maxTitle   = 200
	maxAct     = 60
	maxDay     = 20
	maxParties = 100
	maxChoices = 100
)

// Save keeps what was written over the version that was read: 0 for a new draft. Saving the same again changes nothing.
// Errors: problem.Invalid for what is too long to keep, problem.NotFound, problem.Conflict where it was saved differently
// meanwhile or is over.
func (s *Service) Save(ctx context.Context, scope tenants.Scope, d Draft) (saved Draft, err error) {
	if err := checkSize(d.Content); err != nil {
		return Draft{}, err
	}
	d.keep(scope.Tenant, d.Parties)
	err = s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		kept, err := save(ctx, tx, scope, d)
		if err != nil {
			return err
		}
		if kept {
			if err := audit.Write(ctx, tx, scope, audit.Event{Action: "agreement.draft", Object: d.ID}); err != nil {
				return err
			}
		}
		if saved, err = get(ctx, tx, scope, d.ID); err != nil {
			return err
		}
		if !kept && (saved.State != Open || !same(saved.Content, d.Content)) {
			return problem.New(problem.Conflict, "sharing.error.draft_changed")
		}
		return nil
	})
	return saved, err
}

func checkSize(c Content) error {
	var fields problem.Fields
	fields.MaxLength("titolo", c.Title, maxTitle)
	fields.MaxLength("atto_numero", c.ActNumber, maxAct)
	for name, day := range map[string]string{"dal": c.From, "al": c.Until, "atto_data": c.ActDay} {
		fields.MaxLength(name, day, maxDay)
	}
	if len(c.Parties) > maxParties {
		fields.Add("ente", "sharing.error.too_many_parties")
	}
	for name, keys := range map[string][]string{"scopi": c.Purposes, "sezioni": c.Sections, "scrittura": c.Writable} {
		if len(keys) > maxChoices || slices.ContainsFunc(keys, func(key string) bool { return len(key) > 64 }) {
			fields.Add(name, "sharing.error.sections")
		}
	}
	return fields.Err()
}

// Discard throws a draft away. Errors: problem.NotFound; problem.Conflict where it is over.
func (s *Service) Discard(ctx context.Context, scope tenants.Scope, id uuid.UUID) error {
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		d, err := get(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		if err := end(ctx, tx, scope, d, Discarded); err != nil {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{Action: "agreement.discard", Object: id})
	})
}

// addNeeded adds to a draft what the purposes need that were not chosen before, and tells whether anything was missing.
// Where the other body writes is left to people.
func (s *Service) addNeeded(ctx context.Context, scope tenants.Scope, d *Draft, before []string) (added bool, err error) {
	known, err := s.agreements.Purposes(ctx, scope)
	for _, one := range known {
		if !one.Shares || !slices.Contains(d.Purposes, one.Key) || slices.Contains(before, one.Key) {
			continue
		}
		for _, section := range one.Sections {
			if !slices.Contains(d.Sections, section) {
				d.Sections, added = append(d.Sections, section), true
			}
		}
	}
	return added, err
}

// Check tells by field what an agreement with this content could not be.
func (s *Service) Check(ctx context.Context, scope tenants.Scope, d Draft) (problem.Fields, error) {
	var fields problem.Fields
	if err := s.agreements.CheckAgreement(ctx, scope, d.Proposal()); problem.Is(err, problem.Invalid) {
		fields = problem.Of(err).Fields
	} else if err != nil {
		return nil, err
	}
	if len(d.Parties) > 1 && slices.ContainsFunc(d.Parties, func(p Party) bool { return p.Role == "" }) {
		fields.Add("ruoli", "sharing.error.no_role")
	}
	if d.Renews != uuid.Nil {
		if _, err := s.agreements.GetAgreement(ctx, scope, d.Renews); problem.Is(err, problem.NotFound) {
			fields.Add("renews_id", "sharing.error.renews")
		} else if err != nil {
			return nil, err
		}
	}
	if d.Network != uuid.Nil {
		n, err := s.networks.Get(ctx, scope, d.Network)
		if err != nil && !problem.Is(err, problem.NotFound) {
			return nil, err
		}
		if err != nil || n.State != network.Active || slices.ContainsFunc(d.Parties, func(p Party) bool { return !n.Has(p.Body) }) {
			fields.Add("rete", "sharing.error.network")
		}
	}
	return fields, nil
}

// AsksRoles tells whether nothing of the parties is missing but what some of them are for the protection of data: that is
// asked once they are chosen, of those of whom it was not asked yet.
func (d Draft) AsksRoles(wrong problem.Fields, asked int) bool {
	return len(d.Parties) > 1 && asked < len(d.Parties) && len(wrong) > 0 &&
		!slices.ContainsFunc(wrong, func(f problem.Field) bool { return f.Name != "ruoli" })
}

// Propose makes the agreement of a draft as it was at the version that the actor has read, and signs it for the body. A
// second call returns the agreement. Errors: those of agreement.Service.ProposeAgreement; problem.Conflict where the draft
// was saved meanwhile.
func (s *Service) Propose(ctx context.Context, scope tenants.Scope, id uuid.UUID, version int) (policies.Agreement, error) {
	d, err := s.Get(ctx, scope, id)
	if err != nil {
		return policies.Agreement{}, err
	}
	if d.State == Proposed {
		return s.agreements.GetAgreement(ctx, scope, id)
	}
	if d.Version != version {
		return policies.Agreement{}, problem.New(problem.Conflict, "sharing.error.draft_changed")
	}
	fields, err := s.Check(ctx, scope, d)
	if err == nil {
		err = fields.Err()
	}
	if err != nil {
		return policies.Agreement{}, err
	}
	return s.agreements.ProposeAgreement(ctx, scope, d.Proposal(), func(tx tenants.Tx) error { return end(ctx, tx, scope, d, Proposed) })
}

// dropClosed takes out of a draft the sections that the body has closed to everybody since they were agreed.
func (s *Service) dropClosed(ctx context.Context, scope tenants.Scope, d *Draft) error {
	terms, err := s.agreements.Terms(ctx, scope)
	closed := func(id string) bool { return slices.Contains(terms.Closed(scope.Tenant, d.Edges), id) }
	d.Sections, d.Writable = slices.DeleteFunc(slices.Clone(d.Sections), closed), slices.DeleteFunc(slices.Clone(d.Writable), closed)
	return err
}

// Renew begins a draft with all that an agreement says and can still be shown, for the period that follows it. A second call with the same id
// returns the draft. Errors: problem.NotFound; problem.Conflict for an agreement that was never in force.
func (s *Service) Renew(ctx context.Context, scope tenants.Scope, id, renewed uuid.UUID) (Draft, error) {
	a, err := s.agreements.GetAgreement(ctx, scope, renewed)
	if err != nil {
		return Draft{}, err
	}
	if !a.InForce() {
		return Draft{}, problem.New(problem.Conflict, "sharing.error.no_step")
	}
	if known, err := s.Get(ctx, scope, id); err == nil || !problem.Is(err, problem.NotFound) {
		return known, err
	}
	d := Draft{ID: id, Content: Content{
		Title: a.Title, Edges: a.Edges, Purposes: a.Purposes, Sections: a.Sections, Writable: a.Writable, Known: a.Asks.Known, Renews: a.ID,
	}}
	for _, p := range a.Parties {
		body, err := s.deps.Bodies.ByID(p.Tenant)
		if withdrew := a.EndedBy == p.Tenant && p.Tenant != scope.Tenant; err == nil && body.State == tenants.Active && !withdrew {
			d.Parties = append(d.Parties, Party{p.Tenant, p.Role})
		}
	}
	n, err := s.agreements.NetworkOf(ctx, scope, renewed)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return Draft{}, err
	}
	d.Network = n.ID
	if err := s.dropClosed(ctx, scope, &d); err != nil {
		return Draft{}, err
	}
	d.From, d.Until = nextPeriod(a, time.Now())
	return s.Save(ctx, scope, d)
}

// nextPeriod begins on the day after the agreement, or today when it is over, and has as many days. What has no end is
// followed today.
func nextPeriod(a policies.Agreement, now time.Time) (from, until string) {
	first, last, today := midday(a.From), midday(form.LastDay(a.To)), midday(now)
	begin := last.AddDate(0, 0, 1)
	if a.State == policies.AgreementEnded || begin.Before(today) {
		begin = today
	}
	if a.To.Year() >= 9999 {
		return today.Format(time.DateOnly), ""
	}
	return begin.Format(time.DateOnly), begin.Add(last.Sub(first)).Format(time.DateOnly)
}

// midday stands for the day of an instant in Rome, apart from its changes of the clock.
func midday(at time.Time) time.Time {
	year, month, day := at.In(language.Rome).Date()
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}
