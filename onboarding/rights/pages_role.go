package rights

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// rolePage is where the rules of a role in a relation are chosen.
type rolePage struct {
	Title      string
	Errors     component.ErrorSummary
	Note       *component.Alert
	Tabs       component.Sections
	Action     string
	Hidden     []component.Hidden
	Groups     []ruleGroup
	Submit     *component.Button // nil for who only looks
	Breadcrumb component.Breadcrumb
	Explain    string
}

// entriesOf are the entries of the role and the relation of the request.
func (p *pages) entriesOf(r *http.Request, s tenants.Scope) ([]Entry, error) {
	all, err := p.service.FindEntries(r.Context(), s, relationOf(r))
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e Entry) bool { return e.Role != r.PathValue("role") })
	if len(all) == 0 {
		return nil, problem.Missing()
	}
	return all, nil
}

func (p *pages) role(r *http.Request, s tenants.Scope) (modules.View, error) {
	entries, err := p.entriesOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.roleView(r, s, entries, nil)
}

func (p *pages) roleView(r *http.Request, s tenants.Scope, entries []Entry, refused error) (modules.View, error) {
	draft, err := p.service.GetDraft(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	relation, role := relationOf(r), r.PathValue("role")
	page := rolePage{
		Title: p.roleText(r, s, role), Tabs: tabs(r, at+"/"+role, relation), Action: at + "/" + role, Explain: modules.Say(r, "onboarding.rights.about."+string(relation)),
		Hidden:     []component.Hidden{{Name: "relazione", Value: string(relation)}, {Name: "versione", Value: strconv.Itoa(draft.Version)}},
		Breadcrumb: crumbs(r, at+"?relazione="+string(relation), p.roleText(r, s, role)),
	}
	item, follows := policies.ItemOf(role)
	if !follows && p.service.deps.Permits(s, policies.ManageRules) {
		page.Submit = &component.Button{Label: modules.Say(r, "onboarding.rights.save"), Emphasis: component.Primary}
	}
	if why := p.onlyTaken(role, entries[0].Relation); why != "" {
		page.Note = &component.Alert{Tone: component.Info, Text: modules.Say(r, why)}
	}
	if follows {
		sources, err := p.service.FindSources(r.Context(), s)
		if err != nil {
			return modules.View{}, err
		}
		page.Note = &component.Alert{
			Tone: component.Info, Title: SourceText(r, sources[role]), Text: modules.Say(r, "onboarding.rights.follows"),
		}
		if p.service.deps.Permits(s, "item:read") {
			page.Note.Link = &component.Link{Label: modules.Say(r, "onboarding.rights.open_item"), URL: "/kit/role/" + item}
		}
	}
	page.Groups = p.groups(r, entries, page.Submit != nil)
	if page.Submit != nil {
		page.Hidden = append(page.Hidden, component.Hidden{Name: "mostrate", Value: strings.Join(p.offered(entries), " ")})
	}
	view := modules.Render("onboarding/rights-role", language.M("onboarding.rights.role_title", "role", page.Title), &page)
	switch {
	case problem.Is(refused, problem.Conflict): // what was chosen stays, beside the draft of somebody else
		page.Note = &component.Alert{Tone: component.Warning, Text: modules.Say(r, "onboarding.rights.error.moved")}
		view.Status = http.StatusConflict
	case refused != nil:
		page.Errors = refusal(r, refused)
		view = view.Refused()
	}
	return view, nil
}

// refusal says at the top what is wrong with the rules that were sent.
func refusal(r *http.Request, refused error) component.ErrorSummary {
	return component.ErrorSummary{Errors: []component.FieldError{{Message: modules.FieldErrors(r.Context(), refused)["regola"]}}}
}

// onlyTaken says why nothing, or no case, can be added; "" where everything can.
func (p *pages) onlyTaken(role string, relation policies.Relation) string {
	switch {
	case policies.Configures(role):
		return "onboarding.rights.error.configures"
	case relation == policies.Guest:
		return "onboarding.rights.error.guest"
	case !p.service.deps.Policies.Works(role):
		return "onboarding.rights.error.caseless"
	}
	return ""
}

func yesNo(r *http.Request, yes bool) string {
	if yes {
		return modules.Say(r, "onboarding.rights.yes")
	}
	return modules.Say(r, "onboarding.rights.no")
}

func effectText(r *http.Request, effect string) string {
	if effect == "" {
		return modules.Say(r, "onboarding.rights.effect.none")
	}
	return modules.Say(r, "onboarding.rights.effect."+effect)
}

// save puts the rules of a role in a relation into the draft; the rest of the draft stays.
func (p *pages) save(r *http.Request, s tenants.Scope) (modules.View, error) {
	entries, err := p.entriesOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	draft, err := p.service.GetDraft(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	lines := slices.DeleteFunc(draft.Lines, func(one policies.Rule) bool {
		return one.Role == entries[0].Role && one.Relation == entries[0].Relation
	})
	for _, e := range entries {
		one := e.Rule.About()
		if one.Effect = e.Draft; p.isShown(r, e) {
			one.Effect = e.wish(isTicked(r, e))
		}
		if one.Effect != e.Effect {
			lines = append(lines, one)
		}
	}
	seen, _ := strconv.Atoi(r.PostFormValue("versione"))
	err = p.service.SaveDraft(r.Context(), s, seen, lines)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.roleView(r, s, entries, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	if len(lines) == 0 {
		return modules.Redirect(at+"/"+entries[0].Role+"?relazione="+string(entries[0].Relation), language.M("onboarding.rights.same")), nil
	}
	return modules.Redirect(at+"/bozza", language.M("onboarding.rights.drafted")), nil
}
