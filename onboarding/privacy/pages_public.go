package privacy

import (
	"net/http"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/privacy/paper"
	"staffetta/tenants"
)

// agreements is where people read the essence of the agreements with other bodies.
const agreements = "accordi"

// publicPage is the published notice: the short one with links to the others, or one of them.
type publicPage struct {
	Title  string
	Plain  []string // where nothing was published: what is so of every body
	Issued string
	Back   *component.Link
	Body   []block
	More   []component.Link
}

func (p *pages) public(r *http.Request, s tenants.Scope) (modules.View, error) {
	notice, err := p.published(r, s, paper.Notice)
	if problem.Is(err, problem.NotFound) {
		return p.unpublished(r, s)
	}
	if err != nil {
		return modules.View{}, err
	}
	short, _ := notice.Document.Chapter(paper.Short)
	page := publicPage{Title: notice.Document.Title, Issued: issued(r, notice), Body: partsOf(2, short)}
	for _, c := range notice.Document.Chapters {
		if c.ID != paper.Short {
			page.More = append(page.More, component.Link{Label: c.Title, URL: "/privacy/" + c.ID})
		}
	}
	if joint, err := p.published(r, s, paper.Joint); err == nil {
		page.More = append(page.More, component.Link{Label: joint.Document.Title, URL: "/privacy/" + agreements})
	} else if !problem.Is(err, problem.NotFound) {
		return modules.View{}, err
	}
	return publicView(page), nil
}

func (p *pages) publicArea(r *http.Request, s tenants.Scope) (modules.View, error) {
	area, kind := r.PathValue("area"), paper.Notice
	if area == agreements {
		kind = paper.Joint
	}
	x, err := p.published(r, s, kind)
	if err != nil {
		return modules.View{}, err
	}
	page := publicPage{Title: x.Document.Title, Issued: issued(r, x), Back: &component.Link{Label: modules.Say(r, "onboarding.privacy.back"), URL: "/privacy"}}
	if kind == paper.Joint {
		page.Body = blocksOf(2, x.Document.Chapters...)
		return publicView(page), nil
	}
	chapter, found := x.Document.Chapter(area)
	if !found || area == paper.Short {
		return modules.View{}, problem.Missing()
	}
	page.Title, page.Body = chapter.Title, partsOf(2, chapter)
	return publicView(page), nil
}

// published is the document in force; of a body on trial nobody reads anything here.
func (p *pages) published(r *http.Request, s tenants.Scope, kind paper.Kind) (Version, error) {
	body, err := p.service.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return Version{}, err
	}
	if body.Trial() {
		return Version{}, problem.Missing()
	}
	return p.service.GetPublished(r.Context(), s, kind, 0)
}

// unpublished says what is so of every body, until this one has published its own words.
func (p *pages) unpublished(r *http.Request, s tenants.Scope) (modules.View, error) {
	body, err := p.service.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return modules.View{}, err
	}
	page := publicPage{Title: modules.Say(r, "web.legal.privacy.title")}
	for _, key := range []string{"web.legal.privacy.1", "web.legal.privacy.2", "web.legal.privacy.3"} {
		page.Plain = append(page.Plain, modules.Say(r, key, "body", body.Name))
	}
	return publicView(page), nil
}

func issued(r *http.Request, x Version) string {
	return modules.Say(r, "onboarding.privacy.issued", "n", x.Number, "day", paper.Day(x.DecidedAt))
}

func publicView(page publicPage) modules.View {
	view := modules.Render("onboarding/privacy-public", language.M("web.legal.privacy.title"), page)
	view.Public = true
	return view
}
