package moving

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/handover"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of changes of residence in the API. The handover that one opens is read, accepted, refused and
// withdrawn as any other.
func Operations(s *Service) []modules.Operation {
	o, tags := &operations{service: s}, []string{"sharing"}
	return []modules.Operation{
		modules.Declare(handover.Give, huma.Operation{
			Tags: tags, OperationID: "get-move-manifest", Method: http.MethodGet, Path: "/case-files/{case}/move-manifest",
			Summary: "Get the manifest of a change of residence", Description: "What of the case file would go along with a person who moves to another municipality, what would stay, and what is missing. Its digest is signed with the offer.",
		}, o.list),
		modules.Declare(handover.Give, huma.Operation{
			Tags: tags, OperationID: "create-move", Method: http.MethodPost, Path: "/case-files/{case}/moves", DefaultStatus: http.StatusCreated,
			Summary: "Sign and offer a change of residence", Description: "Signs the manifest and offers the handover. Where no agreement stands between the bodies, one is proposed for this handover alone, which the act signs. Repeating the call with the same Idempotency-Key changes nothing; 409 when the case file is no longer what the manifest said.",
		}, o.start),
		modules.Declare(handover.Read, huma.Operation{
			Tags: tags, OperationID: "get-handover-manifest", Method: http.MethodGet, Path: "/handovers/{handover}/manifest",
			Summary: "Get a signed manifest", Description: "What the giving body signed and, while the handover is offered, what has changed since.",
		}, o.get),
		modules.Declare(handover.Give, huma.Operation{
			Tags: tags, OperationID: "sign-handover-manifest", Method: http.MethodPost, Path: "/handovers/{handover}/manifest",
			Summary: "Sign a manifest again", Description: "After the case file changed, signs what would go along now; 409 when it is not what was read.",
		}, o.renew),
	}
}

// ManifestBody is a manifest as the API shows it.
type ManifestBody struct {
	Digest      string            `json:"manifest" maxLength:"64" doc:"Digest, by which the manifest is signed"`
	Rows        []ManifestRowBody `json:"rows" maxItems:"1000" doc:"What goes along and what stays"`
	PersonsGo   int               `json:"persons_go" minimum:"0" maximum:"2147483647" format:"int32" doc:"How many persons go along"`
	PersonsStay int               `json:"persons_stay" minimum:"0" maximum:"2147483647" format:"int32" doc:"How many of the household stay"`
	Open        []ManifestOpen    `json:"obligations" maxItems:"1000" doc:"What is open in the case file"`
	Agreement   string            `json:"agreement,omitempty" maxLength:"36" doc:"Agreement that stands; missing where one is made for this handover alone"`
	Protected   bool              `json:"protected,omitempty" doc:"The case file is protected: who offers it says that the handover endangers nobody"`
	Gaps        []ManifestGap     `json:"gaps" maxItems:"100" doc:"What is missing"`
	Changed     bool              `json:"changed,omitempty" doc:"The case file is no longer what was signed"`
	Current     string            `json:"current,omitempty" maxLength:"64" doc:"Digest of what would go along now, by which the manifest is signed again"`
	SignedAt    *time.Time        `json:"signed_at,omitempty" doc:"When the giving body signed"`
	ConfirmedAt *time.Time        `json:"confirmed_at,omitempty" doc:"When the taking body signed"`
}

// ManifestRowBody counts rows of a table.
type ManifestRowBody struct {
	Table   string `json:"table" maxLength:"100" doc:"Table"`
	Section string `json:"section,omitempty" maxLength:"20" doc:"Section; missing for what stands in none"`
	Goes    int    `json:"goes" minimum:"0" maximum:"2147483647" format:"int32" doc:"How many go along"`
	Stays   int    `json:"stays" minimum:"0" maximum:"2147483647" format:"int32" doc:"How many stay"`
	Changed bool   `json:"changed,omitempty" doc:"They are no longer what was signed"`
}

// ManifestOpen is something open in the case.
type ManifestOpen struct {
	ID      string `json:"id" format:"uuid" doc:"Id"`
	Key     string `json:"key" maxLength:"60" doc:"What it is"`
	Day     string `json:"day,omitempty" maxLength:"10" doc:"Its day"`
	Moves   bool   `json:"moves" doc:"Whether it goes along and needs somebody new to answer for it"`
	Benefit bool   `json:"benefit" doc:"Whether it is a benefit that is being paid or delivered"`
}

// ManifestGap is something that is missing.
type ManifestGap struct {
	Text   string `json:"text" maxLength:"500" doc:"In words"`
	Blocks bool   `json:"blocks" doc:"Nothing can be offered until it is filled"`
}

type manifestOutput struct {
	Body ManifestBody
}

func newBody(ctx context.Context, m Manifest) ManifestBody {
	body := ManifestBody{
		Digest: m.Digest, PersonsGo: m.PersonsGo, PersonsStay: m.PersonsStay, Agreement: modules.IDText(m.Agreement), Protected: m.Protected,
		Rows: []ManifestRowBody{}, Open: []ManifestOpen{}, Gaps: []ManifestGap{},
	}
	for _, row := range m.Rows {
		body.Rows = append(body.Rows, ManifestRowBody{row.Table, row.Section, row.Goes, row.Stays, row.Changed})
	}
	for _, one := range m.Open {
		body.Open = append(body.Open, ManifestOpen{one.ID.String(), one.Key, one.Due, one.Moves, one.Benefit})
	}
	for _, gap := range m.Gaps {
		body.Gaps = append(body.Gaps, ManifestGap{language.Say(ctx, gap.Label), gap.Blocks})
	}
	return body
}

type listInput struct {
	casefile.CaseRef
	To    string `query:"to" maxLength:"64" doc:"Slug of the new municipality"`
	Day   string `query:"day" format:"date" maxLength:"10" doc:"Day of the move"`
	Going string `query:"going" maxLength:"3700" doc:"Ids of those of the household who move too, with commas between"`
}

// plan reads where the person goes, when and with whom.
func (o *operations) plan(to, day string, going []string) Plan {
	p := Plan{Day: form.Day(day), Going: going}
	if body, _, err := o.service.deps.Bodies.BySlug(to); err == nil {
		p.To = body.ID
	}
	return p
}

// opened hides that a case opens with a reason only: the API has no page that asks for one.
func opened(err error) error {
	if errors.Is(err, casefile.ErrReason) {
		return problem.Missing().Wrap(err)
	}
	return err
}

func (o *operations) list(ctx context.Context, in *listInput) (*manifestOutput, error) {
	s := tenants.ScopeFrom(ctx)
	f, err := o.service.Prepare(ctx, s, in.Case)
	if err != nil {
		return nil, opened(err)
	}
	var going []string
	if in.Going != "" {
		going = strings.Split(in.Going, ",")
	}
	m, err := o.service.List(ctx, s, f, o.plan(in.To, in.Day, going))
	if err != nil {
		return nil, err
	}
	return &manifestOutput{Body: newBody(ctx, m)}, nil
}

type startInput struct {
	casefile.CaseRef
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the handover to make"`
	Body struct {
		To        string             `json:"to" maxLength:"64" doc:"Slug of the new municipality"`
		Day       string             `json:"day" format:"date" doc:"Day of the move"`
		Going     []string           `json:"going,omitempty" maxItems:"100" maxLength:"36" doc:"Ids of those of the household who move too"`
		Manifest  string             `json:"manifest" maxLength:"64" doc:"Digest of the manifest that was read"`
		AnswerBy  string             `json:"answer_by" format:"date" doc:"Last day to answer"`
		Note      string             `json:"note,omitempty" maxLength:"900" doc:"What the other municipality needs to know"`
		Kept      bool               `json:"kept,omitempty" doc:"Says that drafts stay with the body that hands over"`
		Protected bool               `json:"protected,omitempty" doc:"Says that the handover of a protected case file endangers nobody"`
		Act       *agreement.ActBody `json:"act,omitempty" doc:"Act by which the body signs the agreement for this handover alone, where none stands"`
	}
}

// MoveBody is a change of residence that was offered.
type MoveBody struct {
	Handover  string `json:"handover" format:"uuid" doc:"Id of the handover"`
	Agreement string `json:"agreement" format:"uuid" doc:"Agreement that it stands on"`
}

type startOutput struct {
	Body MoveBody
}

func (o *operations) start(ctx context.Context, in *startInput) (*startOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	start := Start{
		Plan: o.plan(in.Body.To, in.Body.Day, in.Body.Going), ID: id, Begun: ByOperator, Manifest: in.Body.Manifest,
		AnswerBy: form.Day(in.Body.AnswerBy), Note: in.Body.Note, Kept: in.Body.Kept, Protected: in.Body.Protected,
	}
	if in.Body.Act != nil {
		start.Act = policies.Act{Number: in.Body.Act.Number, Day: form.Day(in.Body.Act.Day)}
	}
	h, err := o.service.Start(ctx, tenants.ScopeFrom(ctx), in.Case, start)
	if err != nil {
		return nil, opened(err)
	}
	return &startOutput{Body: MoveBody{Handover: h.ID.String(), Agreement: h.Agreement.String()}}, nil
}

func (o *operations) get(ctx context.Context, in *handover.HandoverRef) (*manifestOutput, error) {
	id, err := modules.KnownID(in.Handover)
	if err != nil {
		return nil, err
	}
	return o.answer(ctx, id)
}

func (o *operations) answer(ctx context.Context, id uuid.UUID) (*manifestOutput, error) {
	signed, err := o.service.Get(ctx, tenants.ScopeFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &manifestOutput{Body: newBody(ctx, signed.Manifest)}
	out.Body.Agreement, out.Body.Changed, out.Body.Current, out.Body.SignedAt = signed.Handover.Agreement.String(), signed.Changed, signed.Current, &signed.SignedAt
	if !signed.ConfirmedAt.IsZero() {
		out.Body.ConfirmedAt = &signed.ConfirmedAt
	}
	return out, nil
}

type renewInput struct {
	handover.HandoverRef
	Body struct {
		Manifest string `json:"manifest" maxLength:"64" doc:"Digest of what would go along now, as it was read"`
	}
}

func (o *operations) renew(ctx context.Context, in *renewInput) (*manifestOutput, error) {
	id, err := modules.KnownID(in.Handover)
	if err != nil {
		return nil, err
	}
	if err := o.service.Renew(ctx, tenants.ScopeFrom(ctx), id, in.Body.Manifest); err != nil {
		return nil, opened(err)
	}
	return o.answer(ctx, id)
}
