package demo

import (
	"bytes"
	"crypto/rand"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

//go:embed pages/page.html pages/fault.html pages/style.css
var pages embed.FS

var pageTemplates = template.Must(template.ParseFS(pages, "pages/*.html"))

// pageView is what the page with the people shows.
type pageView struct {
	Style      string
	Action     string
	ID         string
	Client     string
	Attributes []string
	Search     string
	Found      int
	First      []Person // of the body that asks
	Others     []Person
	Levels     []levelView
}

type levelView struct {
	ACR     string
	Label   string
	Checked bool
}

var levelLabels = []string{"Livello 1 (basso)", "Livello 2 (significativo)", "Livello 3 (elevato)"}

func (p *Provider) showInteraction(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	waiting, ok := p.interactions.get(id)
	if !ok {
		p.showFault(w, "La richiesta di accesso è scaduta o già usata. Torna al servizio e riprova.")
		return
	}
	view := p.view(id, r.URL.Query().Get("q"), waiting)
	p.render(w, http.StatusOK, page{template: "page.html", data: view, goesTo: waiting.request.RedirectURI})
}

// view puts the people of the asking body first.
func (p *Provider) view(id, search string, waiting interaction) pageView {
	view := pageView{
		Style: p.issuer + "/style.css", Action: p.issuer + "/interaction", ID: id,
		Client: waiting.client.Name, Search: search, Attributes: attributeLabels(waiting.request),
	}
	for _, person := range p.people {
		switch {
		case !found(person, search):
		case slices.Contains(person.Bodies, waiting.client.Body):
			view.First = append(view.First, person)
		default:
			view.Others = append(view.Others, person)
		}
	}
	view.Found = len(view.First) + len(view.Others)
	chosen := max(rank(waiting.request.ACR), 1)
	for i, acr := range levels() {
		view.Levels = append(view.Levels, levelView{ACR: acr, Label: levelLabels[i], Checked: i == chosen})
	}
	return view
}

func attributeLabels(request authRequest) []string {
	labels := [][2]string{
		{"given_name", "nome"}, {"family_name", "cognome"}, {attributePrefix + "fiscal_number", "codice fiscale"},
	}
	var asked []string
	for _, label := range labels {
		if _, ok := request.Claims.Userinfo[label[0]]; ok {
			asked = append(asked, label[1])
		}
	}
	return asked
}

// found tells whether every word of the search is in the person's texts.
func found(person Person, search string) bool {
	text := strings.ToLower(strings.Join([]string{person.GivenName, person.FamilyName, person.FiscalCode, person.Note}, " "))
	for word := range strings.FieldsSeq(strings.ToLower(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// endInteraction takes the person's choice, once.
func (p *Provider) endInteraction(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.showFault(w, "La richiesta non è leggibile.")
		return
	}
	waiting, ok := p.interactions.take(r.PostForm.Get("id"))
	if !ok {
		p.showFault(w, "La richiesta di accesso è scaduta o già usata. Torna al servizio e riprova.")
		return
	}
	p.answer(w, r, waiting.request, p.decide(waiting, r.PostForm))
}

func (p *Provider) decide(waiting interaction, form url.Values) url.Values {
	if form.Get("action") == "cancel" {
		return denied("25")
	}
	chosen := slices.IndexFunc(p.people, func(person Person) bool { return person.FiscalCode == form.Get("person") })
	if chosen < 0 {
		return url.Values{"error": {"access_denied"}}
	}
	acr := form.Get("level")
	if rank(acr) < rank(waiting.request.ACR) {
		return denied("20")
	}
	code := rand.Text() + rand.Text()
	if !p.codes.add(code, grant{request: waiting.request, person: p.people[chosen], acr: acr}, codeTime) {
		return url.Values{"error": {"temporarily_unavailable"}}
	}
	return url.Values{"code": {code}}
}

// denied uses the anomaly numbers of the Italian identity federations.
func denied(number string) url.Values {
	return url.Values{"error": {"access_denied"}, "error_description": {"ErrorCode nr" + number}}
}

type page struct {
	template string
	data     any
	goesTo   string // where the form's answer redirects; empty for none
}

// render sends a page. form-action names the relying party too, because
// browsers apply it to the redirect that follows the form.
func (p *Provider) render(w http.ResponseWriter, status int, shown page) {
	var body bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&body, shown.template, shown.data); err != nil {
		http.Error(w, "La pagina non può essere mostrata.", http.StatusInternalServerError)
		return
	}
	target := "'none'"
	if u, err := url.Parse(shown.goesTo); err == nil && shown.goesTo != "" {
		target = "'self' " + u.Scheme + "://" + u.Host
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action "+target+
		"; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w) // the browser is gone: nothing left to do
}

func (p *Provider) showFault(w http.ResponseWriter, text string) {
	data := struct{ Style, Text string }{p.issuer + "/style.css", text}
	p.render(w, http.StatusBadRequest, page{template: "fault.html", data: data})
}

func serveStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "max-age=3600")
	http.ServeFileFS(w, r, pages, "pages/style.css")
}
