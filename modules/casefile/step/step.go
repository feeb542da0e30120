// Package step is what a step of a workflow asks for, as questions with a type: days, numbers, words, terms of the body's
// vocabularies, its people. It must not know what moves along a workflow.
package step

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// The types of fields that are read from elsewhere; the others are those of a form.
const (
	account  = "account"  // somebody of the body
	document = "document" // which one, in words
	number   = "number"
)

// The characters that words may have.
const (
	textLength     = 500
	longTextLength = 4000
)

// Asked are the questions of a step. The zero Asked asks nothing.
type Asked struct {
	form      kit.Form
	documents []string // keys of the questions that ask which document
}

// Given is what was given to a field of a step, with the words of then.
type Given struct {
	Key   string    `json:"key"`
	Label kit.Text  `json:"label"`
	Type  string    `json:"type"`           // of the question
	Value any       `json:"value"`          // as kit.Answers has it
	Term  *kit.Text `json:"term,omitempty"` // what the chosen one was called
}

// Text is the value in words, in the language of the context.
func (g Given) Text(ctx context.Context) string {
	item := kit.FormItem{Key: g.Key, Type: g.Type}
	if value, chosen := g.Value.(string); chosen && g.Term != nil {
		item.Options = []kit.FormOption{{Value: value, Label: *g.Term}}
	}
	return item.AnswerText(ctx, g.Value)
}

// Line is the value in words after what was asked.
func (g Given) Line(ctx context.Context) string {
	return g.Label.In(language.Of(ctx)) + ": " + g.Text(ctx)
}

// Questions makes the questions of steps, from what the body has.
type Questions struct {
	deps  modules.Deps
	items *kit.Items
}

// NewQuestions makes them over the program's parts.
func NewQuestions(deps modules.Deps) Questions { return Questions{deps, kit.NewItems(deps)} }

// Sources are what questions let choose from, on a day.
type Sources struct {
	vocabularies map[string]*kit.Vocabulary
	people       []tenants.Colleague
	day          time.Time
}

// Read reads what fields let choose from; where none lets choose, nothing.
func (q Questions) Read(ctx context.Context, s tenants.Scope, fields []kit.WorkflowField) (from Sources, err error) {
	from.day = language.Day(time.Now())
	if slices.ContainsFunc(fields, func(f kit.WorkflowField) bool { return f.Vocabulary != "" }) {
		if from.vocabularies, err = q.vocabularies(ctx, s); err != nil {
			return Sources{}, err
		}
	}
	if slices.ContainsFunc(fields, func(f kit.WorkflowField) bool { return f.Type == account }) {
		if from.people, err = q.people(ctx, s); err != nil {
			return Sources{}, err
		}
	}
	return from, nil
}

func (q Questions) vocabularies(ctx context.Context, s tenants.Scope) (map[string]*kit.Vocabulary, error) {
	versions, err := q.items.Published(ctx, s, kit.KindVocabulary)
	if err != nil {
		return nil, err
	}
	known := map[string]*kit.Vocabulary{}
	for _, v := range versions {
		if known[v.Key], err = kit.ParseVocabulary(v.Content); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// people are who works in the body, each once, by name.
func (q Questions) people(ctx context.Context, s tenants.Scope) (people []tenants.Colleague, err error) {
	err = q.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		people, err = tenants.FindColleagues(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find who a step may name: %w", err)
	}
	slices.SortStableFunc(people, func(a, b tenants.Colleague) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), slices.Compare(a.Account[:], b.Account[:]))
	})
	return slices.CompactFunc(people, func(a, b tenants.Colleague) bool { return a.Account == b.Account }), nil
}

// Chosen are the fields that have something to choose from.
func (from Sources) Chosen(fields []kit.WorkflowField) []kit.WorkflowField {
	return slices.DeleteFunc(slices.Clone(fields), func(f kit.WorkflowField) bool { return len(from.options(f)) == 0 })
}

// Ask makes the questions of fields. Where a field has nothing to choose from, as a vocabulary that the body does not use, it asks
// for words.
func (from Sources) Ask(fields []kit.WorkflowField, required bool) Asked {
	if len(fields) == 0 {
		return Asked{}
	}
	section := kit.FormSection{Key: "step"}
	var documents []string
	for _, field := range fields {
		item := kit.FormItem{Key: field.Key, Label: field.Label, Type: kit.TypeText, MaxLength: textLength, Required: kit.Requirement{Always: required}}
		item.Options = from.options(field)
		switch {
		case len(item.Options) > 0:
			item.Type, item.MaxLength = kit.TypeChoice, 0
		case field.Type == kit.TypeLongText:
			item.Type, item.MaxLength = kit.TypeLongText, longTextLength
		case field.Type == kit.TypeDate:
			item.Type, item.MaxLength = kit.TypeDate, 0
		case field.Type == number:
			item.Type, item.MaxLength = kit.TypeDecimal, 0
		case field.Type == document:
			documents = append(documents, field.Key)
		}
		section.Items = append(section.Items, item)
	}
	return Asked{kit.Form{Sections: []kit.FormSection{section}}, documents}
}

func (from Sources) options(field kit.WorkflowField) (options []kit.FormOption) {
	if field.Type == account {
		for _, one := range from.people {
			options = append(options, kit.FormOption{Value: one.Account.String(), Label: kit.Text{IT: one.Name}})
		}
	}
	if list := from.vocabularies[field.Vocabulary]; list != nil {
		for _, term := range list.Offered(field.Key, from.day) {
			options = append(options, kit.FormOption{Value: term.Key, Label: term.Label})
		}
	}
	return options
}

// Fields are the questions as fields of a page, named kit.AnswerPrefix + key, with what was typed into them. wrong holds the messages
// to show, by kit.AnswerField + key; the ids begin with the prefix.
func (a Asked) Fields(ctx context.Context, prefix string, typed map[string][]string, wrong map[string]string) []component.Field {
	var fields []component.Field
	for _, group := range a.form.FieldGroups(ctx, typed, wrong) {
		fields = append(fields, group.Fields...)
	}
	for i, field := range fields {
		fields[i].ID = prefix + field.ID
		if slices.Contains(a.documents, strings.TrimPrefix(field.Name, kit.AnswerPrefix)) {
			fields[i].Hint = language.Say(ctx, language.M("casefile.step.document"))
		}
	}
	return fields
}

// Read reads the fields of a sent page.
func (a Asked) Read(typed map[string][]string) kit.Answers { return a.form.ParseValues(typed) }

// InWords is the key of the one question that is answered in words, if there is one alone.
func (a Asked) InWords() (key string, alone bool) {
	items := a.form.Items()
	if len(items) != 1 || items[0].Type != kit.TypeText && items[0].Type != kit.TypeLongText {
		return "", false
	}
	return items[0].Key, true
}

// Check reads answers as the questions want them. The error has a field for each that is wrong or missing, named
// kit.AnswerField + key.
func (a Asked) Check(answers kit.Answers) ([]Given, error) {
	kept, faults := a.form.Check(answers)
	var fields problem.Fields
	for _, fault := range faults {
		fields = append(fields, problem.Field{Name: kit.AnswerField + fault.Path, Message: fault.Message()})
	}
	var given []Given
	for _, item := range a.form.Items() {
		value, answered := kept[item.Key]
		if !answered {
			continue
		}
		one := Given{Key: item.Key, Label: item.Label, Type: item.Type, Value: value}
		if key, chosen := value.(string); chosen && item.Type == kit.TypeChoice {
			option, _ := item.Option(key)
			one.Term = &option.Label
		}
		given = append(given, one)
	}
	return given, fields.Err()
}

// Replace puts what is given now in the place of what was given to the same questions.
func Replace(was, now []Given) []Given {
	all := slices.DeleteFunc(slices.Clone(was), func(g Given) bool {
		return slices.ContainsFunc(now, func(n Given) bool { return n.Key == g.Key })
	})
	return append(all, now...)
}
