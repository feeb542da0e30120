package draft

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// Pages are the steps in which an agreement is written.
func Pages(s *Service) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /rete/accordi/nuovo", Permission: agreement.Write, Handle: p.start},
		{Pattern: "GET /rete/bozze/{draft}", Permission: agreement.Write, Handle: p.resume},
		{Pattern: "GET /rete/bozze/{draft}/{step}", Permission: agreement.Write, Handle: p.show},
		{Pattern: "POST /rete/bozze/{draft}/{step}", Permission: agreement.Write, Handle: p.save},
		{Pattern: "GET /rete/bozze/{draft}/scarta", Permission: agreement.Write, Handle: p.confirmDiscard},
		{Pattern: "POST /rete/bozze/{draft}/scarta", Permission: agreement.Write, Handle: p.discard},
		{Pattern: "GET /rete/accordi/{id}/rinnovo", Permission: agreement.Write, Handle: p.confirmRenewal},
		{Pattern: "POST /rete/accordi/{id}/rinnovo", Permission: agreement.Write, Handle: p.renew},
	}
}

// step is a page on which a part of the agreement is written, with the fields that are checked there.
type step struct {
	slug   string
	fields []string
}

var steps = []step{
	{"enti", []string{"titolo", "ente", "ruoli", "rete"}},
	{"direzioni", []string{"verso"}},
	{"contenuti", []string{"scopi", "sezioni", "scrittura", "gia_noto"}},
	{"date", []string{"dal", "al", "atto_numero", "atto_data"}},
	{"riepilogo", nil},
}

func stepAt(slug string) int {
	return slices.IndexFunc(steps, func(s step) bool { return s.slug == slug })
}

// of keeps what belongs to the step: all of it at the summary.
func (s step) of(fields problem.Fields) (own problem.Fields) {
	for _, f := range fields {
		if s.fields == nil || slices.Contains(s.fields, f.Name) {
			own = append(own, f)
		}
	}
	return own
}

// Table lists the drafts of the body.
func Table(r *http.Request, drafts []Draft) component.Table {
	t := component.Table{
		ID: "bozze", Caption: modules.Say(r, "sharing.draft.list"),
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.agreement.title")}, {Label: modules.Say(r, "sharing.draft.saved_at")}, {Label: modules.Say(r, "sharing.draft.saved_by")},
		},
	}
	for _, d := range drafts {
		cell := component.Cell{Text: d.Title, URL: address(d.ID, ""), Lang: "it"}
		if d.Title == "" {
			cell = component.Cell{Text: modules.Say(r, "sharing.draft.untitled"), URL: address(d.ID, "")}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{cell, {Instant: d.UpdatedAt.In(language.Rome)}, {Text: d.UpdatedBy, Lang: "it"}}})
	}
	return t
}

func address(id uuid.UUID, step string) string {
	if step == "" {
		return "/rete/bozze/" + id.String()
	}
	return "/rete/bozze/" + id.String() + "/" + step
}

// start shows the first step of a draft that is not saved yet.
func (p *pages) start(r *http.Request, s tenants.Scope) (modules.View, error) {
	d := Draft{ID: modules.FormID(""), State: Open}
	d.keep(s.Tenant, nil)
	return p.form(r, s, shown{draft: d})
}

// resume leads to the first step in which something is missing.
func (p *pages) resume(r *http.Request, s tenants.Scope) (modules.View, error) {
	d, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if d.State == Proposed {
		return modules.Redirect("/rete/accordi/"+d.ID.String(), language.M("sharing.draft.was_proposed")), nil
	}
	wrong, err := p.service.Check(r.Context(), s, d)
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(address(d.ID, steps[firstOpen(wrong)].slug), language.M("sharing.draft.resumed")), nil
}

// firstOpen is the first step in which something is missing; the summary where nothing is.
func firstOpen(wrong problem.Fields) int {
	for i, one := range steps {
		if i == len(steps)-1 || len(one.of(wrong)) > 0 {
			return i
		}
	}
	return 0
}

func (p *pages) get(r *http.Request, s tenants.Scope) (Draft, error) {
	id, err := modules.PathID(r, "draft")
	if err != nil {
		return Draft{}, err
	}
	return p.service.Get(r.Context(), s, id)
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	d, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	at := stepAt(r.PathValue("step"))
	if at < 0 {
		return modules.View{}, problem.Missing()
	}
	if d.State == Proposed {
		return modules.Redirect("/rete/accordi/"+d.ID.String(), language.M("sharing.draft.was_proposed")), nil
	}
	return p.form(r, s, shown{draft: d, at: at})
}

// save keeps what the step says before anything is checked, so that nothing is lost, and leads where the button says.
func (p *pages) save(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "draft")
	if err != nil {
		return modules.View{}, err
	}
	at := stepAt(r.PathValue("step"))
	if at < 0 {
		return modules.View{}, problem.Missing()
	}
	version, _ := strconv.Atoi(r.PostFormValue("version")) // anything else is a draft that was never saved
	before, err := p.service.Get(r.Context(), s, id)
	if problem.Is(err, problem.NotFound) && version == 0 && at == 0 {
		before, err = Draft{ID: id, State: Open}, nil
	}
	if err != nil {
		return modules.View{}, err
	}
	if at == len(steps)-1 {
		return p.propose(r, s, before, version)
	}
	typed := before
	typed.Version = version
	p.read(r, s, at, &typed)
	proposed := false
	if steps[at].slug == "contenuti" {
		if proposed, err = p.service.addNeeded(r.Context(), s, &typed, before.Purposes); err != nil {
			return modules.View{}, err
		}
	}
	saved, err := p.service.Save(r.Context(), s, typed)
	if problem.Is(err, problem.Conflict) || problem.Is(err, problem.Invalid) {
		return p.form(r, s, shown{draft: typed, at: at, refused: err, saved: before})
	}
	if err != nil {
		return modules.View{}, err
	}
	if proposed && r.PostFormValue("azione") == "avanti" {
		return modules.Redirect(address(id, steps[at].slug), language.M("sharing.draft.proposed_sections")), nil
	}
	return p.lead(r, s, saved, at)
}

// lead goes where the button says: on, only where nothing is missing.
func (p *pages) lead(r *http.Request, s tenants.Scope, d Draft, at int) (modules.View, error) {
	kept := language.M("sharing.draft.saved")
	switch r.PostFormValue("azione") {
	case "cerca":
		return modules.Redirect(address(d.ID, steps[at].slug)+"?cerca="+url.QueryEscape(modules.Value(r, "cerca")), kept), nil
	case "rete":
		return modules.Redirect(address(d.ID, steps[at].slug), kept), nil
	case "indietro":
		return modules.Redirect(address(d.ID, steps[max(at-1, 0)].slug), kept), nil
	case "dopo":
		return modules.Redirect("/rete", kept), nil
	}
	wrong, err := p.service.Check(r.Context(), s, d)
	if err != nil {
		return modules.View{}, err
	}
	own := steps[at].of(wrong)
	if at == 0 && d.AsksRoles(own, len(askedRoles(r))) {
		return modules.Redirect(address(d.ID, steps[at].slug), language.M("sharing.draft.choose_roles")), nil
	}
	if err := own.Err(); err != nil {
		return p.form(r, s, shown{draft: d, at: at, refused: err, saved: d})
	}
	return modules.Redirect(address(d.ID, steps[at+1].slug), kept), nil
}

func (p *pages) propose(r *http.Request, s tenants.Scope, d Draft, version int) (modules.View, error) {
	a, err := p.service.Propose(r.Context(), s, d.ID, version)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.form(r, s, shown{draft: d, at: len(steps) - 1, refused: err, saved: d})
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accordi/"+a.ID.String(), language.M("sharing.agreement.proposed")), nil
}

func (p *pages) confirmDiscard(r *http.Request, s tenants.Scope) (modules.View, error) {
	d, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	page := component.Confirm{
		Title: modules.Say(r, "sharing.draft.discard"), Text: modules.Given(d.Title), Consequences: []string{modules.Say(r, "sharing.draft.discard_effect")},
		Action: address(d.ID, "scarta"), CancelURL: address(d.ID, ""), Button: component.Button{Label: modules.Say(r, "sharing.draft.discard"), Emphasis: component.Grave},
	}
	return modules.Render("sharing/confirm", language.M("sharing.draft.discard"), page), nil
}

func (p *pages) discard(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "draft")
	if err != nil {
		return modules.View{}, err
	}
	if err := p.service.Discard(r.Context(), s, id); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/rete", language.M("sharing.draft.discarded")), nil
}

func (p *pages) confirmRenewal(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.agreements.GetAgreement(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := component.Confirm{
		Title: modules.Say(r, "sharing.draft.renew"), Text: []string{a.Title}, Consequences: []string{modules.Say(r, "sharing.draft.renew_effect")},
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
		Action: "/rete/accordi/" + id.String() + "/rinnovo", CancelURL: "/rete/accordi/" + id.String(),
		Button: component.Button{Label: modules.Say(r, "sharing.draft.renew"), Emphasis: component.Primary},
	}
	return modules.Render("sharing/confirm", language.M("sharing.draft.renew"), page), nil
}

func (p *pages) renew(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	d, err := p.service.Renew(r.Context(), s, modules.FormID(r.PostFormValue("id")), id)
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(address(d.ID, "date"), language.M("sharing.draft.renewing")), nil
}
