package assessment

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// formPage is the data of the template assessment/form.
type formPage struct {
	Errors   component.ErrorSummary
	Title    string
	Lang     string // of the words of the instrument, when it is not the language of the page
	Words    []string
	Conflict *component.Alert
	Newer    *newerPart         // the version in which the draft may go on
	Left     *component.Summary // answers to older versions without a place in this one
	Stored   *component.Table   // what is stored and differs, beside what was typed
	Action   string
	DraftURL string
	Hidden   []component.Hidden
	Day      component.Field
	Sections []kit.FieldGroup
	Progress string
	Refresh  string            // which changes call for other questions, as data-hx-trigger; "" where none does
	Ask      *component.Button // shows them where scripts do not run
	Buttons  component.ButtonRow
	Back     component.Link
}

// sheet is an instrument on the page: what is typed in it and what was wrong with that.
type sheet struct {
	instrument Instrument
	filling    Filling
	day        string // as typed
	refused    error
	exists     bool
}

// form renders the instrument with its answers, after skip logic.
func (p *pages) form(r *http.Request, a *casefile.Access, in sheet) (modules.View, error) {
	ctx := r.Context()
	definition, f := in.instrument.Definition, in.filling
	page := formPage{
		Title: language.SayText(ctx, in.instrument.Title), Lang: foreign(ctx, in.instrument.Title),
		Action: base(a), DraftURL: base(a) + "/bozza", Back: back(r, a), Buttons: formButtons(r), Refresh: refreshOn(definition),
		Hidden: []component.Hidden{
			{Name: "id", Value: f.ID.String()},
			{Name: "version", Value: strconv.Itoa(f.Version)},
			{Name: "strumento", Value: in.instrument.Key},
			{Name: "edizione", Value: in.instrument.Edition.String()},
		},
	}
	if in.exists {
		page.Action += "/" + f.ID.String()
	}
	for _, words := range []string{optional(ctx, definition.Intro), optional(ctx, definition.Instrument.Period), optional(ctx, definition.Instrument.Note)} {
		if words != "" {
			page.Words = append(page.Words, words)
		}
	}
	wrong := modules.FieldErrors(ctx, in.refused)
	page.Day = component.Field{
		ID: "data", Kind: component.Appointed, Required: true, Width: component.Medium, Value: in.day,
		Label: modules.Say(r, "assessment.form.day"), Error: wrong["done_on"],
	}
	page.Sections, page.Progress = definition.FieldGroups(ctx, f.Values, wrong), progress(r, definition, f.Values)
	if definition.Conditional() {
		page.Ask = &component.Button{Label: modules.Say(r, "assessment.form.refresh"), Name: "azione", Value: "aggiorna"}
	}
	page.Errors = summarize(r, page, in.refused)
	if problem.Is(in.refused, problem.Conflict) {
		if err := p.conflict(r, a, in, &page); err != nil {
			return modules.View{}, err
		}
	}
	view := p.on(modules.Render("assessment/form", language.M("assessment.form.title", "instrument", page.Title), page), a)
	switch {
	case problem.Is(in.refused, problem.Conflict):
		view.Status = problem.Conflict.Status()
	case in.refused != nil:
		view = view.Refused()
	}
	return view, nil
}

// formButtons are those of the form, the primary one first. The Enter key presses none of them: the template has a hidden
// one that keeps the draft.
func formButtons(r *http.Request) component.ButtonRow {
	return component.ButtonRow{Buttons: []component.Button{
		{Label: modules.Say(r, "assessment.form.review"), Name: "azione", Value: "controlla", Emphasis: component.Primary},
		{Label: modules.Say(r, "assessment.form.save"), Name: "azione", Value: "bozza"},
	}}
}

// refreshOn names the changes after which the page asks for its questions again: those of the answers that decide.
func refreshOn(definition *kit.Assessment) string {
	var changes []string
	for _, key := range definition.Deciding() {
		changes = append(changes, "change target:[name='"+kit.AnswerPrefix+key+"']")
	}
	return strings.Join(changes, ", ")
}

// progress is the score so far with how many answers it lacks.
func progress(r *http.Request, definition *kit.Assessment, values map[string][]string) string {
	answers, _ := definition.CheckDraft(definition.ParseValues(values))
	explanation, err := definition.Explain(answers)
	if err != nil || len(answers) == 0 {
		return ""
	}
	total := number(r.Context(), explanation.Total)
	if explanation.Complete {
		return modules.Say(r, "assessment.form.complete", "score", total)
	}
	return modules.Say(r, "assessment.form.progress", "score", total, "n", len(explanation.Missing))
}

// summarize lists the errors at the fields and what belongs to no field.
func summarize(r *http.Request, page formPage, refused error) component.ErrorSummary {
	fields := []component.Field{page.Day}
	shown := []string{"done_on"}
	for _, section := range page.Sections {
		for _, field := range section.Fields {
			fields = append(fields, field)
			shown = append(shown, kit.AnswerField+field.Name[len(kit.AnswerPrefix):])
		}
	}
	summary := component.Summarize(fields...)
	if !problem.Is(refused, problem.Invalid) {
		return summary
	}
	p := problem.Of(refused)
	for _, field := range p.Fields {
		if !slices.Contains(shown, field.Name) {
			summary.Errors = append(summary.Errors, component.FieldError{Message: language.Say(r.Context(), field.Message)})
		}
	}
	if len(p.Fields) == 0 {
		summary.Errors = append(summary.Errors, component.FieldError{Message: language.Say(r.Context(), p.Message)})
	}
	return summary
}

// conflict shows what is stored beside what was typed; the next save knows the stored version.
func (p *pages) conflict(r *http.Request, a *casefile.Access, in sheet, page *formPage) error {
	stored, err := p.service.Get(r.Context(), a, in.filling.ID)
	if problem.Is(err, problem.NotFound) {
		return in.refused // the id belongs to something else
	}
	if err != nil {
		return err
	}
	page.Conflict = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "assessment.form.conflict")}
	if stored.Final() {
		page.Conflict = &component.Alert{
			Tone: component.Warning, Title: modules.Say(r, "assessment.error.final"),
			Link: &component.Link{Label: modules.Say(r, "assessment.form.see_final"), URL: base(a) + "/" + stored.ID.String()},
		}
	}
	page.Hidden[1].Value = strconv.Itoa(stored.Version)
	typed, _ := stored.Instrument.Definition.CheckDraft(stored.Instrument.given(in.filling))
	page.Stored = differences(r, stored.Instrument.Definition, typed, stored.Answers)
	return nil
}

func differences(r *http.Request, definition *kit.Assessment, typed, stored kit.Answers) *component.Table {
	table := &component.Table{ID: "differenze", Caption: modules.Say(r, "assessment.form.differences"), Columns: []component.Column{
		{Label: modules.Say(r, "assessment.field.question")}, {Label: modules.Say(r, "assessment.form.typed")}, {Label: modules.Say(r, "assessment.form.stored")},
	}}
	for _, item := range definition.Items() {
		mine, theirs := item.AnswerText(r.Context(), typed[item.Key]), item.AnswerText(r.Context(), stored[item.Key])
		if mine != theirs {
			table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{{Text: say(r.Context(), item.Label)}, {Text: mine}, {Text: theirs}}})
		}
	}
	if len(table.Rows) == 0 {
		return nil
	}
	return table
}

// start shows an empty form; where no instrument was chosen it leads back to the choice.
func (p *pages) start(r *http.Request, s tenants.Scope) (modules.View, error) {
	if strings.TrimSpace(r.FormValue("strumento")) == "" {
		a, err := p.service.cases.OpenToWrite(r.Context(), s, r.PathValue("case"), Section)
		if err != nil {
			return failed(r, err)
		}
		return modules.Redirect(base(a)+"?strumento=", language.Message{}), nil
	}
	a, in, err := p.service.Start(r.Context(), s, r.PathValue("case"), r.FormValue("strumento"))
	if err != nil {
		return failed(r, err)
	}
	f := Filling{ID: modules.FormID(""), Instrument: in.Key, Edition: in.Edition, Values: map[string][]string{}}
	return p.form(r, a, sheet{instrument: in, filling: f, day: language.Day(time.Now()).Format(time.DateOnly)})
}

// filled reads a sent form.
func filled(r *http.Request) Filling {
	f := Filling{ID: modules.FormID(r.PostFormValue("id")), Instrument: modules.Value(r, "strumento"), Values: map[string][]string{}}
	if r.PathValue("assessment") != "" {
		f.ID = modules.FormID(r.PathValue("assessment"))
	}
	f.Edition = modules.LinkID(r.PostFormValue("edizione"))
	maps.Copy(f.Values, r.PostForm)                                   // ParseValues takes the answers among them
	f.DoneOn, _ = time.Parse(time.DateOnly, modules.Value(r, "data")) // an unreadable day is a missing one, which fill refuses
	f.Version, _ = strconv.Atoi(r.PostFormValue("version"))
	return f
}

// save keeps the draft; who asked to check it goes on to its review.
func (p *pages) save(r *http.Request, s tenants.Scope) (modules.View, error) {
	f, ref := filled(r), r.PathValue("case")
	if r.PostFormValue("azione") == "aggiorna" {
		return p.again(r, s, f, nil)
	}
	made, err := p.service.SaveDraft(r.Context(), s, ref, f)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return p.again(r, s, f, err)
	}
	if err != nil {
		return p.unsaved(r, s, f, err)
	}
	path := "/cartelle/" + ref + "/valutazioni/" + made.ID.String()
	if r.PostFormValue("azione") == "controlla" {
		return modules.Redirect(path+"/conferma", language.Message{}), nil
	}
	return modules.Redirect(path, language.M("assessment.form.saved")), nil
}

// again shows a sent form once more, with the questions that its answers call for.
func (p *pages) again(r *http.Request, s tenants.Scope, f Filling, refused error) (modules.View, error) {
	a, err := p.service.cases.OpenToWrite(r.Context(), s, r.PathValue("case"), Section)
	if err != nil {
		return p.unsaved(r, s, f, err)
	}
	stored, in, err := p.service.pinned(r.Context(), a, f)
	if err != nil {
		return p.unsaved(r, s, f, err)
	}
	if refused == nil {
		_, _, refused = in.fill(f, Draft, time.Now())
	}
	return p.form(r, a, sheet{instrument: in, filling: f, day: modules.Value(r, "data"), refused: refused, exists: stored != nil})
}

// keepDraft keeps a draft while it is filled in and answers with its version.
func (p *pages) keepDraft(r *http.Request, s tenants.Scope) (modules.View, error) {
	made, err := p.service.SaveDraft(r.Context(), s, r.PathValue("case"), filled(r))
	if err != nil {
		if problem.Is(err, problem.Conflict) {
			return modules.NotKept(r, err)
		}
		return failed(r, err)
	}
	return modules.Kept(made.Version)
}
