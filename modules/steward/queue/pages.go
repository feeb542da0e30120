package queue

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

const at = "/piattaforma/code"

type pages struct {
	service *Service
}

// Pages are those of the jobs.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: Read, Site: modules.OnPlatform, Nav: &modules.Nav{Label: "steward.queue.nav", Order: 40, About: "steward.queue.about"}, Handle: p.show},
		{Pattern: "GET " + at + "/lavori/{job}", Permission: Read, Site: modules.OnPlatform, Handle: p.showJob},
		{Pattern: "POST " + at + "/lavori/{job}", Permission: Steer, Site: modules.OnPlatform, Handle: p.steerJob},
		{Pattern: "GET " + at + "/{queue}", Permission: Read, Site: modules.OnPlatform, Handle: p.showQueue},
		{Pattern: "POST " + at + "/{queue}", Permission: Steer, Site: modules.OnPlatform, Handle: p.steerQueue},
	}
}

// overviewPage shows how all jobs stand, and those that failed.
type overviewPage struct {
	Kinds, Queues, Jobs component.Table
	Action              string
	State               component.Field
	Show                component.Button
}

func (p pages) show(r *http.Request, s tenants.Scope) (modules.View, error) {
	o, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	state := r.URL.Query().Get("stato")
	before, _ := strconv.ParseInt(r.URL.Query().Get("prima"), 10, 64) // anything else is the first page
	jobs, next, err := p.service.Find(r.Context(), s, state, before)
	if err != nil {
		return modules.View{}, err
	}
	page := overviewPage{
		Kinds: kinds(r, o.Kinds), Queues: queues(r, o.Queues), Jobs: p.jobs(r, jobs, state), Action: at, Show: component.Button{Label: modules.Say(r, "steward.queue.show")},
		State: component.Field{ID: "stato", Kind: component.Select, Label: modules.Say(r, "steward.queue.state"), Hint: modules.Say(r, "steward.queue.state_hint"), Value: state, Width: component.Medium},
	}
	for _, one := range States {
		page.State.Options = append(page.State.Options, component.Option{Value: one, Label: modules.Say(r, "steward.queue.state_"+one)})
	}
	if next > 0 {
		page.Jobs.Pager = &component.Pager{Next: at + "?" + url.Values{"stato": {state}, "prima": {strconv.FormatInt(next, 10)}}.Encode()}
	}
	return modules.Render("steward/queues", language.M("steward.queue.title"), page), nil
}

func kinds(r *http.Request, all []Kind) component.Table {
	t := component.Table{ID: "tipi", Caption: modules.Say(r, "steward.queue.kinds"), Empty: component.Empty{Title: modules.Say(r, "steward.queue.no_jobs")}}
	for _, key := range []string{"kind", "waiting", "running", "retried", "done", "given_up"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "steward.queue."+key), Numeric: key != "kind"})
	}
	for _, k := range all {
		figures := []int{
			k.Counts["available"] + k.Counts["pending"] + k.Counts["scheduled"] + k.Counts["retryable"], k.Counts["running"], k.Retried, k.Counts["completed"],
			k.Counts["discarded"] + k.Counts["cancelled"],
		}
		row := component.Row{Cells: []component.Cell{{Text: k.Kind}}}
		for _, n := range figures {
			row.Cells = append(row.Cells, component.Cell{Text: strconv.Itoa(n), Numeric: true})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func queues(r *http.Request, all []Queue) component.Table {
	t := component.Table{ID: "code", Caption: modules.Say(r, "steward.queue.queues"), Empty: component.Empty{Title: modules.Say(r, "steward.queue.no_queues")}}
	for _, key := range []string{"queue", "state", "ready"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "steward.queue."+key), Numeric: key == "ready"})
	}
	for _, q := range all {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: q.Name, URL: at + "/" + url.PathEscape(q.Name)}, {Tags: []component.Tag{queueTag(r, q)}}, {Text: strconv.Itoa(q.Waiting), Numeric: true},
		}})
	}
	return t
}

func queueTag(r *http.Request, q Queue) component.Tag {
	if q.PausedAt.IsZero() {
		return component.Tag{Label: modules.Say(r, "steward.queue.worked"), Tone: component.Success}
	}
	return component.Tag{Label: modules.Say(r, "steward.queue.paused"), Tone: component.Warning}
}

func (p pages) jobs(r *http.Request, all []Job, state string) component.Table {
	caption := "steward.queue.failed"
	if state != "" {
		caption = "steward.queue.state_" + state
	}
	t := component.Table{ID: "lavori", Caption: modules.Say(r, caption), Empty: component.Empty{Title: modules.Say(r, "steward.queue.none")}}
	for _, key := range []string{"job", "kind", "body", "state", "attempts", "error"} {
		t.Columns = append(t.Columns, component.Column{Label: modules.Say(r, "steward.queue."+key)})
	}
	for _, j := range all {
		failure := component.Cell{Text: class(r, j.Class)}
		if !j.FailedAt.IsZero() {
			failure.Note = j.FailedAt.In(language.Rome).Format("02/01/2006 15:04")
		}
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: strconv.FormatInt(j.ID, 10), URL: jobPath(j.ID)},
			{Text: j.Kind},
			{Text: p.bodyOf(r, j), Lang: language.Italian},
			{Text: modules.Say(r, "steward.queue.state_"+j.State)},
			{Text: modules.Say(r, "steward.queue.attempt", "n", j.Attempt, "max", j.MaxAttempts)},
			failure,
		}})
	}
	return t
}

func jobPath(id int64) string { return at + "/lavori/" + strconv.FormatInt(id, 10) }

func (p pages) bodyOf(r *http.Request, j Job) string {
	if name := p.service.deps.Bodies.Name(j.Body); name != "" {
		return name
	}
	return modules.Say(r, "steward.queue.platform")
}

// class says of which class an error was, in words.
func class(r *http.Request, class string) string {
	word, code, _ := strings.Cut(class, " ")
	if word == "" {
		return ""
	}
	return modules.Say(r, "steward.queue.class_"+word, "code", code)
}

// thingPage is a job or a queue, with what can be done about it.
type thingPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Alert      *component.Alert
	Title      string
	Facts      component.Summary
	Note       string
	Form       *steerForm
}

// steerForm does something about a job or a queue, for a reason.
type steerForm struct {
	Title, Action string
	Field         component.Field
	Buttons       component.ButtonRow
}

func (p pages) showJob(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.jobView(r, s, nil)
}

func (p pages) jobView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	id, err := strconv.ParseInt(r.PathValue("job"), 10, 64)
	if err != nil {
		return modules.View{}, problem.Missing()
	}
	j, err := p.service.GetJob(r.Context(), s, id)
	if err != nil {
		return modules.View{}, err
	}
	row := func(key, value string) component.SummaryRow {
		return component.SummaryRow{Label: modules.Say(r, "steward.queue."+key), Values: modules.Given(value)}
	}
	page := thingPage{
		Title: modules.Say(r, "steward.queue.one_job", "id", j.ID), Note: modules.Say(r, "steward.queue.log"),
		Facts: component.Summary{Rows: []component.SummaryRow{
			row("kind", j.Kind), row("body", p.bodyOf(r, j)), row("queue", j.Queue), row("state", modules.Say(r, "steward.queue.state_"+j.State)),
			row("attempts", modules.Say(r, "steward.queue.attempt", "n", j.Attempt, "max", j.MaxAttempts)), row("made", j.CreatedAt.In(language.Rome).Format("02/01/2006 15:04")),
			row("error", class(r, j.Class)),
		}},
	}
	var buttons []component.Button
	if j.Retries() {
		buttons = append(buttons, button(r, "retry", component.Primary))
	}
	if j.Cancels() {
		buttons = append(buttons, button(r, "cancel", component.Grave))
	}
	return p.thing(r, s, page, steerForm{Action: jobPath(j.ID), Buttons: component.ButtonRow{Buttons: buttons}}, refused), nil
}

// button does what its value says.
func button(r *http.Request, what string, emphasis component.Emphasis) component.Button {
	return component.Button{Label: modules.Say(r, "steward.queue."+what), Name: "azione", Value: what, Emphasis: emphasis}
}

func (p pages) showQueue(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.queueView(r, s, nil)
}

func (p pages) queueView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	o, err := p.service.Get(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	for _, q := range o.Queues {
		if q.Name != r.PathValue("queue") {
			continue
		}
		state := queueTag(r, q)
		page := thingPage{Title: modules.Say(r, "steward.queue.one_queue", "name", q.Name), Note: modules.Say(r, "steward.queue.queue_note"), Facts: component.Summary{Rows: []component.SummaryRow{
			{Label: modules.Say(r, "steward.queue.state"), Tag: &state}, {Label: modules.Say(r, "steward.queue.ready"), Values: []string{strconv.Itoa(q.Waiting)}},
		}}}
		does := button(r, "pause", component.Grave)
		if !q.PausedAt.IsZero() {
			does = button(r, "resume", component.Primary)
		}
		return p.thing(r, s, page, steerForm{Action: at + "/" + url.PathEscape(q.Name), Buttons: component.ButtonRow{Buttons: []component.Button{does}}}, refused), nil
	}
	return modules.View{}, problem.Missing()
}

// thing shows a job or a queue with the form to steer it.
func (p pages) thing(r *http.Request, s tenants.Scope, page thingPage, form steerForm, refused error) modules.View {
	page.Breadcrumb = component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "steward.queue.title"), URL: at}, {Label: page.Title}}}
	if len(form.Buttons.Buttons) > 0 && p.service.deps.Permits(s, Steer) {
		wrong := modules.FieldErrors(r.Context(), refused)
		form.Title, form.Field = modules.Say(r, "steward.queue.steer"), component.Field{
			ID: "motivo", Kind: component.LongText, Rows: 2, Label: modules.Say(r, "steward.reason"), Hint: modules.Say(r, "steward.reason_hint"),
			Value: modules.Value(r, "motivo"), Required: true, MaxLength: 1000, Error: wrong["motivo"],
		}
		page.Form, page.Errors = &form, component.Summarize(form.Field)
	}
	if problem.Is(refused, problem.Conflict) {
		page.Alert = &component.Alert{Tone: component.Warning, Title: language.Say(r.Context(), problem.Of(refused).Message)}
	}
	view := modules.Render("steward/job", language.M("steward.queue.page", "title", page.Title), page)
	if refused != nil {
		view.Status = problem.Of(refused).Kind.Status()
	}
	return view
}

func (p pages) steerJob(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := strconv.ParseInt(r.PathValue("job"), 10, 64)
	if err != nil {
		return modules.View{}, problem.Missing()
	}
	if modules.Value(r, "azione") == "cancel" {
		return p.answer(r, s, p.service.Cancel(r.Context(), s, id, modules.Value(r, "motivo")), "steward.queue.cancel_done")
	}
	return p.answer(r, s, p.service.Retry(r.Context(), s, id, modules.Value(r, "motivo")), "steward.queue.retry_done")
}

func (p pages) steerQueue(r *http.Request, s tenants.Scope) (modules.View, error) {
	if modules.Value(r, "azione") == "resume" {
		return p.answer(r, s, p.service.Resume(r.Context(), s, r.PathValue("queue"), modules.Value(r, "motivo")), "steward.queue.resume_done")
	}
	return p.answer(r, s, p.service.Pause(r.Context(), s, r.PathValue("queue"), modules.Value(r, "motivo")), "steward.queue.pause_done")
}

// answer shows the job or queue again with what was refused, or leads back to the list.
func (p pages) answer(r *http.Request, s tenants.Scope, err error, done string) (modules.View, error) {
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		if r.PathValue("job") != "" {
			return p.jobView(r, s, err)
		}
		return p.queueView(r, s, err)
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M(done)), nil
}
