package kit

import (
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit/effect"
	"staffetta/modules/kit/tell"
	"staffetta/tenants"
)

// NewPage asks for what a new item begins with.
type NewPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Fields     []component.Field
	Button     component.Button
}

func (p pages) showNew(r *http.Request, _ tenants.Scope) (modules.View, error) {
	return p.newPage(r, r.URL.Query(), nil), nil
}

func (p pages) newPage(r *http.Request, typed map[string][]string, wrong map[string]string) modules.View {
	value := func(name string) string {
		if len(typed[name]) == 0 {
			return ""
		}
		return typed[name][0]
	}
	kind := component.Field{
		ID: "tipo", Kind: component.Select, Label: modules.Say(r, "kit.new.kind"), Required: true, Value: value("tipo"), Error: wrong["kind"],
	}
	for _, one := range p.kinds.All() {
		kind.Options = append(kind.Options, component.Option{Value: one.ID, Label: language.SayText(r.Context(), one.Label)})
	}
	page := NewPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "kit.items.heading"), URL: "/kit"}, {Label: modules.Say(r, "kit.new.heading")}}},
		Fields: []component.Field{
			kind,
			{
				ID: "codice", Label: modules.Say(r, "kit.items.key"), Hint: modules.Say(r, "kit.new.key_hint"), Required: true, Value: value("codice"),
				MaxLength: 64, Width: component.Medium, Error: wrong["key"],
			},
			{ID: "titolo-it", Label: modules.Say(r, "kit.items.title"), Required: true, Value: value("titolo-it"), MaxLength: 300, Error: wrong["title"]},
		},
		Button: component.Button{Label: modules.Say(r, "kit.new.button"), Emphasis: component.Primary},
	}
	page.Errors = component.Summarize(page.Fields...)
	return modules.Render("kit/new", language.M("kit.new.heading"), page)
}

// create begins an item with an empty draft, and goes on to its editor.
func (p pages) create(r *http.Request, s tenants.Scope) (modules.View, error) {
	kind, key := modules.Value(r, "tipo"), modules.Value(r, "codice")
	source := Source{Kind: kind, Key: key, Title: Text{IT: modules.Value(r, "titolo-it")}, Owner: p.ownName(s), Licence: ownLicence, Content: []byte(`{}`)}
	_, err := p.items.SaveDraft(r.Context(), s, Edit{Source: source})
	if err != nil && problem.Of(err).Kind == problem.Conflict {
		err = problem.Fields{{Name: "key", Message: language.M("kit.new.taken")}}.Err()
	}
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		return p.newPage(r, r.PostForm, wrong).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(itemPath(kind, key)+"/modifica", language.M("kit.new.done")), nil
}

// ownLicence is under which a body's own items are handed on, unless it says otherwise by the API.
const ownLicence = "CC-BY-4.0"

// ownName is the body that answers for what it writes.
func (p pages) ownName(s tenants.Scope) string {
	body, err := p.items.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return s.Slug
	}
	return body.Name
}

// TrialPage shows an item as whoever uses it will see it, with sample answers.
type TrialPage struct {
	Breadcrumb component.Breadcrumb
	Heading    string
	Text       string
	Action     string
	Groups     []FieldGroup
	Results    []Block
	Tests      []Block
	Blocks     []Block
	Buttons    component.ButtonRow
}

func (p pages) showTrial(r *http.Request, s tenants.Scope) (modules.View, error) {
	item, kind, err := p.itemOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if err := r.ParseForm(); err != nil {
		return modules.View{}, problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	ctx, path := r.Context(), itemPath(item.Kind, item.Key)
	content := item.working()
	page := TrialPage{
		Breadcrumb: p.crumbs(r, s, item, "kit.try.heading"), Heading: item.Title.In(language.Of(ctx)), Text: modules.Say(r, "kit.try.text"), Action: path + "/prova",
	}
	if kind.Try != nil {
		trial := kind.Try(ctx, content, r.PostForm)
		page.Groups, page.Results = trial.Groups, trial.Results
	}
	if len(page.Groups) == 0 {
		titles, err := p.items.Titles(ctx, s)
		if err != nil {
			return modules.View{}, err
		}
		page.Blocks = Readable(tell.Calling(ctx, titles), p.kinds, item.Kind, content)
	} else {
		if kind.Prove != nil {
			page.Tests = testBlocks(ctx, kind.Prove(ctx, content))
		}
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "kit.try.compute"), Emphasis: component.Primary})
	}
	if p.items.deps.Permits(s, "item:write") {
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "kit.edit.button"), URL: path + "/modifica"})
	}
	return modules.Render("kit/trial", language.M("kit.try.title", "key", item.Key), page), nil
}

// PublishPage shows what a draft changes, and asks for the reason.
type PublishPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Heading    string
	Alert      *component.Alert
	Changes    component.Table
	Sight      *effect.View // of what says who sees what
	Action     string
	Hidden     []component.Hidden
	Reason     *component.Field
	Buttons    component.ButtonRow
}

func (p pages) showPublish(r *http.Request, s tenants.Scope) (modules.View, error) {
	item, kind, err := p.itemOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.publishPage(r, s, editing{item: item, kind: kind}, nil)
}

func (p pages) publishPage(r *http.Request, s tenants.Scope, e editing, wrong map[string]string) (modules.View, error) {
	path := itemPath(e.item.Kind, e.item.Key)
	page := PublishPage{
		Breadcrumb: p.crumbs(r, s, e.item, "kit.publish.heading"), Heading: e.item.called(r.Context()), Action: path + "/pubblica",
		Hidden: []component.Hidden{{Name: "versione", Value: strconv.Itoa(e.item.Revision)}},
	}
	edit := component.Button{Label: modules.Say(r, "kit.edit.button"), URL: path + "/modifica?controlla=si"}
	switch {
	case e.item.Draft == nil:
		page.Alert = &component.Alert{Tone: component.Info, Text: modules.Say(r, "kit.error.no_draft")}
		if wrong != nil {
			page.Alert, page.Errors.Errors = nil, []component.FieldError{{Message: modules.Say(r, "kit.error.no_draft")}}
		}
	case e.kind.Validate(e.item.Draft) != nil:
		page.Alert = &component.Alert{Tone: component.Danger, Text: modules.Say(r, "kit.publish.wrong", "count", len(problem.Of(e.kind.Validate(e.item.Draft)).Fields))}
	default:
		page.Reason = &component.Field{
			ID: "motivo", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "kit.publish.reason"), Hint: modules.Say(r, "kit.publish.reason_hint"),
			Required: true, MaxLength: 500, Value: modules.Value(r, "motivo"), Error: wrong["reason"],
		}
		page.Errors = component.Summarize(*page.Reason)
		told, err := p.items.Effect(r.Context(), s, effect.Of{Kind: e.item.Kind, Key: e.item.Key})
		if err != nil {
			return modules.View{}, err
		}
		if page.Sight = effect.Show(r, p.items.deps.Platform.Modules, told, wrong[modules.ConsentField]); page.Sight != nil {
			page.Errors = component.Summarize(*page.Reason, page.Sight.Consent)
		}
		if title := wrong["title"]; title != "" {
			page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: title})
		}
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "kit.publish.button"), Emphasis: component.Primary})
	}
	page.Buttons.Buttons = append(page.Buttons.Buttons, edit)
	var err error
	page.Changes, err = p.changes(r, s, e, [2][]byte{e.item.Current.Content, e.item.Draft})
	return modules.Render("kit/publish", language.M("kit.publish.title", "key", e.item.Key), page), err
}

// maxChanges bounds a list of them: who changed more reads the whole.
const maxChanges = 200

// changes lists where two contents of an item differ; without the second there is nothing to compare.
func (p pages) changes(r *http.Request, s tenants.Scope, e editing, contents [2][]byte) (component.Table, error) {
	table := component.Table{ID: "cambia", Caption: modules.Say(r, "kit.publish.changes"), Hidden: true, Cards: true}
	for _, key := range []string{"kit.publish.place", "kit.publish.was", "kit.publish.is"} {
		table.Columns = append(table.Columns, component.Column{Label: modules.Say(r, key)})
	}
	if contents[1] == nil {
		return table, nil
	}
	titles, err := p.items.Titles(r.Context(), s)
	if err != nil {
		return table, err
	}
	say := NewTeller(r.Context(), p.kinds, e.kind.ID, contents[0], contents[1]).Naming(titles)
	changes := say.Whole(contents[1])
	if contents[0] != nil {
		if changes, err = merge.Changes(e.kind.Lists, contents[0], contents[1]); err != nil {
			return table, err
		}
	}
	for _, one := range changes[:min(len(changes), maxChanges)] {
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: say.Place(one.Path)}, {Text: say.Value(one.Path, one.Was)}, {Text: say.Value(one.Path, one.Is)},
		}})
	}
	return table, nil
}

func (p pages) publish(r *http.Request, s tenants.Scope) (modules.View, error) {
	item, kind, err := p.itemOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	seen, _ := strconv.Atoi(modules.Value(r, "versione"))
	_, err = p.items.Publish(r.Context(), s, Step{Kind: item.Kind, Key: item.Key, Revision: seen, Reason: modules.Value(r, "motivo"), Consent: modules.ReadConsent(r)})
	wrong := modules.FieldErrors(r.Context(), err)
	if modules.IsStale(err) {
		wrong = map[string]string{modules.ConsentField: language.Say(r.Context(), problem.Of(err).Message)}
	}
	if wrong != nil {
		view, err := p.publishPage(r, s, editing{item: item, kind: kind}, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(itemPath(item.Kind, item.Key), language.M("kit.publish.done")), nil
}

// VersionPage shows a version as it was, and offers to work on from it.
type VersionPage struct {
	Breadcrumb component.Breadcrumb
	Heading    string
	Facts      component.Summary
	Blocks     []Block
	Action     string
	Hidden     []component.Hidden
	Button     *component.Button
}

// versionOf is the version of an item with the number of the path.
func (p pages) versionOf(r *http.Request, s tenants.Scope, item Item) (Version, error) {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return Version{}, problem.Missing()
	}
	return p.items.numbered(r.Context(), s, item, number)
}

func (p pages) showVersion(r *http.Request, s tenants.Scope) (modules.View, error) {
	item, _, err := p.itemOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	version, err := p.versionOf(r, s, item)
	if err != nil {
		return modules.View{}, err
	}
	titles, err := p.items.Titles(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := VersionPage{
		Breadcrumb: p.crumbs(r, s, item, "kit.item.history"), Heading: modules.Say(r, "kit.version.heading", "key", item.Key, "number", version.Number),
		Facts: component.Summary{Rows: []component.SummaryRow{
			{Label: modules.Say(r, "kit.version.author"), Values: values(version.Author)},
			{Label: modules.Say(r, "kit.item.reason"), Values: values(version.Reason)},
		}},
		Blocks: Readable(tell.Calling(r.Context(), titles), p.kinds, item.Kind, version.Content),
		Action: itemPath(item.Kind, item.Key) + "/versioni/" + strconv.Itoa(version.Number),
		Hidden: []component.Hidden{{Name: "versione", Value: strconv.Itoa(item.Revision)}},
	}
	if p.items.deps.Permits(s, "item:write") && (version.ID != item.Current.ID || item.State == Retired) {
		page.Button = &component.Button{Label: modules.Say(r, "kit.version.restore")}
	}
	return modules.Render("kit/version", language.M("kit.version.heading", "key", item.Key, "number", version.Number), page), nil
}

func (p pages) restore(r *http.Request, s tenants.Scope) (modules.View, error) {
	item, _, err := p.itemOf(r, s)
	if err != nil {
		return modules.View{}, err
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return modules.View{}, problem.Missing()
	}
	seen, _ := strconv.Atoi(modules.Value(r, "versione")) // none is not the one that is there
	if _, err := p.items.Restore(r.Context(), s, Restoring{Kind: item.Kind, Key: item.Key, Number: number, Revision: seen}); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(itemPath(item.Kind, item.Key)+"/pubblica", language.M("kit.version.restored", "number", number)), nil
}

// ShowEffect is nil where nothing is to be read.
func ShowEffect(r *http.Request, list []modules.Module, e modules.Effect, wrong string) *EffectView {
	return effect.Show(r, list, e, wrong)
}
