package post

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	service *Service
}

func (p *pages) all() []modules.Page {
	return []modules.Page{
		{Pattern: "GET /posta", Permission: policies.SignedIn, Purpose: tenants.Operator, Handle: p.show},
		{Pattern: "POST /posta", Permission: policies.SignedIn, Purpose: tenants.Operator, Handle: p.set},
		{Pattern: "GET /piattaforma/avviso/{mail}", Permission: policies.Public, Site: modules.OnPlatform, Handle: p.follow},
		{Pattern: "GET /piattaforma/avviso/conferma/{token}", Permission: policies.Public, Site: modules.OnPlatform, Handle: p.askConfirm},
		{Pattern: "POST /piattaforma/avviso/conferma/{token}", Permission: policies.Public, Site: modules.OnPlatform, Handle: p.confirm},
		{Pattern: "GET /piattaforma/posta", Permission: p.outboxPermission(), Site: modules.OnPlatform, Handle: p.outbox},
	}
}

// addressPage says where and how often the person is told, and changes it.
type addressPage struct {
	Errors  component.ErrorSummary
	State   component.Alert
	Failure *component.Alert
	Urgent  bool
	Choices bool // there are reminders to choose
	Fields  []component.Field
	Version int
	Button  component.Button
}

func (p *pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	return p.addressView(r, a, Wish{Email: cmp.Or(a.Pending, a.Email), Rhythm: a.Rhythm, Off: a.Off, Version: a.Version}, nil), nil
}

func (p *pages) set(r *http.Request, s tenants.Scope) (modules.View, error) {
	w := Wish{Email: modules.Value(r, "email"), Rhythm: modules.Value(r, "quando")}
	w.Version, _ = strconv.Atoi(modules.Value(r, "versione")) // anything else is a version that never was
	before, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	if r.PostForm.Has("scelte") {
		w.Off = slices.DeleteFunc(slices.Clone(before.Choices), func(label string) bool { return slices.Contains(r.PostForm["avvisi"], label) })
	}
	asked, err := p.service.Set(r.Context(), s, w)
	switch {
	case problem.Is(err, problem.Invalid):
		return p.addressView(r, before, w, err).Refused(), nil
	case err != nil:
		return modules.View{}, err
	case asked:
		return modules.Redirect("/posta", language.M("post.address.asked")), nil
	}
	return modules.Redirect("/posta", language.M("post.address.saved")), nil
}

func (p *pages) addressView(r *http.Request, a Address, w Wish, refused error) modules.View {
	wrong := modules.FieldErrors(r.Context(), refused)
	page := addressPage{State: addressState(r, a), Urgent: a.Urgent, Version: w.Version, Button: component.Button{Label: modules.Say(r, "post.address.save"), Emphasis: component.Primary}}
	if a.Failure != "" {
		page.Failure = &component.Alert{Tone: component.Warning, Text: modules.Say(r, "post.failure."+a.Failure)}
	}
	var rhythms []component.Option
	for _, rhythm := range Rhythms {
		rhythms = append(rhythms, component.Option{Value: rhythm, Label: modules.Say(r, "post.rhythm."+rhythm)})
	}
	page.Fields = []component.Field{
		{
			ID: "email", Kind: component.Email, Label: modules.Say(r, "post.address.email"), Hint: modules.Say(r, "post.address.email_hint"), Value: w.Email,
			Autocomplete: "email", MaxLength: longest, Width: component.Medium, Error: wrong["email"],
		},
		{ID: "quando", Kind: component.Radios, Required: true, Label: modules.Say(r, "post.address.rhythm"), Value: w.Rhythm, Options: rhythms, Error: wrong["quando"]},
	}
	if page.Choices = len(a.Choices) > 0; page.Choices {
		page.Fields = append(page.Fields, choicesField(r, a, w))
	}
	page.Errors = component.Summarize(page.Fields...)
	return modules.Render("post/address", language.M("post.address.title"), page)
}

// choicesField lets each kind of reminder be switched off by itself.
func choicesField(r *http.Request, a Address, w Wish) component.Field {
	field := component.Field{ID: "avvisi", Kind: component.Checkboxes, Label: modules.Say(r, "post.address.choices"), Hint: modules.Say(r, "post.address.choices_hint")}
	for _, label := range a.Choices {
		field.Options = append(field.Options, component.Option{Value: label, Label: modules.Say(r, label+".choice"), Selected: !slices.Contains(w.Off, label)})
	}
	return field
}

func addressState(r *http.Request, a Address) component.Alert {
	switch {
	case a.Pending != "":
		return component.Alert{Tone: component.Info, Text: modules.Say(r, "post.state.pending", "email", a.Pending)}
	case a.Email != "":
		return component.Alert{Tone: component.Success, Text: modules.Say(r, "post.state.confirmed", "email", a.Email)}
	}
	return component.Alert{Tone: component.Info, Text: modules.Say(r, "post.state.none")}
}

// follow leads from a letter to the desk of its body, where the person signs in: the letter itself names no body.
func (p *pages) follow(r *http.Request, _ tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "mail")
	if err != nil {
		return modules.View{}, err
	}
	slug, err := p.service.slugOf(r.Context(), id)
	if err != nil {
		return modules.View{}, err
	}
	return modules.View{Redirect: "/" + slug + "/scrivania"}, nil
}

// confirmPage confirms an address by a button: programs that look into letters follow links, and press none.
type confirmPage struct {
	Action string
	Button component.Button
}

func (p *pages) askConfirm(r *http.Request, _ tenants.Scope) (modules.View, error) {
	token := r.PathValue("token")
	if err := p.service.Knows(r.Context(), token); err != nil {
		return linkOver(err)
	}
	page := confirmPage{Action: "/piattaforma/avviso/conferma/" + token, Button: component.Button{Label: modules.Say(r, "post.confirm.button"), Emphasis: component.Primary}}
	view := modules.Render("post/confirm", language.M("post.confirm.title"), page)
	view.Public = true
	return view, nil
}

func (p *pages) confirm(r *http.Request, _ tenants.Scope) (modules.View, error) {
	if err := p.service.Confirm(r.Context(), r.PathValue("token")); err != nil {
		return linkOver(err)
	}
	view := modules.Render("post/confirmed", language.M("post.confirmed.title"), nil)
	view.Public = true
	return view, nil
}

// linkOver says of a link that holds no longer what to do.
func linkOver(err error) (modules.View, error) {
	if !problem.Is(err, problem.NotFound) {
		return modules.View{}, err
	}
	view := modules.Render("post/over", language.M("post.over.title"), nil)
	view.Public, view.Status = true, http.StatusNotFound
	return view, nil
}

// outboxPermission lets everybody look in a demo, where nothing is true and codes have to be found; else who runs the platform.
func (p *pages) outboxPermission() string {
	if p.service.deps.Platform.Mail.Open {
		return policies.Public
	}
	return readMails
}

// outboxPage lists what left and what waits.
type outboxPage struct {
	Intro   string
	Table   component.Table
	Letters []letterView // in a demo
}

// letterView is a letter as its reader gets it.
type letterView struct {
	Subject, To, State string
	Lines              []line
}

// line is one paragraph; a URL is one that leads somewhere.
type line struct{ Text, URL string }

func (p *pages) outbox(r *http.Request, _ tenants.Scope) (modules.View, error) {
	entries, err := p.service.FindMails(r.Context())
	if err != nil {
		return modules.View{}, err
	}
	page := outboxPage{Intro: modules.Say(r, "post.outbox.leaves"), Table: p.outboxTable(r, entries)}
	switch mail := p.service.deps.Platform.Mail; {
	case mail.Open:
		page.Intro = modules.Say(r, "post.outbox.demo")
	case mail.Mailer == nil:
		page.Intro = modules.Say(r, "post.outbox.stays")
	}
	for _, e := range entries {
		if e.Text != "" {
			page.Letters = append(page.Letters, letterView{Subject: e.Subject, To: e.To, State: stateText(r, e.Mail), Lines: lines(e.Text, p.service.deps.Platform.Mail.Base)})
		}
	}
	return modules.Render("post/outbox", language.M("post.outbox.title"), page), nil
}

func stateText(r *http.Request, m Mail) string {
	text := modules.Say(r, "post.mail_state."+m.State)
	if m.Reason != "" {
		text += ": " + modules.Say(r, "post.reason."+m.Reason)
	}
	return text
}

func (p *pages) outboxTable(r *http.Request, entries []Entry) component.Table {
	t := component.Table{
		Caption: modules.Say(r, "post.outbox.table"), Hidden: true,
		Empty: component.Empty{Title: modules.Say(r, "post.outbox.none"), Text: modules.Say(r, "post.outbox.none_text")},
	}
	for _, key := range []string{"at", "what", "body", "state", "attempts"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "post.outbox."+key), Numeric: key == "attempts"})
	}
	for _, e := range entries {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Instant: e.CreatedAt.In(language.Rome)},
			{Text: modules.Say(r, e.Template+".subject")},
			{Text: p.service.deps.Bodies.Name(e.Tenant), Lang: language.Italian},
			{Text: stateText(r, e.Mail)},
			{Text: strconv.Itoa(e.Attempts), Numeric: true},
		}})
	}
	return t
}

// lines are the paragraphs of a text; those that are an address of this deployment lead there.
func lines(text, base string) []line {
	var all []line
	for _, part := range paragraphs(text) {
		one := line{Text: part}
		if path, own := cutPrefix(part, base); own {
			one.URL = path
		}
		all = append(all, one)
	}
	return slices.Clip(all)
}
