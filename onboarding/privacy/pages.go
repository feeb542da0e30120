package privacy

import (
	"net/http"
	"slices"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/privacy/paper"
	"staffetta/policies"
	"staffetta/tenants"
)

// at is where a body writes its privacy documents, and paths is what they are called there.
const at = "/console/privacy"

var paths = map[paper.Kind]string{paper.Notice: "informativa", paper.Register: "registro", paper.Contract: "responsabili", paper.Joint: "accordi", paper.Assessment: "valutazione"}

func pathOf(k paper.Kind) string { return at + "/documenti/" + paths[k] }

// kindOf reads the kind of the path; "" for one that does not exist.
func kindOf(r *http.Request) paper.Kind {
	for kind, path := range paths {
		if path == r.PathValue("document") {
			return kind
		}
	}
	return ""
}

type pages struct {
	service *Service
}

// Pages are the pages of the privacy documents.
func Pages(v *Service) []modules.Page {
	p := &pages{service: v}
	document := at + "/documenti/{document}"
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.privacy.nav", Order: 70, About: "onboarding.privacy.about"}, Handle: p.list},
		{Pattern: "GET " + at + "/dati/{part}", Permission: Write, Handle: p.form},
		{Pattern: "POST " + at + "/dati/{part}", Permission: Write, Handle: p.save},
		{Pattern: "GET " + document, Permission: Read, Handle: p.show},
		{Pattern: "POST " + document, Permission: Write, Handle: p.publish},
		{Pattern: "POST " + document + "/parere", Permission: Agree, Handle: p.answer},
		{Pattern: "POST " + document + "/ritiro", Permission: Write, Handle: p.withdraw},
		{Pattern: "GET " + document + "/file", Permission: Read, Handle: p.file},
		{Pattern: "GET " + document + "/versioni/{number}", Permission: Read, Handle: p.version},
		{Pattern: "GET /privacy", Permission: policies.Public, Handle: p.public},
		{Pattern: "GET /privacy/{area}", Permission: policies.Public, Handle: p.publicArea},
	}
}

// listPage is where a body sees how its privacy documents stand.
type listPage struct {
	Breadcrumb component.Breadcrumb
	Who        component.Summary
	Elsewhere  component.Link
	Terms      component.Link
	Parts      component.TaskList // nothing for who cannot write
	Papers     component.TaskList
	Public     component.Link
}

func crumbs(r *http.Request, last string) component.Breadcrumb {
	items := []component.Crumb{{Label: modules.Say(r, "onboarding.console.title"), URL: "/console"}}
	title := modules.Say(r, "onboarding.privacy.title")
	if last == "" {
		return component.Breadcrumb{Items: append(items, component.Crumb{Label: title})}
	}
	return component.Breadcrumb{Items: append(items, component.Crumb{Label: title, URL: at}, component.Crumb{Label: last})}
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{
		Breadcrumb: crumbs(r, ""),
		Elsewhere:  component.Link{Label: modules.Say(r, "onboarding.privacy.elsewhere"), URL: "/console/identita"},
		Terms:      component.Link{Label: modules.Say(r, "onboarding.privacy.terms"), URL: "/console/conservazione"},
		Papers:     component.TaskList{ID: "documenti", Title: modules.Say(r, "onboarding.privacy.documents")},
		Public:     component.Link{Label: modules.Say(r, "onboarding.privacy.public"), URL: "/privacy"},
	}
	for _, f := range slices.Concat(b.Controller, b.Officer) {
		page.Who.Rows = append(page.Who.Rows, component.SummaryRow{Label: f.Label, Values: f.Values, Lang: language.Italian})
	}
	if p.service.deps.Permits(s, Write) {
		page.Parts = component.TaskList{ID: "dati", Title: modules.Say(r, "onboarding.privacy.parts")}
		for _, part := range parts {
			page.Parts.Tasks = append(page.Parts.Tasks, component.Task{
				Label: modules.Say(r, "onboarding.privacy.part."+part), Hint: modules.Say(r, "onboarding.privacy.part_hint."+part),
				URL: at + "/dati/" + part, State: b.stateOf(part),
			})
		}
	}
	for _, one := range b.Papers {
		page.Papers.Tasks = append(page.Papers.Tasks, component.Task{
			Label: modules.Say(r, "onboarding.privacy.kind."+string(one.Kind)), Hint: standing(r, one), URL: pathOf(one.Kind), State: one.task(),
		})
	}
	return modules.Render("onboarding/privacy", language.M("onboarding.privacy.title"), page), nil
}

// stateOf tells how far a part of the sheet is.
func (b Board) stateOf(part string) component.TaskState {
	j := b.Sheet.Judgement
	done := b.Sheet.Version > 0
	switch part {
	case partWho:
		done = done && len(b.Paper(paper.Contract).Draft.Missing) == 0
	case partWords:
		done = j.Need != "" && j.Risks != "" && j.Decision != ""
	}
	if done {
		return component.Done
	}
	return component.ToDo
}

func (p Paper) task() component.TaskState {
	switch {
	case p.Proposed != nil:
		return component.Waiting
	case p.UpToDate():
		return component.Done
	case p.Published != nil:
		return component.Outdated
	case p.Kind == paper.Notice || p.Kind == paper.Register:
		return component.ToDo
	default:
		return component.Advised
	}
}

// standing says in a sentence how a document stands.
func standing(r *http.Request, p Paper) string {
	switch {
	case p.Proposed != nil:
		return modules.Say(r, "onboarding.privacy.state.waiting")
	case p.UpToDate():
		return modules.Say(r, "onboarding.privacy.state.current", "n", p.Published.Number, "day", paper.Day(p.Published.DecidedAt))
	case p.Published != nil:
		return modules.Say(r, "onboarding.privacy.state.changed")
	case p.Kind == paper.Joint && len(p.Draft.Chapters) == 0:
		return modules.Say(r, "onboarding.privacy.missing.agreement")
	default:
		return modules.Say(r, "onboarding.privacy.state.never")
	}
}
