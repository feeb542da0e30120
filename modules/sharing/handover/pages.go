package handover

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// Pages are the pages of handovers.
func Pages(s *Service) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /cartelle/{case}/passaggio", Permission: Give, Case: &modules.CaseNav{Label: "sharing.handover.nav", Order: 75, Own: true}, Handle: p.start},
		{Pattern: "POST /cartelle/{case}/passaggio", Permission: Give, Handle: p.offer},
		{Pattern: "GET /passaggi/{id}", Permission: Read, Handle: p.show},
		{Pattern: "POST /passaggi/{id}/accetta", Permission: Take, Handle: p.accept},
		{Pattern: "GET /passaggi/{id}/rifiuta", Permission: Take, Handle: p.confirmRefusal},
		{Pattern: "POST /passaggi/{id}/rifiuta", Permission: Take, Handle: p.refuse},
		{Pattern: "GET /passaggi/{id}/ritira", Permission: Give, Handle: p.confirmWithdrawal},
		{Pattern: "POST /passaggi/{id}/ritira", Permission: Give, Handle: p.withdraw},
		{Pattern: "GET /rete/riesami", Permission: Take, Handle: p.reviews},
		{Pattern: "GET /passaggi/{id}/riesame", Permission: Take, Handle: p.showReview},
		{Pattern: "POST /passaggi/{id}/riesame", Permission: Take, Handle: p.decideReview},
	}
}

// offerPage is the form by which a case is offered.
type offerPage struct {
	Notice  *component.Alert
	Form    bool
	Action  string
	Errors  component.ErrorSummary
	Goes    []string
	Stays   []string
	Open    *component.Table
	Fields  []component.Field
	Hidden  []component.Hidden
	Buttons component.ButtonRow
}

func (p *pages) start(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.offerView(r, s, nil)
}

func (p *pages) offerView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	ref := r.PathValue("case")
	f, err := p.service.Prepare(r.Context(), s, ref)
	switch {
	case errors.Is(err, casefile.ErrReason):
		return modules.Redirect("/cartelle/"+ref, language.M("sharing.offer.needs_reason")), nil
	case problem.Is(err, problem.Forbidden), problem.Is(err, problem.Conflict):
		return p.notOffered(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	standing, err := p.service.FindStanding(r.Context(), s, f.Access.ID)
	if err != nil {
		return modules.View{}, err
	}
	if standing.ID != uuid.Nil {
		return modules.Redirect("/passaggi/"+standing.ID.String(), language.M("sharing.handover.standing")), nil
	}
	page := p.offerForm(r, f, modules.FieldErrors(r.Context(), refused))
	view := modules.Render("sharing/handover", language.M("sharing.handover.title"), page).On(f.Access.Bar(p.service.cases, ""))
	if refused != nil {
		return view.Refused(), nil
	}
	return view, nil
}

// notOffered says why the case is not offered.
func (p *pages) notOffered(r *http.Request, s tenants.Scope, why error) (modules.View, error) {
	a, err := p.service.cases.Open(r.Context(), s, r.PathValue("case"), "")
	if err != nil {
		return modules.View{}, err
	}
	if passed, err := p.service.FindPassed(r.Context(), s, a.ID); err != nil || passed.ID != uuid.Nil {
		return modules.Redirect("/passaggi/"+passed.ID.String(), language.Message{}), err
	}
	page := offerPage{Notice: &component.Alert{Tone: component.Info, Text: language.Say(r.Context(), problem.Of(why).Message)}}
	return modules.Render("sharing/handover", language.M("sharing.handover.title"), page).On(a.Bar(p.service.cases, "")), nil
}

func (p *pages) offerForm(r *http.Request, f Frame, wrong map[string]string) offerPage {
	page := offerPage{Action: "/cartelle/" + f.Access.Ref + "/passaggio"}
	if len(f.Partners) == 0 {
		page.Notice = &component.Alert{
			Tone: component.Warning, Title: modules.Say(r, "sharing.handover.no_partner"), Text: modules.Say(r, "sharing.handover.no_partner_text"),
			Link: &component.Link{Label: modules.Say(r, "sharing.offer.to_network"), URL: "/rete"},
		}
		return page
	}
	page.Form = true
	for _, key := range []string{"content", "open", "shares"} {
		page.Goes = append(page.Goes, modules.Say(r, "sharing.handover.goes."+key))
	}
	for _, key := range []string{"stub", "private", "drafts"} {
		page.Stays = append(page.Stays, modules.Say(r, "sharing.handover.stays."+key))
	}
	page.Open = p.openTable(r, f.Obligations)
	page.Fields = p.offerFields(r, f, wrong)
	page.Errors = component.Summarize(page.Fields...)
	page.Hidden = []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}}
	page.Buttons.Buttons = []component.Button{{Label: modules.Say(r, "sharing.handover.send"), Emphasis: component.Primary}}
	return page
}

// openTable lists what is open, and what becomes of it; nil where nothing is.
func (p *pages) openTable(r *http.Request, obligations []Obligation) *component.Table {
	if len(obligations) == 0 {
		return nil
	}
	t := &component.Table{
		ID: "impegni", Caption: modules.Say(r, "sharing.handover.open"),
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.handover.open.what")}, {Label: modules.Say(r, "sharing.handover.open.day")}, {Label: modules.Say(r, "sharing.handover.open.becomes")},
		},
	}
	for _, o := range obligations {
		becomes := "sharing.handover.open.stays"
		if o.Moves {
			becomes = "sharing.handover.open.moves"
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: p.label(r, o.Key)}, {Date: form.Day(o.Due)}, {Text: modules.Say(r, becomes)}}})
	}
	return t
}

func (p *pages) label(r *http.Request, key string) string {
	return language.SayText(r.Context(), p.service.LabelOf(key))
}

func (p *pages) offerFields(r *http.Request, f Frame, wrong map[string]string) []component.Field {
	who := component.Field{
		ID: "destinatario", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.handover.to"), Value: modules.Value(r, "destinatario"), Error: wrong["destinatario"],
	}
	for _, partner := range f.Partners {
		who.Options = append(who.Options, component.Option{
			Value: partner.Agreement.ID.String() + "~" + partner.Body.Slug, Label: partner.Body.Name,
			Hint: modules.Say(r, "sharing.offer.under", "title", partner.Agreement.Title, "day", lastDay(partner.Agreement.To).Format("02/01/2006")),
		})
	}
	basis := component.Field{ID: "base", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.share.basis"), Value: modules.Value(r, "base"), Error: wrong["base"]}
	for _, id := range Bases {
		basis.Options = append(basis.Options, component.Option{Value: id, Label: modules.Say(r, "sharing.basis."+id), Hint: modules.Say(r, "sharing.handover.basis."+id)})
	}
	answer := component.Field{
		ID: "risposta", Kind: component.Appointed, Required: true, Label: modules.Say(r, "sharing.handover.answer"), Hint: modules.Say(r, "sharing.handover.answer_hint"),
		Value: modules.Value(r, "risposta"), Error: wrong["risposta"],
	}
	if r.Method == http.MethodGet {
		answer.Value = time.Now().In(language.Rome).AddDate(0, 0, 15).Format(time.DateOnly)
	}
	fields := []component.Field{who, basis, answer, {
		ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: share.MaxWords, Label: modules.Say(r, "sharing.handover.reason"),
		Hint: modules.Say(r, "sharing.hint.letters", "least", share.LeastWords, "most", share.MaxWords), Value: modules.Value(r, "motivo"), Error: wrong["motivo"],
	}}
	if len(f.Stays()) > 0 {
		fields = append(fields, component.Field{
			ID: "restano", Kind: component.Checkboxes, Required: true, Label: modules.Say(r, "sharing.handover.kept"), Error: wrong["restano"],
			Options: []component.Option{{Value: "1", Label: modules.Say(r, "sharing.handover.kept_yes"), Selected: modules.Value(r, "restano") == "1"}},
		})
	}
	return fields
}

func (p *pages) offer(r *http.Request, s tenants.Scope) (modules.View, error) {
	agreement, slug, _ := strings.Cut(modules.Value(r, "destinatario"), "~")
	o := Offer{
		ID: modules.FormID(r.PostFormValue("id")), Agreement: modules.LinkID(agreement), LegalBasis: modules.Value(r, "base"),
		AnswerBy: form.Day(modules.Value(r, "risposta")), Reason: modules.Value(r, "motivo"), Kept: modules.Value(r, "restano") == "1",
	}
	if body, _, err := p.service.deps.Bodies.BySlug(slug); err == nil {
		o.Receiver = body.ID
	}
	h, err := p.service.Offer(r.Context(), s, r.PathValue("case"), o)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.offerView(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/passaggi/"+h.ID.String(), language.M("sharing.handover.sent")), nil
}
