package entry

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding/control"
	"staffetta/tenants"
)

// formPage is a step that is one form.
type formPage struct {
	frame
	Title  string
	Intro  string
	Fields []component.Field
	Save   component.Button
}

func (p pages) formView(r *http.Request, step Step, page formPage, refused error) modules.View {
	page.Title, page.Intro = modules.Say(r, "onboarding.step."+string(step)), modules.Say(r, "onboarding.intro."+string(step))
	page.Errors = component.Summarize(page.Fields...)
	page.Save = component.Button{Label: modules.Say(r, "onboarding.save"), Emphasis: component.Primary}
	if problem.Is(refused, problem.Conflict) {
		page.conflicted(r)
	}
	return again(modules.Render("onboarding/form", language.M("onboarding.step."+string(step)), page), refused)
}

func (p pages) showContact(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, away, err := p.open(r, s)
	if err != nil || away != nil {
		return p.gone(away, err)
	}
	written := e.Contact
	return p.contactView(r, e, written, nil), nil
}

func (p pages) saveContact(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	written := Contact{
		Position: modules.Value(r, "position"), Email: modules.Value(r, "email"),
		Phone: modules.Value(r, "phone"), ActNumber: modules.Value(r, "act_number"), ActDate: isoDay(dateParts(r, "act_date")),
		PEC: modules.Value(r, "pec"),
	}
	err = p.service.SaveContact(r.Context(), s, id, formVersion(r), written)
	if err == nil {
		return saved(r, id, language.M("onboarding.contact.done")), nil
	}
	if !isForForm(err) {
		return modules.View{}, err
	}
	e, getErr := p.service.Get(r.Context(), s, id)
	if getErr != nil {
		return modules.View{}, getErr
	}
	return p.contactView(r, e, written, err), nil
}

// contactView shows what was written. After a conflict each field that differs says
// what is saved now, and saving again replaces that knowingly.
func (p pages) contactView(r *http.Request, e Entry, c Contact, refused error) modules.View {
	wrong := modules.FieldErrors(r.Context(), refused)
	version := e.ContactVersion
	if refused != nil && !problem.Is(refused, problem.Conflict) {
		version = formVersion(r)
	}
	field := func(name, value, now string, f component.Field) component.Field {
		f.ID, f.Label, f.Value, f.Error, f.Required = name, modules.Say(r, "onboarding.contact."+name), value, wrong[name], true
		if f.Hint != "" && name != "pec" {
			f.Hint = modules.Say(r, f.Hint)
		}
		if problem.Is(refused, problem.Conflict) && now != value {
			f.Hint = modules.Say(r, "onboarding.conflict.now", "value", now)
		}
		return f
	}
	date := field("act_date", "", "", component.Field{Kind: component.KnownDate, Date: partsOf(c.ActDate)})
	if problem.Is(refused, problem.Conflict) && e.Contact.ActDate != c.ActDate {
		date.Hint = modules.Say(r, "onboarding.conflict.now", "value", italianDay(e.Contact.ActDate))
	}
	if refused != nil {
		date.Date = dateParts(r, "act_date")
	}
	return p.formView(r, ContactStep, formPage{frame: p.frameOf(r, e, ContactStep, version), Fields: []component.Field{
		{ID: "name", Label: modules.Say(r, "onboarding.contact.name"), Hint: modules.Say(r, "onboarding.contact.name_hint"), Value: e.Contact.Name, ReadOnly: true, Width: component.Medium},
		field("position", c.Position, e.Contact.Position, component.Field{Hint: "onboarding.contact.position_hint", Autocomplete: "organization-title", MaxLength: 120, Width: component.Medium}),
		field("email", c.Email, e.Contact.Email, component.Field{Kind: component.Email, Autocomplete: "email", MaxLength: 254, Width: component.Medium}),
		field("phone", c.Phone, e.Contact.Phone, component.Field{Kind: component.Phone, Autocomplete: "tel", MaxLength: 40, Width: component.Medium}),
		field("act_number", c.ActNumber, e.Contact.ActNumber, component.Field{Hint: "onboarding.contact.act_hint", MaxLength: 60, Width: component.Medium}),
		date,
		field("pec", c.PEC, e.Contact.PEC, component.Field{Kind: component.Email, Hint: p.certifiedHint(r, e), MaxLength: 254, Width: component.Medium}),
	}}, refused)
}

// certifiedHint says which certified mail the code goes to at once, before somebody writes one at which a person has to look first.
func (p pages) certifiedHint(r *http.Request, e Entry) string {
	m, chosen := e.Municipality()
	host := ""
	if chosen {
		host = control.HostOf(m)
	}
	if host == "" || p.service.deps.Platform.Reviewed {
		return modules.Say(r, "onboarding.contact.pec_looked")
	}
	return modules.Say(r, "onboarding.contact.pec_hint", "host", host)
}

// dateParts reads the three answers of a known date.
func dateParts(r *http.Request, name string) component.DateParts {
	part := func(suffix string) string {
		text := []rune(strings.ToValidUTF8(modules.Value(r, name+suffix), ""))
		return string(text[:min(len(text), 10)])
	}
	return component.DateParts{Day: part("-giorno"), Month: part("-mese"), Year: part("-anno")}
}

// isoDay writes the parts as yyyy-mm-dd, whether they are a date or not; nothing for no parts.
func isoDay(d component.DateParts) string {
	if d == (component.DateParts{}) {
		return ""
	}
	pad := func(text string) string {
		if len(text) == 1 {
			return "0" + text
		}
		return text
	}
	text := d.Year + "-" + pad(d.Month) + "-" + pad(d.Day)
	return text[:min(len(text), 10)]
}

func partsOf(text string) component.DateParts {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return component.DateParts{}
	}
	return component.DateParts{Day: strconv.Itoa(day.Day()), Month: strconv.Itoa(int(day.Month())), Year: strconv.Itoa(day.Year())}
}

func italianDay(text string) string {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return day.Format("02/01/2006")
}
