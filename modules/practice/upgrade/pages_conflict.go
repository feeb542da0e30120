package upgrade

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
)

// ConflictView asks what to do with one item that both sides changed.
type ConflictView struct {
	Heading string
	Lang    string
	Text    string
	Answer  component.Field
	Reason  component.Field
	Places  []PlaceView
	Open    bool // the places are shown at once: they are to be answered
}

// PlaceView is one place of an item in three columns: what the kit held, what the body has, what the kit holds now.
type PlaceView struct {
	Label   string
	Columns component.Table
	Answer  component.Field
	Value   component.Field
}

func (v ConflictView) fields() []component.Field {
	fields := []component.Field{v.Answer, v.Reason}
	for _, place := range v.Places {
		fields = append(fields, place.Answer, place.Value)
	}
	return fields
}

func conflictView(r *http.Request, line Line, wrong map[string]string) ConflictView {
	place := line.Place()
	title, lang := form.Said(r, line.Source().Title)
	view := ConflictView{Heading: line.Key + " " + title, Lang: lang, Text: modules.Say(r, "practice.plan.both_changed")}
	options := []component.Option{
		{Value: string(KeepOurs), Label: modules.Say(r, "practice.answer.ours")},
		{Value: string(TakeKit), Label: modules.Say(r, "practice.answer.kit")},
		{Value: string(Unite), Label: modules.Say(r, "practice.answer.merge"), Hint: modules.Say(r, "practice.answer.merge_hint")},
	}
	switch {
	case line.Gone:
		view.Text = modules.Say(r, "practice.plan.gone")
		options[1].Label, options = modules.Say(r, "practice.answer.retire"), options[:2]
	case line.Clashing:
		view.Text, options = modules.Say(r, "practice.plan.clash"), options[:2]
	case line.Local:
		view.Text = modules.Say(r, "practice.plan.local")
	}
	id := line.Kind + "-" + line.Key
	view.Answer = component.Field{
		ID: "answer-" + id, Name: "answer." + place, Kind: component.Radios, Required: true,
		Label: modules.Say(r, "practice.plan.question", "key", line.Key), Value: r.PostFormValue("answer." + place), Options: options,
	}
	view.Reason = component.Field{
		ID: "reason-" + id, Name: "reason." + place, Label: modules.Say(r, "practice.plan.reason"),
		Hint: modules.Say(r, "practice.plan.reason_hint"), Value: r.PostFormValue("reason." + place), MaxLength: 500,
	}
	if message := wrong[place]; message != "" && view.Answer.Value == string(KeepOurs) {
		view.Reason.Error = message
	} else {
		view.Answer.Error = message
	}
	view.Open = view.Answer.Value == string(Unite) || len(line.Open) == 1
	for n, c := range line.Open {
		view.Places = append(view.Places, placeView(r, place+"#"+c.Path, id+"-"+strconv.Itoa(n+1), c, wrong))
	}
	return view
}

func placeView(r *http.Request, name, id string, c merge.Conflict, wrong map[string]string) PlaceView {
	view := PlaceView{Label: labelOf(r, c)}
	view.Columns = component.Table{
		ID: "valori-" + id, Caption: view.Label, Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.column.base", "practice.column.ours", "practice.column.kit"),
		Rows: []component.Row{{Cells: []component.Cell{
			{Text: readable(r, c.Base)}, {Text: readable(r, c.Ours)}, {Text: readable(r, c.Theirs)},
		}}},
	}
	view.Answer = component.Field{
		ID: "posto-" + id, Name: "field." + name, Kind: component.Radios, Label: modules.Say(r, "practice.plan.place", "place", view.Label),
		Value: r.PostFormValue("field." + name), Error: wrong[name],
		Options: []component.Option{
			{Value: string(merge.Ours), Label: modules.Say(r, "practice.answer.ours")}, {Value: string(merge.Theirs), Label: modules.Say(r, "practice.answer.kit")},
		},
	}
	if isText(c) {
		view.Answer.Options = append(view.Answer.Options, component.Option{Value: string(merge.Value), Label: modules.Say(r, "practice.answer.write")})
		view.Value = component.Field{
			ID: "testo-" + id, Name: "value." + name, Kind: component.LongText, Rows: 3, Label: modules.Say(r, "practice.plan.value"),
			Value: cmp.Or(r.PostFormValue("value."+name), textOf(c.Ours)),
		}
	}
	return view
}

// labelOf is the place of a conflict as people read it.
func labelOf(r *http.Request, c merge.Conflict) string {
	place := strings.TrimPrefix(strings.TrimSuffix(c.Path, "[]"), "content.")
	if c.Order {
		return modules.Say(r, "practice.plan.order", "place", place)
	}
	return place
}

// isText tells whether both sides have a text at a place, so that somebody may write a third.
func isText(c merge.Conflict) bool { return textOf(c.Ours) != "" && textOf(c.Theirs) != "" }

func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// readable is a value as people read it: texts as they are, lists line by line.
func readable(r *http.Request, raw json.RawMessage) string {
	var list []json.RawMessage
	var wording kit.Text
	switch {
	case raw == nil:
		return modules.Say(r, "practice.plan.none")
	case textOf(raw) != "":
		return textOf(raw)
	case json.Unmarshal(raw, &list) == nil:
		lines := make([]string, len(list))
		for i, one := range list {
			lines[i] = readable(r, one)
		}
		return strings.Join(lines, "; ")
	case json.Unmarshal(raw, &wording) == nil && wording.IT != "":
		return wording.In(language.Of(r.Context()))
	}
	return string(raw)
}

// decisionsOf reads the answers of the form: answer.kind/key and reason.kind/key for an item, field.kind/key#place and
// value.kind/key#place for a place of it.
func decisionsOf(r *http.Request) map[string]Decision {
	decisions := map[string]Decision{}
	for name, values := range r.PostForm {
		if place, ok := strings.CutPrefix(name, "answer."); ok && len(values) > 0 {
			decisions[place] = Decision{Answer: Answer(values[0]), Reason: modules.Value(r, "reason."+place), Fields: fieldsOf(r, place+"#")}
		}
	}
	return decisions
}

func fieldsOf(r *http.Request, prefix string) map[string]merge.Answer {
	answers := map[string]merge.Answer{}
	for name, values := range r.PostForm {
		path, ok := strings.CutPrefix(name, "field."+prefix)
		if !ok || len(values) == 0 || values[0] == "" {
			continue
		}
		answer := merge.Answer{Side: merge.Side(values[0])}
		if answer.Side == merge.Value {
			raw, err := json.Marshal(modules.Value(r, "value."+prefix+path))
			if err != nil {
				continue // a text is always written
			}
			answer.Value = raw
		}
		answers[path] = answer
	}
	return answers
}
