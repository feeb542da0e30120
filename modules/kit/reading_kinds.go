package kit

import (
	"cmp"
	"context"
	"strings"

	"staffetta/api/web/component"
	"staffetta/modules/kit/canonical"
	"staffetta/modules/kit/flow"
	"staffetta/modules/kit/rule"
	"staffetta/modules/kit/tell"
)

// ReadForm reads a form for people.
func ReadForm(ctx context.Context, content []byte) ([]Block, bool) {
	value, err := ParseForm(content)
	if err != nil {
		return nil, false
	}
	return newReader(ctx).form(value), true
}

// ReadAssessment reads an assessment for people.
func ReadAssessment(ctx context.Context, content []byte) ([]Block, bool) {
	value, err := ParseAssessment(content)
	if err != nil {
		return nil, false
	}
	return newReader(ctx).assessment(value), true
}

// ReadWorkflow reads a workflow for people.
func ReadWorkflow(ctx context.Context, content []byte) ([]Block, bool) {
	value, err := ParseWorkflow(content)
	if err != nil {
		return nil, false
	}
	return newReader(ctx).workflow(value), true
}

// ReadAct reads an act for people.
func ReadAct(ctx context.Context, content []byte) ([]Block, bool) {
	value, err := ParseAct(content)
	if err != nil {
		return nil, false
	}
	return newReader(ctx).act(value), true
}

// asking makes a reader of what a form asks.
func (r reader) asking(form *Form) reader {
	r.items = map[string]FormItem{}
	for _, section := range form.Sections {
		for _, item := range section.Items {
			r.items[item.Key] = item
		}
	}
	return r
}

func (r reader) form(form *Form) []Block {
	r = r.asking(form)
	var blocks []Block
	if form.Intro != nil {
		wording, _ := r.text(*form.Intro)
		blocks = append(blocks, Block{Level: 2, Heading: r.say("kit.part.intro"), Text: []string{wording}})
	}
	for _, section := range form.Sections {
		heading, lang := r.text(section.Label)
		block := Block{Level: 2, Heading: heading, Lang: lang}
		if section.Help != nil {
			wording, _ := r.text(*section.Help)
			block.Text = append(block.Text, wording)
		}
		if section.Visible != "" {
			block.Text = append(block.Text, r.say("kit.item.shown_when", "rule", r.rule(section.Visible)))
		}
		block.Table = r.questions("domande-"+section.Key, heading, section.Items)
		blocks = append(blocks, block)
	}
	return blocks
}

// rule reads a condition over the answers of the form in words.
func (r reader) rule(source string) string {
	return rule.Words(source, rule.Speaker{Say: r.say, Question: func(key string) string {
		label, _ := r.text(r.items[key].Label)
		return cmp.Or(label, r.named[key], key)
	}, Answer: func(key, value string) string {
		for _, option := range r.items[key].Options {
			if option.Value == value {
				value, _ = r.text(option.Label)
			}
		}
		if value == "true" || value == "false" {
			return r.say("kit.value." + map[string]string{"true": "yes", "false": "no"}[value])
		}
		return value
	}})
}

func (r reader) questions(id, caption string, items []FormItem) *component.Table {
	table := r.table(id, caption, "kit.item.question", "kit.item.answers", "kit.item.required")
	for _, item := range items {
		label, lang := r.text(item.Label)
		question := component.Cell{Text: label, Lang: lang}
		if item.Visible != "" {
			question.Note = r.say("kit.item.shown_when", "rule", r.rule(item.Visible))
		}
		if item.From != "" {
			question.Note = strings.TrimPrefix(question.Note+". ", ". ") + r.say("kit.item.starts_from", "source", r.say("kit.value."+item.From))
		}
		table.Rows = append(table.Rows, component.Row{Cells: []component.Cell{
			question, {Text: r.answers(item)}, {Text: r.requirement(item.Required)},
		}})
	}
	return table
}

// answers says what may be answered, with the points where there are any.
func (r reader) answers(item FormItem) string {
	var offered []string
	for _, option := range item.Options {
		wording, _ := r.text(option.Label)
		if option.Score != nil {
			key := "kit.item.points"
			if *option.Score == 1 {
				key = "kit.item.point"
			}
			wording += " (" + r.say(key, "points", canonical.Number(*option.Score)) + ")"
		}
		offered = append(offered, wording)
	}
	if len(offered) == 0 {
		return r.say("kit.value." + item.Type)
	}
	return strings.Join(offered, " · ")
}

func (r reader) requirement(required Requirement) string {
	switch {
	case required.When != "":
		return r.say("kit.item.required_when", "rule", r.rule(required.When))
	case required.Always:
		return r.say("kit.value.yes")
	}
	return r.say("kit.value.no")
}

func (r reader) assessment(a *Assessment) []Block {
	r = r.asking(&a.Form)
	rule, lang := r.text(a.Scoring.Rule)
	scoring := Block{Level: 2, Heading: r.say("kit.item.scoring"), Table: r.table("fasce", r.say("kit.item.bands"),
		"kit.item.band", "kit.item.from", "kit.item.to", "kit.item.meaning")}
	scoring.Rows.Rows = []component.SummaryRow{
		{Label: r.say("kit.item.instrument"), Values: []string{a.Instrument.Name}},
		{Label: r.say("kit.item.source"), Values: []string{a.Instrument.Source}},
		{Label: r.say("kit.part.formula"), Values: []string{rule}, Lang: lang},
	}
	for _, band := range a.Scoring.Bands {
		label, lang := r.text(band.Label)
		meaning, meaningLang := r.text(band.Meaning)
		scoring.Table.Rows = append(scoring.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: label, Lang: lang}, {Text: canonical.Number(band.From)}, {Text: canonical.Number(band.To)}, {Text: meaning, Lang: meaningLang},
		}})
	}
	blocks := append(r.form(&a.Form), scoring)
	if len(a.Proposes) == 0 {
		return blocks
	}
	proposals := Block{Level: 2, Heading: r.say("kit.item.proposals")}
	proposals.Table = r.table("proposte", proposals.Heading, "kit.item.field", "kit.item.value", "kit.item.when")
	for _, proposal := range a.Proposes {
		label, lang := r.text(proposal.Label)
		field := proposal.Target
		if proposal.Name != nil {
			field, _ = r.text(*proposal.Name)
		}
		proposals.Table.Rows = append(proposals.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: label, Lang: lang, Note: field}, {Text: proposal.Value}, {Text: r.rule(proposal.When)},
		}})
	}
	return append(blocks, proposals)
}

func (r reader) workflow(w *Workflow) []Block {
	states := Block{Level: 2, Heading: r.say("kit.item.states")}
	states.Table = r.table("stati", states.Heading, "kit.items.state", "kit.item.meaning")
	names := map[string]string{}
	for _, state := range w.States {
		label, lang := r.text(state.Label)
		names[state.Key] = label
		row := []component.Cell{{Text: label, Lang: lang}, {}}
		if state.Initial {
			row[0].Tags = append(row[0].Tags, component.Tag{Label: r.say("kit.item.initial"), Tone: component.Info})
		}
		if state.Final {
			row[0].Tags = append(row[0].Tags, component.Tag{Label: r.say("kit.item.final")})
		}
		if state.Meaning != nil {
			row[1].Text, row[1].Lang = r.text(*state.Meaning)
		}
		states.Table.Rows = append(states.Table.Rows, component.Row{Cells: row})
	}
	blocks := []Block{r.drawn(w), states, r.transitions(w, names)}
	if len(w.Terms) == 0 {
		return blocks
	}
	terms := Block{Level: 2, Heading: r.say("kit.item.terms")}
	terms.Table = r.table("termini", terms.Heading, "kit.item.term", "kit.item.from", "kit.item.to", "kit.part.days", "kit.part.law")
	for _, term := range w.Terms {
		label, lang := r.text(term.Label)
		days := r.say("kit.item.days", "days", term.Days)
		if term.Working {
			days = r.say("kit.item.working_days", "days", term.Days)
		}
		terms.Table.Rows = append(terms.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: label, Lang: lang}, {Text: names[term.From]}, {Text: names[term.To]}, {Text: days}, {Text: term.Law},
		}})
	}
	return append(blocks, terms)
}

// drawn is a workflow as a picture.
func (r reader) drawn(w *Workflow) Block {
	return Block{Level: 2, Heading: r.say("kit.item.drawing"), Picture: w.Draw(flow.Words{
		Title: r.say("kit.item.drawing_title"),
		State: func(s flow.State) string { return s.Label.In(r.lang) },
		Step:  func(t flow.Transition) string { return t.Label.In(r.lang) },
		Who:   func(t flow.Transition) string { return r.roles(t.Roles) },
	})}
}

func (r reader) roles(ids []string) string {
	labels := make([]string, len(ids))
	for i, id := range ids {
		labels[i] = tell.Role(r.ctx, id)
	}
	return strings.Join(labels, ", ")
}

func (r reader) transitions(w *Workflow, names map[string]string) Block {
	block := Block{Level: 2, Heading: r.say("kit.item.transitions")}
	block.Table = r.table("passaggi", block.Heading, "kit.item.transition", "kit.item.from", "kit.item.to", "kit.item.roles", "kit.item.fields")
	fields := map[string]string{}
	for _, field := range w.Fields {
		fields[field.Key], _ = r.text(field.Label)
	}
	for _, transition := range w.Transitions {
		label, lang := r.text(transition.Label)
		var requires []string
		for _, field := range transition.Requires {
			requires = append(requires, fields[field])
		}
		block.Table.Rows = append(block.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: label, Lang: lang},
			{Text: names[transition.From]},
			{Text: names[transition.To]},
			{Text: r.roles(transition.Roles)},
			{Text: strings.Join(requires, ", ")},
		}})
	}
	return block
}

func (r reader) act(a *Act) []Block {
	purpose, purposeLang := r.text(a.Purpose)
	adopter, adopterLang := r.text(a.Adopter)
	sheet := Block{Level: 2, Heading: r.say("kit.item.sheet")}
	sheet.Rows.Rows = []component.SummaryRow{
		{Label: r.say("kit.part.type"), Values: []string{r.say("kit.value." + a.Type)}},
		{Label: r.say("kit.part.adopter"), Values: []string{adopter}, Lang: adopterLang},
		{Label: r.say("kit.part.purpose"), Values: []string{purpose}, Lang: purposeLang},
		{Label: r.say("kit.part.laws"), Values: a.Laws},
	}
	if len(a.Attached) > 0 {
		attached := component.SummaryRow{Label: r.say("kit.part.attached")}
		for _, key := range a.Attached {
			attached.Values = append(attached.Values, tell.Called(r.ctx, key))
		}
		sheet.Rows.Rows = append(sheet.Rows.Rows, attached)
	}
	fields := Block{Level: 2, Heading: r.say("kit.part.fields")}
	fields.Table = r.table("campi", fields.Heading, "kit.item.field", "kit.part.type", "kit.item.required")
	for _, field := range a.Fields {
		label, lang := r.text(field.Label)
		required := r.say("kit.value.yes")
		if field.Optional {
			required = r.say("kit.value.no")
		}
		fields.Table.Rows = append(fields.Table.Rows, component.Row{Cells: []component.Cell{
			{Text: label, Lang: lang}, {Text: r.say("kit.value." + field.Type)}, {Text: required},
		}})
	}
	text := Block{Level: 2, Heading: r.say("kit.item.act_text")}
	for _, part := range a.Parts {
		heading, lang := r.text(part.Heading)
		wording, _ := r.text(part.Text)
		filled, _ := a.Fill(wording, nil)
		text.Blocks = append(text.Blocks, Block{Level: 3, Heading: heading, Lang: lang, Text: strings.Split(filled, "\n")})
	}
	return []Block{sheet, text, fields}
}

func (r reader) table(id, caption string, columns ...string) *component.Table {
	table := &component.Table{ID: id, Caption: caption, Hidden: true}
	for _, key := range columns {
		table.Columns = append(table.Columns, component.Column{Label: r.say(key)})
	}
	return table
}

func itemFacts(ctx context.Context, item Item) component.Summary {
	r := newReader(ctx)
	facts := component.Summary{Rows: []component.SummaryRow{
		{Label: r.say("kit.item.owner"), Values: values(item.Owner)},
		{Label: r.say("kit.item.licence"), Values: values(item.Licence)},
	}}
	if item.Origin.Version == "" {
		return component.Summary{Rows: append(facts.Rows, component.SummaryRow{Label: r.say("kit.items.origin"), Values: []string{r.say("kit.origin.local")}})}
	}
	adaptation := stateOf(adaptationTags(func(key string) string { return r.say(key) }, item.Adaptation))
	facts.Rows = append(facts.Rows,
		component.SummaryRow{Label: r.say("kit.items.origin"), Values: []string{r.say("kit.origin.kit", "version", item.Origin.Version)}},
		component.SummaryRow{Label: r.say("kit.item.adaptation"), Tag: adaptation})
	if item.Reason != "" {
		facts.Rows = append(facts.Rows, component.SummaryRow{Label: r.say("kit.item.reason"), Values: []string{item.Reason}})
	}
	return facts
}

func values(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func stateOf(tags []component.Tag) *component.Tag {
	if len(tags) == 0 {
		return nil
	}
	return &tags[0]
}

func stateTag(say func(string) string, state State) component.Tag {
	tone := map[State]component.Tone{Draft: component.Warning, Published: component.Success, Retired: component.Neutral}[state]
	return component.Tag{Label: say("kit.state." + string(state)), Tone: tone}
}

func adaptationTags(say func(string) string, adaptation Adaptation) []component.Tag {
	if adaptation == Local {
		return nil
	}
	return []component.Tag{{Label: say("kit.adaptation." + string(adaptation)), Tone: component.Info}}
}
