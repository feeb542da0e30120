package web

import (
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// manualPath is where the manual is.
const manualPath = "/aiuto"

// hintCookie holds which pages of the menu an operator has met in this browser, or noHints. It is theirs alone and says nothing of
// anybody, so it needs no table.
const (
	hintCookie = "__Host-aiuti"
	noHints    = "no"
)

// topic is the help of the present page.
func (x *exchange) topic() (modules.Topic, bool) {
	if x.route == nil {
		return modules.Topic{}, false
	}
	_, path, _ := strings.Cut(x.route.page.Pattern, " ")
	if path == "/{$}" {
		path = x.local("/{$}")
	}
	return x.host.manual.Of(path)
}

// help is the short help of the page. On a page of the menu an operator finds it open the first time.
func (x *exchange) help(view modules.View) *component.Help {
	topic, found := x.topic()
	if !found || view.Status >= http.StatusBadRequest && view.Status != http.StatusUnprocessableEntity {
		return nil
	}
	help := &component.Help{Title: topic.Title.In(x.lang), Text: topic.Text.In(x.lang), Manual: x.local(manualPath), Page: topic.At}
	help.First = view.Status == 0 && x.r.Method == http.MethodGet && x.greets(topic)
	return help
}

// greets tells whether a page of the menu is met for the first time, and remembers that it was.
func (x *exchange) greets(topic modules.Topic) bool {
	if x.session == nil || x.session.Purpose != tenants.Operator || x.site != modules.OnBody || x.route.page.Nav == nil {
		return false
	}
	var met []string
	if cookie, err := x.r.Cookie(hintCookie); err == nil {
		met = strings.Split(cookie.Value, ".")
	}
	mark := hintMark(topic.At)
	if slices.Contains(met, noHints) || slices.Contains(met, mark) || len(met) > 100 {
		return false
	}
	x.keepHints(strings.Trim(strings.Join(append(met, mark), "."), "."))
	return true
}

// hintMark is a page in the cookie, in few letters.
func hintMark(at string) string {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(at)) // it never fails
	return strconv.FormatUint(uint64(hash.Sum32()), 36)
}

func (x *exchange) keepHints(value string) {
	http.SetCookie(x.w, &http.Cookie{
		Name: hintCookie, Value: value, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// setHints switches hints off, or on again for all pages, and leads back.
func (x *exchange) setHints() (modules.View, error) {
	back, said, value := manualPath, language.M("web.hint.on"), ""
	if x.r.PostFormValue("suggerimenti") == noHints {
		said, value = language.M("web.hint.off"), noHints
	}
	x.keepHints(value)
	if topic, known := x.host.manual.Of(x.r.PostFormValue("pagina")); known && !strings.Contains(topic.At, "{") && topic.At != "" {
		back = topic.At
	}
	return modules.Redirect(back, said), nil
}

// manualPage is the manual for whoever reads it.
type manualPage struct {
	Chapters []manualChapter
	Hints    *component.Button // switches hints on again
	Action   string
}

// manualChapter is the help of some pages.
type manualChapter struct {
	ID     string
	Title  string
	Topics []manualTopic
}

// manualTopic is the help of a page; URL is empty where the reader cannot go there directly.
type manualTopic struct {
	Title, Text, URL string
}

// showManual shows the help of the pages that the reader may open.
func (x *exchange) showManual() (modules.View, error) {
	page := manualPage{}
	for i, chapter := range x.host.manual.Chapters {
		shown := manualChapter{ID: "parte-" + strconv.Itoa(i+1), Title: chapter.Title.In(x.lang)}
		for _, topic := range chapter.Topics {
			if rt := x.pageAt(topic.At); rt != nil && x.opens(rt) {
				shown.Topics = append(shown.Topics, manualTopic{topic.Title.In(x.lang), topic.Text.In(x.lang), direct(rt)})
			}
		}
		if len(shown.Topics) > 0 {
			page.Chapters = append(page.Chapters, shown)
		}
	}
	if x.session != nil && x.session.Purpose == tenants.Operator && x.site == modules.OnBody {
		page.Action, page.Hints = manualPath+"/suggerimenti", &component.Button{Label: x.say("web.hint.again")}
	}
	view := modules.Render("web/manual", language.M("web.manual.title"), page)
	view.Public = x.session == nil
	return view, nil
}

// pageAt is the page that a topic is about, on this site.
func (x *exchange) pageAt(at string) *route {
	for _, rt := range x.host.routes {
		_, path, _ := strings.Cut(rt.page.Pattern, " ")
		if strings.HasPrefix(rt.page.Pattern, "GET ") && rt.page.Site == x.site && (path == at || path == x.local(at) || path == "/{$}" && at == x.local(path)) {
			return rt
		}
	}
	return nil
}

// direct is the address of a page; empty where it is about one of many things.
func direct(rt *route) string {
	_, path, _ := strings.Cut(rt.page.Pattern, " ")
	path = strings.TrimSuffix(path, "{$}")
	if strings.Contains(path, "{") {
		return ""
	}
	return path
}
