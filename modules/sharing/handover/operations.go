package handover

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of handovers in the API.
func Operations(s *Service) []modules.Operation {
	o := &operations{service: s}
	return []modules.Operation{
		modules.Declare(Give, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "offer-handover", Method: http.MethodPost, Path: "/case-files/{case}/handovers", DefaultStatus: http.StatusCreated,
			Summary: "Offer to hand a case over", Description: "Offers a case to another body, which owns it once it accepts. Repeating the call with the same Idempotency-Key changes nothing.",
		}, o.offer),
		modules.Declare(Read, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "get-handover", Method: http.MethodGet, Path: "/handovers/{handover}",
			Summary: "Get a handover", Description: "A handover with what it brings while it is offered: entries by section, what is open, and what becomes of other shares.",
		}, o.get),
		modules.Declare(Take, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "accept-handover", Method: http.MethodPost, Path: "/handovers/{handover}/acceptance",
			Summary: "Take a case over", Description: "Takes the case over as a whole. Everything open that goes along needs somebody who answers for it; 409 when the offer has been answered already.",
		}, o.accept),
		modules.Declare(Take, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "refuse-handover", Method: http.MethodPost, Path: "/handovers/{handover}/refusal",
			Summary: "Refuse a handover", Description: "Declines the case, with a reason.",
		}, o.refuse),
		modules.Declare(Give, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "withdraw-handover", Method: http.MethodPost, Path: "/handovers/{handover}/withdrawal",
			Summary: "Withdraw a handover", Description: "Takes the offer back.",
		}, o.withdraw),
		modules.Declare(Take, huma.Operation{
			Tags:        []string{"sharing"},
			OperationID: "list-handover-reviews", Method: http.MethodGet, Path: "/handover-reviews",
			Summary: "List refused handovers to review", Description: "The handovers that the law asks for and that were refused: what the body has to review, and what was reviewed about it. Nothing of the cases.",
		}, o.reviews),
	}
}

// HandoverBody is a handover as the API shows it.
type HandoverBody struct {
	ID          string                   `json:"id" format:"uuid" doc:"Id of the handover"`
	State       string                   `json:"state" enum:"offered,closed,refused,withdrawn,lapsed" doc:"Where it stands; closed once the case has passed"`
	From        string                   `json:"from" maxLength:"64" doc:"Slug of the body that hands over"`
	To          string                   `json:"to" maxLength:"64" doc:"Slug of the body that takes over"`
	Agreement   string                   `json:"agreement" format:"uuid" doc:"Agreement that it stands on"`
	LegalBasis  string                   `json:"legal_basis" maxLength:"20" doc:"Legal basis"`
	AnswerBy    time.Time                `json:"answer_by" doc:"When the offer lapses"`
	Person      string                   `json:"person,omitempty" maxLength:"250" doc:"Name of the person, to who may decide"`
	TaxCode     string                   `json:"tax_code,omitempty" maxLength:"16" doc:"Tax code of the person, to who may decide"`
	Reason      string                   `json:"reason,omitempty" maxLength:"1000" doc:"Why the case passes"`
	Case        string                   `json:"case,omitempty" maxLength:"36" doc:"Id of the case: for the body that hands over, and for the other one once it has accepted"`
	NewNumber   string                   `json:"new_number,omitempty" maxLength:"20" doc:"Number of the case at the body that took it over"`
	MovedOn     string                   `json:"moved_on,omitempty" format:"date" doc:"Day on which the person moved house; missing for a handover for any other cause"`
	Manifest    string                   `json:"manifest,omitempty" maxLength:"64" doc:"Digest of the manifest that the giving body signed, which the taking one signs with its acceptance"`
	Changed     bool                     `json:"manifest_changed,omitempty" doc:"The case is no longer what was signed: the giving body signs its manifest again"`
	Unsigned    bool                     `json:"agreement_to_sign,omitempty" doc:"The agreement for this handover alone is signed with the acceptance, by an act"`
	Sections    []HandoverSectionBody    `json:"sections,omitempty" maxItems:"20" doc:"Entries that go along, by section, while it is offered"`
	Obligations []HandoverObligationBody `json:"obligations,omitempty" maxItems:"1000" doc:"What is open in the case, while it is offered"`
	Shares      []HandoverShareBody      `json:"shares,omitempty" maxItems:"1000" doc:"Other shares of the case, while it is offered"`
}

// HandoverSectionBody counts the entries of a section that go along.
type HandoverSectionBody struct {
	Section string `json:"section" maxLength:"20" doc:"Section"`
	Entries int    `json:"entries" minimum:"1" maximum:"2147483647" format:"int32" doc:"How many entries"`
}

// HandoverOwnerBody names who answers for something open that goes along.
type HandoverOwnerBody struct {
	Obligation string `json:"obligation" format:"uuid" maxLength:"36" doc:"What is open"`
	Account    string `json:"account" format:"uuid" maxLength:"36" doc:"Who answers for it from now on"`
}

// HandoverObligationBody is something open in a case that passes.
type HandoverObligationBody struct {
	ID    string `json:"id" format:"uuid" doc:"Id, by which its new owner is named"`
	Key   string `json:"key" maxLength:"60" doc:"What it is"`
	Day   string `json:"day,omitempty" maxLength:"10" doc:"Its day"`
	Moves bool   `json:"moves" doc:"Whether it goes along and needs somebody new to answer for it"`
}

// HandoverShareBody is another share of a case that passes.
type HandoverShareBody struct {
	Receiver string    `json:"receiver" maxLength:"64" doc:"Slug of the body that receives it"`
	Kind     string    `json:"kind" maxLength:"20" doc:"Kind of share"`
	Until    time.Time `json:"until" doc:"Its end"`
	Anew     bool      `json:"anew" doc:"Whether the body that takes over issues it anew; else it ends"`
}

type handoverOutput struct {
	Body HandoverBody
}

// HandoverRef names a handover in a path.
type HandoverRef struct {
	Handover string `path:"handover" format:"uuid" maxLength:"36" doc:"Id of the handover"`
}

type offerHandoverInput struct {
	casefile.CaseRef
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the handover to make"`
	Body struct {
		Agreement  string `json:"agreement" format:"uuid" maxLength:"36" doc:"Agreement that it stands on"`
		To         string `json:"to" maxLength:"64" doc:"Slug of the body that takes over"`
		LegalBasis string `json:"legal_basis" maxLength:"20" doc:"law or public_task"`
		AnswerBy   string `json:"answer_by" format:"date" doc:"Last day to answer"`
		Reason     string `json:"reason" maxLength:"1000" doc:"Why the case passes"`
		Kept       bool   `json:"kept,omitempty" doc:"Says that drafts stay with the body that hands over"`
	}
}

type acceptHandoverInput struct {
	HandoverRef
	Body struct {
		Manager string              `json:"manager,omitempty" maxLength:"36" doc:"Account that holds the case from now on; the caller when missing"`
		Person  string              `json:"person,omitempty" maxLength:"36" doc:"One of the body's own persons, if the person is known; else the person goes along"`
		Owners  []HandoverOwnerBody `json:"owners,omitempty" maxItems:"1000" doc:"Who answers for what is open and goes along"`

		Manifest string             `json:"manifest,omitempty" maxLength:"64" doc:"Digest of the manifest that was read, where the person moved house"`
		Act      *agreement.ActBody `json:"act,omitempty" doc:"Act by which the body signs the agreement for this handover alone"`
	}
}

type refuseHandoverInput struct {
	HandoverRef
	Body struct {
		Reason string `json:"reason" maxLength:"1000" doc:"Why it is refused"`
	}
}

func (o *operations) answer(ctx context.Context, s tenants.Scope, id uuid.UUID, err error) (*handoverOutput, error) {
	if err != nil {
		return nil, err
	}
	h, err := o.service.Get(ctx, s, id)
	if err != nil {
		return nil, err
	}
	out := &handoverOutput{Body: HandoverBody{
		ID: h.ID.String(), State: h.Standing(time.Now()), From: o.service.deps.Bodies.Slug(h.Giver), To: o.service.deps.Bodies.Slug(h.Taker), Agreement: h.Agreement.String(), LegalBasis: h.LegalBasis,
		AnswerBy: h.AnswerBy, Person: h.Person.FullName(), TaxCode: h.Person.TaxCode, Reason: h.Reason, Case: modules.IDText(h.Case), NewNumber: h.NewNumber,
	}}
	if !h.MovedOn.IsZero() {
		out.Body.MovedOn = h.MovedOn.Format(time.DateOnly)
	}
	if !h.Whole || out.Body.State != Offered {
		return out, nil
	}
	if !h.MovedOn.IsZero() {
		asked, err := o.service.signing.Asks(ctx, s, h)
		if err != nil {
			return nil, err
		}
		out.Body.Manifest, out.Body.Changed, out.Body.Unsigned = asked.Manifest, asked.Changed, asked.Agreement
	}
	brings, err := o.service.GetPreview(ctx, s, id)
	if err != nil {
		return nil, err
	}
	for _, section := range policies.SectionIDs() {
		if n := brings.Sections[section]; n > 0 {
			out.Body.Sections = append(out.Body.Sections, HandoverSectionBody{Section: section, Entries: n})
		}
	}
	for _, one := range brings.Obligations {
		out.Body.Obligations = append(out.Body.Obligations, HandoverObligationBody{ID: one.ID.String(), Key: one.Key, Day: one.Due, Moves: one.Moves})
	}
	for _, one := range brings.Shares {
		out.Body.Shares = append(out.Body.Shares, HandoverShareBody{Receiver: o.service.deps.Bodies.Slug(one.Receiver), Kind: one.Kind, Until: one.Until, Anew: one.Anew})
	}
	return out, nil
}

func (o *operations) offer(ctx context.Context, in *offerHandoverInput) (*handoverOutput, error) {
	s := tenants.ScopeFrom(ctx)
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	offer := Offer{
		ID: id, Agreement: modules.LinkID(in.Body.Agreement), LegalBasis: in.Body.LegalBasis, AnswerBy: form.Day(in.Body.AnswerBy),
		Reason: in.Body.Reason, Kept: in.Body.Kept,
	}
	if body, _, err := o.service.deps.Bodies.BySlug(in.Body.To); err == nil {
		offer.Receiver = body.ID
	}
	_, err = o.service.Offer(ctx, s, in.Case, offer)
	if errors.Is(err, casefile.ErrReason) {
		err = problem.Missing().Wrap(err) // a reason opens to read only
	}
	return o.answer(ctx, s, id, err)
}

func (o *operations) get(ctx context.Context, in *HandoverRef) (*handoverOutput, error) {
	id, err := modules.KnownID(in.Handover)
	return o.answer(ctx, tenants.ScopeFrom(ctx), id, err)
}

func (o *operations) accept(ctx context.Context, in *acceptHandoverInput) (*handoverOutput, error) {
	s := tenants.ScopeFrom(ctx)
	id, err := modules.KnownID(in.Handover)
	if err != nil {
		return nil, err
	}
	t := Taking{Owners: map[uuid.UUID]uuid.UUID{}, Manifest: in.Body.Manifest}
	if in.Body.Act != nil {
		t.Act = policies.Act{Number: in.Body.Act.Number, Day: form.Day(in.Body.Act.Day)}
	}
	var fields problem.Fields
	t.Manager = named(&fields, "manager", in.Body.Manager)
	t.Person = named(&fields, "person", in.Body.Person)
	for _, owner := range in.Body.Owners {
		t.Owners[named(&fields, "owners", owner.Obligation)] = named(&fields, "owners", owner.Account)
	}
	if err := fields.Err(); err != nil {
		return nil, err
	}
	_, err = o.service.Accept(ctx, s, id, t)
	return o.answer(ctx, s, id, err)
}

// named reads an id; one that cannot be read must not become nobody.
func named(fields *problem.Fields, name, text string) uuid.UUID {
	id, ok := modules.ParseID(text)
	if text != "" && !ok {
		fields.Add(name, "rest.field.uuid")
	}
	return id
}

func (o *operations) refuse(ctx context.Context, in *refuseHandoverInput) (*handoverOutput, error) {
	s := tenants.ScopeFrom(ctx)
	id, err := modules.KnownID(in.Handover)
	if err != nil {
		return nil, err
	}
	_, err = o.service.Refuse(ctx, s, id, in.Body.Reason)
	return o.answer(ctx, s, id, err)
}

func (o *operations) withdraw(ctx context.Context, in *HandoverRef) (*handoverOutput, error) {
	s := tenants.ScopeFrom(ctx)
	id, err := modules.KnownID(in.Handover)
	if err != nil {
		return nil, err
	}
	_, err = o.service.Withdraw(ctx, s, id)
	return o.answer(ctx, s, id, err)
}
