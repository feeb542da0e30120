package rights

import (
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// draftPage is a change before it is applied: its difference, who gains, who loses, and what refuses it.
type draftPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Changed    *component.Alert // somebody else was faster
	Begun      string
	Lines      component.Table
	Gains      component.Table
	Losses     component.Table
	Nobody     string // where nobody gains or loses
	Failing    []string
	Fields     []component.Field
	Hidden     []component.Hidden
	Apply      *component.Button // nil while something refuses the change
	Discard    component.Button
}

func (p *pages) draft(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.draftView(r, s, nil)
}

func (p *pages) draftView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	preview, err := p.service.GetPreview(r.Context(), s)
	if problem.Is(err, problem.NotFound) {
		return modules.Redirect(at, language.M("onboarding.rights.draft.none")), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	page := draftPage{
		Begun: modules.Say(r, "onboarding.rights.draft.begun", "name", preview.By, "day", preview.Since.In(language.Rome).Format("02/01/2006")),
		Lines: p.lineTable(r, s, preview.Lines, true), Gains: modules.SightTable(r, p.service.deps.Platform.Modules, preview.Changes, true), Losses: modules.SightTable(r, p.service.deps.Platform.Modules, preview.Changes, false),
		Failing: p.failing(r, preview.Failing), Fields: applyFields(r, wrong),
		Hidden:     []component.Hidden{{Name: modules.MarkField, Value: preview.Mark}, {Name: "versione", Value: strconv.Itoa(preview.Version)}},
		Discard:    component.Button{Label: modules.Say(r, "onboarding.rights.draft.discard")},
		Breadcrumb: crumbs(r, at, modules.Say(r, "onboarding.rights.draft.title")),
	}
	if len(preview.Changes) == 0 {
		page.Nobody = modules.Say(r, "web.sight.nobody")
	}
	if len(page.Failing) == 0 {
		page.Apply = &component.Button{Label: modules.Say(r, "onboarding.rights.draft.apply"), Emphasis: component.Primary}
	}
	view := modules.Render("onboarding/rights-draft", language.M("onboarding.rights.draft.title"), &page)
	switch {
	case problem.Is(refused, problem.Conflict):
		page.Changed = &component.Alert{Tone: component.Warning, Text: language.Say(r.Context(), problem.Of(refused).Message)}
		view.Status = http.StatusConflict
	case refused != nil:
		page.Errors = component.Summarize(page.Fields...)
		view = view.Refused()
	}
	return view, nil
}

func applyFields(r *http.Request, wrong map[string]string) []component.Field {
	return []component.Field{
		{
			ID: "motivo", Kind: component.LongText, Rows: 3, Required: true, MaxLength: 500, Label: modules.Say(r, "onboarding.rights.draft.reason"),
			Value: modules.Value(r, "motivo"), Error: wrong["motivo"],
		},
		component.Consent(r.Context(), modules.ReadConsent(r).Acknowledged, wrong[modules.ConsentField]),
	}
}

// lineTable says what each rule was and is to be; with the answer, where it is asked for.
func (p *pages) lineTable(r *http.Request, s tenants.Scope, lines []Line, answers bool) component.Table {
	t := component.Table{ID: "differenze", Caption: modules.Say(r, "onboarding.rights.draft.difference"), Columns: []component.Column{
		{Label: modules.Say(r, "onboarding.rights.role")},
		{Label: modules.Say(r, "onboarding.rights.relation")},
		{Label: modules.Say(r, "onboarding.rights.what")},
		{Label: modules.Say(r, "onboarding.rights.before")},
		{Label: modules.Say(r, "onboarding.rights.after")},
	}}
	for _, l := range lines {
		before, after := component.Cell{Text: effectText(r, l.Before)}, component.Cell{Text: effectText(r, l.After)}
		if answers {
			before.Note, after.Note = modules.Say(r, "onboarding.rights.result")+": "+yesNo(r, l.Was), modules.Say(r, "onboarding.rights.then")+": "+yesNo(r, l.Will)
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: p.roleText(r, s, l.Role)}, {Text: relationText(r, l.Relation)}, {Text: p.label(r, l.Rule, isPermission(l.Rule))}, before, after,
		}})
	}
	return t
}

// failing says of each vector what the change would answer.
func (p *pages) failing(r *http.Request, vectors []policies.Vector) []string {
	var lines []string
	for _, one := range vectors {
		rule := policies.Rule{Role: one.Role, Relation: one.Relation, Object: one.Object, Action: one.Action}
		key := "onboarding.rights.vector.must_not"
		if one.Allowed {
			key = "onboarding.rights.vector.must"
		}
		lines = append(lines, modules.Say(r, key, "role", roleText(r, one.Role), "relation", relationText(r, one.Relation), "what", p.label(r, rule, isPermission(rule))))
	}
	return lines
}

func (p *pages) apply(r *http.Request, s tenants.Scope) (modules.View, error) {
	number, err := p.service.Apply(r.Context(), s, Consent{Consent: modules.ReadConsent(r), Reason: r.PostFormValue("motivo")})
	switch {
	case problem.Is(err, problem.NotFound): // applied by a first submit
		return modules.Redirect(at+"/storia", language.M("onboarding.rights.draft.none")), nil
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict):
		return p.draftView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at+"/storia", language.M("onboarding.rights.applied", "number", number)), nil
}

func (p *pages) discard(r *http.Request, s tenants.Scope) (modules.View, error) {
	seen, _ := strconv.Atoi(r.PostFormValue("versione"))
	err := p.service.Discard(r.Context(), s, seen)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("onboarding.rights.draft.discarded")), nil
}

// historyPage lists the changes that were applied.
type historyPage struct {
	Breadcrumb component.Breadcrumb
	Changes    []historyEntry
	Empty      component.Empty
}

// historyEntry is one change with its way back.
type historyEntry struct {
	Title, Reason string
	Item          *component.Link // that the change came with
	Lines         component.Table
	Sights        string
	Action        string
	Undo          *component.Button
	Reviewed      string // who looked at what is read more, or that nobody did
	Look          string // where to say so
	Review        *component.Button
}

func (p *pages) history(r *http.Request, s tenants.Scope) (modules.View, error) {
	changes, err := p.service.FindChanges(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := historyPage{
		Empty:      component.Empty{Title: modules.Say(r, "onboarding.rights.history.none"), Text: modules.Say(r, "onboarding.rights.history.none_text")},
		Breadcrumb: crumbs(r, at, modules.Say(r, "onboarding.rights.history")),
	}
	allowed := p.service.deps.Permits(s, policies.ManageRules)
	for _, c := range changes {
		e := historyEntry{
			Title:  modules.Say(r, "onboarding.rights.history.one", "number", c.Number, "name", c.By, "at", c.At.In(language.Rome).Format("02/01/2006, 15:04")),
			Reason: c.Reason, Lines: p.lineTable(r, s, c.Lines, false), Action: at + "/storia/" + c.ID.String() + "/ripristina",
			Sights: modules.Say(r, "onboarding.rights.history.nobody"),
		}
		if n := len(modules.GroupSights(c.Changes)); n > 0 {
			e.Sights = modules.Say(r, "onboarding.rights.history.sights", "n", n)
		}
		p.addReview(r, s, &e, c)
		e.Lines.ID = "modifica-" + strconv.Itoa(c.Number)
		if c.Item != "" {
			e.Item = itemLink(r, c)
		} else if allowed {
			e.Undo = &component.Button{Label: modules.Say(r, "onboarding.rights.history.undo"), Hidden: e.Title}
		}
		page.Changes = append(page.Changes, e)
	}
	return modules.Render("onboarding/rights-history", language.M("onboarding.rights.history"), page), nil
}

// addReview says of a change by which more is read who has looked at it, and lets who may do so.
func (p *pages) addReview(r *http.Request, s tenants.Scope, e *historyEntry, c Change) {
	switch {
	case !c.Widens:
	case c.ReviewedAt != nil:
		e.Reviewed = modules.Say(r, "onboarding.rights.reviewed", "name", c.ReviewedBy, "day", c.ReviewedAt.In(language.Rome).Format("02/01/2006"))
	default:
		e.Reviewed = modules.Say(r, "onboarding.rights.to_review")
		if p.service.deps.Permits(s, policies.ReviewRules) {
			e.Look, e.Review = at+"/storia/"+c.ID.String()+"/controllata", &component.Button{Label: modules.Say(r, "onboarding.rights.review"), Hidden: e.Title}
		}
	}
}

func (p *pages) review(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "change")
	if err == nil {
		err = p.service.Review(r.Context(), s, id)
	}
	if problem.Is(err, problem.Conflict) {
		return modules.TurnBack(at+"/storia", problem.Of(err).Message), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(at+"/storia", language.M("onboarding.rights.review_done")), nil
}

// itemLink leads to the item that a change came with.
func itemLink(r *http.Request, c Change) *component.Link {
	label := modules.Say(r, "onboarding.rights.history.retired", "item", c.Item)
	if c.Version > 0 {
		label = modules.Say(r, "onboarding.rights.history.item", "item", c.Item, "version", c.Version)
	}
	return &component.Link{Label: label, URL: "/kit/role/" + c.Item}
}

func (p *pages) undo(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "change")
	if err == nil {
		err = p.service.Undo(r.Context(), s, id)
	}
	if problem.Is(err, problem.Conflict) { // there is another draft, or nothing is left to undo
		return modules.TurnBack(at+"/storia", problem.Of(err).Message), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(at+"/bozza", language.M("onboarding.rights.drafted")), nil
}

// vectorsPage lists what the body wants its rules to answer.
type vectorsPage struct {
	Errors     component.ErrorSummary
	Rows       []vectorRow
	Empty      component.Empty
	Form       *vectorForm
	Breadcrumb component.Breadcrumb
	Remove     component.Button
}

// vectorRow is one of them.
type vectorRow struct {
	Text, Note string
	Tag        component.Tag
	Action     string // "" for who only looks
}

// vectorForm adds one.
type vectorForm struct {
	ID     string
	Fields []component.Field
	Add    component.Button
}

func (p *pages) vectors(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.vectorsView(r, s, nil)
}

func (p *pages) vectorsView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	found, err := p.service.FindVectors(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := vectorsPage{
		Empty: component.Empty{Title: modules.Say(r, "onboarding.rights.vector.none")}, Breadcrumb: crumbs(r, at, modules.Say(r, "onboarding.rights.vectors")),
		Remove: component.Button{Label: modules.Say(r, "onboarding.rights.vector.remove")},
	}
	allowed := p.service.deps.Permits(s, policies.ManageRules)
	for _, one := range found {
		row := vectorRow{
			Text: p.failing(r, []policies.Vector{one.Vector})[0], Note: one.By + ", " + one.Since.In(language.Rome).Format("02/01/2006"),
			Tag: component.Tag{Label: modules.Say(r, "onboarding.rights.vector.fails"), Tone: component.Danger},
		}
		if one.Holds {
			row.Tag = component.Tag{Label: modules.Say(r, "onboarding.rights.vector.holds"), Tone: component.Success}
		}
		if allowed {
			row.Action = at + "/prove/" + one.ID.String() + "/rimuovi"
		}
		page.Rows = append(page.Rows, row)
	}
	if allowed {
		page.Form = p.vectorForm(r)
	}
	view := modules.Render("onboarding/rights-vectors", language.M("onboarding.rights.vectors"), &page)
	if refused == nil {
		return view, nil
	}
	page.Errors = refusal(r, refused)
	return view.Refused(), nil
}

func (p *pages) vectorForm(r *http.Request) *vectorForm {
	choose := func(id, label string, options []component.Option) component.Field {
		return component.Field{ID: id, Kind: component.Select, Label: modules.Say(r, label), Required: true, Options: options, Value: modules.Value(r, id)}
	}
	var roles, relations, what []component.Option
	for _, role := range policies.Ruled() {
		roles = append(roles, component.Option{Value: role.ID, Label: roleText(r, role.ID)})
	}
	for _, relation := range policies.Relations {
		if relation != policies.Office {
			relations = append(relations, component.Option{Value: string(relation), Label: relationText(r, relation)})
		}
	}
	for _, e := range p.service.objects(policies.Body) {
		what = append(what, component.Option{Value: e.Object + ":" + e.Action, Label: p.label(r, e.Rule, e.Permission)})
	}
	return &vectorForm{
		ID: modules.FormID(r.PostFormValue("id")).String(), Add: component.Button{Label: modules.Say(r, "onboarding.rights.vector.add"), Emphasis: component.Primary},
		Fields: []component.Field{
			choose("ruolo", "onboarding.rights.role", roles), choose("relazione", "onboarding.rights.relation", relations), choose("cosa", "onboarding.rights.what", what),
			{ID: "risposta", Kind: component.Radios, Label: modules.Say(r, "onboarding.rights.vector.answer"), Required: true, Value: modules.Value(r, "risposta"), Options: []component.Option{
				{Value: policies.Allow, Label: modules.Say(r, "onboarding.rights.yes")}, {Value: policies.Deny, Label: modules.Say(r, "onboarding.rights.no")},
			}},
		},
	}
}

func (p *pages) addVector(r *http.Request, s tenants.Scope) (modules.View, error) {
	object, action, _ := strings.Cut(modules.Value(r, "cosa"), ":")
	one := policies.Vector{
		Role: modules.Value(r, "ruolo"), Relation: policies.Relation(modules.Value(r, "relazione")), Object: object, Action: action,
		Allowed: modules.Value(r, "risposta") == policies.Allow,
	}
	err := p.service.AddVector(r.Context(), s, modules.FormID(r.PostFormValue("id")), one)
	if problem.Is(err, problem.Invalid) {
		return p.vectorsView(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(at+"/prove", language.M("onboarding.rights.vector.added")), nil
}

func (p *pages) removeVector(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "vector")
	if err == nil {
		err = p.service.RemoveVector(r.Context(), s, id)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(at+"/prove", language.M("onboarding.rights.vector.removed")), nil
}
