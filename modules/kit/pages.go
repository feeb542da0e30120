package kit

import (
	"net/http"
	"slices"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit/retire"
	"staffetta/modules/kit/tell"
	"staffetta/tenants"
)

type pages struct {
	items *Items
	kinds *modules.Kinds
}

func (p pages) list() []modules.Page {
	ending := retire.Pages(retire.Service{
		Look: p.items.ending, Effect: p.items.Effect, Retire: p.items.Retire, Kinds: p.kinds, List: p.items.deps.Platform.Modules,
	})
	return append(append(p.editing(), ending...), []modules.Page{
		{
			Pattern: "GET /kit", Permission: "item:write", Handle: p.showItems,
			Nav: &modules.Nav{Label: "kit.nav", Order: 80},
		},
		{Pattern: "GET /kit/{kind}/{key}", Permission: "item:read", Handle: p.showItem},
	}...)
}

// ItemsPage lists the items of a body, a table for each kind.
type ItemsPage struct {
	Tables  []component.Table
	Empty   component.Empty
	Buttons component.ButtonRow
}

func (p pages) showItems(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx := r.Context()
	items, err := p.items.Find(ctx, s, "")
	if err != nil {
		return modules.View{}, err
	}
	say := func(key string) string { return language.Say(ctx, language.M(key)) }
	page := ItemsPage{Empty: component.Empty{Title: say("kit.items.empty"), Text: say("kit.items.empty_text")}}
	page.Buttons.Buttons = []component.Button{{Label: say("kit.new.heading"), URL: "/kit/nuovo", Emphasis: component.Primary}}
	byKind := map[string][]component.Row{}
	for _, item := range items {
		origin := say("kit.origin.local")
		if item.Origin.Version != "" {
			origin = language.Say(ctx, language.M("kit.origin.kit", "version", item.Origin.Version))
		}
		byKind[item.Kind] = append(byKind[item.Kind], component.Row{Cells: []component.Cell{
			{Text: item.called(ctx), URL: "/kit/" + item.Kind + "/" + item.Key, Lang: foreign(ctx, item.Title)},
			{Tags: []component.Tag{stateTag(say, item.State)}},
			{Text: origin, Tags: adaptationTags(say, item.Adaptation)},
			{Text: strconv.Itoa(item.Current.Number), Numeric: true},
			{Instant: item.UpdatedAt},
		}})
	}
	for _, kind := range p.kinds.All() {
		if len(byKind[kind.ID]) > 0 {
			page.Tables = append(page.Tables, component.Table{
				ID: "tipo-" + kind.ID, Caption: language.SayText(ctx, kind.Label), Hidden: true, Rows: byKind[kind.ID],
				Columns: []component.Column{
					{Label: say("kit.items.title")},
					{Label: say("kit.items.state")},
					{Label: say("kit.items.origin")},
					{Label: say("kit.items.version"), Numeric: true},
					{Label: say("kit.items.updated")},
				},
			})
		}
	}
	return modules.Render("kit/items", language.M("kit.items.heading"), page), nil
}

// ItemPage shows one item as people read it, where it came from and what became of it.
type ItemPage struct {
	Breadcrumb component.Breadcrumb
	Key        string
	Title      string
	TitleLang  string
	Kind       string
	State      component.Tag
	Facts      component.Summary
	Blocks     []Block
	History    component.Timeline
	Buttons    component.ButtonRow
	Drafted    *component.Alert // what is in use has a draft beside it
	Retired    *component.Alert
	Return     *ReturnForm
}

// ReturnForm brings an item that is out of use back: its last version becomes the draft.
type ReturnForm struct {
	Action string
	Hidden component.Hidden
	Button component.Button
}

func (p pages) showItem(r *http.Request, s tenants.Scope) (modules.View, error) {
	ctx := r.Context()
	item, err := p.items.Item(ctx, s, r.PathValue("kind"), r.PathValue("key"))
	if err != nil {
		return modules.View{}, err
	}
	history, err := p.items.History(ctx, s, item.ID)
	if err != nil {
		return modules.View{}, err
	}
	titles, err := p.items.Titles(ctx, s)
	if err != nil {
		return modules.View{}, err
	}
	say := func(key string) string { return language.Say(ctx, language.M(key)) }
	content := item.Current.Content
	if content == nil {
		content = item.Draft
	}
	declared, _, _ := p.kinds.Get(item.Kind)
	title := item.Title.In(language.Of(ctx))
	kind := language.SayText(ctx, p.kinds.Label(item.Kind))
	page := ItemPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: say("kit.items.heading")}, {Label: kind}, {Label: item.called(ctx)}}},
		Key:        item.code(), Title: title, TitleLang: foreign(ctx, item.Title), Kind: kind, State: tagOf(say, declared, item),
		Facts: itemFacts(ctx, item), Blocks: Readable(tell.Calling(ctx, titles), p.kinds, item.Kind, content),
		History: component.Timeline{Label: say("kit.item.history"), Empty: component.Empty{Title: say("kit.item.no_history")}},
	}
	page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: say("kit.try.button"), URL: itemPath(item.Kind, item.Key) + "/prova"})
	if p.items.deps.Permits(s, "item:write") {
		page.Breadcrumb.Items[0].URL = "/kit"
		edit := component.Button{Label: say("kit.edit.button"), URL: itemPath(item.Kind, item.Key) + "/modifica", Emphasis: component.Primary}
		page.Buttons.Buttons = slices.Insert(page.Buttons.Buttons, 0, edit)
	}
	if item.Draft != nil && item.Current.Content != nil && p.items.deps.Permits(s, "item:write") {
		page.Drafted = &component.Alert{
			Tone: component.Info, Text: say("kit.item.drafted"),
			Link: &component.Link{Label: say("kit.publish.next"), URL: itemPath(item.Kind, item.Key) + "/pubblica"},
		}
	}
	for _, version := range history {
		page.History.Events = append(page.History.Events, component.Event{
			Title: language.Say(ctx, language.M("kit.item.version", "number", version.Number)),
			Link:  &component.Link{Label: say("kit.version.read"), URL: itemPath(item.Kind, item.Key) + "/versioni/" + strconv.Itoa(version.Number)},
			At:    version.At, By: version.Author, Text: []string{version.Reason},
		})
	}
	if isSettings(declared, item.Key) {
		page.asSettings(ctx, p.kinds, declared, item)
	} else {
		p.addEnd(r, s, item, &page)
	}
	return modules.Render("kit/item", language.M("kit.item.heading", "key", item.code(), "title", title), page), nil
}

// addEnd offers to take an item out of use, or to bring it back.
func (p pages) addEnd(r *http.Request, s tenants.Scope, item Item, page *ItemPage) {
	path, may := itemPath(item.Kind, item.Key), p.items.deps.Permits(s, "item:write")
	if item.State != Retired {
		if may {
			page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "kit.retire.heading"), URL: path + "/ritira"})
		}
		return
	}
	page.Retired = &component.Alert{Tone: component.Info, Title: modules.Say(r, "kit.retire.is"), Text: modules.Say(r, "kit.retire.why", "reason", item.Reason)}
	switch {
	case !may:
	case item.Draft != nil: // which must not be lost
		page.Retired.Link = &component.Link{Label: modules.Say(r, "kit.retire.return"), URL: path + "/pubblica"}
	case item.Current.Number > 0:
		page.Return = &ReturnForm{
			Action: path + "/versioni/" + strconv.Itoa(item.Current.Number), Hidden: component.Hidden{Name: "versione", Value: strconv.Itoa(item.Revision)},
			Button: component.Button{Label: modules.Say(r, "kit.retire.return")},
		}
	}
}
