// Package proposal gives improvements back: a body that adopted a practice proposes what it changed of an item to the body that
// gave it away, the two discuss it, and what is accepted becomes a version of the ceding body's item, with credit. It must not
// apply a kit, nor show anybody a draft or what else the reusing body changed.
package proposal

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/leaving"
	"staffetta/modules/practice/release"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// State is where a proposal stands.
type State string

// The states of a proposal. Sent and Discussed wait for an answer.
const (
	Draft     State = "draft"
	Sent      State = "sent"
	Discussed State = "discussed"
	Accepted  State = "accepted"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
)

// Proposal is a change of an item of a practice that a reusing body offers to the ceding one (it: proposta di miglioria).
type Proposal struct {
	ID       uuid.UUID
	Adoption uuid.UUID
	Practice uuid.UUID
	Title    language.Text // of the practice
	Kit      uuid.UUID     // what the change begins from
	Release  string        // of that kit
	Ceding   int32
	Reusing  int32
	Side     adoption.Side // of the scope's body
	Item     kit.Source    // as it is proposed
	Base     kit.Source    // as the kit held it; only Get reads it
	Reason   string
	Evidence string
	Link     string // to a document
	State    State
	Author   string
	Revision int // of the row, for optimistic writes

	CreatedAt  time.Time
	SentAt     time.Time // zero for a draft
	LastTenant int32     // who spoke last
	LastAt     time.Time
	Answer     string // what was said when it ended
	Answerer   string
	AnsweredAt time.Time
	ReadAt     time.Time // by the reusing body, of the answer
	Credited   string    // release of the first kit that names the credit
	Messages   []Message // oldest first; only Get reads them
}

// Message is what one of the two bodies says about a proposal.
type Message struct {
	ID     uuid.UUID
	Tenant int32
	Author string
	Text   string
	At     time.Time
}

// IsOpen tells whether the proposal waits for an answer.
func (p Proposal) IsOpen() bool { return p.State == Sent || p.State == Discussed }

// Awaits tells whether it is the scope's body that has to speak now.
func (p Proposal) Awaits(tenant int32) bool { return p.IsOpen() && p.LastTenant != tenant }

// HasNews tells whether an answer arrived that the reusing body has not read.
func (p Proposal) HasNews() bool {
	return p.Side == adoption.Reusing && (p.State == Accepted || p.State == Declined) && p.ReadAt.IsZero()
}

// Service writes, discusses and answers proposals.
type Service struct {
	deps      modules.Deps
	items     *kit.Items
	adoptions *adoption.Service
	releases  *release.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, items: kit.NewItems(deps), adoptions: adoption.NewService(deps), releases: release.NewService(deps)}
}

// Find lists the proposals that the body wrote or received, those that moved last first, without contents and messages.
// It gives the cursor of the next page; a cursor that is none begins with the first.
func (v *Service) Find(ctx context.Context, s tenants.Scope, cursor string) ([]Proposal, string, error) {
	found, err := v.find(ctx, s, cursor)
	page, next := form.Page(found, form.PageSize, func(p Proposal) string { return p.place().String() })
	return page, next, err
}

// place is where the proposal stands among those that moved last.
func (p Proposal) place() form.Place {
	if p.LastAt.IsZero() {
		return form.Place{At: p.CreatedAt, ID: p.ID}
	}
	return form.Place{At: p.LastAt, ID: p.ID}
}

// Get returns a proposal with its item, what the kit held, and the messages; problem.NotFound where the body is no party, and
// for the ceding body where it was not sent.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Proposal, error) {
	return v.get(ctx, s, id)
}

// Changes lists what a proposal changes of the item that the kit held.
func (v *Service) Changes(p Proposal) ([]merge.Change, error) {
	return kit.Differences(v.lists(p.Item.Kind), p.Base, p.Item)
}

// lists says how the entries of the lists of a kind are told apart.
func (v *Service) lists(kind string) merge.Lists {
	declared, _, _ := v.deps.Platform.Kinds.Get(kind)
	return declared.Lists
}

// Send shows a draft to the ceding body, as it was seen. It fails with problem.Invalid where what goes out may tell who a person
// is, with a field for each place, and with problem.Conflict where the draft is another one by now.
func (v *Service) Send(ctx context.Context, s tenants.Scope, id uuid.UUID, seen int) (Proposal, error) {
	p, err := v.reusing(ctx, s, id)
	if err != nil {
		return Proposal{}, err
	}
	if p.State != Draft || p.Revision != seen {
		return Proposal{}, problem.New(problem.Conflict, "practice.proposal.error.changed")
	}
	changes, err := v.Changes(p)
	if err != nil {
		return Proposal{}, err
	}
	texts := map[string]any{"reason": p.Reason, "evidence": p.Evidence, "link": p.Link}
	for _, c := range changes {
		if c.Is != nil {
			texts[c.Path] = c.Is
		}
	}
	if err := v.clear(ctx, s, id, texts); err != nil {
		return Proposal{}, err
	}
	return v.step(ctx, s, id, "proposal.send", func(tx tenants.Tx) error { return sendProposal(ctx, tx, id, seen, s.Name) })
}

// clear refuses what may tell who a person is: it does not leave the body.
func (v *Service) clear(ctx context.Context, s tenants.Scope, about uuid.UUID, texts map[string]any) error {
	err := leaving.Texts{About: about, Of: texts, Whole: "proposal"}.Check(ctx, v.releases, s)
	if !problem.Is(err, problem.Invalid) {
		return err
	}
	return &problem.Error{Kind: problem.Invalid, Message: language.M("practice.proposal.error.personal"), Fields: problem.Of(err).Fields}
}

// Discuss adds a message of the scope's body; the same id again adds nothing. It fails with problem.Invalid for no words or
// personal data, and with problem.Conflict where the proposal is answered.
func (v *Service) Discuss(ctx context.Context, s tenants.Scope, id uuid.UUID, m Message) (Proposal, error) {
	p, err := v.Get(ctx, s, id)
	if err != nil {
		return Proposal{}, err
	}
	if m.Text, err = said("text", m.Text, 2000, true); err != nil {
		return Proposal{}, err
	}
	if !p.IsOpen() {
		return Proposal{}, problem.New(problem.Conflict, "practice.proposal.error.closed")
	}
	if err := v.clear(ctx, s, id, map[string]any{"text": m.Text}); err != nil {
		return Proposal{}, err
	}
	m.Author = s.Name
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		fresh, err := writeMessage(ctx, tx, id, m)
		if err != nil || !fresh { // the same one again is no event
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "proposal.discuss", Object: id})
	})
	if err != nil {
		return Proposal{}, err
	}
	return v.Get(ctx, s, id)
}

// said is a text that goes to the other body, without the spaces around it.
func said(field, text string, most int, required bool) (string, error) {
	text = strings.TrimSpace(text)
	var wrong problem.Fields
	if required {
		wrong.Require(field, text)
	}
	wrong.MaxLength(field, text, most)
	return text, wrong.Err()
}

// Withdraw takes a proposal of the scope's body back, or throws a draft away. A revision that is not the newest is
// problem.Conflict.
func (v *Service) Withdraw(ctx context.Context, s tenants.Scope, id uuid.UUID, seen int) (Proposal, error) {
	p, err := v.reusing(ctx, s, id)
	if err != nil {
		return Proposal{}, err
	}
	if p.State != Draft && !p.IsOpen() {
		return Proposal{}, problem.New(problem.Conflict, "practice.proposal.error.closed")
	}
	return v.step(ctx, s, id, "proposal.withdraw", func(tx tenants.Tx) error {
		return closeProposal(ctx, tx, id, closing{seen: seen, outcome: Withdrawn, author: s.Name})
	})
}

// Read notes that the reusing body has read the answer.
func (v *Service) Read(ctx context.Context, s tenants.Scope, id uuid.UUID) error {
	if _, err := v.reusing(ctx, s, id); err != nil {
		return err
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		fresh, err := readAnswer(ctx, tx, id)
		if err != nil || !fresh {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "proposal.read", Object: id})
	})
}

// reusing returns a proposal that the scope's body wrote.
func (v *Service) reusing(ctx context.Context, s tenants.Scope, id uuid.UUID) (Proposal, error) {
	p, err := v.Get(ctx, s, id)
	if err == nil && p.Side != adoption.Reusing {
		return Proposal{}, problem.Missing()
	}
	return p, err
}

// step takes one step of a proposal with its event, and returns how it stands then.
func (v *Service) step(ctx context.Context, s tenants.Scope, id uuid.UUID, action string, take func(tenants.Tx) error) (Proposal, error) {
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := take(tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: action, Object: id})
	})
	if err != nil {
		return Proposal{}, err
	}
	return v.Get(ctx, s, id)
}
