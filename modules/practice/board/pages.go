package board

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

type pages struct {
	service *Service
	bodies  *tenants.Directory
}

// Pages are those of boards.
func Pages(service *Service, bodies *tenants.Directory) []modules.Page {
	p := pages{service, bodies}
	read, write := "adoption:read", "adoption:write"
	return []modules.Page{
		{Pattern: "GET /adozioni/{id}", Permission: read, Handle: p.show},
		{Pattern: "POST /adozioni/{id}/giornale", Permission: write, Handle: p.writeLine},
		{Pattern: "GET /adozioni/{id}/fasi/{stage}", Permission: read, Handle: p.showStage},
		{Pattern: "POST /adozioni/{id}/fasi/{stage}/responsabile", Permission: write, Handle: p.appoint},
		{Pattern: "GET /adozioni/{id}/riscontri/nuovo", Permission: write, Handle: p.showStatement},
		{Pattern: "POST /adozioni/{id}/riscontri", Permission: write, Handle: p.state},
		{Pattern: "POST /adozioni/{id}/riscontri/{statement}/ritira", Permission: write, Handle: p.withdraw},
	}
}

// BoardPage is the board of an adoption as one side sees it.
type BoardPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Facts      component.Summary
	Heading    string // of what this stage asks
	Text       string
	Duties     component.TaskList
	Advance    *AdvanceForm // as far as gates are open
	Next       *AdvanceForm // by one stage, where more are open
	Lag        string       // where the kit is applied and the stage behind it
	Behind     component.TaskList
	Remind     *AdvanceForm // of the other body
	Reminded   string       // when that was done last, while it cannot be done again
	Buttons    component.ButtonRow
	Stages     component.TaskList
	Drawings   []form.Drawing
	Journal    component.Timeline
	Line       *LineForm
	Notes      component.Timeline
}

// AdvanceForm moves an adoption on.
type AdvanceForm struct {
	Action string
	Hidden []component.Hidden
	Button component.Button
	Opens  *component.Link // to what citizens see from then on
}

// LineForm writes into the journal, or a note for oneself.
type LineForm struct {
	Action string
	ID     string
	Text   component.Field
	Who    component.Field
	Button component.Button
}

func (p pages) get(r *http.Request, s tenants.Scope) (Board, error) { return At(r, s, p.service) }

// At is the board that the path of a page names.
func At(r *http.Request, s tenants.Scope, service *Service) (Board, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return Board{}, err
	}
	return service.Get(r.Context(), s, id)
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	return p.boardPage(r, s, b, ""), nil
}

func (p pages) boardPage(r *http.Request, s tenants.Scope, b Board, wrong string) modules.View {
	now := time.Now()
	a, gate := b.Adoption, b.Gate(b.Adoption.Stage, now)
	title := language.SayText(r.Context(), a.Title)
	page := BoardPage{
		Breadcrumb: form.Crumbs(component.Crumb{Label: modules.Say(r, "practice.adoptions.heading"), URL: "/adozioni"}, component.Crumb{Label: title}),
		Title:      title,
		Facts: component.Summary{Rows: []component.SummaryRow{
			form.Plain(r, "practice.side.ceding", cmp.Or(p.bodies.Name(a.Ceding), a.CedingBody)), form.Plain(r, "practice.side.reusing", p.bodies.Name(a.Reusing)),
			form.Plain(r, "practice.kits.release", a.Release), form.Plain(r, "practice.adoptions.stage", form.Stage(r, a.Stage)),
		}},
		Heading: modules.Say(r, "practice.board.asks"),
		Duties:  p.duties(r, s, b, gate),
		Stages:  p.stages(r, b, now),
		Journal: p.journal(r, a), Drawings: form.Drawings(r, p.service.deps.Platform.Kinds, b.Drawn),
		Notes: p.notes(r, b),
	}
	if a.Leading != 0 {
		page.Facts.Rows = append(page.Facts.Rows, form.Plain(r, "practice.side.lead", p.bodies.Name(a.Leading)))
	}
	if a.Proposed.Lead != 0 {
		said := modules.Say(r, "practice.lead.by", "body", p.bodies.Name(a.Proposed.Lead), "by", p.bodies.Name(a.Proposed.By))
		page.Facts.Rows = append(page.Facts.Rows, component.SummaryRow{Label: modules.Say(r, "practice.lead.proposed_row"), Values: []string{said}})
	}
	if o := b.Owner(a.Stage, s.Tenant); !o.Due.IsZero() {
		page.Facts.Rows = append(page.Facts.Rows, component.SummaryRow{Label: modules.Say(r, "practice.board.due"), Date: o.Due})
	}
	page.Text = boardText(r, b, gate)
	if p.works(s, a) {
		p.addForms(r, s, b, &page, wrong)
	}
	page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "practice.outcome.heading"), URL: "/adozioni/" + a.ID.String() + "/esito"})
	return modules.Render("practice/board", language.M("practice.practice.heading", "title", title), page)
}

// works tells whether the actor may do something on the board.
func (p pages) works(s tenants.Scope, a adoption.Adoption) bool {
	return a.Side != adoption.Lead && a.State != "ended" && p.service.deps.Permits(s, "adoption:write")
}

// addForms adds what the actor may do, with one thing to do next.
func (p pages) addForms(r *http.Request, s tenants.Scope, b Board, page *BoardPage, wrong string) {
	a, at := b.Adoption, "/adozioni/"+b.Adoption.ID.String()
	reach := b.Reach(time.Now())
	try := component.Button{Label: modules.Say(r, "practice.adoption.try"), URL: at + "/prova"}
	if reach > a.Stage {
		page.Advance = advanceForm(r, b, reach, "practice.board.advance", component.Primary)
		if reach > a.Stage+1 {
			page.Next = advanceForm(r, b, a.Stage+1, "practice.board.advance_one", "")
		}
	} else if b.Standing.Decided() == 0 {
		try.Emphasis = component.Primary
	}
	p.addReminder(r, s, b, page)
	p.addLag(r, s, b, page)
	if a.Side == adoption.Reusing {
		page.Buttons.Buttons = append(page.Buttons.Buttons, try, component.Button{Label: modules.Say(r, "practice.runs.heading"), URL: at + "/applicazioni"},
			component.Button{Label: modules.Say(r, "practice.changes.news"), URL: at + "/novita"})
		if b.Standing.Decided() > 0 && p.service.deps.Permits(s, "proposal:write") {
			page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "practice.proposal.new"), URL: at + "/proposte/nuova"})
		}
	}
	if a.Side == adoption.Reusing && b.Standing.Decided() > 0 {
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "practice.upgrades.heading"), URL: at + "/aggiornamenti"})
	}
	if len(b.Programme.Questions) > 0 {
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "practice.board.checklist"), URL: at + "/analisi"})
	}
	if b.Standing.Decided() > 0 {
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "practice.ledger.heading"), URL: at + "/registro"})
	}
	if a.Stage > adoption.StageInterest {
		page.Buttons.Buttons = append(page.Buttons.Buttons, component.Button{Label: modules.Say(r, "practice.board.return"), URL: at + "/torna"})
	}
	page.Line = &LineForm{
		Action: at + "/giornale", ID: form.NewID(),
		Text: component.Field{ID: "text", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "practice.board.line"), Required: true, MaxLength: 500, Error: wrong, Value: r.PostFormValue("text")},
		Who: component.Field{ID: "private", Kind: component.Radios, Label: modules.Say(r, "practice.board.line_who"), Required: true, Value: cmp.Or(r.PostFormValue("private"), "no"), Options: []component.Option{
			{Value: "no", Label: modules.Say(r, "practice.board.line_both")}, {Value: "yes", Label: modules.Say(r, "practice.board.line_own", "body", p.bodies.Name(s.Tenant))},
		}},
		Button: component.Button{Label: modules.Say(r, "practice.board.write")},
	}
	page.Errors = component.Summarize(page.Line.Text)
}

// boardText says in one line where the adoption stands.
func boardText(r *http.Request, b Board, gate Gate) string {
	switch {
	case b.Adoption.Stage == adoption.LastStage:
		return modules.Say(r, "practice.board.last")
	case gate.Open():
		return modules.Say(r, "practice.board.open", "stage", form.Stage(r, b.Adoption.Stage+1))
	}
	return modules.Say(r, "practice.board.shut", "n", len(gate.Lacking()), "stage", form.Stage(r, b.Adoption.Stage+1))
}

// duties lists the conditions of a gate, with the side's own that lack first. Who may only read the board gets no links to act.
func (p pages) duties(r *http.Request, s tenants.Scope, b Board, gate Gate) component.TaskList {
	list := component.TaskList{ID: "condizioni"}
	order := func(c Condition) int {
		switch {
		case c.Holds:
			return 3
		case c.Side == b.Adoption.Side:
			return 0
		case c.Side == "":
			return 1
		}
		return 2
	}
	conditions := slices.Clone(gate.Conditions)
	slices.SortStableFunc(conditions, func(x, y Condition) int { return order(x) - order(y) })
	for _, c := range conditions {
		task := component.Task{Label: modules.Say(r, "practice.condition."+c.Key), URL: p.placeOf(b, c)}
		switch {
		case c.Holds:
			task.State = component.Done
		case c.Side == "" || c.Side == b.Adoption.Side:
			task.Hint = modules.Say(r, "practice.condition."+c.Key+".how", "n", c.Count)
		default:
			task.Hint, task.State, task.URL = modules.Say(r, "practice.board.theirs", "body", p.bodies.Name(b.bodyOf(c.Side))), component.Waiting, ""
		}
		if !p.works(s, b.Adoption) {
			task.URL = ""
		}
		list.Tasks = append(list.Tasks, task)
	}
	return list
}

func (b Board) bodyOf(side adoption.Side) int32 {
	if side == adoption.Ceding {
		return b.Adoption.Ceding
	}
	return b.Adoption.Reusing
}

// placeOf is the page where a condition is made to hold; "" where there is none on the board.
func (p pages) placeOf(b Board, c Condition) string {
	if c.Holds {
		return ""
	}
	at := "/adozioni/" + b.Adoption.ID.String()
	statement := at + "/riscontri/nuovo?tipo="
	switch c.Key {
	case "interest", "first_case":
		return statement + c.Key
	case "answered", "gaps", "unblocked":
		return at + "/analisi"
	case "act_ceding", "act_reusing":
		return statement + string(Act)
	case "privacy_ceding", "privacy_reusing":
		return statement + string(Privacy)
	case "delivered":
		return statement + string(Delivery)
	case "decided", "explained":
		return at + "/prova"
	case "sessions":
		return statement + string(Session) + "&voce=" + c.Missing[0]
	case "visits":
		return statement + string(Visit)
	case "baseline":
		return statement + string(Baseline) + "&voce=" + c.Missing[0]
	case "reviewed_yearly":
		return statement + string(Review)
	}
	if months, ok := cutMonths(c.Key); ok {
		return statement + string(Measure) + "&mesi=" + months + "&voce=" + c.Missing[0]
	}
	return ""
}

func cutMonths(key string) (string, bool) {
	const prefix = "months_"
	if len(key) <= len(prefix) || key[:len(prefix)] != prefix {
		return "", false
	}
	return key[len(prefix):], true
}

// stages lists the eleven stages with where each of them stands.
func (p pages) stages(r *http.Request, b Board, now time.Time) component.TaskList {
	list := component.TaskList{Title: modules.Say(r, "practice.adoption.stages"), ID: "fasi"}
	at := "/adozioni/" + b.Adoption.ID.String() + "/fasi/"
	for stage := 0; stage <= adoption.LastStage; stage++ {
		task := component.Task{Label: form.Stage(r, stage), Hint: modules.Say(r, "practice.stage.who."+strconv.Itoa(stage)), URL: at + strconv.Itoa(stage)}
		if o := b.Owner(stage, b.bodyOf(b.Adoption.Side)); o.Name != "" {
			task.Hint += " · " + o.Name
		}
		switch lacking := len(b.Gate(stage, now).Lacking()); {
		case stage < b.Adoption.Stage && lacking > 0:
			task.State = component.Problem
		case stage < b.Adoption.Stage:
			task.State = component.Done
		case stage == b.Adoption.Stage:
			task.State = component.Doing
		}
		list.Tasks = append(list.Tasks, task)
	}
	return list
}

func (p pages) journal(r *http.Request, a adoption.Adoption) component.Timeline {
	list := component.Timeline{Label: modules.Say(r, "practice.adoption.journal")}
	for _, entry := range a.Journal {
		event := component.Event{
			Title: modules.Say(r, "practice.journal."+entry.Event, "release", entry.Release, "stage", form.Stage(r, entry.Stage)), At: entry.At,
			By: entry.Author + ", " + p.bodies.Name(entry.Tenant), Text: []string{form.Stage(r, entry.Stage)},
		}
		if entry.Note != "" {
			event.Text = append(event.Text, entry.Note)
		}
		list.Events = append(list.Events, event)
	}
	return list
}

func (p pages) notes(r *http.Request, b Board) component.Timeline {
	list := component.Timeline{Label: modules.Say(r, "practice.board.notes")}
	for _, n := range b.Notes {
		list.Events = append(list.Events, component.Event{Title: form.Stage(r, n.Stage), At: n.At, By: n.Author, Text: []string{n.Text}})
	}
	return list
}

func (p pages) writeLine(r *http.Request, s tenants.Scope) (modules.View, error) {
	b, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	private := r.PostFormValue("private") == "yes"
	err = p.service.Write(r.Context(), s, b.Adoption.ID, Line{ID: modules.FormID(r.PostFormValue("id")), Text: r.PostFormValue("text"), Private: private})
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		return p.boardPage(r, s, b, wrong["text"]).Refused(), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/adozioni/"+b.Adoption.ID.String(), language.M("practice.board.written")), nil
}
