package opening

import (
	"net/http"
	"strconv"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/onboarding/leaving"
	"staffetta/tenants"
)

const at = "/console/pubblicazione"

type pages struct {
	service *Service
}

// Pages are the pages by which a body goes live.
func Pages(v *Service) []modules.Page {
	p := &pages{service: v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.opening.nav", Order: 99, About: "onboarding.opening.about"}, Handle: p.show},
		{Pattern: "POST " + at, Permission: Decide, Handle: p.open},
		{Pattern: "POST " + at + "/ritorno", Permission: Decide, Handle: p.takeBack},
	}
}

// openingPage is the last step: what is missing, what happens, the decision, and the way back.
type openingPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Alert   component.Alert
	Stops   component.TaskList
	Advised component.TaskList
	Gone    *component.Table // what is removed when the body goes live
	Open    *component.Decision
	Return  *component.Decision
	History component.Table
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.view(r, s, nil)
}

func (p *pages) view(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	o, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := openingPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.console.title"), URL: "/console"}, {Label: modules.Say(r, "onboarding.opening.title")}}},
		Alert:      state(r, o), History: history(r, o.History),
		Stops: tasks(r, "manca", o.Stops), Advised: tasks(r, "consigli", o.Advised),
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	if p.service.deps.Permits(s, Decide) {
		page.Open, page.Return = openForm(r, o, wrong), returnForm(r, o, wrong)
	}
	if page.Open != nil && o.Gone() > 0 {
		page.Gone = goneTable(r, leaving.Kinds(p.service.deps.Platform.Modules, o.People))
	}
	view := modules.Render("onboarding/opening", language.M("onboarding.opening.title"), &page)
	return page.Explain(r, view, refused, component.FieldsOf(page.Open, page.Return)...), nil
}

// state says in one sentence how the body stands.
func state(r *http.Request, o Outlook) component.Alert {
	switch {
	case o.Ready() && len(o.Advised) > 0:
		return component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.opening.possible", "n", len(o.Advised))}
	case o.Ready():
		return component.Alert{Tone: component.Success, Title: modules.Say(r, "onboarding.opening.ready")}
	case o.Trial:
		return component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.opening.missing", "n", len(o.Stops))}
	case len(o.History) > 0:
		last := o.History[0]
		return component.Alert{Tone: component.Success, Title: modules.Say(r, "onboarding.opening.live", "name", last.Name, "at", instant(last.At))}
	default:
		return component.Alert{Tone: component.Success, Title: modules.Say(r, "onboarding.opening.always")}
	}
}

func tasks(r *http.Request, id string, all []modules.Standing) component.TaskList {
	list := component.TaskList{ID: id}
	for _, one := range all {
		t := component.Task{Label: modules.Say(r, one.Title)}
		if one.Text.Key != "" {
			t.Hint = language.Say(r.Context(), one.Text)
		}
		if one.May {
			t.URL = one.Path
		}
		switch {
		case one.State == modules.Wrong:
			t.State = component.Problem
		case one.Required:
			t.State = component.Needed
		default:
			t.State = component.Advised
		}
		list.Tasks = append(list.Tasks, t)
	}
	return list
}

func openForm(r *http.Request, o Outlook, wrong map[string]string) *component.Decision {
	if !o.Ready() {
		return nil
	}
	consent := component.Consent(r.Context(), false, wrong[modules.ConsentField])
	if consent.Error != "" {
		consent.Error = modules.Say(r, "onboarding.opening.error.unread")
	}
	consent.Options[0].Label = modules.Say(r, "onboarding.opening.read")
	if n := o.Gone(); n > 0 {
		consent.Options[0].Label = modules.Say(r, "onboarding.opening.read_gone", "n", n)
	}
	return &component.Decision{
		Action: at, Fields: []component.Field{consent},
		Hidden: []component.Hidden{{Name: modules.MarkField, Value: o.Mark}, {Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
		Button: component.Button{Label: modules.Say(r, "onboarding.opening.open"), Emphasis: component.Primary},
	}
}

// goneTable says how many rows of which kind are removed.
func goneTable(r *http.Request, kinds []leaving.Kind) *component.Table {
	t := &component.Table{
		ID: "cancellati", Caption: modules.Say(r, "onboarding.opening.gone"), Hidden: true,
		Columns: []component.Column{{Label: modules.Say(r, "onboarding.opening.gone_kind")}, {Label: modules.Say(r, "onboarding.opening.gone_rows"), Numeric: true}},
	}
	for _, k := range kinds {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: k.Title.In(language.Of(r.Context()))}, {Text: strconv.FormatInt(k.Rows, 10), Numeric: true}}})
	}
	return t
}

func returnForm(r *http.Request, o Outlook, wrong map[string]string) *component.Decision {
	until := o.Until(time.Now())
	if until.IsZero() {
		return nil
	}
	return &component.Decision{
		Title: modules.Say(r, "onboarding.opening.return"), Text: modules.Say(r, "onboarding.opening.return_text"), Action: at + "/ritorno",
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
		Fields: []component.Field{{
			ID: "motivo", Kind: component.LongText, Rows: 2, Label: modules.Say(r, "onboarding.opening.reason"), Hint: modules.Say(r, "onboarding.opening.reason_hint", "until", instant(until)),
			Value: modules.Value(r, "motivo"), Required: true, MaxLength: maxReason, Error: wrong["motivo"],
		}},
		Button: component.Button{Label: modules.Say(r, "onboarding.opening.return")},
	}
}

func history(r *http.Request, all []Opening) component.Table {
	t := component.Table{
		ID: "storia", Caption: modules.Say(r, "onboarding.opening.history"), Cards: true,
		Columns: []component.Column{{Label: modules.Say(r, "onboarding.opening.what")}, {Label: modules.Say(r, "onboarding.opening.who")}, {Label: modules.Say(r, "onboarding.opening.when")}},
		Empty:   component.Empty{Title: modules.Say(r, "onboarding.opening.never")},
	}
	for _, one := range all {
		what := component.Cell{Text: modules.Say(r, "onboarding.opening.opened")}
		if !one.Opens {
			what = component.Cell{Text: modules.Say(r, "onboarding.opening.returned"), Note: one.Reason}
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{what, {Text: one.Name}, {Instant: one.At}}})
	}
	return t
}

func (p *pages) open(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := p.service.Open(r.Context(), s, modules.FormID(r.PostFormValue("id")), modules.ReadConsent(r))
	return p.answer(r, s, err, language.M("onboarding.opening.done"))
}

func (p *pages) takeBack(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := p.service.TakeBack(r.Context(), s, modules.FormID(r.PostFormValue("id")), modules.Value(r, "motivo"))
	return p.answer(r, s, err, language.M("onboarding.opening.undone"))
}

// answer shows the page again with what was refused, or leads to how the body stands now.
func (p *pages) answer(r *http.Request, s tenants.Scope, err error, flash language.Message) (modules.View, error) {
	switch {
	case modules.IsAnswered(err):
		return p.view(r, s, err)
	case err != nil:
		return modules.View{}, err
	default:
		return modules.Redirect(at, flash), nil
	}
}

func instant(at time.Time) string { return at.In(language.Rome).Format("02/01/2006, 15:04") }
