package proposal

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type operations struct{ service *Service }

// Operations are those of proposals.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	list, one := "/improvement-proposals", "/improvement-proposals/{proposal}"
	create := form.Operation("create-improvement-proposal", http.MethodPost, "/adoptions/{id}/improvement-proposals", "Propose an improvement",
		"Keeps a draft: changes of an item of the kit that the body made, with reason and evidence. Nobody else sees it.")
	create.DefaultStatus = http.StatusCreated
	return []modules.Operation{
		modules.Declare(mayRead, form.Operation("list-improvement-proposals", http.MethodGet, list, "List proposals", "Proposals that the body wrote or received, those that moved last first."), o.find),
		modules.Declare(mayWrite, form.Operation("list-proposable-items", http.MethodGet, "/adoptions/{id}/proposable-items", "List what can be proposed", "Items of the kit that the body changed, with each change."), o.candidates),
		modules.Declare(mayWrite, create, o.create),
		modules.Declare(mayRead, form.Operation("get-improvement-proposal", http.MethodGet, one, "Get a proposal", "With its changes and messages."), o.get),
		modules.Declare(mayWrite, form.Operation("update-improvement-proposal", http.MethodPut, one, "Change a draft", "Chooses the changes anew from the item as it is now."), o.update),
		modules.Declare(mayWrite, form.Operation("send-improvement-proposal", http.MethodPost, one+"/sending", "Send a proposal", "Shows the draft to the ceding body; refused where it may tell who a person is."), o.send),
		modules.Declare(mayWrite, form.Operation("discuss-improvement-proposal", http.MethodPost, one+"/messages", "Write about a proposal", "Adds a message that both bodies read."), o.discuss),
		modules.Declare(mayWrite, form.Operation("withdraw-improvement-proposal", http.MethodPost, one+"/withdrawal", "Withdraw a proposal", "Takes it back, or throws a draft away."), o.withdraw),
		modules.Declare(mayWrite, form.Operation("read-improvement-answer", http.MethodPost, one+"/reading", "Mark an answer as read", "The desk tells of it no more."), o.read),
		modules.Declare(mayAnswer, form.Operation("try-improvement-proposal", http.MethodGet, one+"/trial", "Try to accept a proposal", "What accepting would change of the own item, and where both bodies changed the same; changes nothing."), o.try),
		modules.Declare(mayAnswer, form.Operation("try-improvement-answers", http.MethodPost, one+"/trial", "Try to accept a proposal with some answers", "The same trial with answers to conflicts, so that the mark of who gains and who loses is that of the acceptance; changes nothing."), o.tryAnswers),
		modules.Declare(mayAnswer, form.Operation("accept-improvement-proposal", http.MethodPost, one+"/acceptance", "Accept a proposal", "Makes it a version of the own item; the next kit with it names the credit."), o.accept),
		modules.Declare(mayAnswer, form.Operation("decline-improvement-proposal", http.MethodPost, one+"/refusal", "Decline a proposal", "Says no, with a reason."), o.decline),
	}
}

// ImprovementView is a proposal as the API gives it.
type ImprovementView struct {
	ID         string               `json:"id" format:"uuid"`
	Adoption   string               `json:"adoption" format:"uuid"`
	Practice   string               `json:"practice" format:"uuid"`
	Side       string               `json:"side" enum:"ceding,reusing" doc:"Of the own body"`
	Kind       string               `json:"kind" maxLength:"40"`
	Key        string               `json:"key" maxLength:"64"`
	Release    string               `json:"release" maxLength:"14" doc:"Of the kit from which the change begins"`
	State      string               `json:"state" enum:"draft,sent,discussed,accepted,declined,withdrawn"`
	Awaits     bool                 `json:"awaits" doc:"The own body has to speak now"`
	Reason     string               `json:"reason" maxLength:"500"`
	Evidence   string               `json:"evidence" maxLength:"2000"`
	Link       string               `json:"link" maxLength:"500"`
	Answer     string               `json:"answer" maxLength:"1000"`
	Credited   string               `json:"credited" maxLength:"14" doc:"Release that names the credit first; empty while there is none"`
	Revision   int                  `json:"revision" minimum:"0" maximum:"1000000" doc:"For If-Match"`
	SentAt     time.Time            `json:"sent_at,omitzero"`
	AnsweredAt time.Time            `json:"answered_at,omitzero"`
	Changes    []ImprovementChange  `json:"changes,omitempty" maxItems:"2000"`
	Messages   []ImprovementMessage `json:"messages,omitempty" maxItems:"500"`
}

// ImprovementChange is one place that a proposal changes.
type ImprovementChange struct {
	Path string `json:"path" maxLength:"1000"`
	Was  any    `json:"was,omitempty" doc:"Missing where there was nothing"`
	Is   any    `json:"is,omitempty" doc:"Missing where nothing is left"`
}

// ImprovementMessage is a message about a proposal.
type ImprovementMessage struct {
	ID     string    `json:"id" format:"uuid"`
	Own    bool      `json:"own" doc:"By the own body"`
	Author string    `json:"author" maxLength:"120"`
	Text   string    `json:"text" maxLength:"2000"`
	At     time.Time `json:"at"`
}

func viewOf(s tenants.Scope, p Proposal) ImprovementView {
	return ImprovementView{
		ID: p.ID.String(), Adoption: p.Adoption.String(), Practice: p.Practice.String(), Side: string(p.Side), Kind: p.Item.Kind, Key: p.Item.Key,
		Release: p.Release, State: string(p.State), Awaits: p.Awaits(s.Tenant), Reason: p.Reason, Evidence: p.Evidence, Link: p.Link, Answer: p.Answer,
		Credited: p.Credited, Revision: p.Revision, SentAt: p.SentAt, AnsweredAt: p.AnsweredAt,
	}
}

type output struct{ Body ImprovementView }

// answer gives a proposal whole.
func (o operations) answer(s tenants.Scope, p Proposal, err error) (*output, error) {
	if err != nil {
		return nil, err
	}
	changes, err := o.service.Changes(p)
	if err != nil {
		return nil, err
	}
	view := viewOf(s, p)
	view.Changes = changeViews(changes)
	for _, m := range p.Messages {
		view.Messages = append(view.Messages, ImprovementMessage{m.ID.String(), m.Tenant == s.Tenant, m.Author, m.Text, m.At})
	}
	return &output{view}, nil
}

func changeViews(changes []merge.Change) []ImprovementChange {
	views := []ImprovementChange{}
	for _, c := range changes {
		views = append(views, ImprovementChange{c.Path, value(c.Was), value(c.Is)})
	}
	return views
}

// value is a JSON value as the API gives it; nil for none.
func value(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return raw
}

type improvementsOutput struct {
	Body struct {
		Items []ImprovementView `json:"items" maxItems:"50"`
		Next  string            `json:"next" maxLength:"200" doc:"Cursor of the next page; empty on the last"`
	}
}

func (o operations) find(ctx context.Context, in *form.CursorInput) (*improvementsOutput, error) {
	s := tenants.ScopeFrom(ctx)
	found, next, err := o.service.Find(ctx, s, in.Cursor)
	if err != nil {
		return nil, err
	}
	out := &improvementsOutput{}
	out.Body.Items, out.Body.Next = []ImprovementView{}, next
	for _, p := range found {
		out.Body.Items = append(out.Body.Items, viewOf(s, p))
	}
	return out, nil
}

// ImprovableView is an item that can be proposed.
type ImprovableView struct {
	Kind    string              `json:"kind" maxLength:"40"`
	Key     string              `json:"key" maxLength:"64"`
	Title   kit.Wording         `json:"title"`
	Open    string              `json:"open" maxLength:"36" doc:"Id of the proposal about it that is not answered; empty for none"`
	Changes []ImprovementChange `json:"changes" maxItems:"2000"`
}

type improvablesOutput struct {
	Body struct {
		Items []ImprovableView `json:"items" maxItems:"5000"`
		Next  string           `json:"next" maxLength:"80"`
	}
}

func (o operations) candidates(ctx context.Context, in *form.IDPath) (*improvablesOutput, error) {
	of, err := in.UUID()
	if err != nil {
		return nil, err
	}
	found, err := o.service.FindCandidates(ctx, tenants.ScopeFrom(ctx), of)
	if err != nil {
		return nil, err
	}
	out := &improvablesOutput{}
	out.Body.Items = []ImprovableView{}
	for _, c := range found {
		out.Body.Items = append(out.Body.Items, ImprovableView{
			Kind: c.Ours.Kind, Key: c.Ours.Key, Title: kit.Wording{It: c.Ours.Title.IT, En: c.Ours.Title.EN}, Open: modules.IDText(c.Open), Changes: changeViews(c.Changes),
		})
	}
	return out, nil
}

// Path names a proposal in a path of the API.
type Path struct {
	ID string `path:"proposal" format:"uuid" maxLength:"36" doc:"Id of the proposal"`
}

// UUID is the id; problem.NotFound for anything else.
func (in Path) UUID() (uuid.UUID, error) { return modules.KnownID(in.ID) }

func (o operations) get(ctx context.Context, in *Path) (*output, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	p, err := o.service.Get(ctx, s, id)
	return o.answer(s, p, err)
}

// ImprovementInput is what somebody proposes of an item, and why.
type ImprovementInput struct {
	Places   []kit.Term `json:"places" minItems:"1" maxItems:"2000" doc:"Paths of the changes to propose"`
	Reason   string     `json:"reason" minLength:"1" maxLength:"500" doc:"Public where it is accepted: the kit names it with the credit"`
	Evidence string     `json:"evidence,omitempty" maxLength:"2000"`
	Link     string     `json:"link,omitempty" maxLength:"500" doc:"To a document, https"`
}

func (c ImprovementInput) writing() Writing {
	w := Writing{Reason: c.Reason, Evidence: c.Evidence, Link: c.Link}
	for _, place := range c.Places {
		w.Places = append(w.Places, string(place))
	}
	return w
}

func (o operations) create(ctx context.Context, in *struct {
	form.IDPath
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the new object; the same again creates nothing more"`
	Body struct {
		Kind string `json:"kind" minLength:"1" maxLength:"40"`
		Item string `json:"key" minLength:"1" maxLength:"64"`
		ImprovementInput
	}
},
) (*output, error) {
	w := in.Body.writing()
	w.Kind, w.Key = in.Body.Kind, in.Body.Item
	var err error
	if w.Adoption, err = in.UUID(); err != nil {
		return nil, err
	}
	if w.ID, err = modules.NewID(in.Key); err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	p, err := o.service.Save(ctx, s, w)
	return o.answer(s, p, err)
}

// Seen is a proposal with the version of it that the caller has seen.
type Seen struct {
	Path
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
}

func (in Seen) version() (id uuid.UUID, seen int, err error) {
	if id, err = in.UUID(); err == nil {
		seen, err = modules.IfMatch(in.IfMatch)
	}
	return id, seen, err
}

func (o operations) update(ctx context.Context, in *struct {
	Seen
	Body ImprovementInput
},
) (*output, error) {
	w := in.Body.writing()
	var err error
	if w.ID, w.Revision, err = in.version(); err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	p, err := o.service.Save(ctx, s, w)
	return o.answer(s, p, err)
}

func (o operations) send(ctx context.Context, in *Seen) (*output, error) {
	id, seen, err := in.version()
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	p, err := o.service.Send(ctx, s, id, seen)
	return o.answer(s, p, err)
}

func (o operations) discuss(ctx context.Context, in *struct {
	Path
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the message; the same again adds nothing more"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
},
) (*output, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	m := Message{Text: in.Body.Text}
	if m.ID, err = modules.NewID(in.Key); err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	p, err := o.service.Discuss(ctx, s, id, m)
	return o.answer(s, p, err)
}

func (o operations) withdraw(ctx context.Context, in *Seen) (*output, error) {
	id, seen, err := in.version()
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	p, err := o.service.Withdraw(ctx, s, id, seen)
	return o.answer(s, p, err)
}

func (o operations) read(ctx context.Context, in *Path) (*output, error) {
	id, err := in.UUID()
	if err != nil {
		return nil, err
	}
	s := tenants.ScopeFrom(ctx)
	if err := o.service.Read(ctx, s, id); err != nil {
		return nil, err
	}
	p, err := o.service.Get(ctx, s, id)
	return o.answer(s, p, err)
}
