package kit

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit/editor"
	"staffetta/modules/kit/shape"
	"staffetta/tenants"
)

// maxEdit bounds what an editor sends: a form of some hundreds of questions with its texts in two languages.
const maxEdit = 4 << 20

func (p pages) editing() []modules.Page {
	at := "/kit/{kind}/{key}"
	return []modules.Page{
		{Pattern: "GET /kit/nuovo", Permission: "item:write", Handle: p.showNew},
		{Pattern: "POST /kit/nuovo", Permission: "item:write", Handle: p.create},
		{Pattern: "GET " + at + "/modifica", Permission: "item:write", Handle: p.showEdit},
		{Pattern: "POST " + at + "/modifica", Permission: "item:write", MaxBody: maxEdit, Handle: p.save},
		{Pattern: "GET " + at + "/prova", Permission: "item:read", Handle: p.showTrial},
		{Pattern: "POST " + at + "/prova", Permission: "item:read", Handle: p.showTrial},
		{Pattern: "GET " + at + "/pubblica", Permission: "item:write", Handle: p.showPublish},
		{Pattern: "POST " + at + "/pubblica", Permission: "item:write", Handle: p.publish},
		{Pattern: "GET " + at + "/versioni/{number}", Permission: "item:read", Handle: p.showVersion},
		{Pattern: "POST " + at + "/versioni/{number}", Permission: "item:write", Handle: p.restore},
	}
}

// EditPage is the editor of an item: its title and what it holds, by the shape of its kind.
type EditPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Alert      *component.Alert
	Heading    string
	Kind       string
	State      component.Tag
	Action     string
	Hidden     []component.Hidden
	Title      editor.Pair
	Changes    *component.Table // conflict: where what was typed differs from what somebody else saved
	Sheets     []editor.Group
	Guide      *editor.Guide    // how rules are written
	Picture    *modules.Picture // of what was saved
	Buttons    component.ButtonRow
	Closed     bool // the content holds what fields cannot
}

// itemPath is where an item stands on the site.
func itemPath(kind, key string) string { return "/kit/" + kind + "/" + key }

func (p pages) itemOf(r *http.Request, s tenants.Scope) (Item, modules.Kind, error) {
	item, err := p.items.Item(r.Context(), s, r.PathValue("kind"), r.PathValue("key"))
	if err != nil {
		return Item{}, modules.Kind{}, err
	}
	kind, _, known := p.kinds.Get(item.Kind)
	if !known {
		return Item{}, modules.Kind{}, problem.Missing()
	}
	return item, kind, nil
}

// working is what somebody works on: the draft, or else what is published.
func (i Item) working() []byte {
	if i.Draft != nil {
		return i.Draft
	}
	return i.Current.Content
}

func (p pages) showEdit(r *http.Request, s tenants.Scope) (modules.View, error) {
	item, kind, err := p.itemOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	var wrong error
	if r.URL.Query().Get("controlla") != "" {
		wrong = kind.Validate(item.working())
	}
	return p.editPage(r, s, editing{item: item, kind: kind, content: item.working(), open: r.URL.Query().Get("aperto"), wrong: wrong})
}

// editing is what an editor shows: a content of an item, as it stands or as it was typed, with what is wrong.
type editing struct {
	item    Item
	kind    modules.Kind
	content []byte
	open    string
	named   int // places that took the new name of an entry
	wrong   error
}

func (p pages) editPage(r *http.Request, s tenants.Scope, e editing) (modules.View, error) {
	node, err := shape.Parse(e.kind.Schema, commonFile)
	if err != nil {
		return modules.View{}, err
	}
	page := EditPage{
		Breadcrumb: p.crumbs(r, s, e.item, "kit.edit.heading"), Heading: e.item.called(r.Context()),
		Kind: language.SayText(r.Context(), e.kind.Label), State: tagOf(saying(r), e.kind, e.item),
		Action: itemPath(e.item.Kind, e.item.Key) + "/modifica", Closed: !editor.Holds(node, e.content),
		Hidden: []component.Hidden{{Name: "versione", Value: strconv.Itoa(e.item.Revision)}},
	}
	if e.item.Draft != nil {
		page.Alert = &component.Alert{Tone: component.Info, Text: modules.Say(r, "kit.edit.draft_open")}
	}
	if page.Closed {
		page.Alert = &component.Alert{Tone: component.Warning, Text: modules.Say(r, "kit.edit.closed")}
		return modules.Render("kit/edit", language.M("kit.edit.title", "key", e.item.Key), page), nil
	}
	faults := faultsAt(r.Context(), e.wrong)
	if isSettings(e.kind, e.item.Key) { // which are called as the program calls them
		page.Hidden = append(page.Hidden, component.Hidden{Name: "titolo-it", Value: e.item.Title.It}, component.Hidden{Name: "titolo-en", Value: e.item.Title.En})
	} else {
		page.Title = titlePair(r, e.item, faults)
	}
	delete(faults, "title")
	form := editor.Form{Shape: node, Words: NewTeller(r.Context(), p.kinds, e.item.Kind, e.content), References: placesOf(e.kind), Faults: faults, Open: e.open}
	if form.Items, err = p.named(r, s, e.item); err != nil {
		return modules.View{}, err
	}
	if e.kind.Prove != nil {
		form.Notes = notesOf(r, e.kind.Prove(r.Context(), e.content))
	}
	page.Picture = pictureOf(Readable(r.Context(), p.kinds, e.item.Kind, e.content))
	pieces, rest, err := form.Page(e.content)
	if err != nil {
		return modules.View{}, err
	}
	page.Sheets, page.Buttons, page.Guide = editor.Sheets(pieces), editButtons(r, e.item), form.Guide(e.content)
	page.Errors = component.Summarize(append([]component.Field{page.Title.It}, editor.Errors(pieces)...)...)
	for _, text := range rest {
		page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: text})
	}
	return modules.Render("kit/edit", language.M("kit.edit.title", "key", e.item.Key), page), nil
}

// notesOf tell how the tests of a content went, each at its own.
func notesOf(r *http.Request, tests []modules.Test) map[string]editor.Note {
	notes := map[string]editor.Note{}
	for _, one := range tests {
		note := editor.Note{Tag: testTag(r.Context(), one)}
		if !one.Passed {
			note.Text = []string{modules.Say(r, "kit.try.want") + ": " + one.Want, modules.Say(r, "kit.try.got") + ": " + one.Got}
		}
		notes[one.Path] = note
	}
	return notes
}

// pictureOf is the drawing that a content is read with, if there is one.
func pictureOf(blocks []Block) *modules.Picture {
	for _, block := range blocks {
		if block.Picture != nil {
			return block.Picture
		}
	}
	return nil
}

func editButtons(r *http.Request, item Item) component.ButtonRow {
	path := itemPath(item.Kind, item.Key)
	row := component.ButtonRow{Buttons: []component.Button{
		{Label: modules.Say(r, "kit.edit.save"), Name: "azione", Value: "salva", Emphasis: component.Primary},
		{Label: modules.Say(r, "kit.try.button"), URL: path + "/prova"},
	}}
	if item.Draft != nil {
		row.Buttons = append(row.Buttons, component.Button{Label: modules.Say(r, "kit.publish.next"), URL: path + "/pubblica"})
	}
	return row
}

func titlePair(r *http.Request, item Item, faults map[string]string) editor.Pair {
	it := component.Field{ID: "titolo-it", Label: modules.Say(r, "kit.edit.it"), Value: item.Title.It, MaxLength: 300, Required: true, Error: faults["title"]}
	en := component.Field{ID: "titolo-en", Label: modules.Say(r, "kit.edit.en"), Value: item.Title.En, MaxLength: 300, Required: true}
	return editor.Pair{Label: modules.Say(r, "kit.items.title"), It: it, En: en}
}

// save keeps what was typed as the draft, makes the change of a list that a button asks for, and shows the editor again.
func (p pages) save(r *http.Request, s tenants.Scope) (modules.View, error) {
	item, kind, err := p.itemOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if err := r.ParseForm(); err != nil {
		return modules.View{}, problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	node, err := shape.Parse(kind.Schema, commonFile)
	if err != nil {
		return modules.View{}, err
	}
	typed, err := editor.Build(node, r.PostForm)
	if err != nil {
		return modules.View{}, err
	}
	typed, named, err := editor.Follow(node, typed, r.PostForm)
	if err != nil {
		return modules.View{}, err
	}
	asked, at := r.PostForm.Get("azione"), ""
	if asked != "" && asked != "salva" {
		if typed, at, err = editor.Operate(node, typed, asked); err != nil {
			return modules.View{}, err
		}
	}
	return p.keep(r, s, editing{item: item, kind: kind, content: typed, open: at, named: named})
}

// keep saves a draft, unless nothing changed.
func (p pages) keep(r *http.Request, s tenants.Scope, e editing) (modules.View, error) {
	seen, _ := strconv.Atoi(r.PostForm.Get("versione"))
	edit := Edit{Revision: seen, Source: e.item.Source()}
	edit.Title, edit.Content = Text{IT: modules.Value(r, "titolo-it"), EN: modules.Value(r, "titolo-en")}, e.content
	back := itemPath(e.item.Kind, e.item.Key) + "/modifica"
	if canonical, err := Canonical(e.content); err == nil && seen == e.item.Revision &&
		string(canonical) == string(e.item.working()) && edit.Title == (Text{IT: e.item.Title.It, EN: e.item.Title.En}) {
		return modules.Redirect(back, language.M("kit.edit.unchanged")), nil
	}
	_, err := p.items.SaveDraft(r.Context(), s, edit)
	if err != nil {
		return p.again(r, s, e, err)
	}
	if e.open != "" {
		return modules.View{Redirect: back + "?aperto=" + url.QueryEscape(e.open) + "#" + strings.ReplaceAll(e.open, ".", "-")}, nil
	}
	if wrong := e.kind.Validate(e.content); wrong != nil {
		return modules.Redirect(back+"?controlla=si", language.M("kit.edit.saved_wrong")), nil
	}
	if e.named > 0 {
		return modules.Redirect(back, language.M("kit.edit.saved_named", "n", e.named)), nil
	}
	return modules.Redirect(back, language.M("kit.edit.saved")), nil
}

// again shows what was typed with what is wrong; of somebody else's change meanwhile it tells, and overwrites nothing.
func (p pages) again(r *http.Request, s tenants.Scope, e editing, err error) (modules.View, error) {
	kind := problem.Of(err).Kind
	if kind != problem.Invalid && kind != problem.Conflict {
		return modules.View{}, err
	}
	e.item.Title = language.Text{It: modules.Value(r, "titolo-it"), En: modules.Value(r, "titolo-en")}
	if kind == problem.Invalid {
		e.wrong = err
	}
	view, failed := p.editPage(r, s, e)
	if page, ok := view.Data.(EditPage); ok && kind == problem.Conflict {
		page.Alert = &component.Alert{Tone: component.Danger, Text: modules.Say(r, "kit.edit.conflict")}
		changes, err := p.changes(r, s, e, [2][]byte{e.item.working(), e.content})
		if page.Changes = &changes; err != nil {
			return modules.View{}, err
		}
		view.Data, view.Status = page, http.StatusConflict
		return view, failed
	}
	return view.Refused(), failed
}

// faultsAt are what is wrong with a content, by place; what is missing stands at the place where it should be.
func faultsAt(ctx context.Context, err error) map[string]string {
	faults := map[string]string{}
	if err == nil {
		return faults
	}
	for _, field := range problem.Of(err).Fields {
		names, missing := field.Message.Args["names"].(string)
		if field.Message.Key != "kit.schema.required" || !missing {
			faults[field.Name] = language.Say(ctx, field.Message)
			continue
		}
		for name := range strings.SplitSeq(names, ", ") {
			faults[strings.TrimPrefix(field.Name+"."+name, ".")] = language.Say(ctx, language.M("kit.edit.required"))
		}
	}
	return faults
}

// placesOf is which kind of item each place of a content names.
func placesOf(kind modules.Kind) map[string]string {
	places := make(map[string]string, len(kind.References))
	for _, reference := range kind.References {
		places[reference.Path] = reference.Kind
	}
	return places
}

// named are the items that a content can name: all that are not out of use, but itself.
func (p pages) named(r *http.Request, s tenants.Scope, self Item) ([]editor.Item, error) {
	items, err := p.items.Find(r.Context(), s, "")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(items, func(a, b Item) int { return p.kinds.Compare(a.Kind, b.Kind) })
	var list []editor.Item
	for _, item := range items {
		if item.State != Retired && item.ID != self.ID {
			list = append(list, editor.Item{Kind: item.Kind, Key: item.Key, Title: item.Title.In(language.Of(r.Context()))})
		}
	}
	return list, nil
}

func saying(r *http.Request) func(string) string {
	return func(key string) string { return modules.Say(r, key) }
}

// crumbs lead from the list of items over one of them to a page of it.
func (p pages) crumbs(r *http.Request, s tenants.Scope, item Item, here string) component.Breadcrumb {
	list := component.Crumb{Label: modules.Say(r, "kit.items.heading")}
	if p.items.deps.Permits(s, "item:write") {
		list.URL = "/kit"
	}
	return component.Breadcrumb{Items: []component.Crumb{list, {Label: item.called(r.Context()), URL: itemPath(item.Kind, item.Key)}, {Label: modules.Say(r, here)}}}
}
