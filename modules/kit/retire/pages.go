// Package retire takes an item out of use on a page: it tells who works with it, what names it, and who gains and who loses, and asks
// why. It must not write items: the service of the module does.
package retire

import (
	"context"
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit/effect"
	"staffetta/tenants"
)

// Item is one that may go out of use.
type Item struct {
	Kind, Key string
	Title     language.Text
	Revision  int
	Retired   bool
	Drafted   bool // a draft waits
	Measured  bool // Use is known
	Use       modules.Use
	Naming    []Named // items in use that name it
}

// Named is an item that names another one.
type Named struct {
	Kind, Key string
	Title     language.Text
}

// Service is what knows items and writes them.
type Service struct {
	Look   func(ctx context.Context, s tenants.Scope, kind, key string) (Item, error)
	Effect effect.Finder
	Retire func(ctx context.Context, s tenants.Scope, step effect.Step) error
	Kinds  *modules.Kinds
	List   []modules.Module
}

// Pages ask, and take the item out of use.
func Pages(service Service) []modules.Page {
	const at = "/kit/{kind}/{key}/ritira"
	return []modules.Page{
		{Pattern: "GET " + at, Permission: "item:write", Handle: service.show},
		{Pattern: "POST " + at, Permission: "item:write", Handle: service.retire},
	}
}

// Page is what a person reads before an item goes out of use.
type Page struct {
	Breadcrumb   component.Breadcrumb
	Errors       component.ErrorSummary
	Heading      string
	Lang         string
	Alert        *component.Alert // that there is nothing to do
	Facts        component.Summary
	Consequences []string
	Sight        *effect.View
	Action       string
	Hidden       []component.Hidden
	Reason       component.Field
	Button       component.Button
	Cancel       string
}

func (v Service) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return v.page(r, s, nil)
}

// page shows the item as it is now, with why it did not go out of use.
func (v Service) page(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	item, err := v.Look(r.Context(), s, r.PathValue("kind"), r.PathValue("key"))
	if err != nil {
		return modules.View{}, err
	}
	path := "/kit/" + item.Kind + "/" + item.Key
	wrong := modules.FieldErrors(r.Context(), refused)
	page := Page{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{
			{Label: modules.Say(r, "kit.items.heading"), URL: "/kit"}, {Label: item.Key, URL: path}, {Label: modules.Say(r, "kit.retire.heading")},
		}},
		Heading: item.Key + " " + language.SayText(r.Context(), item.Title), Lang: foreign(r, item.Title), Facts: v.facts(r, item),
		Consequences: []string{modules.Say(r, "kit.retire.gone"), modules.Say(r, "kit.retire.stays"), modules.Say(r, "kit.retire.back")},
		Action:       path + "/ritira", Cancel: path, Hidden: []component.Hidden{{Name: "versione", Value: strconv.Itoa(item.Revision)}},
		Reason: component.Field{
			ID: "motivo", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "kit.retire.reason"), Hint: modules.Say(r, "kit.retire.reason_hint"),
			Required: true, MaxLength: 500, Value: modules.Value(r, "motivo"), Error: wrong["reason"],
		},
		Button: component.Button{Label: modules.Say(r, "kit.retire.button"), Emphasis: component.Grave},
	}
	if item.Retired {
		page.Alert = &component.Alert{Tone: component.Info, Text: modules.Say(r, "kit.retire.already")}
	}
	told, err := v.Effect(r.Context(), s, effect.Of{Kind: item.Kind, Key: item.Key, Action: "retire"})
	if err != nil {
		return modules.View{}, err
	}
	stale := ""
	if modules.IsStale(refused) {
		stale = language.Say(r.Context(), problem.Of(refused).Message)
	}
	fields := []component.Field{page.Reason}
	if page.Sight = effect.Show(r, v.List, told, wrong[modules.ConsentField]+stale); page.Sight != nil {
		fields = append(fields, page.Sight.Consent)
	}
	page.Errors = component.Summarize(fields...)
	view := modules.Render("kit/retire", language.M("kit.retire.title", "key", item.Key), page)
	if refused == nil {
		return view, nil
	}
	if problem.Is(refused, problem.Conflict) && stale == "" {
		page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: language.Say(r.Context(), problem.Of(refused).Message)})
	}
	view.Data, view.Status = page, problem.Of(refused).Kind.Status()
	return view, nil
}

// facts tell who works with the item now, and what names it.
func (v Service) facts(r *http.Request, item Item) component.Summary {
	row := func(key string, values ...string) component.SummaryRow {
		return component.SummaryRow{Label: modules.Say(r, key), Values: values}
	}
	facts := component.Summary{Rows: []component.SummaryRow{row("kit.part.type", language.SayText(r.Context(), v.Kinds.Label(item.Kind)))}}
	if item.Measured {
		used := row("kit.retire.records", modules.Say(r, "kit.retire.never"))
		if item.Use.Records > 0 {
			used.Values = []string{
				modules.Say(r, "kit.retire.made", "n", item.Use.Records),
				modules.Say(r, "kit.retire.recent", "n", item.Use.Days90),
			}
		}
		facts.Rows = append(facts.Rows, used)
	}
	naming := row("kit.retire.naming")
	for _, one := range item.Naming {
		naming.Values = append(naming.Values, one.Key+" "+language.SayText(r.Context(), one.Title))
	}
	if len(item.Naming) == 0 {
		naming.Values = []string{modules.Say(r, "kit.retire.unnamed")}
	}
	facts.Rows = append(facts.Rows, naming)
	if item.Drafted {
		facts.Rows = append(facts.Rows, row("kit.state.draft", modules.Say(r, "kit.retire.draft")))
	}
	return facts
}

func (v Service) retire(r *http.Request, s tenants.Scope) (modules.View, error) {
	seen, _ := strconv.Atoi(modules.Value(r, "versione")) // none is not the one that is there
	step := effect.Step{
		Kind: r.PathValue("kind"), Key: r.PathValue("key"), Revision: seen, Reason: modules.Value(r, "motivo"), Consent: modules.ReadConsent(r),
	}
	err := v.Retire(r.Context(), s, step)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return v.page(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/kit/"+step.Kind+"/"+step.Key, language.M("kit.retire.done")), nil
}

// foreign is "it" when a title is shown in Italian on an English page.
func foreign(r *http.Request, title language.Text) string {
	if language.Of(r.Context()) == language.English && title.En == "" {
		return language.Italian
	}
	return ""
}
