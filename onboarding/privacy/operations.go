package privacy

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/privacy/paper"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of the privacy documents.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{service: v}, []string{"onboarding"}
	return []modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "get-privacy-sheet", Method: http.MethodGet, Path: "/privacy-sheet", Tags: tags, Summary: "What the body says of itself in its privacy documents",
			Description: "Data protection officer, provider, other processors, and what of the impact assessment a person writes. As proposed where nobody has saved it: version 0.",
		}, o.sheet),
		modules.Declare(Write, huma.Operation{
			OperationID: "save-privacy-sheet", Method: http.MethodPut, Path: "/privacy-sheet", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Change what the body says of itself in its privacy documents", Description: "All of it at once. Published documents stay as they are.",
		}, o.save),
		modules.Declare(Read, huma.Operation{
			OperationID: "list-privacy-documents", Method: http.MethodGet, Path: "/privacy-documents", Tags: tags, Summary: "List the privacy documents",
			Description: "Each with the version in force, the one that waits, what is missing, and whether what is so has changed since.",
		}, o.list),
		modules.Declare(Read, huma.Operation{
			OperationID: "get-privacy-document", Method: http.MethodGet, Path: "/privacy-documents/{document}", Tags: tags, Summary: "Read a privacy document",
			Description: "As it would be published now, or one of its published versions. Its texts are Italian.",
		}, o.get),
		modules.Declare(Write, huma.Operation{
			OperationID: "publish-privacy-document", Method: http.MethodPut, Path: "/privacy-documents/{document}/versions/{version}", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary:     "Publish a privacy document",
			Description: "Where a member is the data protection officer it waits for their answer, else it is published at once. The id is made by the caller: the same again changes nothing.",
		}, o.publish),
		modules.Declare(Agree, huma.Operation{
			OperationID: "answer-privacy-version", Method: http.MethodPost, Path: "/privacy-versions/{version}/answer", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Answer as data protection officer", Description: "Publishes what was proposed, or refuses it with a reason. Not for who proposed it.",
		}, o.answer),
		modules.Declare(Write, huma.Operation{
			OperationID: "withdraw-privacy-version", Method: http.MethodDelete, Path: "/privacy-versions/{version}", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Take a proposal back", Description: "Only one that nobody has answered.",
		}, o.withdraw),
	}
}

// ProcessorBody is who treats data on behalf of the body.
type ProcessorBody struct {
	Name string `json:"name" minLength:"1" maxLength:"300"`
	Task string `json:"task" minLength:"1" maxLength:"300"`
	Act  string `json:"act" maxLength:"300"`
}

// LineBody is one statement of a document.
type LineBody struct {
	Text string `json:"text" maxLength:"5100"`
}

// DeclarationBody is what a body says of itself in its privacy documents.
type DeclarationBody struct {
	DPOName         string          `json:"dpo_name" maxLength:"200"`
	DPOEmail        string          `json:"dpo_email" maxLength:"254"`
	DPOPhone        string          `json:"dpo_phone" maxLength:"40"`
	ProviderName    string          `json:"provider_name" maxLength:"200" doc:"Who runs the deployment"`
	ProviderContact string          `json:"provider_contact" maxLength:"300"`
	ProviderAct     string          `json:"provider_act" maxLength:"300"`
	Processors      []ProcessorBody `json:"processors" maxItems:"40"`
	Need            string          `json:"need" maxLength:"5000" doc:"Of the impact assessment, as the next three"`
	Risks           string          `json:"risks" maxLength:"5000"`
	Views           string          `json:"views" maxLength:"5000"`
	Decision        string          `json:"decision" maxLength:"5000"`
}

func bodyOf(s paper.Sheet) DeclarationBody {
	b := DeclarationBody{
		DPOName: s.DPO.Name, DPOEmail: s.DPO.Email, DPOPhone: s.DPO.Phone, ProviderName: s.Provider.Name, ProviderContact: s.Provider.Contact, ProviderAct: s.Provider.Act,
		Processors: []ProcessorBody{}, Need: s.Judgement.Need, Risks: s.Judgement.Risks, Views: s.Judgement.Views, Decision: s.Judgement.Decision,
	}
	for _, p := range s.Processors {
		b.Processors = append(b.Processors, ProcessorBody(p))
	}
	return b
}

func (b DeclarationBody) sheet(version int) paper.Sheet {
	s := paper.Sheet{
		Version: version, DPO: paper.Officer{Name: b.DPOName, Email: b.DPOEmail, Phone: b.DPOPhone}, Provider: paper.Provider{Name: b.ProviderName, Contact: b.ProviderContact, Act: b.ProviderAct},
		Judgement: paper.Judgement{Need: b.Need, Risks: b.Risks, Views: b.Views, Decision: b.Decision},
	}
	for _, p := range b.Processors {
		s.Processors = append(s.Processors, paper.Processor(p))
	}
	return s
}

type declarationOutput struct {
	ETag string `header:"ETag" maxLength:"20" doc:"Version, for If-Match"`
	Body DeclarationBody
}

func (o *operations) sheet(ctx context.Context, _ *struct{}) (*declarationOutput, error) {
	sheet, err := o.service.Get(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	return &declarationOutput{ETag: strconv.Quote(strconv.Itoa(sheet.Version)), Body: bodyOf(sheet)}, nil
}

type declareInput struct {
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen; 0 for the first"`
	Body    DeclarationBody
}

func (o *operations) save(ctx context.Context, in *declareInput) (*struct{}, error) {
	version, err := modules.IfMatchNew(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return nil, o.service.Save(ctx, tenants.ScopeFrom(ctx), in.Body.sheet(version))
}

// PaperBody is how a privacy document stands.
type PaperBody struct {
	Document string     `json:"document" enum:"notice,register,processor,joint,assessment"`
	Number   int        `json:"number" format:"int32" minimum:"0" maximum:"100000" doc:"The version in force; 0 for none"`
	SHA256   string     `json:"sha256" maxLength:"64" doc:"Of its text"`
	Waiting  string     `json:"waiting" maxLength:"36" doc:"The id of the version that waits for the data protection officer, if any"`
	Changed  bool       `json:"changed" doc:"What is so is not what the version in force says"`
	Missing  []LineBody `json:"missing" maxItems:"20" doc:"What has to be said before it can be published"`
	Mark     string     `json:"mark" maxLength:"64" doc:"Of the draft, for publishing it"`
}

func paperOf(ctx context.Context, p Paper) PaperBody {
	b := PaperBody{Document: string(p.Kind), Changed: len(p.Changes) > 0, Missing: []LineBody{}, Mark: p.Mark}
	if p.Published != nil {
		b.Number, b.SHA256 = p.Published.Number, p.Published.SHA256
	}
	if p.Proposed != nil {
		b.Waiting = p.Proposed.ID.String()
	}
	for _, one := range p.Draft.Missing {
		b.Missing = append(b.Missing, LineBody{language.Say(ctx, one)})
	}
	return b
}

type papersOutput struct {
	Body struct {
		Documents []PaperBody `json:"documents" maxItems:"10"`
	}
}

func (o *operations) list(ctx context.Context, _ *struct{}) (*papersOutput, error) {
	board, err := o.service.Find(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &papersOutput{}
	for _, p := range board.Papers {
		out.Body.Documents = append(out.Body.Documents, paperOf(ctx, p))
	}
	return out, nil
}

// ChapterBody is a part of a document.
type ChapterBody struct {
	ID    string     `json:"id" maxLength:"64"`
	Title string     `json:"title" maxLength:"300"`
	Lines []LineBody `json:"lines" maxItems:"1000" doc:"Its words, one statement a line"`
}

type paperInput struct {
	Document string `path:"document" enum:"notice,register,processor,joint,assessment" doc:"Which document"`
	Number   int    `query:"number" format:"int32" minimum:"0" maximum:"100000" doc:"A published version; 0 for the draft of now"`
}

type paperOutput struct {
	Body struct {
		Title     string        `json:"title" maxLength:"300"`
		Number    int           `json:"number" format:"int32" minimum:"0" maximum:"100000" doc:"0 for the draft"`
		SHA256    string        `json:"sha256" maxLength:"64"`
		Published *time.Time    `json:"published_at,omitempty"`
		Chapters  []ChapterBody `json:"chapters" maxItems:"200"`
	}
}

func (o *operations) get(ctx context.Context, in *paperInput) (*paperOutput, error) {
	out, s := &paperOutput{}, tenants.ScopeFrom(ctx)
	var d paper.Document
	if in.Number == 0 {
		board, err := o.service.Find(ctx, s)
		if err != nil {
			return nil, err
		}
		p := board.Paper(paper.Kind(in.Document))
		d, out.Body.SHA256 = p.Draft.Document, p.Mark
	} else {
		x, err := o.service.GetPublished(ctx, s, paper.Kind(in.Document), in.Number)
		if err != nil {
			return nil, err
		}
		d, out.Body.Number, out.Body.SHA256, out.Body.Published = x.Document, x.Number, x.SHA256, &x.DecidedAt
	}
	out.Body.Title, out.Body.Chapters = d.Title, []ChapterBody{}
	for _, c := range d.Chapters {
		chapter := ChapterBody{ID: c.ID, Title: c.Title, Lines: []LineBody{}}
		for _, line := range c.Lines() {
			chapter.Lines = append(chapter.Lines, LineBody{line})
		}
		out.Body.Chapters = append(out.Body.Chapters, chapter)
	}
	return out, nil
}

type issueInput struct {
	Document string    `path:"document" enum:"notice,register,processor,joint,assessment" doc:"Which document"`
	ID       uuid.UUID `path:"version" format:"uuid" doc:"Id of the version, made by the caller"`
	Body     struct {
		Mark    string `json:"mark" maxLength:"64" doc:"Of the draft that was read"`
		Opinion string `json:"opinion,omitempty" maxLength:"1000" doc:"How the data protection officer agreed, where no member is"`
	}
}

func (o *operations) publish(ctx context.Context, in *issueInput) (*struct{}, error) {
	return nil, o.service.Publish(ctx, tenants.ScopeFrom(ctx), Order{ID: in.ID, Kind: paper.Kind(in.Document), Mark: in.Body.Mark, Opinion: in.Body.Opinion})
}

type opinionInput struct {
	ID   uuid.UUID `path:"version" format:"uuid" doc:"Id of the version"`
	Body struct {
		Yes    bool   `json:"yes" doc:"Publish it; else it is refused"`
		Reason string `json:"reason,omitempty" maxLength:"1000" doc:"Why not"`
	}
}

func (o *operations) answer(ctx context.Context, in *opinionInput) (*struct{}, error) {
	return nil, o.service.Answer(ctx, tenants.ScopeFrom(ctx), Answer{ID: in.ID, Yes: in.Body.Yes, Words: in.Body.Reason})
}

type recallInput struct {
	ID uuid.UUID `path:"version" format:"uuid" doc:"Id of the version"`
}

func (o *operations) withdraw(ctx context.Context, in *recallInput) (*struct{}, error) {
	return nil, o.service.Withdraw(ctx, tenants.ScopeFrom(ctx), in.ID)
}
