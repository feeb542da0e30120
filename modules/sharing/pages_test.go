package sharing_test

import (
	"bytes"
	"context"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/network"
	"staffetta/policies"
	"staffetta/tenants"
)

// site serves the pages of the module as the host does: route, permission, page, template.
type site struct {
	*pair
	pages     []modules.Page
	catalogue *language.Catalogue
	templates *template.Template
}

func newSite(t *testing.T) *site {
	t.Helper()
	return siteOf(newPair(t))
}

// siteOf serves the pages over a pair.
func siteOf(p *pair) *site {
	p.t.Helper()
	s := &site{pair: p}
	parts, err := sharing.Module().New(s.deps)
	s.must(err)
	s.pages = parts.Pages
	s.catalogue, err = language.NewCatalogue(os.DirFS("../../api/web/messages"), os.DirFS("../../api/web/messages/host"), registry.Module().Messages, kit.Module().Messages, casefile.Module().Messages, sharing.Module().Messages)
	s.must(err)
	s.templates = template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"t": func(key string, pairs ...any) string { return s.catalogue.Say("it", language.M(key, pairs...)) },
		"url": func(p string) string {
			if strings.HasPrefix(p, "/") {
				return "/ente" + p
			}
			return p
		},
		"icon": func(string) template.HTML { return "" }, "lang": func() string { return "it" }, "asset": func(n string) string { return "/s/" + n },
		"date": func(d time.Time) string { return d.Format("02/01/2006") }, "datetime": func(d time.Time) string { return d.Format("02/01/2006, 15:04") },
		"number": func(v any) any { return v }, "say": func(m language.Message) string { return s.catalogue.Say("it", m) }, "in": func(x language.Text) string { return x.It },
	})
	for _, files := range []fs.FS{os.DirFS("../../api/web/templates"), casefile.Module().Templates, sharing.Module().Templates} {
		_, err := s.templates.ParseFS(files, "*.html")
		s.must(err)
	}
	return s
}

// answer is what a browser would get.
type answer struct {
	status   int
	redirect string
	flash    string // the key of what is said after it
	markup   string
	err      error
}

func (s *site) serve(actor tenants.Scope, method, path string, form url.Values) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	mux := http.NewServeMux()
	var got answer
	for _, page := range s.pages {
		mux.HandleFunc(page.Pattern, func(_ http.ResponseWriter, r *http.Request) { got = s.page(page, actor, r) })
	}
	if _, pattern := mux.Handler(r); pattern == "" {
		s.t.Fatalf("no page serves %s %s", method, path)
	}
	mux.ServeHTTP(httptest.NewRecorder(), r)
	return got
}

func (s *site) page(page modules.Page, actor tenants.Scope, r *http.Request) answer {
	if allowed, _ := s.deps.Policies.Permits(actor, page.Permission); !allowed {
		return answer{status: http.StatusNotFound, err: problem.Missing()}
	}
	view, err := page.Handle(r.WithContext(language.WithLanguage(r.Context(), s.catalogue, "it")), actor)
	if err != nil {
		return answer{status: problem.Of(err).Kind.Status(), err: err}
	}
	if view.Redirect != "" {
		if view.Flash.Key != "" && !s.catalogue.Has(view.Flash.Key) {
			s.t.Errorf("%s: no message %q", r.URL, view.Flash.Key)
		}
		return answer{status: http.StatusSeeOther, redirect: view.Redirect, flash: view.Flash.Key}
	}
	var out bytes.Buffer
	if err := s.templates.ExecuteTemplate(&out, view.Template, view.Data); err != nil {
		s.t.Fatalf("%s: %v", r.URL, err)
	}
	if unknown := regexp.MustCompile(`‹[^›]*›|«[^»]*»|\bsharing\.[a-z_.]+`).FindString(out.String()); unknown != "" {
		s.t.Errorf("%s shows the unknown text %q", r.URL, unknown)
	}
	if !s.catalogue.Has(view.Title.Key) {
		s.t.Errorf("%s: no title %q", r.URL, view.Title.Key)
	}
	return answer{status: max(view.Status, http.StatusOK), markup: out.String()}
}

func (s *site) get(actor tenants.Scope, path string) string {
	s.t.Helper()
	got := s.serve(actor, "GET", path, nil)
	if got.status != http.StatusOK {
		s.t.Fatalf("GET %s: %d %v", path, got.status, got.err)
	}
	return got.markup
}

var hiddenPattern = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// carry is a form with the hidden fields of the page that was shown.
func carry(markup string, values url.Values) url.Values {
	form := url.Values{"azione": {"avanti"}}
	for _, m := range hiddenPattern.FindAllStringSubmatch(markup, -1) {
		form.Add(m[1], template.HTMLEscapeString(m[2]))
	}
	maps.Copy(form, values)
	return form
}

// walk answers a step of an offer and follows it to the next one, which the way back in the browser finds again.
func (s *site) walk(actor tenants.Scope, path string, form url.Values) answer {
	s.t.Helper()
	got := s.serve(actor, "POST", path, form)
	if strings.HasPrefix(got.redirect, path+"?") {
		got = s.serve(actor, "GET", got.redirect, nil)
	}
	return got
}

// The journey of a share through the pages alone, without scripts: agreement, four steps, preview, reading, revocation.
func TestJourneyThroughThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, err := s.sharing.Agreements.MoveAgreement(context.Background(), s.head, s.agreement.ID, policies.AgreementEnded, s.seen(s.head, s.agreement.ID, policies.AgreementEnded))
	s.must(err)
	made := "/cartelle/" + s.file.ID.String() + "/condividi"
	if markup := s.get(s.worker, made); !strings.Contains(markup, "Nessun ente a cui condividere") {
		t.Error("without an agreement the page does not say so")
	}
	s.signThroughPages()

	markup := s.get(s.worker, made)
	partner := regexp.MustCompile(`value="([0-9a-f-]{36}~c_f061)"`).FindStringSubmatch(markup)
	if partner == nil {
		t.Fatalf("the receiver is not offered:\n%s", markup)
	}
	form := carry(markup, url.Values{"destinatario": {partner[1]}, "scopo": {"consultation~assessment"}})
	second := s.walk(s.worker, made, form)
	if !strings.Contains(second.markup, `value="identity" checked`) || strings.Contains(second.markup, `value="plan" checked`) {
		t.Fatalf("the least set is not proposed: %d\n%s", second.status, second.markup)
	}
	if !strings.Contains(second.markup, "Da 5 a 500 caratteri.") {
		t.Error("how long the reason may be is not said before")
	}
	third := s.walk(s.worker, made, carry(second.markup, url.Values{"sezioni": {"identity", "assessment"}}))
	latest := time.Now().In(rome(t)).AddDate(0, 0, 90).Format("02/01/2006")
	if !strings.Contains(third.markup, "Al più tardi il "+latest+". Al massimo per 90 giorni.") || !strings.Contains(third.markup, "Da 5 a 1000 caratteri.") {
		t.Errorf("the limits are not said before:\n%s", third.markup)
	}
	refused := s.walk(s.worker, made, carry(third.markup, url.Values{"fino": {s.until.Format(time.DateOnly)}, "motivo": {"Insieme <b>al</b> collega"}}))
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.markup, "Insieme &lt;b&gt;al&lt;/b&gt; collega") || !strings.Contains(refused.markup, `href="#base-1"`) {
		t.Fatalf("without a legal basis: %d\n%s", refused.status, refused.markup)
	}
	fourth := s.walk(s.worker, made, carry(refused.markup, url.Values{"base": {"law"}, "fino": {s.until.Format(time.DateOnly)}, "motivo": {"Insieme al collega"}}))
	if !strings.Contains(fourth.markup, "Conferma e invia") || !strings.Contains(fourth.markup, "Anteprima per chi riceve") {
		t.Fatalf("no summary: %d\n%s", fourth.status, fourth.markup)
	}
	for _, once := range []string{"Comune di c_f061", "Insieme al collega", "Obbligo di legge", s.until.Format("02/01/2006"), "Dati anagrafici", "Meno di 18|Non nota|anni"} {
		if n := len(regexp.MustCompile(`<p>(`+once+`)|>`+once+`</time>`).FindAllString(fourth.markup, -1)); n != 1 {
			t.Errorf("the summary says %q %d times", once, n)
		}
	}
	if back := s.walk(s.worker, made, carry(fourth.markup, url.Values{"azione": {"passo-3"}})); !strings.Contains(back.markup, ">Insieme al collega</textarea>") {
		t.Error("changing a part loses the reason")
	}
	first := s.walk(s.worker, made, carry(fourth.markup, url.Values{"azione": {"passo-1"}}))
	if !strings.Contains(first.markup, `value="consultation~assessment" checked`) || !strings.Contains(first.markup, "Al massimo per 90 giorni.") {
		t.Errorf("changing the first part loses the purpose, or does not say how long it lasts:\n%s", first.markup)
	}
	sent := s.walk(s.worker, made, carry(fourth.markup, nil))
	again := s.walk(s.worker, made, carry(fourth.markup, nil))
	if !strings.HasPrefix(sent.redirect, "/condivisioni/") || again.redirect != sent.redirect {
		t.Fatalf("sent to %q, then to %q (%v)", sent.redirect, again.redirect, sent.err)
	}
	s.decideThroughPages(sent.redirect)
}

// The address of a step keeps what was answered for who answered it, and says nothing to anybody else.
func TestAnOfferInTheMakingIsKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := "/cartelle/" + s.file.ID.String() + "/condividi"
	markup := s.get(s.worker, path)
	var at string
	for _, values := range []url.Values{
		{"destinatario": {s.agreement.ID.String() + "~" + s.receiver.Slug}, "scopo": {"consultation~assessment"}},
		{"sezioni": {"identity"}},
		{"base": {"law"}, "fino": {s.until.Format(time.DateOnly)}, "motivo": {"Insieme al collega"}},
	} {
		at = s.serve(s.worker, "POST", path, carry(markup, values)).redirect
		if !strings.HasPrefix(at, path+"?") || strings.Contains(at, "Insieme") {
			t.Fatalf("a step leads to %q", at)
		}
		markup = s.get(s.worker, at)
	}
	if !strings.Contains(markup, "Insieme al collega") || !strings.Contains(markup, "Conferma e invia") {
		t.Errorf("the summary is lost:\n%s", markup)
	}
	other := s.Operator(t, s.owner, "coordinator")
	if markup := s.get(other, at); strings.Contains(markup, "Insieme al collega") {
		t.Error("somebody else reads what was answered")
	}
	if markup := s.get(s.worker, strings.Replace(at, "passo=4", "passo=2", 1)); !strings.Contains(markup, `value="identity" checked`) {
		t.Errorf("the way back loses the sections:\n%s", markup)
	}
}

// Under an agreement that opens nothing which the actor may share, the step says why instead of asking; what an agreement does
// not allow is said with its title.
func TestAnOfferStopsWhereNothingCanBeShared(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	dead := s.agree(s.head, s.decider, func(p *policies.Proposal) {
		p.Title, p.Purposes = "Accordo sul diario", []string{"advice"}
	})
	s.exec(`update policies.agreements set sections = '{diary}' where id = $1`, dead.ID) // signed before the body closed its diaries
	path := "/cartelle/" + s.file.ID.String() + "/condividi"
	first := s.get(s.worker, path)
	if strings.Contains(first, "service_request~") || !strings.Contains(first, "consultation~advice") {
		t.Errorf("a purpose that no agreement allows is offered:\n%s", first)
	}
	at := dead.ID.String() + "~" + s.receiver.Slug
	second := s.walk(s.worker, path, carry(first, url.Values{"destinatario": {at}, "scopo": {"consultation~advice"}}))
	if !strings.Contains(second.markup, "Con questo accordo non puoi condividere niente") || strings.Contains(second.markup, "<form") || !strings.Contains(second.markup, "Accordo sul diario") {
		t.Errorf("the step asks all the same:\n%s", second.markup)
	}
	refused := s.serve(s.worker, "POST", path, carry(first, url.Values{"destinatario": {at}, "scopo": {"consultation~assessment"}}))
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.markup, "L&#39;accordo “Accordo sul diario” non prevede questo scopo") {
		t.Errorf("the error does not name the agreement: %d\n%s", refused.status, refused.markup)
	}
}

// Who accepts for a colleague is told who reads, and not that the case opens.
func TestAcceptedForAColleague(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := "/condivisioni/" + s.offered().ID.String()
	if got := s.serve(s.decider, "POST", path+"/accetta", url.Values{"incaricato": {s.reader.Account.String()}}); got.redirect != path || got.flash != "sharing.act.accept.done_for" {
		t.Errorf("accepted for a colleague: %q %q", got.redirect, got.flash)
	}
	if markup := s.get(s.decider, path); !strings.Contains(markup, "La cartella la legge "+s.reader.Name) || !strings.Contains(markup, s.agreement.Title) {
		t.Errorf("the share does not say who reads, or under which agreement:\n%s", markup)
	}
	if markup := s.get(s.reader, path); strings.Contains(markup, "La cartella la legge") {
		t.Error("who reads is told that somebody else does")
	}
}

func (s *site) signThroughPages() {
	s.t.Helper()
	made := s.propose("Rete dei tre Comuni", url.Values{})
	if markup := s.get(s.decider, made.redirect); !strings.Contains(markup, "Firma l&#39;accordo") {
		s.t.Errorf("the other party is not asked to sign:\n%s", markup)
	}
	if got := s.serve(s.decider, "POST", made.redirect+"/firma", url.Values{"atto_numero": {""}}); got.status != http.StatusUnprocessableEntity {
		s.t.Errorf("signed without an act: %d", got.status)
	}
	page := s.get(s.decider, made.redirect)
	act := func(values url.Values) url.Values {
		values["atto_numero"], values["atto_data"] = []string{"77"}, []string{time.Now().Format(time.DateOnly)}
		return carry(page, values)
	}
	if got := s.serve(s.decider, "POST", made.redirect+"/firma", act(url.Values{})); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "Conferma di aver letto") {
		s.t.Errorf("signed without having read who gains: %d", got.status)
	}
	if got := s.serve(s.decider, "POST", made.redirect+"/firma", act(url.Values{"visto": {"si"}, "segno": {"x"}})); got.status != http.StatusConflict || !strings.Contains(got.markup, "leggi di nuovo chi guadagna") {
		s.t.Errorf("signed what was read otherwise: %d", got.status)
	}
	if got := s.serve(s.decider, "POST", made.redirect+"/firma", act(url.Values{"visto": {"si"}})); got.redirect != made.redirect {
		s.t.Fatalf("sign: %d %v", got.status, got.err)
	}
	if markup := s.get(s.head, "/rete"); !strings.Contains(markup, "Rete dei tre Comuni") {
		s.t.Error("the network does not list the agreement")
	}
	if markup := s.get(s.head, made.redirect+"/stato/suspended"); !strings.Contains(markup, "Sospendi") {
		s.t.Error("no page confirms a suspension")
	}
}

func rome(t testing.TB) *time.Location {
	t.Helper()
	location, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return location
}

func (s *site) decideThroughPages(path string) {
	s.t.Helper()
	if markup := s.get(s.decider, "/rete/richieste"); !strings.Contains(markup, path) {
		s.t.Error("the receiver's list does not show the offer")
	}
	preview := s.get(s.decider, path)
	for _, secret := range []string{"Bianco", "Rosa", s.file.Number, "Insieme al collega", s.file.ID.String()} {
		if strings.Contains(preview, secret) {
			s.t.Errorf("the preview shows %q", secret)
		}
	}
	if got := s.serve(s.head, "POST", path+"/accetta", nil); got.status != http.StatusForbidden {
		s.t.Errorf("the offerer accepts: %d", got.status)
	}
	if got := s.serve(s.reader, "POST", path+"/accetta", nil); got.status != http.StatusNotFound {
		s.t.Errorf("a worker accepts: %d", got.status)
	}
	if got := s.serve(s.decider, "POST", path+"/accetta", url.Values{"incaricato": {"nobody"}}); got.status != http.StatusUnprocessableEntity {
		s.t.Errorf("accepted for an unreadable addressee: %d", got.status)
	}
	if got := s.serve(s.decider, "POST", path+"/accetta", nil); got.redirect != path {
		s.t.Fatalf("accept: %d %v", got.status, got.err)
	}
	if markup := s.get(s.reader, "/condivisi"); !strings.Contains(markup, "/cartelle/"+s.ref()) || !strings.Contains(markup, "Bianco Rosa") {
		s.t.Error("the list of shared cases does not show the case")
	}
	if markup := s.get(s.reader, path); !strings.Contains(markup, "/cartelle/"+s.ref()) {
		s.t.Error("the share does not lead to the case")
	}
	if markup := s.get(s.reader, "/cartelle/"+s.ref()+"/condividi"); !strings.Contains(markup, path) {
		s.t.Error("the guest's page of the case does not name the share")
	}
	if markup := s.get(s.worker, path); !strings.Contains(markup, s.reader.Name) {
		s.t.Error("the owner does not learn who read")
	}
	s.get(s.worker, path+"/revoca")
	if got := s.serve(s.worker, "POST", path+"/revoca", nil); got.status != http.StatusUnprocessableEntity {
		s.t.Errorf("revoked without a reason: %d", got.status)
	}
	why := url.Values{"motivo": {"Lavoro finito"}}
	if got := s.serve(s.worker, "POST", path+"/revoca", why); got.redirect != path {
		s.t.Fatalf("revoke: %d %v", got.status, got.err)
	}
	already := "Già revocata il " + time.Now().In(rome(s.t)).Format("02/01/2006")
	if got := s.serve(s.worker, "POST", path+"/revoca", why); got.status != http.StatusConflict || !strings.Contains(got.markup, already) {
		s.t.Errorf("a second revocation: %d\n%s", got.status, got.markup)
	}
	if markup := s.get(s.worker, path+"/revoca"); !strings.Contains(markup, already) || strings.Contains(markup, "<textarea") {
		s.t.Error("the page that confirms does not say that it is done already")
	}
	for _, reader := range []tenants.Scope{s.reader, s.decider} {
		if markup := s.get(reader, path); strings.Contains(markup, "Anteprima") || !strings.Contains(markup, "La condivisione è finita") {
			s.t.Error("after the revocation the receiver reads of a preview")
		}
	}
	if markup := s.get(s.reader, "/condivisi"); strings.Contains(markup, s.ref()) {
		s.t.Error("after the revocation the case is listed")
	}
}

func TestPagesOfOthersAreNotFound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	made := s.accepted()
	net := (&union{pair: s.pair, networks: network.NewService(s.deps), third: s.Operator(t, s.body("c_a176"), "coordinator")}).founded()
	stranger := s.Operator(t, s.body("c_e974"), "coordinator", "social_worker", "tenant_admin")
	for _, page := range s.pages {
		method, path, _ := strings.Cut(page.Pattern, " ")
		if !strings.Contains(path, "{") {
			continue
		}
		path = strings.NewReplacer("{case}", s.file.ID.String(), "{step}", "ended").Replace(path)
		id := made.ID.String()
		if strings.Contains(path, "accordi") {
			id = s.agreement.ID.String()
		}
		if strings.Contains(path, "/reti/") {
			id = net.ID.String()
		}
		for _, id := range []string{id, newID().String(), "x"} {
			got := s.serve(stranger, method, strings.ReplaceAll(path, "{id}", id), url.Values{"motivo": {"Non ci riguarda"}, "atto_numero": {"1"}, "atto_data": {"2026-01-01"}})
			if got.status != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, path, got.status)
			}
		}
	}
}
