package draft

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/network"
	"staffetta/policies"
	"staffetta/tenants"
)

// shown is a draft at a step, with what was refused there, if anything was, and what is saved.
type shown struct {
	draft   Draft
	at      int
	refused error
	saved   Draft
}

// stepPage is one step of writing an agreement.
type stepPage struct {
	Errors   component.ErrorSummary
	Steps    component.Steps
	Help     string
	Notice   *component.Alert
	Saved    *component.Summary // what a colleague has saved meanwhile
	Action   string
	Hidden   []component.Hidden
	Fields   []component.Field
	Find     *component.Button
	More     []component.Field
	Matrices []matrix
	Parts    []part
	Buttons  component.ButtonRow
	Discard  *component.Link
}

// part is what one step has settled, with the way back to it.
type part struct {
	Title  string
	Change component.Link
	Rows   []component.SummaryRow
}

// matrix is a question with a check box in every place of a table.
type matrix struct {
	ID, Label, Hint, Error, Corner string
	Columns                        []string
	Rows                           []matrixRow
}

// DescribedBy lists the ids that explain the boxes, for aria-describedby.
func (m matrix) DescribedBy() string {
	return component.Field{ID: m.ID, Hint: m.Hint, Error: m.Error}.DescribedBy()
}

type matrixRow struct {
	Label string
	Cells []matrixCell
}

type matrixCell struct {
	Blank           bool // a body shows nothing to itself
	ID, Name, Value string
	Column, Says    string // what stands above, and what the box means on its own
	Checked         bool
}

func (p *pages) form(r *http.Request, s tenants.Scope, in shown) (modules.View, error) {
	d := in.draft
	page := stepPage{
		Steps: p.trail(r, s, in), Help: modules.Say(r, "sharing.draft.help."+steps[in.at].slug), Action: address(d.ID, steps[in.at].slug),
		Hidden: []component.Hidden{{Name: "version", Value: strconv.Itoa(d.Version)}},
	}
	if problem.Is(in.refused, problem.Conflict) {
		page.Hidden[0].Value = strconv.Itoa(in.saved.Version) // saving again overwrites what is shown
		page.Notice = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "sharing.draft.changed", "name", in.saved.UpdatedBy), Text: modules.Say(r, "sharing.draft.changed_text")}
		rows, err := p.partRows(r, s, in.saved, in.at)
		if err != nil {
			return modules.View{}, err
		}
		page.Saved = &component.Summary{Title: modules.Say(r, "sharing.draft.saved_now"), Rows: rows}
	}
	if err := p.fill(r, s, in, &page); err != nil {
		return modules.View{}, err
	}
	p.buttons(r, in, &page)
	view := modules.Render("sharing/draft", language.M("sharing.agreement.new"), page)
	switch {
	case problem.Is(in.refused, problem.Conflict):
		view.Status = http.StatusConflict
	case in.refused != nil:
		view = view.Refused()
	}
	return view, nil
}

// trail shows the steps; each may be opened once the draft is saved.
func (p *pages) trail(r *http.Request, _ tenants.Scope, in shown) (trail component.Steps) {
	for i, one := range steps {
		item := component.Step{Label: modules.Say(r, "sharing.draft.step."+one.slug), Current: i == in.at, Done: i < in.at}
		if in.draft.Version > 0 {
			item.URL = address(in.draft.ID, one.slug)
		}
		trail.Items = append(trail.Items, item)
	}
	return trail
}

func (p *pages) buttons(r *http.Request, in shown, page *stepPage) {
	last := in.at == len(steps)-1
	next := component.Button{Label: modules.Say(r, "sharing.draft.next"), Name: "azione", Value: "avanti", Emphasis: component.Primary}
	if last {
		next.Label = modules.Say(r, "sharing.agreement.propose")
	}
	page.Buttons.Buttons = []component.Button{next}
	switch {
	case last:
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "sharing.draft.back"), URL: address(in.draft.ID, steps[in.at-1].slug)})
	case in.at > 0:
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "sharing.draft.back"), Name: "azione", Value: "indietro"})
	}
	if !last {
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "sharing.draft.later"), Name: "azione", Value: "dopo"})
	}
	if in.draft.Version > 0 {
		page.Discard = &component.Link{Label: modules.Say(r, "sharing.draft.discard"), URL: address(in.draft.ID, "scarta")}
	}
}

// fill puts the questions of the step into the page.
func (p *pages) fill(r *http.Request, s tenants.Scope, in shown, page *stepPage) (err error) {
	wrong := modules.FieldErrors(r.Context(), in.refused)
	switch steps[in.at].slug {
	case "enti":
		err = p.parties(r, s, in.draft, wrong, page)
	case "direzioni":
		page.Matrices = []matrix{p.directions(r, in.draft, wrong["verso"])}
	case "contenuti":
		err = p.contents(r, s, in.draft, wrong, page)
	case "date":
		page.Fields = []component.Field{
			day(r, "dal", in.draft.From, wrong), day(r, "al", in.draft.Until, wrong),
			text(r, "atto_numero", in.draft.ActNumber, maxAct, wrong), day(r, "atto_data", in.draft.ActDay, wrong),
		}
	default:
		err = p.review(r, s, in, page)
	}
	page.Errors.Errors = append(page.Errors.Errors, component.Summarize(slices.Concat(page.Fields, page.More)...).Errors...)
	for _, m := range page.Matrices {
		if m.Error != "" {
			page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Target: m.ID, Message: m.Error})
		}
	}
	return err
}

func text(r *http.Request, name, value string, most int, wrong map[string]string) component.Field {
	return component.Field{
		ID: name, Required: true, MaxLength: most, Width: component.Medium, Value: value, Error: wrong[name],
		Label: modules.Say(r, "sharing.field."+name), Hint: modules.Say(r, "sharing.hint."+name),
	}
}

func day(r *http.Request, name, value string, wrong map[string]string) component.Field {
	return component.Field{
		ID: name, Kind: component.Appointed, Required: true, Width: component.Short, Value: value, Error: wrong[name],
		Label: modules.Say(r, "sharing.field."+name), Hint: modules.Say(r, "sharing.hint."+name),
	}
}

// maxBodies is how many bodies are offered beside those that are chosen; the search finds the others.
const maxBodies = 8

// parties asks for the title, the network, the bodies and, once they are chosen, what each is for data protection.
func (p *pages) parties(r *http.Request, s tenants.Scope, d Draft, wrong map[string]string, page *stepPage) error {
	page.Fields = []component.Field{text(r, "titolo", d.Title, maxTitle, wrong)}
	networks, err := p.service.networks.Find(r.Context(), s)
	if err != nil {
		return err
	}
	field := component.Field{
		ID: "rete", Kind: component.Select, Width: component.Medium, Value: modules.IDText(d.Network), Error: wrong["rete"],
		Label: modules.Say(r, "sharing.net.one"), Hint: modules.Say(r, "sharing.draft.network_hint"),
	}
	for _, n := range networks {
		if n.State == network.Active && n.Has(s.Tenant) {
			field.Options = append(field.Options, component.Option{Value: n.ID.String(), Label: n.Title})
		}
	}
	if len(field.Options) > 0 {
		page.Fields = append(page.Fields, field)
		page.Find = &component.Button{Label: modules.Say(r, "sharing.draft.all_members"), Name: "azione", Value: "rete"}
	}
	page.More = p.bodies(r, s, d, wrong)
	return nil
}

// bodies are the search, the chosen bodies with what the search finds, and what each party is for data protection.
func (p *pages) bodies(r *http.Request, s tenants.Scope, d Draft, wrong map[string]string) []component.Field {
	wanted := strings.TrimSpace(r.FormValue("cerca"))
	search := component.Field{ID: "cerca", Label: modules.Say(r, "sharing.agreement.search"), Value: wanted, MaxLength: 100}
	field := component.Field{
		ID: "ente", Kind: component.Checkboxes, Required: true, Error: wrong["ente"],
		Label: modules.Say(r, "sharing.draft.bodies"), Hint: modules.Say(r, "sharing.agreement.body_hint"),
	}
	var others []component.Option
	for _, body := range p.service.deps.Bodies.Active() {
		option := component.Option{Value: body.Slug, Label: body.Name, Selected: slices.Contains(d.Bodies(), body.ID)}
		switch {
		case body.ID == s.Tenant:
		case option.Selected:
			field.Options = append(field.Options, option)
		case len(others) < maxBodies && strings.Contains(strings.ToLower(body.Name+" "+body.Slug), strings.ToLower(wanted)):
			others = append(others, option)
		}
	}
	field.Options = append(field.Options, others...)
	fields := []component.Field{search, field}
	if len(d.Parties) < 2 {
		return fields
	}
	for i, party := range d.Parties {
		role := component.Field{
			ID: fmt.Sprint("ruolo-", i+1), Kind: component.Select, Required: true, Width: component.Medium,
			Label: modules.Say(r, "sharing.draft.role_of", "body", p.service.deps.Bodies.Name(party.Body)),
		}
		for _, one := range policies.DataRoles() {
			value := p.service.deps.Bodies.Slug(party.Body) + ":" + one
			role.Options = append(role.Options, component.Option{Value: value, Label: modules.Say(r, "sharing.role."+one), Selected: party.Role == one})
		}
		if i == 0 {
			role.Hint, role.Error = modules.Say(r, "sharing.draft.role_hint"), wrong["ruoli"]
		}
		fields = append(fields, role)
	}
	return fields
}

// directions has a row for each body that shows and a column for each that sees.
func (p *pages) directions(r *http.Request, d Draft, wrong string) matrix {
	m := matrix{
		ID: "verso", Label: modules.Say(r, "sharing.field.verso"), Hint: modules.Say(r, "sharing.draft.directions_hint"), Error: wrong,
		Corner: modules.Say(r, "sharing.draft.who_shows"),
	}
	for _, to := range d.Parties {
		m.Columns = append(m.Columns, modules.Say(r, "sharing.draft.to", "body", p.service.deps.Bodies.Name(to.Body)))
	}
	for i, from := range d.Parties {
		row := matrixRow{Label: p.service.deps.Bodies.Name(from.Body)}
		for j, to := range d.Parties {
			row.Cells = append(row.Cells, matrixCell{
				Blank: i == j, ID: fmt.Sprintf("verso-%d-%d", i+1, j+1), Name: "verso", Value: p.service.deps.Bodies.Slug(from.Body) + ">" + p.service.deps.Bodies.Slug(to.Body), Column: m.Columns[j],
				Says:    modules.Say(r, "sharing.draft.shows", "from", p.service.deps.Bodies.Name(from.Body), "to", p.service.deps.Bodies.Name(to.Body)),
				Checked: slices.Contains(d.Edges, policies.Edge{From: from.Body, To: to.Body}),
			})
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// contents asks for the purposes, and for each section whether it is shown and whether the other body may write.
func (p *pages) contents(r *http.Request, s tenants.Scope, d Draft, wrong map[string]string, page *stepPage) error {
	terms, err := p.service.agreements.Terms(r.Context(), s)
	if err != nil {
		return err
	}
	field := component.Field{ID: "scopi", Kind: component.Checkboxes, Required: true, Label: modules.Say(r, "sharing.field.scopi"), Error: wrong["scopi"]}
	for _, one := range terms.Purposes {
		field.Options = append(field.Options, component.Option{
			Value: one.Key, Label: one.Label.In(language.Of(r.Context())), Selected: slices.Contains(d.Purposes, one.Key), Hint: needs(r, one),
		})
	}
	m := matrix{
		ID: "sezioni", Label: modules.Say(r, "sharing.field.sezioni"), Hint: modules.Say(r, "sharing.draft.sections_hint") + " " + modules.Say(r, "sharing.draft.kinds_hint", "diary", form.KindNames(r, "diary"), "interventions", form.KindNames(r, "interventions")), Error: wrong["sezioni"] + wrong["scrittura"],
		Corner: modules.Say(r, "sharing.draft.section"), Columns: []string{modules.Say(r, "sharing.draft.read"), modules.Say(r, "sharing.draft.write")},
	}
	hidden := notOffered(s, d, terms)
	if len(hidden) > 0 {
		m.Hint += " " + modules.Say(r, "sharing.draft.never", "sections", form.Joined(r, hidden))
	}
	for _, id := range policies.SectionIDs() {
		if slices.Contains(hidden, id) {
			continue
		}
		label := language.SayText(r.Context(), policies.SectionLabel(id))
		m.Rows = append(m.Rows, matrixRow{Label: label, Cells: []matrixCell{
			{ID: "sezioni-" + id, Name: "sezioni", Value: id, Column: m.Columns[0], Says: label + ": " + m.Columns[0], Checked: slices.Contains(d.Sections, id)},
			{ID: "scrittura-" + id, Name: "scrittura", Value: id, Column: m.Columns[1], Says: label + ": " + m.Columns[1], Checked: slices.Contains(d.Writable, id)},
		}})
	}
	page.Fields, page.Matrices = []component.Field{field, knownField(r, d, wrong["gia_noto"])}, []matrix{m}
	return nil
}

// notOffered are the sections that the body closes to everybody; what an older draft has of them stays, to be taken out.
func notOffered(s tenants.Scope, d Draft, terms agreement.Terms) []string {
	return slices.DeleteFunc(slices.Clone(terms.Closed(s.Tenant, d.Edges)), func(id string) bool { return slices.Contains(d.Sections, id) })
}

// needs says which sections a purpose needs.
func needs(r *http.Request, one agreement.Purpose) string {
	if !one.Shares || len(one.Sections) == 0 {
		return ""
	}
	return modules.Say(r, "sharing.draft.needs", "sections", form.Joined(r, one.Sections))
}

// knownField asks whether the bodies may ask each other who follows a person.
func knownField(r *http.Request, d Draft, wrong string) component.Field {
	return component.Field{
		ID: "gia_noto", Kind: component.Checkboxes, Label: modules.Say(r, "sharing.field.gia_noto"), Hint: modules.Say(r, "sharing.hint.gia_noto"), Error: wrong,
		Options: []component.Option{{Value: "si", Label: modules.Say(r, "sharing.known.allow"), Selected: d.Known}},
	}
}

// read takes the answers of a step into the draft.
func (p *pages) read(r *http.Request, s tenants.Scope, at int, d *Draft) {
	switch steps[at].slug {
	case "enti":
		d.Title, d.Network = modules.Value(r, "titolo"), uuid.Nil
		if id := modules.Value(r, "rete"); id != "" {
			d.Network = modules.FormID(id) // what is no id becomes one that no network has
		}
		d.keep(s.Tenant, p.readParties(r, s, *d))
	case "direzioni":
		d.Edges = nil
		for _, way := range form.Values(r, "verso") {
			from, to, _ := strings.Cut(way, ">")
			if e := (policies.Edge{From: p.known(from), To: p.known(to)}); e.From != e.To && slices.Contains(d.Bodies(), e.From) && slices.Contains(d.Bodies(), e.To) {
				d.Edges = append(d.Edges, e)
			}
		}
	case "contenuti":
		d.Purposes, d.Sections, d.Writable = form.Values(r, "scopi"), form.Values(r, "sezioni"), form.Values(r, "scrittura")
		d.Known = modules.Value(r, "gia_noto") == "si"
		for _, section := range d.Writable { // who writes reads
			if !slices.Contains(d.Sections, section) {
				d.Sections = append(d.Sections, section)
			}
		}
	case "date":
		d.From, d.Until, d.ActNumber, d.ActDay = modules.Value(r, "dal"), modules.Value(r, "al"), modules.Value(r, "atto_numero"), modules.Value(r, "atto_data")
	}
}

// known is the id of the body with the slug, or 0.
func (p *pages) known(slug string) int32 {
	body, _, err := p.service.deps.Bodies.BySlug(slug)
	if err != nil {
		return 0
	}
	return body.ID
}

// askedRoles are the answers to what the parties are, each "slug:role"; every party has a field of its own.
func askedRoles(r *http.Request) []string {
	_ = r.PostFormValue("azione") // parses the form
	var asked []string
	for name, values := range r.PostForm {
		if strings.HasPrefix(name, "ruolo") {
			asked = append(asked, values...)
		}
	}
	return asked
}

// readParties are the bodies that were chosen, with all members of the network where its button was pressed.
func (p *pages) readParties(r *http.Request, s tenants.Scope, d Draft) []Party {
	roles := map[int32]string{}
	for _, value := range askedRoles(r) {
		slug, role, _ := strings.Cut(value, ":")
		roles[p.known(slug)] = role
	}
	bodies := []int32{s.Tenant}
	for _, slug := range form.Values(r, "ente") {
		bodies = append(bodies, p.known(slug))
	}
	if r.PostFormValue("azione") == "rete" && d.Network != uuid.Nil {
		if n, err := p.service.networks.Get(r.Context(), s, d.Network); err == nil { // a foreign one adds nobody, and is refused with the step
			for _, m := range n.Members {
				if !m.JoinedAt.IsZero() {
					bodies = append(bodies, m.Tenant)
				}
			}
		}
	}
	var parties []Party
	for _, body := range bodies {
		if body != 0 && !slices.ContainsFunc(parties, func(p Party) bool { return p.Body == body }) {
			parties = append(parties, Party{body, roles[body]})
		}
	}
	return parties
}

// review shows what each step has settled.
func (p *pages) review(r *http.Request, s tenants.Scope, in shown, page *stepPage) error {
	wrong, err := p.service.Check(r.Context(), s, in.draft)
	if err != nil {
		return err
	}
	texts := modules.FieldErrors(r.Context(), wrong.Err())
	for i, one := range steps[:len(steps)-1] {
		rows, err := p.partRows(r, s, in.draft, i)
		if err != nil {
			return err
		}
		title := modules.Say(r, "sharing.draft.step."+one.slug)
		page.Parts = append(page.Parts, part{Title: title, Rows: rows, Change: component.Link{Label: modules.Say(r, "sharing.draft.change"), Hidden: title, URL: address(in.draft.ID, one.slug)}})
		for _, f := range one.of(wrong) {
			page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: title + ": " + texts[f.Name]})
		}
	}
	return nil
}

// partRows are the answers of one step.
func (p *pages) partRows(r *http.Request, s tenants.Scope, d Draft, at int) ([]component.SummaryRow, error) {
	switch steps[at].slug {
	case "enti":
		rows := []component.SummaryRow{{Label: modules.Say(r, "sharing.field.titolo"), Values: modules.Given(d.Title), Lang: "it"}}
		for _, party := range d.Parties {
			row := component.SummaryRow{Label: p.service.deps.Bodies.Name(party.Body)}
			if party.Role != "" {
				row.Values = []string{modules.Say(r, "sharing.role."+party.Role)}
			}
			rows = append(rows, row)
		}
		return rows, nil
	case "direzioni":
		var ways []string
		for _, e := range d.Edges {
			ways = append(ways, p.service.deps.Bodies.Name(e.From)+" → "+p.service.deps.Bodies.Name(e.To))
		}
		return []component.SummaryRow{{Label: modules.Say(r, "sharing.field.verso"), Values: ways}}, nil
	case "contenuti":
		purposes, err := p.service.agreements.Purposes(r.Context(), s)
		if err != nil {
			return nil, err
		}
		var labels []string
		for _, one := range purposes {
			if slices.Contains(d.Purposes, one.Key) {
				labels = append(labels, language.SayText(r.Context(), one.Label))
			}
		}
		return []component.SummaryRow{
			{Label: modules.Say(r, "sharing.field.scopi"), Values: labels},
			{Label: modules.Say(r, "sharing.field.sezioni"), Values: modules.Given(strings.Join(form.Sections(r, d.Sections), ", "))},
			{Label: modules.Say(r, "sharing.field.scrittura"), Values: modules.Given(strings.Join(form.Sections(r, d.Writable), ", "))},
			{Label: modules.Say(r, "sharing.field.gia_noto"), Values: []string{agreement.SayKnown(r, policies.Asking{Known: d.Known})}},
		}, nil
	}
	return []component.SummaryRow{
		{Label: modules.Say(r, "sharing.field.dal"), Date: form.Day(d.From)},
		{Label: modules.Say(r, "sharing.field.al"), Date: form.Day(d.Until)},
		{Label: modules.Say(r, "sharing.field.atto_numero"), Values: modules.Given(d.ActNumber), Lang: "it"},
		{Label: modules.Say(r, "sharing.field.atto_data"), Date: form.Day(d.ActDay)},
	}, nil
}
