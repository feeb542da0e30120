package dryrun

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/practice/clash"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/upgrade"
)

// ConflictView asks what to do with one item that both sides changed.
type ConflictView struct {
	ID        string // of its part of the page
	Heading   string
	Lang      string
	State     component.Tag
	Folded    string // what was answered; "" while it waits for an answer
	Text      string
	Note      string          // what it touches
	Places    component.Table // where both changed the same, in three columns
	Answer    component.Field
	Reason    component.Field
	Questions []clash.Question
	Open      bool // the questions are shown at once: they are to be answered
	Save      component.Button
}

func (v ConflictView) fields() []component.Field {
	fields := []component.Field{v.Answer, v.Reason}
	for _, one := range v.Questions {
		fields = append(fields, one.Answer, one.Value)
	}
	return fields
}

// conflicts asks about each in turn; those that are answered are folded, while nothing is wrong with them.
func (p pages) conflicts(r *http.Request, plan upgrade.Plan, wrong map[string]string) []ConflictView {
	open := plan.Conflicts()
	views := make([]ConflictView, len(open))
	for i, line := range open {
		view := p.conflictView(r, plan, line, wrong)
		view.ID = "conflitto-" + strconv.Itoa(i+1)
		view.Save = component.Button{Label: modules.Say(r, "practice.plan.save"), Hidden: view.Heading, Name: "salva", Value: "conflitto-" + strconv.Itoa(min(i+2, len(open)))}
		view.State = component.Tag{Label: modules.Say(r, "practice.plan.unanswered"), Tone: component.Warning}
		if kept := plan.Kept[line.Place()]; kept.Complete(line) {
			view.State = component.Tag{Label: modules.Say(r, "practice.plan.answered"), Tone: component.Success}
			if component.Summarize(view.fields()...).Errors == nil {
				view.Folded = modules.Say(r, "practice.plan.chosen", "answer", labelOf(view.Answer), "who", kept.By)
			}
		}
		views[i] = view
	}
	return views
}

// labelOf is the label of what a field has for an answer.
func labelOf(field component.Field) string {
	for _, option := range field.Options {
		if option.Value == field.Value {
			return option.Label
		}
	}
	return ""
}

func (p pages) conflictView(r *http.Request, plan upgrade.Plan, line upgrade.Line, wrong map[string]string) ConflictView {
	place, kept := line.Place(), plan.Kept[line.Place()]
	title, lang := form.Said(r, line.Source().Title)
	view := ConflictView{Heading: line.Key + " " + title, Lang: lang, Note: impactText(r, plan, line)}
	id := line.Kind + "-" + line.Key
	view.Answer = component.Field{
		ID: "answer-" + id, Name: "answer." + place, Kind: component.Radios, Required: true,
		Label: modules.Say(r, "practice.plan.question", "key", line.Key), Value: cmp.Or(r.PostFormValue("answer."+place), string(kept.Answer)),
	}
	view.Text, view.Answer.Options = choices(r, line)
	view.Reason = component.Field{
		ID: "reason-" + id, Name: "reason." + place, Label: modules.Say(r, "practice.plan.reason"), Depends: true,
		Hint: modules.Say(r, "practice.plan.reason_hint"), Value: cmp.Or(r.PostFormValue("reason."+place), kept.Reason), MaxLength: upgrade.MaxReason,
	}
	if message := wrong[place]; message != "" {
		field := &view.Answer
		if view.Answer.Value == string(upgrade.KeepOurs) {
			field = &view.Reason
		}
		field.Error = line.Key + ": " + message // the summary of the page tells them side by side
	}
	view.Open = view.Answer.Value == string(upgrade.Unite) || len(line.Open) == 1
	say := teller(r.Context(), p.kinds, plan, line)
	view.Places = clash.Columns(r, say, p.service.Places(line))
	view.Places.ID = "posti-" + id
	for n, c := range line.Open {
		view.Questions = append(view.Questions, clash.Ask(r, say, c, clash.Asking{
			ID: id + "-" + strconv.Itoa(n+1), Prefix: place + "#", Theirs: "practice.answer.kit", Kept: kept.Fields[c.Path], Wrong: wrong[place+"#"+c.Path],
		}))
	}
	return view
}

// choices are why somebody has to decide about an item, and what can be decided.
func choices(r *http.Request, line upgrade.Line) (why string, options []component.Option) {
	options = []component.Option{
		{Value: string(upgrade.KeepOurs), Label: modules.Say(r, "practice.answer.ours")},
		{Value: string(upgrade.TakeKit), Label: modules.Say(r, "practice.answer.kit")},
		{Value: string(upgrade.Unite), Label: modules.Say(r, "practice.answer.merge"), Hint: modules.Say(r, "practice.answer.merge_hint")},
	}
	switch {
	case line.Gone:
		options[1].Label = modules.Say(r, "practice.answer.retire")
		return modules.Say(r, "practice.plan.gone"), options[:2]
	case line.Clashing:
		return modules.Say(r, "practice.plan.clash"), options[:2]
	case line.Local:
		return modules.Say(r, "practice.plan.local"), options
	}
	return modules.Say(r, "practice.plan.both_changed"), options
}

// decisionsOf reads the answers of the form: answer.kind/key and reason.kind/key for an item, and those to places of it.
func decisionsOf(r *http.Request) map[string]upgrade.Decision {
	decisions := map[string]upgrade.Decision{}
	for name := range r.PostForm {
		place, ok := strings.CutPrefix(name, "reason.")
		if !ok {
			place, ok = strings.CutPrefix(name, "answer.")
		}
		if ok {
			decisions[place] = upgrade.Decision{
				Answer: upgrade.Answer(modules.Value(r, "answer."+place)), Reason: modules.Value(r, "reason."+place), Fields: clash.Answers(r, place+"#"),
			}
		}
	}
	return decisions
}
