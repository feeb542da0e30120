package proposal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// ChoosePage lists the items that can be proposed.
type ChoosePage struct {
	Breadcrumb component.Breadcrumb
	Table      component.Table
}

// DraftPage asks what to propose of one item, and why.
type DraftPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Lang       string
	Action     string
	Hidden     []component.Hidden
	Fields     []component.Field
	Button     component.Button
	CancelURL  string
}

func (p pages) showNew(r *http.Request, s tenants.Scope) (modules.View, error) {
	of, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	kind, key, named := strings.Cut(r.URL.Query().Get("voce"), "/")
	if !named {
		return p.choosePage(r, s, "/adozioni/"+of.String())
	}
	w := Writing{ID: modules.FormID(""), Adoption: of, Kind: kind, Key: key}
	one, err := p.service.GetCandidate(r.Context(), s, of, kind, key)
	if err != nil {
		return modules.View{}, err
	}
	for _, c := range one.Changes {
		w.Places = append(w.Places, c.Path)
	}
	return p.draftPage(r, w, one, nil), nil
}

func (p pages) choosePage(r *http.Request, s tenants.Scope, at string) (modules.View, error) {
	of, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	found, err := p.service.FindCandidates(r.Context(), s, of)
	if err != nil {
		return modules.View{}, err
	}
	page := ChoosePage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
			component.Crumb{Label: modules.Say(r, "practice.adoption.one"), URL: at}, component.Crumb{Label: modules.Say(r, "practice.proposal.new")}),
		Table: component.Table{
			Caption: modules.Say(r, "practice.proposal.choose"), Hidden: true, Cards: true,
			Columns: form.Columns(r, "practice.item.title", "practice.ledger.difference", "practice.adoptions.act"),
			Empty:   component.Empty{Title: modules.Say(r, "practice.proposal.none"), Text: modules.Say(r, "practice.proposal.none_text")},
		},
	}
	for _, one := range found {
		title, lang := form.Said(r, one.Ours.Title)
		act := component.Link{Label: modules.Say(r, "practice.proposal.propose"), Hidden: one.Ours.Key, URL: at + "/proposte/nuova?voce=" + one.Ours.Kind + "/" + one.Ours.Key}
		if one.Open != [16]byte{} {
			act = component.Link{Label: modules.Say(r, "practice.proposal.see"), Hidden: one.Ours.Key, URL: listPath + "/" + one.Open.String()}
		}
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: one.Ours.Key + " " + title, Lang: lang, Note: form.Kind(r, p.service.deps.Platform.Kinds, one.Ours.Kind)},
			{Text: modules.Say(r, "practice.proposal.places", "n", len(one.Changes))},
			{Actions: []component.Link{act}},
		}})
	}
	return modules.Render("practice/choose", language.M("practice.proposal.new"), page), nil
}

func (p pages) draftPage(r *http.Request, w Writing, one Candidate, wrong map[string]string) modules.View {
	title, lang := form.Said(r, one.Ours.Title)
	places := component.Field{
		ID: "places", Kind: component.Checkboxes, Label: modules.Say(r, "practice.proposal.which"), Hint: modules.Say(r, "practice.proposal.which_hint"),
		Required: true, Error: wrong["places"],
	}
	say := p.teller(r, one.Ours, one.Base)
	for _, c := range one.Changes {
		places.Options = append(places.Options, component.Option{
			Value: c.Path, Label: say.Place(c.Path), Selected: slices.Contains(w.Places, c.Path),
			Hint: modules.Say(r, "practice.proposal.was_is", "was", form.Value(r, say, c.Path, c.Was), "is", form.Value(r, say, c.Path, c.Is)),
		})
	}
	at := "/adozioni/" + w.Adoption.String()
	page := DraftPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"},
			component.Crumb{Label: modules.Say(r, "practice.adoption.one"), URL: at}, component.Crumb{Label: modules.Say(r, "practice.proposal.new")}),
		Title: one.Ours.Key + " " + title, Lang: lang, Action: at + "/proposte", CancelURL: at + "/proposte/nuova",
		Hidden: []component.Hidden{{Name: "id", Value: w.ID.String()}, {Name: "voce", Value: kit.Place(w.Kind, w.Key)}},
		Fields: []component.Field{
			places,
			{
				ID: "reason", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "practice.proposal.reason"), Hint: modules.Say(r, "practice.proposal.reason_hint"),
				Required: true, MaxLength: 500, Value: w.Reason, Error: wrong["reason"],
			},
			{
				ID: "evidence", Kind: component.LongText, Rows: 4, Label: modules.Say(r, "practice.proposal.evidence"), Hint: modules.Say(r, "practice.proposal.evidence_hint"),
				MaxLength: 2000, Value: w.Evidence, Error: wrong["evidence"],
			},
			{
				ID: "link", Label: modules.Say(r, "practice.proposal.link"), Hint: modules.Say(r, "practice.statement.link_hint"), MaxLength: 500, Value: w.Link, Error: wrong["link"],
			},
		},
		Button: component.Button{Label: modules.Say(r, "practice.proposal.continue"), Emphasis: component.Primary},
	}
	if w.Revision > 0 {
		page.Action, page.CancelURL = listPath+"/"+w.ID.String()+"/modifica", listPath+"/"+w.ID.String()
		page.Hidden = []component.Hidden{{Name: "seen", Value: strconv.Itoa(w.Revision)}}
	}
	page.Errors = component.Summarize(page.Fields...)
	return modules.Render("practice/propose", language.M("practice.proposal.new"), page)
}

// writingOf reads a draft from its form.
func writingOf(r *http.Request, w Writing) (Writing, error) {
	if err := r.ParseForm(); err != nil {
		return w, problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	w.Places, w.Reason, w.Evidence, w.Link = r.PostForm["places"], r.PostFormValue("reason"), r.PostFormValue("evidence"), r.PostFormValue("link")
	return w, nil
}

func (p pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	of, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	kind, key, _ := strings.Cut(modules.Value(r, "voce"), "/")
	w, err := writingOf(r, Writing{ID: modules.FormID(r.PostFormValue("id")), Adoption: of, Kind: kind, Key: key})
	if err != nil {
		return modules.View{}, err
	}
	return p.save(r, s, w)
}

func (p pages) save(r *http.Request, s tenants.Scope, w Writing) (modules.View, error) {
	one, err := p.service.Save(r.Context(), s, w)
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		candidate, err := p.service.GetCandidate(r.Context(), s, w.Adoption, w.Kind, w.Key)
		if err != nil {
			return modules.View{}, err
		}
		return p.draftPage(r, w, candidate, wrong).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(pathOf(one), language.M("practice.proposal.saved")), nil
}

// drafted is the draft of the path with what the body changed of its item.
func (p pages) drafted(r *http.Request, s tenants.Scope) (Writing, Candidate, error) {
	d, err := p.get(r, s)
	if err != nil {
		return Writing{}, Candidate{}, err
	}
	if d.State != Draft {
		return Writing{}, Candidate{}, problem.Missing()
	}
	w := Writing{
		ID: d.ID, Adoption: d.Adoption, Kind: d.Item.Kind, Key: d.Item.Key, Reason: d.Reason, Evidence: d.Evidence, Link: d.Link, Revision: d.Revision,
	}
	changes, err := p.service.Changes(d)
	if err != nil {
		return Writing{}, Candidate{}, err
	}
	for _, c := range changes {
		w.Places = append(w.Places, c.Path)
	}
	one, err := p.service.GetCandidate(r.Context(), s, w.Adoption, w.Kind, w.Key)
	return w, one, err
}

func (p pages) showEdit(r *http.Request, s tenants.Scope) (modules.View, error) {
	w, one, err := p.drafted(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.draftPage(r, w, one, nil), nil
}

func (p pages) update(r *http.Request, s tenants.Scope) (modules.View, error) {
	w, _, err := p.drafted(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if w, err = writingOf(r, w); err != nil {
		return modules.View{}, err
	}
	if w.Revision = seen(r); w.Revision < 1 {
		return modules.View{}, problem.New(problem.Conflict, "practice.proposal.error.changed")
	}
	return p.save(r, s, w)
}
