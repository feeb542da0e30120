package ledger

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/policies"
	"staffetta/tenants"
)

// asCitizen makes an operation one of a citizen.
func asCitizen(o modules.Operation) modules.Operation {
	o.Purpose = tenants.Citizen
	return o
}

func (o *operations) more() []modules.Operation {
	tags := []string{"ledger"}
	return []modules.Operation{
		asCitizen(modules.Declare(policies.SignedIn, huma.Operation{
			OperationID: "list-own-accesses", Method: http.MethodGet, Path: "/own-accesses", Tags: tags,
			Summary: "List who opened the own file", Description: "For a citizen: who opened the own file, on which day, by what right and under which acts, and in which lists the name stood.",
		}, o.own)),
		asCitizen(modules.Declare(policies.SignedIn, huma.Operation{
			OperationID: "contest-access", Method: http.MethodPost, Path: "/own-accesses/{event}/contest", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Contest an access", Description: "For a citizen: contests what somebody did with the own file on one day. Contesting it again changes nothing.",
		}, o.complain)),
		modules.Declare(answerContests, huma.Operation{
			OperationID: "list-contests", Method: http.MethodGet, Path: "/contests", Tags: tags,
			Summary: "List what citizens contest", Description: "What waits for an answer first.",
		}, o.contests),
		modules.Declare(answerContests, huma.Operation{
			OperationID: "answer-contest", Method: http.MethodPost, Path: "/contests/{contest}/answer", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Answer what a citizen contests", Description: "The citizen reads the answer; it is given once.",
		}, o.answer),
		modules.Declare(searchAudit, huma.Operation{
			OperationID: "list-exemptions", Method: http.MethodGet, Path: "/exemptions", Tags: tags,
			Summary: "List exemptions", Description: "The case files whose accesses citizens do not see for now, with the ground.",
		}, o.exemptions),
		modules.Declare(recordExemptions, huma.Operation{
			OperationID: "record-exemption", Method: http.MethodPost, Path: "/case-files/{case}/exemptions", Tags: tags, DefaultStatus: http.StatusCreated,
			Summary: "Delay what the citizen sees", Description: "Until the day, the citizen sees neither who opened the case file nor that this is delayed.",
		}, o.record),
		modules.Declare(recordExemptions, huma.Operation{
			OperationID: "end-exemption", Method: http.MethodPost, Path: "/case-files/{case}/exemptions/{exemption}/end", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "End a delay before its day", Description: "The citizen sees again who opened the case file, also while it was delayed.",
		}, o.end),
	}
}

// ActBody is what a party decided an agreement by.
type ActBody struct {
	Body   string `json:"body" maxLength:"200" doc:"Name of the body"`
	Number string `json:"number" maxLength:"60" doc:"Number of its act"`
	Day    string `json:"day" maxLength:"10" doc:"Day of its act"`
}

// OwnAccessBody is what one person did with the citizen's file on one day.
type OwnAccessBody struct {
	ID        string    `json:"id" format:"uuid" doc:"Names the line where it is contested"`
	Day       string    `json:"day" maxLength:"10" doc:"Day"`
	Actor     string    `json:"actor" maxLength:"120" doc:"Who"`
	Body      string    `json:"body" maxLength:"200" doc:"Name of the body of who did it"`
	Offices   string    `json:"offices,omitempty" maxLength:"1000" doc:"Offices of the actor in the body"`
	Part      string    `json:"part" enum:"file,registry,desk" doc:"A file, the data of the registry, or an arrival at the desk"`
	Number    string    `json:"case_number,omitempty" maxLength:"40" doc:"Number of the file; nothing for the other parts"`
	Relation  string    `json:"relation,omitempty" maxLength:"20" doc:"How the actor stood to the file"`
	Readings  int       `json:"readings" minimum:"0" maximum:"1000000" doc:"How often it was read"`
	Changes   int       `json:"changes" minimum:"0" maximum:"1000000" doc:"How often it was changed"`
	Purpose   string    `json:"purpose,omitempty" maxLength:"200" doc:"Purpose of the share"`
	Agreement string    `json:"agreement,omitempty" maxLength:"200" doc:"Agreement of the share"`
	Acts      []ActBody `json:"acts,omitempty" maxItems:"2" doc:"Acts of the agreement"`
	Contested bool      `json:"contested,omitempty" doc:"The citizen has contested it"`
}

// OwnListBody is that the citizen's name stood in lists that people of a body saw on one day.
type OwnListBody struct {
	Day    string   `json:"day" maxLength:"10" doc:"Day"`
	Body   string   `json:"body" maxLength:"200" doc:"Name of the body of who saw them"`
	Actors []string `json:"actors" maxItems:"1000" maxLength:"120" doc:"Who"`
	Lists  int      `json:"lists" minimum:"1" maximum:"1000000" doc:"How many lists"`
}

type ownInput struct {
	Before string `query:"before" maxLength:"10" doc:"The days before this one, as the last page named it"`
}

type ownOutput struct {
	Body struct {
		Items []OwnAccessBody `json:"items" maxItems:"10000" doc:"Lines, the newest day first"`
		Lists []OwnListBody   `json:"lists" maxItems:"10000" doc:"In which lists the name stood on these days"`
		Next  string          `json:"next,omitempty" maxLength:"10" doc:"The day before which older ones are"`
	}
}

func (o *operations) own(ctx context.Context, in *ownInput) (*ownOutput, error) {
	own, err := o.service.FindOwn(ctx, tenants.ScopeFrom(ctx), readDay(in.Before))
	if err != nil {
		return nil, err
	}
	bodies, out := o.service.deps.Bodies, &ownOutput{}
	out.Body.Items, out.Body.Lists, out.Body.Next = make([]OwnAccessBody, len(own.Accesses)), make([]OwnListBody, len(own.Listings)), dayText(own.Next)
	for i, l := range own.Listings {
		out.Body.Lists[i] = OwnListBody{Day: dayText(l.Day), Body: bodies.Name(l.Body), Actors: l.Names, Lists: l.Lists}
	}
	for i, a := range own.Accesses {
		line := OwnAccessBody{
			ID: a.ID.String(), Day: dayText(a.Day), Actor: a.Actor, Body: bodies.Name(a.Body), Offices: a.Offices, Part: a.Part, Number: a.Number, Relation: a.Relation,
			Readings: a.Readings, Changes: a.Changes, Purpose: a.Purpose, Agreement: a.Agreement, Contested: modules.IDText(a.Contest) != "",
		}
		for _, act := range a.Acts {
			line.Acts = append(line.Acts, ActBody{Body: bodies.Name(act.Body), Number: act.Number, Day: dayText(act.Day)})
		}
		out.Body.Items[i] = line
	}
	return out, nil
}

type complainInput struct {
	Event string `path:"event" maxLength:"36" doc:"Line"`
	Key   string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the contest; a new one if missing"`
	Body  struct {
		Words string `json:"words" maxLength:"1000" doc:"Why"`
	}
}

func (o *operations) complain(ctx context.Context, in *complainInput) (*struct{}, error) {
	event, err := modules.KnownID(in.Event)
	if err != nil {
		return nil, err
	}
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	return nil, o.service.Complain(ctx, tenants.ScopeFrom(ctx), Complaint{ID: id, Event: event, Words: in.Body.Words})
}

// ContestBody is what a citizen contests.
type ContestBody struct {
	ID      string    `json:"id" format:"uuid" doc:"Contest"`
	MadeAt  time.Time `json:"made_at" doc:"When"`
	Due     string    `json:"due" maxLength:"10" doc:"Last day to answer"`
	Words   string    `json:"words" maxLength:"1000" doc:"What the citizen says"`
	Event   string    `json:"event_id" format:"uuid" doc:"The first event of what is contested"`
	At      time.Time `json:"event_at" doc:"When that was"`
	Actor   string    `json:"actor" maxLength:"120" doc:"Who did it"`
	Body    string    `json:"body" maxLength:"63" doc:"Slug of the body of who did it"`
	Number  string    `json:"case_number,omitempty" maxLength:"40" doc:"Number of the case file"`
	Finding string    `json:"finding,omitempty" enum:"justified,unjustified" maxLength:"20" doc:"What was found; nothing until it is answered"`
	Answer  string    `json:"answer,omitempty" maxLength:"2000" doc:"Answer to the citizen"`
	Version int       `json:"version" minimum:"1" maximum:"1000" doc:"Version, for If-Match"`
}

type contestsOutput struct {
	Body struct {
		Items []ContestBody `json:"items" maxItems:"100" doc:"Contests"`
		Next  string        `json:"next,omitempty" maxLength:"10" doc:"Always empty"`
	}
}

func (o *operations) contests(ctx context.Context, _ *struct{}) (*contestsOutput, error) {
	found, err := o.service.FindContests(ctx, tenants.ScopeFrom(ctx))
	out := &contestsOutput{}
	out.Body.Items = make([]ContestBody, len(found))
	for i, c := range found {
		out.Body.Items[i] = ContestBody{
			ID: c.ID.String(), MadeAt: c.MadeAt, Due: dayText(c.Due()), Words: c.Words, Event: c.Event.String(), At: c.EventAt, Actor: c.Line.Actor,
			Body: o.service.deps.Bodies.Slug(c.Line.Body), Number: c.Line.Number, Finding: c.Finding, Answer: c.Answer, Version: c.Version,
		}
	}
	return out, err
}

type answerInput struct {
	Contest string `path:"contest" maxLength:"36" doc:"Contest"`
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    struct {
		Finding string `json:"finding" enum:"justified,unjustified" maxLength:"20" doc:"What was found"`
		Answer  string `json:"answer" maxLength:"2000" doc:"Answer to the citizen, in plain words"`
	}
}

func (o *operations) answer(ctx context.Context, in *answerInput) (*struct{}, error) {
	id, err := modules.KnownID(in.Contest)
	if err != nil {
		return nil, err
	}
	version, err := modules.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return nil, o.service.AnswerContest(ctx, tenants.ScopeFrom(ctx), Answer{Contest: id, Finding: in.Body.Finding, Words: in.Body.Answer, Version: version})
}

// ExemptionBody is why, and until when, a citizen does not see who opened a case file.
type ExemptionBody struct {
	ID     string `json:"id" format:"uuid" doc:"Exemption"`
	Number string `json:"case_number" maxLength:"40" doc:"Number of the case file"`
	Ground string `json:"ground" enum:"protected_minor,violence,judicial" maxLength:"20" doc:"Ground"`
	Reason string `json:"reason" maxLength:"500" doc:"Reason"`
	Until  string `json:"until" maxLength:"10" doc:"Last day"`
	By     string `json:"recorded_by" maxLength:"120" doc:"Who recorded it"`
	Lasts  bool   `json:"lasts" doc:"It withholds something now"`
}

type exemptionsOutput struct {
	Body struct {
		Items []ExemptionBody `json:"items" maxItems:"200" doc:"Exemptions"`
		Next  string          `json:"next,omitempty" maxLength:"10" doc:"Always empty"`
	}
}

func (o *operations) exemptions(ctx context.Context, _ *struct{}) (*exemptionsOutput, error) {
	found, err := o.service.FindExemptions(ctx, tenants.ScopeFrom(ctx))
	out := &exemptionsOutput{}
	out.Body.Items = make([]ExemptionBody, len(found))
	for i, e := range found {
		out.Body.Items[i] = ExemptionBody{ID: e.ID.String(), Number: e.Number, Ground: e.Ground, Reason: e.Reason, Until: dayText(e.Until), By: e.By, Lasts: e.Lasts(time.Now())}
	}
	return out, err
}

type recordInput struct {
	casefile.CaseRef
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the exemption; a new one if missing"`
	Body struct {
		Ground string `json:"ground" enum:"protected_minor,violence,judicial" maxLength:"20" doc:"Ground"`
		Reason string `json:"reason" maxLength:"500" doc:"Reason, for the data protection officer"`
		Until  string `json:"until" maxLength:"10" doc:"Last day"`
	}
}

type recordOutput struct {
	Body struct {
		ID string `json:"id" format:"uuid" doc:"Exemption"`
	}
}

func (o *operations) record(ctx context.Context, in *recordInput) (*recordOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	out := &recordOutput{}
	out.Body.ID = id.String()
	n := Recording{ID: id, Ground: in.Body.Ground, Reason: in.Body.Reason, Until: readDay(in.Body.Until)}
	return out, hideReason(o.service.Record(ctx, tenants.ScopeFrom(ctx), in.Case, n))
}

type endInput struct {
	casefile.CaseRef
	Exemption string `path:"exemption" maxLength:"36" doc:"Exemption"`
}

func (o *operations) end(ctx context.Context, in *endInput) (*struct{}, error) {
	id, err := modules.KnownID(in.Exemption)
	if err != nil {
		return nil, err
	}
	return nil, hideReason(o.service.End(ctx, tenants.ScopeFrom(ctx), in.Case, id))
}
