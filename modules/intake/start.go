package intake

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// holds is what the contact has for a source of kit.OriginOf: codes, a text, a day or a truth; nil where nobody wrote anything. That
// nobody ticked "accompanied" tells nothing.
func (c Contact) holds(source string) any {
	switch source {
	case "contact.channel":
		return given(c.Channel)
	case "contact.interlocutor":
		return given(c.Interlocutor)
	case "contact.reason":
		return given(c.Reason)
	case "contact.target":
		return given(c.Target)
	case "contact.needs":
		return given(c.Needs...)
	case kit.FromOutcome:
		return given(c.Outcome)
	case "contact.term":
		return given(c.terms()...)
	case "contact.request":
		return written(c.Request)
	case kit.FromSignposting:
		return written(c.Signposting)
	case "contact.day":
		return c.At.In(language.Rome).Format(time.DateOnly)
	case "contact.anonymous":
		return c.PersonID == nil
	case "contact.accompanied":
		return ticked(c.Accompanied)
	case "contact.informed":
		return ticked(c.PersonInformed)
	}
	return nil
}

func given(codes ...string) any {
	codes = slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return code == "" })
	if len(codes) == 0 {
		return nil
	}
	return codes
}

func written(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func ticked(yes bool) any {
	if !yes {
		return nil
	}
	return true
}

// terms are the keys of the terms that somebody chose from vocabularies.
func (c Contact) terms() (keys []string) {
	for _, g := range c.Given {
		if key, ok := g.Value.(string); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

// start is the answer that a question starts from, nil for none: of codes, those that are among its options.
func (c Contact) start(question kit.FormItem) any {
	held := c.holds(question.From)
	codes, coded := held.([]string)
	if !coded {
		return held
	}
	var offered []string
	for _, option := range question.Options {
		if slices.Contains(codes, option.Value) {
			offered = append(offered, option.Value)
		}
	}
	switch {
	case len(offered) == 0:
		return nil
	case question.Type == kit.TypeChoice:
		return offered[0]
	}
	return offered
}

// start are the answers that a form starts from; what a question would not take is left out.
func (e FormEdition) start(c Contact) kit.Answers {
	answers := kit.Answers{}
	for _, question := range e.Definition.Items() {
		if value := c.start(question); value != nil {
			answers[question.Key] = value
		}
	}
	answers, _ = e.Definition.CheckDraft(answers)
	return answers
}

// starts tells whether anything of the form starts from its contact.
func (e FormEdition) starts() bool {
	return slices.ContainsFunc(e.Definition.Items(), func(i kit.FormItem) bool { return i.From != "" })
}

// begin gives a filling what its contact holds, below what it says itself.
func (e FormEdition) begin(f FormFilling, c Contact) FormFilling {
	if !f.Start || f.Values != nil {
		return f
	}
	answers := e.start(c)
	maps.Copy(answers, f.Answers)
	f.Answers = answers
	return f
}

// words are what the contact holds for a source as people read it, "" for nothing.
func (c Contact) words(ctx context.Context, source string) string {
	lists := map[string][]Code{
		"contact.channel": Channels, "contact.interlocutor": Interlocutors, "contact.reason": Reasons, "contact.target": Targets,
		"contact.needs": Needs, kit.FromOutcome: Outcomes,
	}
	switch held := c.holds(source).(type) {
	case []string:
		said := make([]string, len(held))
		for i, code := range held {
			said[i] = cmp.Or(language.SayText(ctx, Label(lists[source], code)), c.term(ctx, code))
		}
		return strings.Join(said, "; ")
	case string:
		if day, err := time.Parse(time.DateOnly, held); err == nil && source == "contact.day" {
			return day.Format("02/01/2006")
		}
		return held
	case bool:
		if held {
			return say(ctx, "kit.value.yes")
		}
		return say(ctx, "kit.value.no")
	}
	return ""
}

// term is a term that somebody chose, in the words of then.
func (c Contact) term(ctx context.Context, key string) string {
	for _, g := range c.Given {
		if g.Value == key {
			return g.Text(ctx)
		}
	}
	return key
}

// closes tells whether the form has a question with whose answer its contact can be closed.
func (e FormEdition) closes() bool { return e.asked(kit.FromOutcome, nil) != "" }

// asked is the question that a source goes with: the first with an answer, or else the first of all; "" for none.
func (e FormEdition) asked(source string, answers kit.Answers) (key string) {
	for _, question := range e.Definition.Items() {
		if question.From != source {
			continue
		}
		if answers[question.Key] != nil {
			return question.Key
		}
		key = cmp.Or(key, question.Key)
	}
	return key
}

// closing is how the answers of a form close its contact.
func (e FormEdition) closing(answers kit.Answers) Closing {
	outcome, _ := answers[e.asked(kit.FromOutcome, answers)].(string)
	sent, _ := answers[e.asked(kit.FromSignposting, answers)].(string)
	return Closing{Outcome: outcome, Signposting: sent}
}

// closeWith closes the contact, which the transaction has locked, with the outcome of its form. Faults stand at the questions. The
// error is problem.Conflict when somebody else changed the contact or closed it otherwise.
func (e FormEdition) closeWith(ctx context.Context, tx tenants.Tx, s tenants.Scope, f FormFilling, c Contact) error {
	answers, err := e.fill(f)
	if err != nil {
		return err
	}
	closing, err := e.closing(answers).Check(c.PersonID != nil)
	switch {
	case err != nil:
		return e.atQuestions(err, answers)
	case c.State == Closed && c.Outcome == closing.Outcome && c.Signposting == closing.Signposting:
		return nil
	case c.State == Closed, c.Version != f.Closes:
		return problem.New(problem.Conflict, contactMoved)
	}
	if err := closeContact(ctx, tx, s, c, closing); err != nil {
		return err
	}
	return audit.Write(ctx, tx, s, event("contact.close", c))
}

// contactMoved is the message of a form that cannot close its contact any more.
const contactMoved = "intake.form.contact_moved"

// atQuestions says what is wrong with a closing at the questions that it is taken from.
func (e FormEdition) atQuestions(wrong error, answers kit.Answers) error {
	if !problem.Is(wrong, problem.Invalid) {
		return wrong
	}
	var fields problem.Fields
	for _, field := range problem.Of(wrong).Fields {
		if key := e.asked("contact."+field.Name, answers); key != "" {
			field.Name = kit.AnswerField + key
		}
		fields = append(fields, field)
	}
	return fields.Err()
}
