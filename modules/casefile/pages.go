package casefile

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

func (p *pages) all() []modules.Page {
	return append(p.desk().Pages(), []modules.Page{
		{Pattern: "GET /cartelle", Permission: "case:read", Nav: &modules.Nav{Label: "casefile.list.nav", Order: 20}, Handle: p.list},
		{Pattern: "GET /cartelle/nuova", Permission: "case:create", Handle: p.newCase},
		{Pattern: "POST /cartelle", Permission: "case:create", Handle: p.create},
		{Pattern: "GET /cartelle/{case}", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.summary", Order: 10}, Handle: p.show},
		{Pattern: "POST /cartelle/{case}/apri", Permission: "case:read", Handle: p.openWithReason},
		{Pattern: "POST /cartelle/{case}/stato", Permission: "case:write", Handle: p.advance},
		{Pattern: "GET /cartelle/{case}/equipe", Permission: "case:read", Handle: p.team},
		{Pattern: "POST /cartelle/{case}/equipe", Permission: "case:write", Handle: p.addToTeam},
		{Pattern: "POST /cartelle/{case}/equipe/togli", Permission: "case:write", Handle: p.removeFromTeam},
		{Pattern: "GET /cartelle/{case}/responsabile", Permission: "case:write", Handle: p.hand},
		{Pattern: "POST /cartelle/{case}/responsabile", Permission: "case:write", Handle: p.assign},
		{Pattern: "GET /cartelle/{case}/nucleo", Permission: "case:read", Case: &modules.CaseNav{Label: "registry.person.household", Section: "household", Order: 20}, Handle: p.household},
		{Pattern: "GET /cartelle/{case}/diario", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.diary", Section: "diary", Order: 40}, Handle: p.diary},
		{Pattern: "GET /cartelle/{case}/diario/nuova", Permission: "case:write", Handle: p.newNote},
		{Pattern: "POST /cartelle/{case}/diario", Permission: "case:write", Handle: p.saveNote},
		{Pattern: "POST /cartelle/{case}/diario/bozza", Permission: "case:write", Handle: p.draftNote},
		{Pattern: "GET /cartelle/{case}/diario/{note}", Permission: "case:read", Handle: p.showNote},
		{Pattern: "GET /cartelle/{case}/diario/{note}/firma", Permission: "case:write", Handle: p.reviewNote},
		{Pattern: "POST /cartelle/{case}/diario/{note}/firma", Permission: "case:write", Handle: p.signNote},
		{Pattern: "GET /cartelle/{case}/documenti", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.documents", Section: "documents", Order: 50}, Handle: p.documents},
		{Pattern: "POST /cartelle/{case}/documenti", Permission: "case:write", MaxBody: MaxDocument + 1<<20, Handle: p.upload},
		{Pattern: "GET /cartelle/{case}/documenti/{document}", Permission: "case:read", Handle: p.download},
		{Pattern: "GET /cartelle/{case}/accessi", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.viewings", Own: true, Order: 80}, Handle: p.visits},
		{Pattern: "GET /cartelle/{case}/accessi/elenco", Permission: "case:read", Handle: p.viewings},
		{Pattern: "GET /cartelle/{case}/perche", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.why", Order: 90}, Handle: p.why},
	}...)
}

// reasonPage asks for the reason to open a case that is not the actor's.
type reasonPage struct {
	Errors component.ErrorSummary
	Reason component.Field
	Action string
	Submit component.Button
	Back   component.Link
}

// opened opens the case of the request for a section. When it wants a reason, the
// view asks for one and the access is nil.
func (p *pages) opened(r *http.Request, s tenants.Scope, section string) (*Access, modules.View, error) {
	return p.asked(r)(p.service.Open(r.Context(), s, r.PathValue("case"), section))
}

// asked turns an opening that wants a reason into the page that asks for it.
func (p *pages) asked(r *http.Request) func(*Access, error) (*Access, modules.View, error) {
	return func(a *Access, err error) (*Access, modules.View, error) {
		if errors.Is(err, ErrReason) {
			return nil, p.askReason(r, nil), nil
		}
		return a, modules.View{}, err
	}
}

func (p *pages) askReason(r *http.Request, err error) modules.View {
	field := component.Field{
		ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: 500, Label: modules.Say(r, "casefile.reason.label"),
		Hint: modules.Say(r, "casefile.reason.hint"), Value: modules.Value(r, "motivo"), Error: modules.FieldErrors(r.Context(), err)["motivo"],
	}
	view := modules.Render("casefile/reason", language.M("casefile.reason.title"), reasonPage{
		Errors: component.Summarize(field), Reason: field, Action: "/cartelle/" + r.PathValue("case") + "/apri",
		Submit: component.Button{Label: modules.Say(r, "casefile.reason.submit"), Emphasis: component.Primary},
		Back:   component.Link{Label: modules.Say(r, "casefile.reason.back"), URL: "/cartelle"},
	})
	if err != nil {
		return view.Refused()
	}
	return view
}

func (p *pages) openWithReason(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := p.service.OpenWithReason(r.Context(), s, r.PathValue("case"), modules.Value(r, "motivo"))
	if problem.Is(err, problem.Invalid) {
		return p.askReason(r, err), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case"), language.M("casefile.reason.done")), nil
}

// pathID reads an id of the path; anything else is an object that does not exist.
func pathID(r *http.Request, name string) (uuid.UUID, error) {
	id, ok := modules.ParseID(r.PathValue(name))
	if !ok {
		return uuid.Nil, problem.Missing()
	}
	return id, nil
}

// queryID reads an id that a link carries; anything else is none.
func queryID(text string) uuid.UUID {
	id, _ := modules.ParseID(text)
	return id
}
