package leaving

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

const at = "/console/uscita"

// holdsAt is where what is held is listed.
const holdsAt = "/console/conservazione/blocchi"

type pages struct {
	service *Service
}

// Pages are the pages where a body leaves the platform.
func Pages(v *Service) []modules.Page {
	p := &pages{v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Nav: &modules.Nav{Label: "onboarding.leaving.nav", Order: 97, About: "onboarding.leaving.about"}, Handle: p.show},
		{Pattern: "POST " + at, Permission: Ask, Handle: p.ask},
		{Pattern: "POST " + at + "/{leaving}/accetta", Permission: Agree, Handle: p.agree},
		{Pattern: "POST " + at + "/{leaving}/rifiuta", Permission: Agree, Handle: p.refuse},
		{Pattern: "POST " + at + "/{leaving}/ferma", Permission: Stop, Handle: p.stop},
	}
}

// leavingPage is what happens, to whom, and who decides.
type leavingPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Alert      component.Alert
	Term       string
	Held       string // why it cannot leave now
	Holds      component.Link
	Rows       component.Table
	Ends       []parting
	Stays      []parting
	Export     string
	ExportLink component.Link
	Forms      []*component.Decision
	History    component.Table
}

// parting is a sentence, with the bodies that it concerns.
type parting struct{ Text, With string }

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.view(r, s, nil)
}

func (p *pages) view(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	o, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := leavingPage{
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.console.title"), URL: "/console"}, {Label: modules.Say(r, "onboarding.leaving.title")}}},
		Alert:      alert(r, o), Term: modules.Say(r, "onboarding.leaving.term"), Rows: rowsTable(r, o.Rows), History: history(r, o.History),
		Export: modules.Say(r, "onboarding.leaving.no_export"), ExportLink: component.Link{Label: modules.Say(r, "onboarding.leaving.to_export"), URL: "/console/esportazione"},
	}
	if o.Trial {
		page.Term = modules.Say(r, "onboarding.leaving.term_trial")
	}
	if o.Held > 0 {
		page.Held = modules.Say(r, "onboarding.leaving.held", "n", o.Held)
		page.Holds = component.Link{Label: modules.Say(r, "onboarding.leaving.to_holds"), URL: holdsAt}
	}
	if o.Export != nil {
		page.Export = modules.Say(r, "onboarding.leaving.has_export", "name", o.Export.Name, "at", instant(o.Export.At))
	}
	for _, one := range o.Partings {
		told := parting{Text: language.Say(r.Context(), one.Text), With: strings.Join(one.With, ", ")}
		if one.Stays {
			page.Stays = append(page.Stays, told)
		} else {
			page.Ends = append(page.Ends, told)
		}
	}
	page.Forms = p.forms(r, s, o, modules.FieldErrors(r.Context(), refused))
	view := modules.Render("onboarding/leaving", language.M("onboarding.leaving.title"), &page)
	return page.Explain(r, view, refused, component.FieldsOf(page.Forms...)...), nil
}

// alert says in one sentence how the body stands.
func alert(r *http.Request, o Outlook) component.Alert {
	l := o.Current()
	switch {
	case l == nil:
		return component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.leaving.stays")}
	case l.State == Agreed:
		return component.Alert{Tone: component.Warning, Title: modules.Say(r, "onboarding.leaving.agreed", "at", instant(*l.DueAt))}
	default:
		return component.Alert{Tone: component.Info, Title: modules.Say(r, "onboarding.leaving.asked", "name", l.AskedName, "at", instant(l.AskedAt)), Text: l.Reason}
	}
}

func rowsTable(r *http.Request, kinds []Kind) component.Table {
	t := component.Table{
		ID: "righe", Caption: modules.Say(r, "onboarding.leaving.rows"),
		Columns: []component.Column{{Label: modules.Say(r, "onboarding.opening.gone_kind")}, {Label: modules.Say(r, "onboarding.opening.gone_rows"), Numeric: true}},
	}
	for _, k := range kinds {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: k.Title.In(language.Of(r.Context()))}, {Text: strconv.FormatInt(k.Rows, 10), Numeric: true}}})
	}
	return t
}

func history(r *http.Request, all []Leaving) component.Table {
	t := component.Table{
		ID: "storia", Caption: modules.Say(r, "onboarding.leaving.history"), Cards: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "onboarding.leaving.state")},
			{Label: modules.Say(r, "onboarding.leaving.who")},
			{Label: modules.Say(r, "onboarding.leaving.why")},
			{Label: modules.Say(r, "onboarding.leaving.then")},
		},
		Empty: component.Empty{Title: modules.Say(r, "onboarding.leaving.never")},
	}
	for _, l := range all {
		asked := component.Cell{Text: l.AskedName, Note: instant(l.AskedAt)}
		why := component.Cell{Text: l.Reason, Note: l.Words}
		if l.Words == "" && l.Waiver != "" {
			why.Note = modules.Say(r, "onboarding.leaving.waived", "why", l.Waiver)
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{{Text: modules.Say(r, "onboarding.leaving.state_"+string(l.State))}, asked, why, {Text: decided(r, l), Note: stopped(r, l)}}})
	}
	return t
}

// decided says who decided and when, "" while nobody has.
func decided(r *http.Request, l Leaving) string {
	switch {
	case l.DecidedAt == nil:
		return ""
	case l.State == Refused:
		return modules.Say(r, "onboarding.leaving.refused_by", "name", l.DecidedName, "at", instant(*l.DecidedAt))
	}
	return modules.Say(r, "onboarding.leaving.agreed_by", "name", l.DecidedName, "at", instant(*l.DecidedAt))
}

// stopped says who took it back, when and why, "" where nobody did.
func stopped(r *http.Request, l Leaving) string {
	if l.StoppedAt == nil {
		return ""
	}
	return strings.TrimSuffix(modules.Say(r, "onboarding.leaving.stopped_by", "name", l.StoppedName, "at", instant(*l.StoppedAt), "why", l.StopReason), ": ")
}

// forms offers what the actor may decide now.
func (p *pages) forms(r *http.Request, s tenants.Scope, o Outlook, wrong map[string]string) (forms []*component.Decision) {
	may, l := p.service.deps.Permits, o.Current()
	if l == nil {
		if may(s, Ask) {
			forms = append(forms, askForm(r, o, wrong))
		}
		return forms
	}
	here := at + "/" + l.ID.String()
	if l.State == Asked && may(s, Agree) && l.AskedBy != s.Account {
		forms = append(forms, &component.Decision{
			Title: modules.Say(r, "onboarding.leaving.agree_title"), Action: here + "/accetta", Hidden: []component.Hidden{{Name: modules.MarkField, Value: o.Mark}},
			Fields: []component.Field{consent(r, wrong)}, Button: component.Button{Label: modules.Say(r, "onboarding.leaving.agree"), Emphasis: component.Grave},
		}, &component.Decision{
			Title: modules.Say(r, "onboarding.leaving.refuse_title"), Action: here + "/rifiuta",
			Fields: []component.Field{words(r, "perche", "onboarding.leaving.words", wrong)}, Button: component.Button{Label: modules.Say(r, "onboarding.leaving.refuse")},
		})
	}
	if may(s, Stop) {
		forms = append(forms, &component.Decision{
			Title: modules.Say(r, "onboarding.leaving.stop_title"), Action: here + "/ferma",
			Fields: []component.Field{words(r, "fermo", "onboarding.leaving.stop_reason", wrong)}, Button: component.Button{Label: modules.Say(r, "onboarding.leaving.stop")},
		})
	}
	return forms
}

func askForm(r *http.Request, o Outlook, wrong map[string]string) *component.Decision {
	fields := []component.Field{words(r, "motivo", "onboarding.leaving.reason", wrong)}
	if o.Export == nil {
		waiver := words(r, "rinuncia", "onboarding.leaving.waiver", wrong)
		waiver.Hint = modules.Say(r, "onboarding.leaving.waiver_hint")
		fields = append(fields, waiver)
	}
	return &component.Decision{
		Title: modules.Say(r, "onboarding.leaving.ask_title"), Action: at, Fields: append(fields, consent(r, wrong)),
		Hidden: []component.Hidden{{Name: modules.MarkField, Value: o.Mark}, {Name: "id", Value: modules.FormID(r.PostFormValue("id")).String()}},
		Button: component.Button{Label: modules.Say(r, "onboarding.leaving.ask"), Emphasis: component.Grave},
	}
}

func words(r *http.Request, id, label string, wrong map[string]string) component.Field {
	return component.Field{ID: id, Kind: component.LongText, Rows: 3, Label: modules.Say(r, label), Value: modules.Value(r, id), Required: true, MaxLength: maxWords, Error: wrong[id]}
}

func consent(r *http.Request, wrong map[string]string) component.Field {
	field := component.Consent(r.Context(), false, wrong[modules.ConsentField])
	field.Options[0].Label = modules.Say(r, "onboarding.leaving.read")
	return field
}

func instant(at time.Time) string { return at.In(language.Rome).Format("02/01/2006, 15:04") }

func day(at time.Time) string { return at.In(language.Rome).Format("02/01/2006") }

func (p *pages) ask(r *http.Request, s tenants.Scope) (modules.View, error) {
	err := p.service.Ask(r.Context(), s, Request{
		ID: modules.FormID(r.PostFormValue("id")), Reason: modules.Value(r, "motivo"), Waiver: modules.Value(r, "rinuncia"),
	}, modules.ReadConsent(r))
	return p.answer(r, s, err, "onboarding.leaving.asked_done")
}

func (p *pages) agree(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.decide(r, s, "onboarding.leaving.agreed_done", func(id uuid.UUID) error { return p.service.Agree(r.Context(), s, id, modules.ReadConsent(r)) })
}

func (p *pages) refuse(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.decide(r, s, "onboarding.leaving.refused_done", func(id uuid.UUID) error {
		return p.service.Refuse(r.Context(), s, id, modules.Value(r, "perche"))
	})
}

func (p *pages) stop(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.decide(r, s, "onboarding.leaving.stopped_done", func(id uuid.UUID) error { return p.service.Stop(r.Context(), s, id, modules.Value(r, "fermo")) })
}

// decide does something with the leaving of the path.
func (p *pages) decide(r *http.Request, s tenants.Scope, key string, do func(uuid.UUID) error) (modules.View, error) {
	id, err := modules.PathID(r, "leaving")
	if err == nil {
		err = do(id)
	}
	return p.answer(r, s, err, key)
}

// answer shows the page again with what was refused, or leads to how the body stands now.
func (p *pages) answer(r *http.Request, s tenants.Scope, err error, key string) (modules.View, error) {
	switch {
	case modules.IsAnswered(err):
		return p.view(r, s, err)
	case err != nil:
		return modules.View{}, err
	default:
		return modules.Redirect(at, language.M(key)), nil
	}
}
