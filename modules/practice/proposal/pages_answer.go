package proposal

import (
	"net/http"
	"slices"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/clash"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// AcceptPage shows what accepting would change, and asks where both bodies changed the same.
type AcceptPage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Title      string
	Lang       string
	Text       string
	Blocked    *component.Alert
	Changes    component.Table
	Effect     *kit.EffectView // nil where nobody gains or loses
	Conflicts  []ConflictView
	Action     string
	Hidden     []component.Hidden
	Note       component.Field
	Button     component.Button
	CancelURL  string
}

// ConflictView is one place that both bodies changed, in three columns with its question.
type ConflictView struct {
	clash.Question
	Columns component.Table
}

// ConfirmPage asks for a reason before a proposal ends.
type ConfirmPage struct {
	Confirm component.Confirm
}

func (p pages) askAccept(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.acceptPage(r, s, nil)
}

func (p pages) acceptPage(r *http.Request, s tenants.Scope, wrong map[string]string) (modules.View, error) {
	id, err := modules.PathID(r, "proposal")
	if err != nil {
		return modules.View{}, err
	}
	t, err := p.service.Try(r.Context(), s, id, clash.Answers(r, ""))
	if err != nil {
		return modules.View{}, err
	}
	one := t.Proposal
	if !one.IsOpen() {
		return modules.View{}, problem.Missing()
	}
	title, lang := form.Said(r, one.Item.Title)
	page := AcceptPage{
		Breadcrumb: p.crumbs(r, one, "practice.proposal.accept"), Title: one.Item.Key + " " + title, Lang: lang,
		Text:    modules.Say(r, "practice.proposal.accept_text", "body", p.other(one), "reason", one.Reason),
		Changes: p.resultTable(r, t), Action: pathOf(one) + "/accetta", Hidden: []component.Hidden{{Name: "seen", Value: strconv.Itoa(one.Revision)}},
		Note:   component.Field{ID: "text", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "practice.proposal.note"), MaxLength: 1000, Value: r.PostFormValue("text"), Error: wrong["text"]},
		Button: component.Button{Label: modules.Say(r, "practice.proposal.accept_button"), Emphasis: component.Primary}, CancelURL: pathOf(one),
	}
	if t.Blocked != "" {
		page.Blocked = &component.Alert{Tone: component.Warning, Text: modules.Say(r, t.Blocked)}
	}
	fields := []component.Field{page.Note}
	say := p.teller(r, one.Item, one.Base, t.Ours)
	for n, c := range t.Open {
		view := conflictView(r, say, c, asking{strconv.Itoa(n + 1), wrong[c.Path]})
		page.Conflicts = append(page.Conflicts, view)
		fields = append(fields, view.Answer)
	}
	if page.Effect = kit.ShowEffect(r, p.service.deps.Platform.Modules, t.Effect, wrong[modules.ConsentField]); page.Effect != nil {
		fields = append(fields, page.Effect.Consent)
	}
	page.Errors = component.Summarize(fields...)
	for _, place := range sortedKeys(wrong) {
		if place != "text" && place != modules.ConsentField && !slices.ContainsFunc(t.Open, func(c merge.Conflict) bool { return c.Path == place }) {
			page.Errors.Errors = append(page.Errors.Errors, component.FieldError{Message: p.placeText(r, one, place) + ": " + wrong[place]})
		}
	}
	return modules.Render("practice/accept", language.M("practice.proposal.accept"), page), nil
}

// resultTable lists what would change of the ceding body's item, apart from what is asked.
func (p pages) resultTable(r *http.Request, t Trial) component.Table {
	return form.ChangesTable(r, p.teller(r, t.Result, t.Ours), t.Changes, component.Table{
		ID: "cambia", Caption: modules.Say(r, "practice.proposal.result"),
		Columns: form.Columns(r, "practice.proposal.where", "practice.column.ours_now", "practice.column.afterwards"),
		Empty:   component.Empty{Title: modules.Say(r, "practice.proposal.result_none")},
	})
}

// asking is where a conflict stands on the page, and what was wrong with its answer.
type asking struct{ number, wrong string }

func conflictView(r *http.Request, say kit.Teller, c merge.Conflict, at asking) ConflictView {
	return ConflictView{
		Columns: component.Table{
			ID: "valori-" + at.number, Caption: say.Place(c.Path), Cards: true,
			Columns: form.Columns(r, "practice.column.base", "practice.column.ours_now", "practice.column.proposed"),
			Rows:    []component.Row{{Cells: []component.Cell{{Text: form.Value(r, say, c.Path, c.Base)}, {Text: form.Value(r, say, c.Path, c.Ours)}, {Text: form.Value(r, say, c.Path, c.Theirs)}}}},
		},
		Question: clash.Ask(r, say, c, clash.Asking{ID: at.number, Theirs: "practice.answer.proposed", Wrong: at.wrong}),
	}
}

func (p pages) accept(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "proposal")
	if err != nil {
		return modules.View{}, err
	}
	if err := r.ParseForm(); err != nil {
		return modules.View{}, problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	_, err = p.service.Accept(r.Context(), s, id, Acceptance{Seen: seen(r), Fields: clash.Answers(r, ""), Note: r.PostFormValue("text"), Consent: modules.ReadConsent(r)})
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.acceptPage(r, s, wrong)
		return view.Refused(), err
	}
	if modules.IsStale(err) {
		view, err := p.acceptPage(r, s, map[string]string{modules.ConsentField: language.Say(r.Context(), problem.Of(err).Message)})
		view.Status = http.StatusConflict
		return view, err
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listPath+"/"+id.String(), language.M("practice.proposal.accepted_flash")), nil
}

// ending is how the page of one side asks before a proposal ends.
type ending struct {
	side     adoption.Side
	name     string // of the messages: decline, withdraw or discard
	path     string
	emphasis component.Emphasis
	reasoned bool
}

func (p pages) endPage(r *http.Request, s tenants.Scope, e ending, wrong map[string]string) (modules.View, error) {
	one, err := p.get(r, s)
	if err != nil {
		return modules.View{}, err
	}
	if one.Side != e.side || !one.IsOpen() && (one.State != Draft || e.reasoned) {
		return modules.View{}, problem.Missing()
	}
	if one.State == Draft {
		e.name = "discard"
	}
	at := "practice.proposal." + e.name
	c := component.Confirm{
		Title: modules.Say(r, at), Text: []string{modules.Say(r, at+"_text", "body", p.other(one), "key", one.Item.Key)},
		Hidden: []component.Hidden{{Name: "seen", Value: strconv.Itoa(one.Revision)}}, Action: pathOf(one) + e.path, CancelURL: pathOf(one),
		Button: component.Button{Label: modules.Say(r, at), Emphasis: e.emphasis},
	}
	if e.reasoned {
		c.Fields = []component.Field{{
			ID: "text", Kind: component.LongText, Rows: 4, Label: modules.Say(r, "practice.proposal.why"), Hint: modules.Say(r, "practice.proposal.why_hint", "body", p.other(one)),
			Required: true, MaxLength: 1000, Value: r.PostFormValue("text"), Error: wrong["text"],
		}}
		c.Errors = component.Summarize(c.Fields...)
		c.Errors.Errors = append(c.Errors.Errors, p.placeErrors(r, one, wrong)...)
	}
	return modules.Render("practice/answer", language.M(at), ConfirmPage{c}), nil
}

var (
	declining   = ending{adoption.Ceding, "decline", "/rifiuta", component.Primary, true}
	withdrawing = ending{adoption.Reusing, "withdraw", "/ritira", component.Primary, false}
)

func (p pages) askDecline(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.endPage(r, s, declining, nil)
}

func (p pages) decline(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "proposal")
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.service.Decline(r.Context(), s, id, seen(r), r.PostFormValue("text"))
	if wrong := modules.FieldErrors(r.Context(), err); wrong != nil {
		view, err := p.endPage(r, s, declining, wrong)
		return view.Refused(), err
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listPath+"/"+id.String(), language.M("practice.proposal.declined_flash")), nil
}

func (p pages) askWithdraw(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.endPage(r, s, withdrawing, nil)
}

func (p pages) withdraw(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "proposal")
	if err != nil {
		return modules.View{}, err
	}
	if _, err := p.service.Withdraw(r.Context(), s, id, seen(r)); err != nil {
		return modules.View{}, err
	}
	return modules.Redirect(listPath, language.M("practice.proposal.withdrawn_flash")), nil
}
