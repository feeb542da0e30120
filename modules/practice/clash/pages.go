package clash

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
)

// Asking is how a place that both sides changed is asked about.
type Asking struct {
	ID     string       // of its controls
	Prefix string       // of its name, before the path
	Theirs string       // key of the label for what the other side has
	Kept   merge.Answer // what was answered before
	Wrong  string
}

// Question asks about one place. Value is where another text, or the entries of a list, are written; without a name nothing
// can be.
type Question struct {
	Answer component.Field
	Value  component.Field
	United *component.Hidden // what is proposed where nothing can be written
}

// Ask makes the question about a place that both sides changed. Where the changes of both can stand together, that is proposed.
func Ask(r *http.Request, say kit.Teller, c merge.Conflict, at Asking) Question {
	name := at.Prefix + c.Path
	q := Question{Answer: component.Field{
		ID: "posto-" + at.ID, Name: "field." + name, Kind: component.Radios, Required: true, Error: at.Wrong,
		Label: modules.Say(r, "practice.plan.place", "place", say.Place(c.Path)),
		Value: cmp.Or(r.PostFormValue("field."+name), string(at.Kept.Side)),
		Options: []component.Option{
			{Value: string(merge.Ours), Label: modules.Say(r, "practice.answer.ours")}, {Value: string(merge.Theirs), Label: modules.Say(r, at.Theirs)},
		},
	}}
	entry, ours, writable := writing(c)
	proposed := merge.Propose(c)
	if !writable {
		q.unite(r, name, at.Kept, proposed)
		return q
	}
	label, hint := "practice.answer.write", ""
	if proposed != nil {
		label, hint = "practice.answer.united", modules.Say(r, "practice.answer.united_hint")
		q.Answer.Value = cmp.Or(q.Answer.Value, string(merge.Value))
	}
	q.Answer.Options = append(q.Answer.Options, component.Option{Value: string(merge.Value), Label: modules.Say(r, label), Hint: hint})
	kept := ""
	if at.Kept.Side == merge.Value {
		kept = textOf(at.Kept.Value)
	}
	q.Value = component.Field{
		ID: "testo-" + at.ID, Name: entry + name, Kind: component.LongText, Rows: 3, Label: modules.Say(r, writingLabels[entry]),
		Value: cmp.Or(r.PostFormValue(entry+name), kept, textOf(proposed), ours),
	}
	return q
}

// unite lets a value that nobody can write be united as it is proposed, or as it was before.
func (q *Question) unite(r *http.Request, name string, kept merge.Answer, proposed json.RawMessage) {
	value := proposed
	if kept.Side == merge.Value {
		value = kept.Value
	}
	if value == nil {
		return
	}
	q.Answer.Options = append(q.Answer.Options, component.Option{
		Value: string(merge.Value), Label: modules.Say(r, "practice.answer.united"), Hint: modules.Say(r, "practice.answer.united_seen"),
	})
	q.Answer.Value = cmp.Or(q.Answer.Value, string(merge.Value))
	q.United = &component.Hidden{Name: unitedValue + name, Value: string(value)}
}

// The controls that hold what somebody writes: a text, or the entries of a list line by line.
const (
	textValue = "value."
	listValue = "lines."
	// unitedValue is any other value, as JSON.
	unitedValue = "united."
)

var writingLabels = map[string]string{textValue: "practice.plan.value", listValue: "practice.plan.lines_value"}

// writing tells in which control another value of a place can be written, and what the body has there.
func writing(c merge.Conflict) (control, ours string, writable bool) {
	var text, theirText string
	var list, theirList []string
	switch {
	case c.Order || c.Ours == nil || c.Theirs == nil:
	case json.Unmarshal(c.Ours, &text) == nil && json.Unmarshal(c.Theirs, &theirText) == nil:
		return textValue, text, true
	case json.Unmarshal(c.Ours, &list) == nil && json.Unmarshal(c.Theirs, &theirList) == nil:
		return listValue, textOf(c.Ours), true
	}
	return "", "", false
}

// textOf is a text, or a list of texts line by line; "" for any other value.
func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		return ""
	}
	return strings.Join(list, "\n")
}

// Answers reads what a form says about the places whose names begin with a prefix, by their paths.
func Answers(r *http.Request, prefix string) map[string]merge.Answer {
	answers := map[string]merge.Answer{}
	for name, values := range r.PostForm {
		path, ok := strings.CutPrefix(name, "field."+prefix)
		if !ok || len(values) == 0 || values[0] == "" {
			continue
		}
		answer := merge.Answer{Side: merge.Side(values[0])}
		if answer.Side == merge.Value {
			answer.Value = written(r, prefix+path)
		}
		answers[path] = answer
	}
	return answers
}

// written is what somebody wrote for a place.
func written(r *http.Request, name string) json.RawMessage {
	var value any = modules.Value(r, textValue+name)
	if lines := r.PostForm[listValue+name]; len(lines) > 0 {
		entries := []string{}
		for line := range strings.Lines(lines[0]) {
			if line = strings.TrimSpace(line); line != "" {
				entries = append(entries, line)
			}
		}
		value = entries
	}
	if united := r.PostForm[unitedValue+name]; len(united) > 0 && json.Valid([]byte(united[0])) {
		return json.RawMessage(united[0])
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return nil // texts are always written
	}
	return raw
}

// Columns shows conflicts place by place in columns: what was, what the body has, what the kit has and, where it can be
// proposed, both together.
func Columns(r *http.Request, say kit.Teller, conflicts []merge.Conflict) component.Table {
	table := component.Table{
		Caption: modules.Say(r, "practice.plan.places"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.proposal.where", "practice.column.base", "practice.column.ours", "practice.column.kit"),
	}
	var parts []merge.Part
	proposes := false
	for _, c := range conflicts {
		parts = append(parts, merge.Parts(c)...)
	}
	for _, part := range parts {
		proposes = proposes || part.Proposed != nil
	}
	if proposes {
		table.Columns = append(table.Columns, component.Column{Label: modules.Say(r, "practice.column.united")})
	}
	for _, part := range parts {
		row := component.Row{Cells: []component.Cell{
			{Text: say.Place(part.Path)}, {Text: form.Value(r, say, part.Path, part.Base)}, {Text: form.Value(r, say, part.Path, part.Ours)}, {Text: form.Value(r, say, part.Path, part.Theirs)},
		}}
		if proposes {
			row.Cells = append(row.Cells, component.Cell{Text: say.Value(part.Path, part.Proposed)})
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}
