package assessment

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

func (o *operations) all() []modules.Operation {
	const list, one = "/case-files/{case}/assessments", "/case-files/{case}/assessments/{assessment}"
	describe := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"assessment"}, Summary: summary, Description: description}
	}
	return []modules.Operation{
		modules.Declare("instrument:read", describe("list-assessment-instruments", http.MethodGet, "/assessment-instruments",
			"List assessment instruments", "The instruments that the body has published, with their questions."), o.instruments),
		modules.Declare("instrument:read", describe("list-assessments", http.MethodGet, list,
			"List assessments", "The assessments of a case file with score and band, the latest first."), o.list),
		modules.Declare("instrument:write", created(describe("create-assessment", http.MethodPost, list,
			"Begin an assessment", "Keeps a draft with the answers given so far, or locks it at once when final is true. Repeating the call with the same Idempotency-Key creates nothing more.")), o.create),
		modules.Declare("instrument:read", describe("get-assessment", http.MethodGet, one,
			"Get an assessment", "Answers, score, band and how the score comes about, by the version of the instrument that was used."), o.get),
		modules.Declare("instrument:write", describe("update-assessment", http.MethodPut, one,
			"Change a draft", "Replaces the answers of a draft of the caller."), o.update),
		modules.Declare("instrument:write", describe("finalise-assessment", http.MethodPost, one+"/finalisation",
			"Finalise an assessment", "Computes score and band of the answers that the draft holds and locks it for ever."), o.finalise),
		modules.Declare("instrument:write", describe("carry-assessment", http.MethodPost, one+"/carry",
			"Go on with a draft in the present version of its instrument",
			"Reads the answers of a draft of the caller as the present version declares; those without a place are kept under earlier."), o.carry),
		modules.Declare("instrument:read", describe("compare-assessments", http.MethodGet, one+"/comparison",
			"Compare two assessments", "The points of two final assessments with the same instrument, question by question."), o.compare),
	}
}

func created(operation huma.Operation) huma.Operation {
	operation.DefaultStatus = http.StatusCreated
	return operation
}

// AssessmentRef names an assessment of a case file in a path.
type AssessmentRef struct {
	casefile.CaseRef
	Assessment string `path:"assessment" format:"uuid" maxLength:"36" doc:"Id of the assessment"`
}

func (o *operations) opened(ctx context.Context, ref string) (*casefile.Access, error) {
	a, err := o.service.Open(ctx, tenants.ScopeFrom(ctx), ref)
	return a, closed(err)
}

// closed says of a case that opens only with a reason what the API knows of it: nothing.
func closed(err error) error {
	if errors.Is(err, casefile.ErrReason) {
		return problem.Missing().Wrap(err)
	}
	return err
}

func (o *operations) instruments(ctx context.Context, _ *struct{}) (*instrumentsOutput, error) {
	found, err := o.service.Instruments(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &instrumentsOutput{}
	out.Body.Items = make([]InstrumentBody, len(found))
	for n, in := range found {
		out.Body.Items[n] = instrumentBody(ctx, in)
	}
	return out, nil
}

type listInput struct {
	casefile.CaseRef
	After string `query:"after" maxLength:"200" doc:"Cursor of the next page"`
}

func (o *operations) list(ctx context.Context, in *listInput) (*listOutput, error) {
	a, err := o.opened(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	found, next, err := o.service.Find(ctx, a, casefile.ParseCursor(in.After))
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Items, out.Body.Next = make([]AssessmentBody, len(found)), next.String()
	for n, one := range found {
		out.Body.Items[n] = assessmentBody(ctx, one)
	}
	return out, nil
}

// FillingBody is what a caller fills in.
type FillingBody struct {
	DoneOn  string         `json:"done_on" format:"date" doc:"Day of the assessment"`
	Answers map[string]any `json:"answers" doc:"By key of the question: text, number, true or false, or a list of options"`
	Final   bool           `json:"final,omitempty" doc:"Compute the score and lock it for ever"`
}

type createInput struct {
	casefile.CaseRef
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"A UUID that makes a repeated call harmless"`
	Body struct {
		FillingBody
		Instrument string `json:"instrument" maxLength:"64" doc:"Key of a published instrument"`
	}
}

func (o *operations) create(ctx context.Context, in *createInput) (*assessmentOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	return o.save(ctx, in.Case, in.Body.FillingBody, Filling{ID: id, Instrument: in.Body.Instrument})
}

func (o *operations) save(ctx context.Context, ref string, body FillingBody, f Filling) (*assessmentOutput, error) {
	f.Answers = body.Answers
	f.DoneOn, _ = time.Parse(time.DateOnly, body.DoneOn) // an unreadable day is a missing one, which fill refuses
	save := o.service.SaveDraft
	if body.Final {
		save = o.service.Finalise
	}
	made, err := save(ctx, tenants.ScopeFrom(ctx), ref, f)
	if err != nil {
		return nil, closed(err)
	}
	return &assessmentOutput{ETag: tag(made.Version), Body: assessmentBody(ctx, made)}, nil
}

func (o *operations) get(ctx context.Context, in *AssessmentRef) (*resultOutput, error) {
	a, err := o.opened(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	id, err := modules.KnownID(in.Assessment)
	if err != nil {
		return nil, err
	}
	result, err := o.service.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	out := &resultOutput{ETag: tag(result.Version), Body: resultBody(ctx, result)}
	switch newer, err := o.service.Newer(ctx, tenants.ScopeFrom(ctx), a, result); {
	case err == nil:
		out.Body.Newer = &newer.Edition
	case !problem.Is(err, problem.NotFound):
		return nil, err
	}
	return out, nil
}

type updateInput struct {
	AssessmentRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
	Body    FillingBody
}

func (o *operations) update(ctx context.Context, in *updateInput) (*assessmentOutput, error) {
	id, version, err := o.draft(ctx, in.AssessmentRef, in.IfMatch)
	if err != nil {
		return nil, err
	}
	return o.save(ctx, in.Case, in.Body, Filling{ID: id, Version: version})
}

// draft reads which version of which assessment a caller wants to change; one that it cannot see is missing.
func (o *operations) draft(ctx context.Context, ref AssessmentRef, ifMatch string) (uuid.UUID, int, error) {
	a, err := o.opened(ctx, ref.Case)
	if err != nil {
		return uuid.Nil, 0, err
	}
	id, err := modules.KnownID(ref.Assessment)
	if err != nil {
		return uuid.Nil, 0, err
	}
	if _, err := o.service.Get(ctx, a, id); err != nil {
		return uuid.Nil, 0, err
	}
	version, err := modules.IfMatch(ifMatch)
	return id, version, err
}

type finaliseInput struct {
	AssessmentRef
	IfMatch string `header:"If-Match" required:"true" maxLength:"20" doc:"The version that the caller has seen"`
}

func (o *operations) finalise(ctx context.Context, in *finaliseInput) (*assessmentOutput, error) {
	id, version, err := o.draft(ctx, in.AssessmentRef, in.IfMatch)
	if err != nil {
		return nil, err
	}
	made, err := o.service.FinaliseStored(ctx, tenants.ScopeFrom(ctx), in.Case, id, version)
	if err != nil {
		return nil, closed(err)
	}
	return &assessmentOutput{ETag: tag(made.Version), Body: assessmentBody(ctx, made)}, nil
}

type compareInput struct {
	AssessmentRef
	With string `query:"with" required:"true" format:"uuid" maxLength:"36" doc:"Id of the other assessment"`
}

func (o *operations) compare(ctx context.Context, in *compareInput) (*comparisonOutput, error) {
	a, err := o.opened(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	first, err := modules.KnownID(in.Assessment)
	if err != nil {
		return nil, err
	}
	second, err := modules.KnownID(in.With)
	if err != nil {
		return nil, err
	}
	c, err := o.service.Compare(ctx, a, first, second)
	if err != nil {
		return nil, err
	}
	out := &comparisonOutput{}
	out.Body.Old, out.Body.New = assessmentBody(ctx, c.Old.Assessment), assessmentBody(ctx, c.New.Assessment)
	for _, line := range c.Lines {
		out.Body.Lines = append(out.Body.Lines, ComparedBody{
			Question: say(ctx, line.Label), Old: points(line.Old), New: points(line.New), Difference: line.Difference,
		})
	}
	if c.Scored {
		out.Body.Difference = &c.Difference
	}
	return out, nil
}

func tag(version int) string { return `"` + strconv.Itoa(version) + `"` }

func points(line kit.Contribution) *float64 {
	if !line.Answered {
		return nil
	}
	return &line.Points
}

func resultBody(ctx context.Context, result Result) ResultBody {
	body := ResultBody{
		AssessmentBody: assessmentBody(ctx, result.Assessment), Edition: result.Instrument.Number, Answers: result.Answers,
		Rule: say(ctx, result.Explanation.Rule), Missing: result.Explanation.Missing, Lines: []LineBody{},
		Earlier: earlierBodies(ctx, result.Assessment),
	}
	if band := result.Explanation.Band; band != nil {
		body.Meaning = say(ctx, band.Meaning)
	}
	for _, line := range result.Explanation.Lines {
		body.Lines = append(body.Lines, LineBody{Key: line.Key, Question: say(ctx, line.Label), Answer: say(ctx, line.Answer), Points: points(line)})
	}
	for _, p := range result.Explanation.Proposals {
		body.Proposals = append(body.Proposals, ProposalBody{Target: p.Target, Name: optional(ctx, p.Name), Value: p.Value, Label: say(ctx, p.Label), Reason: say(ctx, p.Reason)})
	}
	return body
}

func assessmentBody(ctx context.Context, a Assessment) AssessmentBody {
	body := AssessmentBody{
		ID: a.ID.String(), Instrument: a.Instrument, Title: language.SayText(ctx, a.Title), EditionID: a.Edition.String(), State: string(a.State),
		DoneOn: a.DoneOn.Format(time.DateOnly), Min: a.Outcome.Min, Max: a.Outcome.Max, Band: a.Outcome.Band,
		BandLabel: language.SayText(ctx, a.Outcome.BandLabel), Author: a.AuthorName, Version: a.Version, Score: a.Outcome.score(),
	}
	if a.Final() {
		body.FinalisedAt = &a.FinalisedAt
	}
	return body
}

func instrumentBody(ctx context.Context, in Instrument) InstrumentBody {
	body := InstrumentBody{
		Key: in.Key, Title: language.SayText(ctx, in.Title), EditionID: in.Edition.String(), Edition: in.Number,
		Min: in.Definition.Scoring.Min, Max: in.Definition.Scoring.Max,
	}
	for _, item := range in.Definition.Items() {
		question := QuestionBody{
			Key: item.Key, Question: say(ctx, item.Label), Type: item.Type, Visible: item.Visible, Required: item.Required.Always, RequiredWhen: item.Required.When,
		}
		for _, option := range item.Options {
			question.Options = append(question.Options, OptionBody{Value: option.Value, Label: say(ctx, option.Label), Points: option.Score})
		}
		body.Questions = append(body.Questions, question)
	}
	return body
}
