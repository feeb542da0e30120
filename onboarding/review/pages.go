package review

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const listPath = "/piattaforma/ingressi"

type pages struct {
	service *Service
}

// Pages are those of the people of the platform who look at entries.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET " + listPath, Permission: Permission, Site: modules.OnPlatform, Nav: &modules.Nav{Label: "onboarding.review.nav", Order: 20, About: "onboarding.review.about"}, Handle: p.list},
		{Pattern: "GET " + listPath + "/{entry}", Permission: Permission, Site: modules.OnPlatform, Handle: p.show},
		{Pattern: "GET " + listPath + "/{entry}/atto", Permission: Permission, Site: modules.OnPlatform, Handle: p.deed},
		{Pattern: "POST " + listPath + "/{entry}", Permission: Permission, Site: modules.OnPlatform, Handle: p.judge},
	}
}

// listPage lists the entries that wait, and the last that were judged.
type listPage struct{ Table component.Table }

func (p pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	entries, err := p.service.Find(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := listPage{component.Table{
		Caption: modules.Say(r, "onboarding.review.title"), Hidden: true, Cards: true,
		Empty: component.Empty{Title: modules.Say(r, "onboarding.review.none"), Text: modules.Say(r, "onboarding.review.none_text")},
	}}
	for _, key := range []string{"body", "contact", "state", "asked_on"} {
		page.Table.Columns = append(page.Table.Columns, component.Column{Label: modules.Say(r, "onboarding.review."+key)})
	}
	for _, e := range entries {
		page.Table.Rows = append(page.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: bodyOf(r, e), URL: entryURL(e.ID)}, {Text: e.Name}, {Tags: []component.Tag{stateTag(r, e)}}, {Instant: e.AskedAt.In(language.Rome)},
		}})
	}
	return modules.Render("onboarding/reviews", language.M("onboarding.review.title"), page), nil
}

func entryURL(id uuid.UUID) string { return listPath + "/" + id.String() }

func bodyOf(r *http.Request, e Entry) string {
	if name := e.Body(); name != "" {
		return name
	}
	return modules.Say(r, "onboarding.name.none")
}

func stateTag(r *http.Request, e Entry) component.Tag {
	switch e.Verdict {
	case Yes:
		return component.Tag{Label: modules.Say(r, "onboarding.review.state_yes"), Tone: component.Success}
	case No:
		return component.Tag{Label: modules.Say(r, "onboarding.review.state_no"), Tone: component.Danger}
	}
	return component.Tag{Label: modules.Say(r, "onboarding.review.state_asked"), Tone: component.Warning}
}

// sheetPage is what an entry declares, and the verdict.
type sheetPage struct {
	Title string
	modules.Refusal
	Declared  component.Summary
	Deed      *component.Link
	Judgement *component.Summary
	Form      *component.Decision
	Back      component.Link
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "entry")
	if err != nil {
		return modules.View{}, err
	}
	e, err := p.service.Get(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	return sheet(r, e, nil), nil
}

func sheet(r *http.Request, e Entry, refused error) modules.View {
	page := sheetPage{Title: bodyOf(r, e), Declared: declared(r, e), Back: component.Link{Label: modules.Say(r, "onboarding.review.back"), URL: listPath}}
	if e.Deed != "" {
		page.Deed = &component.Link{Label: modules.Say(r, "onboarding.review.deed", "file", e.Deed), URL: entryURL(e.ID) + "/atto"}
	}
	if e.Verdict == "" {
		page.Form = form(r, e, refused)
	} else {
		page.Judgement = &component.Summary{Title: modules.Say(r, "onboarding.review.judged"), Rows: []component.SummaryRow{
			{Label: modules.Say(r, "onboarding.review.verdict"), Values: []string{stateTag(r, e).Label}},
			{Label: modules.Say(r, "onboarding.review.reason"), Values: []string{e.Reason}},
			{Label: modules.Say(r, "onboarding.review.reviewer"), Values: []string{e.Reviewer, e.JudgedAt.In(language.Rome).Format("02/01/2006 15:04")}},
		}}
	}
	view := modules.Render("onboarding/review", language.M("onboarding.review.sheet"), &page)
	return page.Explain(r, view, refused, component.FieldsOf(page.Form)...)
}

// declared is what the entry says, to be held against the index of public bodies and the act.
func declared(r *http.Request, e Entry) component.Summary {
	row := func(key string, values ...string) component.SummaryRow {
		return component.SummaryRow{Label: modules.Say(r, key), Values: values}
	}
	summary := component.Summary{Title: modules.Say(r, "onboarding.review.declared")}
	if m, err := e.Municipality(); err == nil {
		ipa := e.IPA
		if ipa == "" {
			ipa = m.IPA()
		}
		summary.Rows = append(summary.Rows, row("onboarding.body.name", m.Name), row("onboarding.body.province", m.ProvinceName),
			row("onboarding.body.istat", m.ISTAT), row("onboarding.body.ipa", ipa))
	}
	if e.Kind != tenants.Municipality {
		summary.Rows = append(summary.Rows, row("onboarding.other.kind", modules.Say(r, "onboarding.kind."+string(e.Kind))), row("onboarding.other.name", e.Own),
			row("onboarding.body.ipa", e.IPA), row("onboarding.other.tax_code", e.TaxCode))
	}
	summary.Rows = append(summary.Rows, row("onboarding.contact.pec", e.PEC), row("onboarding.contact.name", e.Name),
		row("onboarding.contact.position", e.Position), row("onboarding.contact.email", e.Email), row("onboarding.contact.phone", e.Phone),
		row("onboarding.contact.act_number", e.ActNumber), row("onboarding.contact.act_date", italianDay(e.ActDate)))
	return summary
}

func form(r *http.Request, e Entry, refused error) *component.Decision {
	return &component.Decision{
		Title: modules.Say(r, "onboarding.review.verdict"), Text: modules.Say(r, "onboarding.review.how"),
		Action: entryURL(e.ID), Button: component.Button{Label: modules.Say(r, "onboarding.review.save"), Emphasis: component.Primary},
		Fields: modules.Filled(r, refused, component.Field{
			ID: "verdict", Kind: component.Radios, Label: modules.Say(r, "onboarding.review.verdict"), Required: true,
			Options: []component.Option{{Value: string(Yes), Label: modules.Say(r, "onboarding.review.yes")}, {Value: string(No), Label: modules.Say(r, "onboarding.review.refuse")}},
		}, component.Field{
			ID: "reason", Kind: component.LongText, Label: modules.Say(r, "onboarding.review.reason"), Hint: modules.Say(r, "onboarding.review.reason_hint"), Required: true, MaxLength: maxReason,
		}),
	}
}

func (p pages) judge(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "entry")
	if err != nil {
		return modules.View{}, err
	}
	err = p.service.Judge(r.Context(), s, id, Verdict(modules.Value(r, "verdict")), modules.Value(r, "reason"))
	if err == nil {
		return modules.Redirect(listPath, language.M("onboarding.review.done")), nil
	}
	if problem.Is(err, problem.NotFound) {
		return modules.View{}, err
	}
	e, getErr := p.service.Get(r.Context(), s, id)
	if getErr != nil {
		return modules.View{}, getErr
	}
	return sheet(r, e, err), nil
}

func (p pages) deed(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "entry")
	if err != nil {
		return modules.View{}, err
	}
	f, err := p.service.ReadDeed(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	return modules.View{File: &modules.File{Name: f.Name, MediaType: f.MediaType, Content: f.Content, Modified: f.At}}, nil
}

// italianDay writes a day as people read it.
func italianDay(text string) string {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.Format("02/01/2006")
	}
	return text
}
