package ask

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

// Pages are the pages about asks.
func Pages(s *Service) []modules.Page {
	p := &pages{service: s}
	return []modules.Page{
		{Pattern: "GET /rete/accesso", Permission: share.MayRead, Handle: p.list},
		{Pattern: "GET /rete/accesso/nuova", Permission: share.MayOffer, Handle: p.begin},
		{Pattern: "POST /rete/accesso/nuova", Permission: share.MayOffer, Handle: p.ask},
		{Pattern: "GET /rete/accesso/{id}", Permission: share.MayRead, Handle: p.show},
		{Pattern: "POST /rete/accesso/{id}/rifiuta", Permission: share.MayDecide, Handle: p.end(Refused)},
		{Pattern: "POST /rete/accesso/{id}/ritira", Permission: share.MayOffer, Handle: p.end(Withdrawn)},
	}
}

// listPage lists what was asked, and leads to a new one.
type listPage struct {
	Table component.Table
	New   component.ButtonRow
}

var tones = map[string]component.Tone{Open: component.Info, Answered: component.Success, Refused: component.Danger, Lapsed: component.Warning}

func stateTag(r *http.Request, a Ask) component.Tag {
	state := a.Standing(time.Now())
	return component.Tag{Label: modules.Say(r, "sharing.ask.state."+state), Tone: tones[state]}
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{Table: component.Table{
		Caption: modules.Say(r, "sharing.ask.list"), Hidden: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "sharing.ask.of")},
			{Label: modules.Say(r, "sharing.ask.to")},
			{Label: modules.Say(r, "sharing.share.state")},
			{Label: modules.Say(r, "sharing.share.due")},
		},
		Empty: component.Empty{Title: modules.Say(r, "sharing.ask.none"), Text: modules.Say(r, "sharing.ask.none_text")},
	}}
	for _, a := range found {
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: p.service.deps.Bodies.Name(a.Asker), URL: "/rete/accesso/" + a.ID.String(), Note: a.By},
			{Text: p.service.deps.Bodies.Name(a.Asked)},
			{Tags: []component.Tag{stateTag(r, a)}},
			{Date: form.LastDay(a.AnswerBy)},
		}})
	}
	if p.service.deps.Permits(s, share.MayOffer) {
		page.New.Buttons = []component.Button{{Label: modules.Say(r, "sharing.ask.new"), URL: "/rete/accesso/nuova", Emphasis: component.Primary}}
	}
	return modules.Render("sharing/asks", language.M("sharing.ask.list"), page), nil
}

// formPage asks.
type formPage struct {
	Intro  string
	Errors component.ErrorSummary
	Fields []component.Field
	Hidden []component.Hidden
	Submit component.Button
	Back   component.Link
}

func (p *pages) begin(r *http.Request, s tenants.Scope) (modules.View, error) {
	code := ""
	if id, named := modules.ParseID(r.FormValue("persona")); named {
		var err error
		if code, err = p.service.CodeOf(r.Context(), s, id); err != nil {
			return modules.View{}, err
		}
	}
	return p.form(r, s, code, nil)
}

// form asks; code is the one that is known already, or that was typed.
func (p *pages) form(r *http.Request, s tenants.Scope, code string, refused error) (modules.View, error) {
	partners, err := p.service.FindPartners(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	wrong := modules.FieldErrors(r.Context(), refused)
	page := formPage{
		Intro:  modules.Say(r, "sharing.ask.form_intro"),
		Hidden: []component.Hidden{{Name: "id", Value: modules.FormID(r.FormValue("id")).String()}},
		Submit: component.Button{Label: modules.Say(r, "sharing.ask.submit"), Emphasis: component.Primary},
		Back:   component.Link{Label: modules.Say(r, "sharing.ask.back"), URL: "/rete/accesso"},
	}
	body := component.Field{ID: "ente", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.ask.to"), Value: r.FormValue("ente"), Error: wrong["ente"]}
	purpose := component.Field{ID: "scopo", Kind: component.Radios, Required: true, Label: modules.Say(r, "sharing.share.purpose"), Value: r.FormValue("scopo"), Error: wrong["scopo"]}
	basis := component.Field{ID: "base", Kind: component.Select, Required: true, Label: modules.Say(r, "sharing.share.basis"), Value: r.FormValue("base"), Error: wrong["base"]}
	sections := component.Field{ID: "sezioni", Kind: component.Checkboxes, Required: true, Label: modules.Say(r, "sharing.share.sections"), Hint: modules.Say(r, "sharing.ask.sections_hint"), Error: wrong["sezioni"]}
	chosen, known := form.Values(r, "sezioni"), []string{}
	for _, partner := range partners {
		if r.FormValue("noto") == "1" && r.FormValue("ente") == partner.Agreement.ID.String()+"~"+partner.Body.Slug {
			page.Intro = modules.Say(r, "sharing.ask.form_known", "body", partner.Body.Name)
		}
		body.Options = append(body.Options, component.Option{Value: partner.Agreement.ID.String() + "~" + partner.Body.Slug, Label: partner.Body.Name + ", " + partner.Agreement.Title})
		for _, key := range partner.Agreement.Purposes {
			if !slices.ContainsFunc(purpose.Options, func(o component.Option) bool { return o.Value == key }) {
				purpose.Options = append(purpose.Options, component.Option{Value: key, Label: p.purpose(r, s, key)})
			}
		}
		known = append(known, partner.Agreement.Sections...)
	}
	for _, id := range policies.SectionIDs() {
		if slices.Contains(known, id) {
			sections.Options = append(sections.Options, component.Option{Value: id, Label: language.SayText(r.Context(), policies.SectionLabel(id)), Selected: slices.Contains(chosen, id)})
		}
	}
	for _, one := range share.LegalBases {
		basis.Options = append(basis.Options, component.Option{Value: one, Label: modules.Say(r, "sharing.basis."+one)})
	}
	page.Fields = []component.Field{
		body,
		{
			ID: "codice", Required: true, MaxLength: 20, Width: component.Medium, Label: modules.Say(r, "sharing.emergency.code"), Hint: modules.Say(r, "sharing.emergency.code_hint"),
			Value: code, Error: wrong["codice"],
		},
		purpose, sections, basis,
		{ID: "motivo", Kind: component.LongText, Rows: 4, Required: true, MaxLength: share.MaxWords, Label: modules.Say(r, "sharing.emergency.reason"), Value: modules.Value(r, "motivo"), Error: wrong["motivo"]},
	}
	page.Errors = component.Summarize(page.Fields...)
	view := modules.Render("sharing/ask_form", language.M("sharing.ask.new"), page)
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

// purpose is the name of a purpose for people.
func (p *pages) purpose(r *http.Request, s tenants.Scope, key string) string {
	known, err := p.service.purposes.FindPurposes(r.Context(), s)
	if err != nil {
		return key
	}
	return language.SayText(r.Context(), known.Label(key))
}

func (p *pages) ask(r *http.Request, s tenants.Scope) (modules.View, error) {
	agreement, slug, _ := strings.Cut(modules.Value(r, "ente"), "~")
	a := Ask{
		ID: modules.FormID(r.PostFormValue("id")), Agreement: modules.LinkID(agreement), TaxCode: modules.Value(r, "codice"), Purpose: modules.Value(r, "scopo"),
		LegalBasis: modules.Value(r, "base"), Sections: form.Values(r, "sezioni"), Reason: modules.Value(r, "motivo"),
	}
	if body, _, err := p.service.deps.Bodies.BySlug(slug); err == nil {
		a.Asked = body.ID
	}
	made, err := p.service.Ask(r.Context(), s, a)
	switch {
	case problem.Is(err, problem.Invalid):
		return p.form(r, s, a.TaxCode, err)
	case problem.Is(err, problem.TooMany): // with all that was typed, for later
		var fields problem.Fields
		fields.Add("codice", "sharing.ask.error.limited")
		view, err := p.form(r, s, a.TaxCode, fields.Err())
		view.Status = http.StatusTooManyRequests
		return view, err
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect("/rete/accesso/"+made.ID.String(), language.M("sharing.ask.done")), nil
}

// askPage shows an ask to either side.
type askPage struct {
	Tag     component.Tag
	Summary component.Summary
	Help    string // what the asked body does
	Reply   component.ButtonRow
	Refuse  *component.Field
	Action  string
	Button  *component.Button
	Back    component.Link
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	a, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	page := askPage{Tag: stateTag(r, a), Summary: p.summary(r, s, a), Back: component.Link{Label: modules.Say(r, "sharing.ask.back"), URL: "/rete/accesso"}}
	if a.Standing(time.Now()) == Open {
		if err := p.addSteps(r, s, a, &page); err != nil {
			return modules.View{}, err
		}
	}
	return modules.Render("sharing/ask", language.M("sharing.ask.one"), page), nil
}

// addSteps adds what the actor may do about an open ask.
func (p *pages) addSteps(r *http.Request, s tenants.Scope, a Ask, page *askPage) error {
	at, offers := "/rete/accesso/"+a.ID.String(), p.service.deps.Permits(s, share.MayOffer)
	if a.Asker == s.Tenant {
		if offers {
			page.Action, page.Button = at+"/ritira", &component.Button{Label: modules.Say(r, "sharing.ask.withdraw")}
		}
		return nil
	}
	if p.service.deps.Permits(s, share.MayDecide) {
		page.Help, page.Action = modules.Say(r, "sharing.ask.help"), at+"/rifiuta"
		page.Refuse = &component.Field{ID: "motivo", Kind: component.LongText, Rows: 3, MaxLength: share.MaxWords, Label: modules.Say(r, "sharing.ask.words"), Hint: modules.Say(r, "sharing.ask.words_hint")}
		page.Button = &component.Button{Label: modules.Say(r, "sharing.ask.refuse")}
	}
	if !offers || !a.Named() {
		return nil
	}
	return p.addReply(r, s, a, page)
}

// addReply leads to the share that answers an ask, or says who can offer it.
func (p *pages) addReply(r *http.Request, s tenants.Scope, a Ask, page *askPage) error {
	replies, err := p.service.FindReplies(r.Context(), s, a)
	if err != nil {
		return err
	}
	page.Help = modules.Say(r, "sharing.ask.unknown")
	for i, one := range replies {
		if one.Path == "" {
			page.Help = modules.Say(r, "sharing.ask.of_colleague", "name", one.Manager)
			continue
		}
		button := component.Button{Label: modules.Say(r, "sharing.ask.reply"), URL: one.Path}
		if i == 0 {
			button.Emphasis = component.Primary
		}
		if len(replies) > 1 {
			button.Label = modules.Say(r, "sharing.ask.reply_case", "number", one.Number)
		}
		page.Reply.Buttons = append(page.Reply.Buttons, button)
	}
	if len(page.Reply.Buttons) > 0 {
		page.Help = modules.Say(r, "sharing.ask.help")
	}
	return nil
}

func (p *pages) summary(r *http.Request, s tenants.Scope, a Ask) component.Summary {
	rows := []component.SummaryRow{
		{Label: modules.Say(r, "sharing.ask.of"), Values: []string{p.service.deps.Bodies.Name(a.Asker) + ", " + a.By}},
		{Label: modules.Say(r, "sharing.ask.to"), Values: []string{p.service.deps.Bodies.Name(a.Asked)}},
		{Label: modules.Say(r, "sharing.share.purpose"), Values: []string{p.purpose(r, s, a.Purpose)}},
		{Label: modules.Say(r, "sharing.share.sections"), Values: form.Sections(r, a.Sections)},
		{Label: modules.Say(r, "sharing.share.basis"), Values: []string{modules.Say(r, "sharing.basis."+a.LegalBasis)}},
		{Label: modules.Say(r, "sharing.share.due"), Date: form.LastDay(a.AnswerBy)},
	}
	if a.Named() {
		rows = slices.Insert(rows, 2, component.SummaryRow{Label: modules.Say(r, "sharing.emergency.code"), Values: []string{a.TaxCode}},
			component.SummaryRow{Label: modules.Say(r, "sharing.emergency.reason"), Values: []string{a.Reason}, Lang: "it"})
	}
	if a.State == Answered {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "sharing.ask.answer"), Values: []string{modules.Say(r, "sharing.share.title")}, Change: &component.Link{Label: modules.Say(r, "sharing.ask.to_share"), URL: "/condivisioni/" + a.Share.String()}})
	}
	return component.Summary{Rows: rows}
}

func (p *pages) end(target string) func(*http.Request, tenants.Scope) (modules.View, error) {
	return func(r *http.Request, s tenants.Scope) (modules.View, error) {
		id, err := modules.PathID(r, "id")
		if err != nil {
			return modules.View{}, err
		}
		if err := p.service.End(r.Context(), s, id, target, modules.Value(r, "motivo")); err != nil {
			return modules.View{}, err
		}
		return modules.Redirect("/rete/accesso/"+id.String(), language.M("sharing.ask."+target)), nil
	}
}
