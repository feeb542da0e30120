package subject

import (
	"net/http"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// arrivalPage is the form to register a request.
type arrivalPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Hidden []component.Hidden
	Groups []group
	Button component.Button
}

// group is a part of a form.
type group struct {
	Title  string
	Fields []component.Field
}

func (p *pages) blank(r *http.Request, s tenants.Scope) (modules.View, error) {
	var known Named
	if person, ok := modules.ParseID(r.URL.Query().Get("persona")); ok {
		found, err := p.service.Prefill(r.Context(), s, person)
		if err != nil {
			return modules.View{}, err
		}
		known = found
	}
	return p.arrivalView(r, known, nil), nil
}

func choice(r *http.Request, id, prefix string, values []string) component.Field {
	f := component.Field{ID: id, Kind: component.Radios, Label: say(r, prefix), Required: true}
	for _, value := range values {
		f.Options = append(f.Options, component.Option{Value: value, Label: say(r, prefix+"."+value)})
	}
	return f
}

func (p *pages) arrivalView(r *http.Request, known Named, refused error) modules.View {
	born := ""
	if !known.Born.IsZero() {
		born = known.Born.Format(time.DateOnly)
	}
	what, channel := choice(r, "che", "kind", Kinds), choice(r, "canale", "channel", Channels)
	for i := range what.Options {
		what.Options[i].Hint = say(r, "kind_hint."+what.Options[i].Value)
	}
	channel.Kind = component.Select
	page := arrivalPage{
		Breadcrumb: crumbs(r, say(r, "new")), Button: component.Button{Label: say(r, "register"), Emphasis: component.Primary},
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}, {Name: "persona", Value: personText(r, known)}},
		Groups: []group{
			{Title: say(r, "group.subject"), Fields: modules.Filled(r, refused,
				component.Field{ID: "cognome", Label: say(r, "surname"), Required: true, Width: component.Medium, MaxLength: 100, Value: known.Surname},
				component.Field{ID: "nome", Label: say(r, "name"), Required: true, Width: component.Medium, MaxLength: 99, Value: known.Name},
				component.Field{ID: "codice", Kind: component.Code, Label: say(r, "tax_code"), Hint: say(r, "tax_code_hint"), Width: component.Medium, MaxLength: 16, Value: known.TaxCode},
				component.Field{ID: "nascita", Kind: component.Appointed, Label: say(r, "born"), Width: component.Medium, Value: born},
			)},
			{Title: say(r, "group.asker"), Fields: modules.Filled(r, refused,
				choice(r, "chi", "asker", Askers),
				component.Field{ID: "richiedente", Label: say(r, "asker_name"), Hint: say(r, "asker_name_hint"), Depends: true, Width: component.Medium, MaxLength: 200},
				component.Field{ID: "identita", Label: say(r, "identity"), Hint: say(r, "identity_hint"), Required: true, MaxLength: 300},
			)},
			{Title: say(r, "group.what"), Fields: modules.Filled(r, refused,
				what,
				component.Field{ID: "testo", Kind: component.LongText, Rows: 4, Label: say(r, "words"), Hint: say(r, "words_hint"), Required: true, MaxLength: 4000},
				component.Field{ID: "arrivo", Kind: component.Appointed, Label: say(r, "received_on"), Hint: say(r, "received_hint"), Required: true, Width: component.Medium, Value: language.Day(time.Now()).Format(time.DateOnly)},
				channel,
			)},
		},
	}
	var all []component.Field
	for _, g := range page.Groups {
		all = append(all, g.Fields...)
	}
	view := modules.Render("onboarding/subject_arrival", language.M("onboarding.subject.page", "heading", say(r, "new")), &page)
	return page.Explain(r, view, refused, all...)
}

// personText is the person whom the form carries along.
func personText(r *http.Request, known Named) string {
	if sent := modules.Value(r, "persona"); sent != "" {
		return sent
	}
	return modules.IDText(known.Person)
}

// namedIn reads whom a request is about.
func namedIn(r *http.Request, wrong *problem.Fields) Named {
	return Named{
		Person: modules.LinkID(modules.Value(r, "persona")), TaxCode: modules.Value(r, "codice"), Surname: modules.Value(r, "cognome"), Name: modules.Value(r, "nome"),
		Born: wrong.Day("nascita", modules.Value(r, "nascita")),
	}
}

func (p *pages) register(r *http.Request, s tenants.Scope) (modules.View, error) {
	var wrong problem.Fields
	a := Arrival{
		ID: modules.FormID(r.PostFormValue("id")), Kind: modules.Value(r, "che"), Subject: namedIn(r, &wrong), Asker: modules.Value(r, "chi"),
		AskerName: modules.Value(r, "richiedente"), Identity: modules.Value(r, "identita"), Channel: modules.Value(r, "canale"), Words: modules.Value(r, "testo"),
		ReceivedOn: wrong.Day("arrivo", modules.Value(r, "arrivo")),
	}
	err := wrong.Err()
	if err == nil {
		err = p.service.Register(r.Context(), s, a)
	}
	if modules.IsAnswered(err) {
		return p.arrivalView(r, Named{}, err), nil
	}
	return done(pathOf(a.ID), err, "registered_done")
}
