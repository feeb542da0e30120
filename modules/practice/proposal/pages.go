package proposal

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// listPath is above the pages of proposals.
const listPath = "/proposte"

// The permissions of proposals.
const (
	mayRead   = "proposal:read"
	mayWrite  = "proposal:write"
	mayAnswer = "proposal:answer"
)

type pages struct {
	service *Service
	bodies  *tenants.Directory
}

// Pages are those of proposals.
func Pages(service *Service, bodies *tenants.Directory) []modules.Page {
	p := pages{service, bodies}
	one := listPath + "/{proposal}"
	return []modules.Page{
		{Pattern: "GET " + listPath, Permission: mayRead, Handle: p.list},
		{Pattern: "GET /adozioni/{id}/proposte/nuova", Permission: mayWrite, Handle: p.showNew},
		{Pattern: "POST /adozioni/{id}/proposte", Permission: mayWrite, Handle: p.create},
		{Pattern: "GET " + one, Permission: mayRead, Handle: p.show},
		{Pattern: "GET " + one + "/modifica", Permission: mayWrite, Handle: p.showEdit},
		{Pattern: "POST " + one + "/modifica", Permission: mayWrite, Handle: p.update},
		{Pattern: "POST " + one + "/invia", Permission: mayWrite, Handle: p.send},
		{Pattern: "POST " + one + "/messaggi", Permission: mayWrite, Handle: p.discuss},
		{Pattern: "POST " + one + "/letta", Permission: mayWrite, Handle: p.read},
		{Pattern: "GET " + one + "/ritira", Permission: mayWrite, Handle: p.askWithdraw},
		{Pattern: "POST " + one + "/ritira", Permission: mayWrite, Handle: p.withdraw},
		{Pattern: "GET " + one + "/accetta", Permission: mayAnswer, Handle: p.askAccept},
		{Pattern: "POST " + one + "/accetta", Permission: mayAnswer, Handle: p.accept},
		{Pattern: "GET " + one + "/rifiuta", Permission: mayAnswer, Handle: p.askDecline},
		{Pattern: "POST " + one + "/rifiuta", Permission: mayAnswer, Handle: p.decline},
	}
}

func pathOf(p Proposal) string { return listPath + "/" + p.ID.String() }

// ListPage lists the proposals that the body wrote and received.
type ListPage struct {
	Help  string
	Table component.Table
}

func (p pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	found, next, err := p.service.Find(r.Context(), s, r.URL.Query().Get("dopo"))
	if err != nil {
		return modules.View{}, err
	}
	table := component.Table{
		Caption: modules.Say(r, "practice.proposals.heading"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.item.title", "practice.proposal.with", "practice.list.state", "practice.proposal.last"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.proposals.empty"), Text: modules.Say(r, "practice.proposals.empty_text")},
	}
	if next != "" {
		table.Pager = &component.Pager{Next: listPath + "?" + url.Values{"dopo": {next}}.Encode()}
	}
	for _, one := range found {
		title, lang := form.Said(r, one.Item.Title)
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			{Text: one.Item.Key + " " + title, Lang: lang, URL: pathOf(one), Note: language.SayText(r.Context(), one.Title)},
			{Text: p.other(one), Note: modules.Say(r, "practice.proposal.side."+string(one.Side))},
			{Tags: p.tags(r, s, one)},
			{Instant: one.place().At},
		}})
	}
	return modules.Render("practice/proposals", language.M("practice.proposals.heading"), ListPage{modules.Say(r, "practice.proposals.help"), table}), nil
}

// other names the other body.
func (p pages) other(one Proposal) string {
	if one.Side == adoption.Ceding {
		return p.bodies.Name(one.Reusing)
	}
	return p.bodies.Name(one.Ceding)
}

// tags say where a proposal stands, and whether it waits for the reader.
func (p pages) tags(r *http.Request, s tenants.Scope, one Proposal) []component.Tag {
	tones := map[State]component.Tone{Draft: component.Warning, Sent: component.Info, Discussed: component.Info, Accepted: component.Success, Declined: component.Danger}
	tags := []component.Tag{{Label: modules.Say(r, "practice.proposal.state."+string(one.State)), Tone: tones[one.State]}}
	if one.Awaits(s.Tenant) || one.HasNews() {
		tags = append(tags, component.Tag{Label: modules.Say(r, "practice.proposal.yours"), Tone: component.Warning})
	}
	return tags
}

// ShowPage is a proposal as one of the two bodies sees it.
type ShowPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Lang       string
	Tags       []component.Tag
	Notice     *component.Alert
	Facts      component.Summary
	Changes    component.Table
	Step       *StepForm // the next step: send, or read the answer
	Buttons    component.ButtonRow
	Talk       *component.Timeline
	Message    *MessageForm
}

// StepForm is a button with what it sends.
type StepForm struct {
	Text   string
	Action string
	Hidden []component.Hidden
	Button component.Button
}

// MessageForm adds a message.
type MessageForm struct {
	Action string
	ID     string
	Text   component.Field
	Button component.Button
}

func (p pages) get(r *http.Request, s tenants.Scope) (Proposal, error) {
	id, err := modules.PathID(r, "proposal")
	if err != nil {
		return Proposal{}, err
	}
	return p.service.Get(r.Context(), s, id)
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	one, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.showPage(r, s, one, nil)
}

func (p pages) showPage(r *http.Request, s tenants.Scope, one Proposal, wrong map[string]string) (modules.View, error) {
	changes, err := p.service.Changes(one)
	if err != nil {
		return modules.View{}, err
	}
	title, lang := form.Said(r, one.Item.Title)
	page := ShowPage{
		Breadcrumb: p.crumbs(r, one, ""), Title: one.Item.Key + " " + title, Lang: lang, Tags: p.tags(r, s, one), Facts: p.facts(r, one),
	}
	if page.Changes, err = p.changesTable(r, s, one, changes); err != nil {
		return modules.View{}, err
	}
	p.addSteps(r, s, one, &page)
	if one.State != Draft && !one.SentAt.IsZero() {
		page.Talk = p.talk(r, one)
	}
	if one.IsOpen() && p.may(s, mayWrite) {
		page.Message = &MessageForm{
			Action: pathOf(one) + "/messaggi", ID: modules.FormID(r.PostFormValue("id")).String(),
			Text: component.Field{
				ID: "text", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "practice.proposal.message"), Hint: modules.Say(r, "practice.proposal.message_hint", "body", p.other(one)),
				MaxLength: 2000, Value: r.PostFormValue("text"), Error: wrong["text"],
			},
			Button: component.Button{Label: modules.Say(r, "practice.proposal.write")},
		}
		page.Errors = component.Summarize(page.Message.Text)
	}
	page.Errors.Errors = append(page.Errors.Errors, p.placeErrors(r, one, wrong)...)
	return modules.Render("practice/proposal", language.M("practice.proposal.heading", "item", page.Title), page), nil
}

// placeText names a place of what was checked: a text of the proposal, or a place of its item.
func (p pages) placeText(r *http.Request, one Proposal, place string) string {
	if slices.Contains([]string{"reason", "evidence", "link", "proposal"}, place) {
		return modules.Say(r, "practice.proposal.place."+place)
	}
	return p.teller(r, one.Item, one.Base).Found(place)
}

// placeErrors tell what is wrong elsewhere than in the text that goes with an answer.
func (p pages) placeErrors(r *http.Request, one Proposal, wrong map[string]string) (list []component.FieldError) {
	for _, place := range sortedKeys(wrong) {
		if place != "text" {
			list = append(list, component.FieldError{Message: p.placeText(r, one, place) + ": " + wrong[place]})
		}
	}
	return list
}

// teller says the places and values of an item in words, which stands in several ways.
func (p pages) teller(r *http.Request, ways ...kit.Source) kit.Teller {
	contents := make([][]byte, len(ways))
	for i, one := range ways {
		contents[i] = one.Content
	}
	return kit.NewTeller(r.Context(), p.service.deps.Platform.Kinds, ways[0].Kind, contents...)
}

func sortedKeys(wrong map[string]string) []string {
	var keys []string
	for key := range wrong {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (p pages) may(s tenants.Scope, permission string) bool {
	return p.service.deps.Permits(s, permission)
}

func (p pages) crumbs(r *http.Request, one Proposal, here string) component.Breadcrumb {
	items := []component.Crumb{{Label: modules.Say(r, "practice.proposals.heading"), URL: listPath}, {Label: one.Item.Key, URL: pathOf(one)}}
	if here == "" {
		items[1].URL = ""
	} else {
		items = append(items, component.Crumb{Label: modules.Say(r, here)})
	}
	return form.Crumbs(items...)
}

func (p pages) facts(r *http.Request, one Proposal) component.Summary {
	rows := []component.SummaryRow{
		form.Plain(r, "practice.list.title", language.SayText(r.Context(), one.Title)+" "+one.Release),
		form.Plain(r, "practice.item.kind", form.Kind(r, p.service.deps.Platform.Kinds, one.Item.Kind)),
		form.Plain(r, "practice.proposal.from", modules.Given(p.bodies.Name(one.Reusing), one.Author)...),
		form.Plain(r, "practice.proposal.to", p.bodies.Name(one.Ceding)),
		form.Plain(r, "practice.proposal.reason", one.Reason),
	}
	if one.Evidence != "" {
		rows = append(rows, form.Plain(r, "practice.proposal.evidence", one.Evidence))
	}
	if one.Link != "" {
		rows = append(rows, form.Plain(r, "practice.proposal.link", one.Link))
	}
	if !one.SentAt.IsZero() {
		rows = append(rows, component.SummaryRow{Label: modules.Say(r, "practice.proposal.sent"), Date: one.SentAt})
	}
	if !one.AnsweredAt.IsZero() {
		rows = append(rows, form.Plain(r, "practice.proposal.answer", modules.Given(modules.Say(r, "practice.proposal.state."+string(one.State)), one.Answer, one.Answerer)...))
	}
	if one.Credited != "" {
		rows = append(rows, form.Plain(r, "practice.proposal.credited", modules.Say(r, "practice.offer.release", "release", one.Credited)))
	}
	return component.Summary{Rows: rows}
}

// changesTable shows each place as it was and as it is proposed; to the ceding body also as it is there now, where it moved on.
func (p pages) changesTable(r *http.Request, s tenants.Scope, one Proposal, changes []merge.Change) (component.Table, error) {
	table := component.Table{
		ID: "differenze", Caption: modules.Say(r, "practice.proposal.changes"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.proposal.where", "practice.column.base", "practice.column.proposed"),
	}
	titles, err := p.service.items.Titles(r.Context(), s)
	if err != nil {
		return table, err
	}
	say := p.teller(r, one.Item, one.Base).Naming(titles)
	var ours map[string]string
	if one.Side == adoption.Ceding && one.IsOpen() && p.may(s, mayAnswer) {
		t, err := p.service.Try(r.Context(), s, one.ID, nil)
		if err != nil {
			return table, err
		}
		if ours, err = p.moved(r, p.teller(r, one.Item, one.Base, t.Ours).Naming(titles), t, changes); err != nil {
			return table, err
		}
	}
	if len(ours) > 0 {
		table.Columns = form.Columns(r, "practice.proposal.where", "practice.column.base", "practice.column.ours_now", "practice.column.proposed")
	}
	for _, c := range changes {
		cells := []component.Cell{{Text: say.Place(c.Path)}, {Text: form.Value(r, say, c.Path, c.Was)}}
		if len(ours) > 0 {
			cells = append(cells, component.Cell{Text: ours[c.Path]})
		}
		table.Rows = append(table.Rows, component.Row{Cells: append(cells, component.Cell{Text: form.Value(r, say, c.Path, c.Is)})})
	}
	return table, nil
}

// moved is how the places stand in the ceding body's item now; of none where it did not move on at any of them.
func (p pages) moved(r *http.Request, say kit.Teller, t Trial, changes []merge.Change) (map[string]string, error) {
	if t.Ours.Content == nil {
		return map[string]string{}, nil
	}
	own, err := kit.Differences(p.service.lists(t.Ours.Kind), t.Proposal.Base, t.Ours)
	if err != nil {
		return nil, err
	}
	ours, moved := map[string]string{}, false
	for _, c := range changes {
		ours[c.Path] = form.Value(r, say, c.Path, c.Was)
		for _, other := range own {
			if other.Path == c.Path {
				ours[c.Path], moved = form.Value(r, say, c.Path, other.Is), true
			}
		}
	}
	if !moved {
		clear(ours)
	}
	return ours, nil
}

func (p pages) talk(r *http.Request, one Proposal) *component.Timeline {
	list := &component.Timeline{Label: modules.Say(r, "practice.proposal.talk"), Empty: component.Empty{Title: modules.Say(r, "practice.proposal.silent")}}
	for _, m := range slices.Backward(one.Messages) {
		list.Events = append(list.Events, component.Event{Title: p.bodies.Name(m.Tenant), At: m.At, By: m.Author, Text: []string{m.Text}})
	}
	return list
}

// addSteps adds what the reader can do now, with one thing to do next.
func (p pages) addSteps(r *http.Request, s tenants.Scope, one Proposal, page *ShowPage) {
	at, seen := pathOf(one), []component.Hidden{{Name: "seen", Value: strconv.Itoa(one.Revision)}}
	button := func(key, url string, emphasis component.Emphasis) {
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, key), URL: url, Emphasis: emphasis})
	}
	mine := one.Side == adoption.Reusing
	switch {
	case mine && one.State == Draft && p.may(s, mayWrite):
		page.Notice = &component.Alert{Tone: component.Info, Title: modules.Say(r, "practice.proposal.draft_title"), Text: modules.Say(r, "practice.proposal.draft_text", "body", p.other(one))}
		page.Step = &StepForm{
			Text: modules.Say(r, "practice.proposal.send_text", "body", p.other(one)), Action: at + "/invia", Hidden: seen,
			Button: component.Button{Label: modules.Say(r, "practice.proposal.send", "body", p.other(one)), Emphasis: component.Primary},
		}
		button("practice.proposal.edit", at+"/modifica", component.Secondary)
		button("practice.proposal.discard", at+"/ritira", component.Secondary)
	case mine && one.HasNews() && p.may(s, mayWrite):
		page.Notice = &component.Alert{Tone: toneOf(one), Title: modules.Say(r, "practice.proposal.news."+string(one.State), "body", p.other(one)), Text: one.Answer}
		page.Step = &StepForm{Action: at + "/letta", Button: component.Button{Label: modules.Say(r, "practice.proposal.read"), Emphasis: component.Primary}}
	case mine && one.IsOpen() && p.may(s, mayWrite):
		button("practice.proposal.withdraw", at+"/ritira", component.Secondary)
	case !mine && one.IsOpen() && p.may(s, mayAnswer):
		button("practice.proposal.accept", at+"/accetta", component.Primary)
		button("practice.proposal.decline", at+"/rifiuta", component.Secondary)
	}
}

func toneOf(one Proposal) component.Tone {
	if one.State == Accepted {
		return component.Success
	}
	return component.Warning
}

// seen is the revision that a form was made of; -1 for none.
func seen(r *http.Request) int {
	n, err := strconv.Atoi(modules.Value(r, "seen"))
	if err != nil {
		return -1
	}
	return n
}

// done leads back to a proposal, with its page where something was wrong.
func (p pages) done(r *http.Request, s tenants.Scope, id uuid.UUID, err error, flash string) (modules.View, error) {
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		one, err := p.service.Get(r.Context(), s, id)
		if err != nil {
			return modules.View{}, err
		}
		view, err := p.showPage(r, s, one, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listPath+"/"+id.String(), language.M(flash)), nil
}

func (p pages) send(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "proposal")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.Send(r.Context(), s, id, seen(r))
	return p.done(r, s, id, err, "practice.proposal.sent_flash")
}

func (p pages) discuss(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "proposal")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.Discuss(r.Context(), s, id, Message{ID: modules.FormID(r.PostFormValue("id")), Text: r.PostFormValue("text")})
	return p.done(r, s, id, err, "practice.proposal.written_flash")
}

func (p pages) read(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "proposal")
	if err != nil {
		return modules.View{}, err
	}
	if err := p.service.Read(r.Context(), s, id); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listPath, language.M("practice.proposal.read_flash")), nil
}
