package catalogue

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

const (
	at        = "/console/catalogo"
	codesPath = at + "/codici"
	newPath   = "/kit/nuovo?tipo=service"
	// may is the permission of who sets up what the body works with.
	may = "item:write"
)

type pages struct {
	service *Service
}

// Pages are the pages of the catalogue.
func Pages(v *Service) []modules.Page {
	p := &pages{v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: may, Nav: &modules.Nav{Label: "guide.catalogue.nav", Order: 27, About: "guide.catalogue.about"}, Handle: p.list},
		{Pattern: "GET " + at + "/elenco", Permission: may, Handle: p.export},
		{Pattern: "GET " + at + "/servizi/{key}", Permission: may, Handle: p.show},
		{Pattern: "POST " + at + "/servizi/{key}", Permission: may, Handle: p.code},
		{Pattern: "GET " + codesPath, Permission: may, Handle: p.begin},
		{Pattern: "POST " + codesPath, Permission: may, Handle: p.plan},
		{Pattern: "POST " + codesPath + "/conferma", Permission: may, Handle: p.apply},
	}
}

// listPage is the services with their codings, and the lists of terms.
type listPage struct {
	Action   string
	Open     bool // the filter is in use
	Fields   []component.Field
	Apply    component.Button
	Count    string
	Services component.Table
	Links    []component.Link
	Lists    component.Table
}

// queryOf reads the filter of an address.
func queryOf(r *http.Request) Query {
	q := r.URL.Query()
	return Query{Text: q.Get("q"), Area: q.Get("area"), Lacks: q.Get("manca")}
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	q := queryOf(r)
	entries, err := p.service.Find(r.Context(), s, q)
	if err != nil {
		return modules.View{}, err
	}
	lists, err := p.service.FindLists(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{
		Action: at, Open: q != (Query{}), Fields: filterFields(r, q), Apply: component.Button{Label: modules.Say(r, "guide.catalogue.filter")},
		Count: modules.Say(r, "guide.catalogue.count", "n", len(entries)), Services: serviceTable(r, entries), Lists: listTable(r, lists),
		Links: []component.Link{
			{Label: modules.Say(r, "guide.catalogue.new"), URL: newPath},
			{Label: modules.Say(r, "guide.catalogue.export"), URL: at + "/elenco?" + url.Values{"q": {q.Text}, "area": {q.Area}, "manca": {q.Lacks}}.Encode()},
			{Label: modules.Say(r, "guide.catalogue.import"), URL: codesPath},
		},
	}
	if page.Open {
		page.Services.Empty = component.Empty{Title: modules.Say(r, "guide.none"), Action: &component.Link{Label: modules.Say(r, "guide.filter.clear"), URL: at}}
	}
	return modules.Render("guide/catalogue", language.M("guide.catalogue.title"), page), nil
}

func filterFields(r *http.Request, q Query) []component.Field {
	area := component.Field{ID: "area", Kind: component.Select, Label: modules.Say(r, "guide.filter.area"), Value: q.Area, Options: areaOptions(r, nil)}
	lacks := component.Field{ID: "manca", Kind: component.Select, Label: modules.Say(r, "guide.catalogue.lacks"), Value: q.Lacks}
	for _, coding := range []string{SIUSS, Local, ISTAT} {
		lacks.Options = append(lacks.Options, component.Option{Value: coding, Label: modules.Say(r, "guide.catalogue.coding."+coding)})
	}
	return []component.Field{{ID: "q", Label: modules.Say(r, "guide.catalogue.text"), Value: q.Text, MaxLength: 100}, lacks, area}
}

// areaOptions are the areas to choose from, with those that are chosen.
func areaOptions(r *http.Request, chosen []string) (options []component.Option) {
	for _, area := range Areas() {
		o := component.Option{Value: area, Label: language.SayText(r.Context(), kit.AreaLabel(area))}
		for _, one := range chosen {
			o.Selected = o.Selected || one == area
		}
		options = append(options, o)
	}
	return options
}

func serviceTable(r *http.Request, entries []Entry) component.Table {
	t := component.Table{
		ID: "servizi", Caption: modules.Say(r, "guide.catalogue.services"), Hidden: true, Cards: true,
		Empty: component.Empty{Title: modules.Say(r, "guide.catalogue.empty"), Action: &component.Link{Label: modules.Say(r, "guide.catalogue.new"), URL: newPath}},
	}
	for _, key := range []string{"service", Local, SIUSS, ISTAT} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "guide.catalogue.column."+key)})
	}
	t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "guide.catalogue.column.actions"), Hidden: true})
	for _, e := range entries {
		t.Rows = append(t.Rows, serviceRow(r, e))
	}
	return t
}

func serviceRow(r *http.Request, e Entry) component.Row {
	title := language.SayText(r.Context(), e.Title)
	name := component.Cell{Text: e.Key + " " + title, URL: "/kit/service/" + e.Key}
	change := component.Cell{Actions: []component.Link{{Label: modules.Say(r, "guide.catalogue.change"), Hidden: title, URL: at + "/servizi/" + e.Key}}}
	if e.Drafted {
		name.Tags = []component.Tag{{Label: modules.Say(r, "guide.catalogue.draft"), Tone: component.Warning}}
		change.Actions = append(change.Actions, component.Link{Label: modules.Say(r, "guide.catalogue.publish"), Hidden: title, URL: "/kit/service/" + e.Key + "/pubblica"})
	}
	areas := component.Cell{}
	for i, area := range e.Codings.ISTAT {
		if i > 0 {
			areas.Text += ", "
		}
		areas.Text += language.SayText(r.Context(), kit.AreaLabel(area))
	}
	cells := []component.Cell{name, {Text: e.Codings.Local}, {Text: e.Codings.SIUSS, Note: Benefit(e.Codings.SIUSS)}, areas}
	if e.Codings.SIUSS != "" && cells[2].Note == "" {
		cells[2].Tags = []component.Tag{{Label: modules.Say(r, "guide.catalogue.unknown"), Tone: component.Warning}}
	}
	for i, coding := range []string{Local, SIUSS, ISTAT} {
		if cells[i+1].Text == "" {
			cells[i+1].Tags = []component.Tag{{Label: modules.Say(r, "guide.catalogue.without."+coding)}}
		}
	}
	return component.Row{Cells: append(cells, change)}
}

func listTable(r *http.Request, lists []List) component.Table {
	t := component.Table{
		ID: "elenchi", Caption: modules.Say(r, "guide.catalogue.lists"), Hidden: true, Cards: true,
		Columns: []component.Column{{Label: modules.Say(r, "guide.catalogue.list")}, {Label: modules.Say(r, "guide.catalogue.terms")}, {Label: modules.Say(r, "guide.catalogue.places")}, {Label: modules.Say(r, "guide.catalogue.column.actions"), Hidden: true}},
		Empty:   component.Empty{Title: modules.Say(r, "guide.catalogue.no_lists")},
	}
	for _, l := range lists {
		title := language.SayText(r.Context(), l.Title)
		terms := component.Cell{Text: modules.Say(r, "guide.catalogue.offered", "n", l.Offered)}
		if l.Ended > 0 {
			terms.Note = modules.Say(r, "guide.catalogue.ended", "n", l.Ended)
		}
		places := component.Cell{}
		for _, place := range l.Places {
			places.Actions = append(places.Actions, component.Link{
				Label: place.Field.In(language.Of(r.Context())) + " (" + strconv.Itoa(place.Terms) + ")", Hidden: language.SayText(r.Context(), place.Title), URL: "/kit/workflow/" + place.Workflow,
			})
		}
		if len(l.Places) == 0 {
			places.Text = modules.Say(r, "guide.catalogue.nowhere")
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: l.Key + " " + title, URL: "/kit/vocabulary/" + l.Key},
			terms, places,
			{Actions: []component.Link{{Label: modules.Say(r, "guide.catalogue.edit_list"), Hidden: title, URL: "/kit/vocabulary/" + l.Key + "/modifica"}}},
		}})
	}
	return t
}

func (p *pages) export(r *http.Request, s tenants.Scope) (modules.View, error) {
	entries, err := p.service.Find(r.Context(), s, queryOf(r))
	if err != nil {
		return modules.View{}, err
	}
	return modules.View{File: &modules.File{Name: "catalogo-" + s.Slug + ".csv", MediaType: "text/csv; charset=utf-8", Content: Export(entries), Modified: time.Now()}}, nil
}

// codingsPage gives one service its codings.
type codingsPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Alert      *component.Alert
	Heading    string
	Action     string
	Version    component.Hidden
	Fields     []component.Field
	Buttons    component.ButtonRow
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, err := p.service.Get(r.Context(), s, r.PathValue("key"))
	if err != nil {
		return modules.View{}, err
	}
	return codingsView(r, e, nil), nil
}

func codingsView(r *http.Request, e Entry, refused error) modules.View {
	title := language.SayText(r.Context(), e.Title)
	page := codingsPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "guide.catalogue.title"), URL: at}, {Label: title}}},
		Heading:    modules.Say(r, "guide.catalogue.codings", "service", title), Action: at + "/servizi/" + e.Key,
		Version: component.Hidden{Name: "versione", Value: strconv.Itoa(e.Revision)}, Fields: codingFields(r, e, modules.FieldErrors(r.Context(), refused)),
		Buttons: component.ButtonRow{Buttons: []component.Button{
			{Label: modules.Say(r, "guide.catalogue.save"), Emphasis: component.Primary}, {Label: modules.Say(r, "guide.catalogue.back"), URL: at},
		}},
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("guide/codings", language.M("guide.catalogue.codings", "service", title), &page)
	if problem.Is(refused, problem.Conflict) {
		page.Alert = &component.Alert{Tone: component.Warning, Text: language.Say(r.Context(), problem.Of(refused).Message)}
		view.Status = http.StatusConflict
	} else if refused != nil {
		view = view.Refused()
	}
	return view
}

func codingFields(r *http.Request, e Entry, wrong map[string]string) []component.Field {
	siuss := component.Field{
		ID: SIUSS, Kind: component.Select, Label: modules.Say(r, "guide.catalogue.coding."+SIUSS), Hint: modules.Say(r, "guide.catalogue.siuss_hint"),
		Value: e.Codings.SIUSS, Error: wrong[SIUSS],
	}
	for _, code := range Benefits() {
		siuss.Options = append(siuss.Options, component.Option{Value: code.ID, Label: code.ID + " " + code.Name})
	}
	return []component.Field{
		{
			ID: Local, Label: modules.Say(r, "guide.catalogue.coding."+Local), Hint: modules.Say(r, "guide.catalogue.local_hint"), Value: e.Codings.Local,
			Required: true, MaxLength: 64, Width: component.Medium, Error: wrong[Local],
		},
		siuss,
		{
			ID: ISTAT, Kind: component.Checkboxes, Label: modules.Say(r, "guide.catalogue.coding."+ISTAT), Options: areaOptions(r, e.Codings.ISTAT),
			Required: true, Error: wrong[ISTAT],
		},
	}
}

func (p *pages) code(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, err := p.service.Get(r.Context(), s, r.PathValue("key"))
	if err != nil {
		return modules.View{}, err
	}
	seen, err := strconv.Atoi(modules.Value(r, "versione"))
	if err != nil {
		seen = 0 // that of no item: somebody else's form
	}
	given := kit.Codings{Local: modules.Value(r, Local), SIUSS: modules.Value(r, SIUSS), ISTAT: r.PostForm[ISTAT]}
	err = p.service.Code(r.Context(), s, e.Key, seen, given)
	switch {
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict):
		e.Codings = given
		return codingsView(r, e, err), nil
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect("/kit/service/"+e.Key+"/pubblica", language.M("guide.catalogue.saved")), nil
}
