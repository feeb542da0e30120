package intake

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// nobody is the answer for an anonymous contact, where persons were found: it is
// never chosen beforehand, or a tired operator would lose the person.
const nobody = "anonimo"

// contactForm is what somebody wrote into the form of a new contact, kept as it was written.
type contactForm struct {
	ID     uuid.UUID
	Day    string // yyyy-mm-dd, as browsers send it
	Time   string // hh:mm
	Search string
	Person registry.Person   // the chosen one; zero for nobody
	Found  []registry.Person // by the search
	Near   []registry.Person // with almost the name that was searched
	Nobody bool              // chosen: the contact is anonymous
	Draft  bool              // was resumed from a draft
	Seen   string            // when that was last saved
	asked  asked             // terms of the body's vocabularies
	typed  url.Values
	NewContact
}

// parse reads the form of a request; the host has bounded its body.
func parse(r *http.Request) error {
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return problem.New(problem.TooLarge, "web.error.too_large", "max", large.Limit/1024).Wrap(err)
	case err != nil:
		return problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	return nil
}

// readForm reads the form of a new contact.
func (p pages) readForm(r *http.Request, s tenants.Scope) (contactForm, error) {
	if err := parse(r); err != nil {
		return contactForm{}, err
	}
	return p.formOf(r.Context(), s, r.Form)
}

// formOf reads what was typed into the form of a new contact.
func (p pages) formOf(ctx context.Context, s tenants.Scope, typed url.Values) (f contactForm, err error) {
	get := typed.Get
	f = contactForm{ID: modules.FormID(get("id")), Day: get("day"), Time: get("time"), Search: first(get("q"), 200), Draft: get("bozza") != "", Seen: get("vista")}
	f.NewContact = NewContact{
		ID: f.ID,
		Details: Details{
			Channel: get("channel"), Interlocutor: get("interlocutor"), Reason: get("reason"), Target: get("target"),
			Accompanied: slices.Contains(typed["flags"], "accompanied"), PersonInformed: slices.Contains(typed["flags"], "person_informed"),
			Needs: typed["needs"], Request: get("request"),
		},
		Closing: Closing{Outcome: get("outcome"), Signposting: get("signposting")},
	}
	f.typed = typed
	if f.asked, err = p.service.findAsked(ctx, s); err != nil {
		return f, err
	}
	f.Terms = f.asked.all.Read(typed)
	f.Nobody = get("persona") == nobody
	chosen, ok := modules.ParseID(get("persona"))
	if !ok {
		return f, nil // nobody: an anonymous contact
	}
	f.NewContact.Person = chosen
	f.Person, err = p.service.persons.Get(ctx, s, chosen)
	return f, err
}

// first cuts a text to a number of characters.
func first(text string, max int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), max)])
}

// readAt reads day and time; nothing means now.
func (f contactForm) readAt(faults *problem.Fields) time.Time {
	switch {
	case f.Day == "" && f.Time == "":
		return time.Time{}
	case f.Day == "":
		f.Day = dayNow()
	case f.Time == "":
		f.Time = "12:00"
		if f.Day == dayNow() {
			return time.Time{}
		}
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", f.Day+" "+f.Time, language.Rome)
	if err != nil {
		faults.Add("day", "intake.day.impossible")
	}
	return at
}

// faults are those that only the form knows. To open a case at once takes a person and no outcome but the one that leads
// there, which the contact gets when the case is there.
func (f *contactForm) faults(openCase bool) problem.Fields {
	var faults problem.Fields
	f.At = f.readAt(&faults)
	if len(f.Found)+len(f.Near) > 0 && f.Person.ID == uuid.Nil && !f.Nobody {
		faults.Add("persona", "intake.error.choose")
	} else if openCase && f.Person.ID == uuid.Nil {
		faults.Add("q", "intake.case.person")
	}
	if openCase && f.Outcome != "" && f.Outcome != TakingInCharge {
		faults.Add("outcome", "intake.case.outcome")
	}
	return faults
}

// dayNow is today in Italy, as browsers send it.
func dayNow() string { return time.Now().In(language.Rome).Format(time.DateOnly) }

// fieldSet builds fields with what is to be said at them.
type fieldSet struct {
	ctx   context.Context
	fault map[string]string
}

func newFieldSet(ctx context.Context, err error) fieldSet {
	return fieldSet{ctx, modules.FieldErrors(ctx, err)}
}

func say(ctx context.Context, key string, pairs ...any) string {
	return language.Say(ctx, language.M(key, pairs...))
}

// field fills in id, label, hint and error of a field.
func (set fieldSet) field(name string, f component.Field) component.Field {
	f.ID, f.Label, f.Error = name, say(set.ctx, "intake.field."+name), set.fault[name]
	if f.Hint != "" {
		f.Hint = say(set.ctx, f.Hint)
	}
	return f
}

// choice is a field over a closed list.
func (set fieldSet) choice(name string, kind component.FieldKind, list []Code, chosen ...string) component.Field {
	f := component.Field{Kind: kind, Width: component.Medium}
	for _, c := range list {
		option := component.Option{Value: c.ID, Label: language.SayText(set.ctx, c.Label)}
		for _, id := range chosen {
			option.Selected = option.Selected || id == c.ID
		}
		f.Options = append(f.Options, option)
	}
	return set.field(name, f)
}

// terms are fields over the body's own vocabularies.
func (set fieldSet) terms(asked casefile.Asked, typed map[string][]string) []component.Field {
	fields := asked.Fields(set.ctx, "", typed, set.fault)
	for i := range fields {
		fields[i].Label, fields[i].Width = say(set.ctx, "intake.field.term", "label", fields[i].Label), component.Medium
	}
	return fields
}

func required(f component.Field) component.Field {
	f.Required = true
	return f
}

// group is some fields of a form below a title.
type group struct {
	Title  string
	Fields []component.Field
	Folded bool // what is seldom needed stands behind its title
	Open   bool // unfolded, because something is written there
}

// groups are the fields of a new contact: what every contact needs comes first, nothing is chosen beforehand, and the
// rest is folded away.
func (f contactForm) groups(set fieldSet) []group {
	title := func(key string) string { return say(set.ctx, "intake.group."+key) }
	return []group{
		{Title: title("what"), Fields: []component.Field{
			required(set.field("request", component.Field{Kind: component.LongText, Value: f.Request, Hint: "intake.hint.request", MaxLength: 4000, Rows: 4})),
		}},
		{Title: title("how"), Fields: append([]component.Field{
			required(set.choice("channel", component.Select, Channels, f.Channel)),
			required(set.choice("interlocutor", component.Select, Interlocutors, f.Interlocutor)),
			required(set.choice("reason", component.Select, Reasons, f.Reason)),
		}, set.terms(f.asked.first, f.typed)...)},
		f.more(set),
		{Title: title("outcome"), Fields: append(f.outcomeFields(set), set.terms(f.asked.later, f.typed)...)},
	}
}

// more are the fields that most contacts leave as they are.
func (f contactForm) more(set fieldSet) group {
	g := group{Title: say(set.ctx, "intake.group.more"), Folded: true, Fields: []component.Field{
		set.choice("needs", component.Checkboxes, Needs, f.Needs...),
		set.choice("target", component.Select, Targets, f.Target),
		f.flags(set),
		set.field("day", component.Field{Kind: component.Appointed, Value: f.Day, Hint: "intake.hint.day", Width: component.Medium}),
		set.field("time", component.Field{Kind: component.TimeOfDay, Value: f.Time, Width: component.Short}),
	}}
	g.Open = len(f.Needs) > 0 || f.Target != "" || f.Accompanied || f.PersonInformed || f.Time != "" || f.Day != "" && f.Day != dayNow()
	for _, field := range g.Fields {
		g.Open = g.Open || field.Error != ""
	}
	return g
}

// flags are two things to note about the person.
func (f contactForm) flags(set fieldSet) component.Field {
	option := func(name string, on bool) component.Option {
		return component.Option{Value: name, Label: say(set.ctx, "intake.field."+name+".yes"), Selected: on}
	}
	return set.field("flags", component.Field{Kind: component.Checkboxes, Options: []component.Option{
		option("accompanied", f.Accompanied), option("person_informed", f.PersonInformed),
	}})
}

func (f contactForm) outcomeFields(set fieldSet) []component.Field {
	outcome := set.choice("outcome", component.Select, Outcomes, f.Outcome)
	outcome.Hint = say(set.ctx, "intake.hint.outcome")
	return []component.Field{
		outcome,
		set.field("signposting", component.Field{Depends: true, Value: f.Signposting, Hint: "intake.hint.signposting", MaxLength: 300, Width: component.Medium}),
	}
}

// whoFields are the search for the person and, once somebody is found, the choice.
func (f contactForm) whoFields(set fieldSet) []component.Field {
	search := set.field("q", component.Field{Value: f.Search, Hint: "intake.hint.q", MaxLength: 200, Width: component.Medium})
	fields := []component.Field{search}
	persons := slices.Concat(f.Found, f.Near)
	if f.Person.ID != uuid.Nil {
		persons = append([]registry.Person{f.Person}, withoutPerson(persons, f.Person.ID)...)
	}
	if len(persons) > 0 {
		fields = append(fields, f.choosePerson(set, persons))
	}
	return fields
}

// foundNobody tells whether somebody was searched in vain: no fault, but a thing to go on from.
func (f contactForm) foundNobody() bool {
	return f.Search != "" && len(f.Found)+len(f.Near) == 0 && f.Person.ID == uuid.Nil
}

func withoutPerson(persons []registry.Person, id uuid.UUID) []registry.Person {
	var others []registry.Person
	for _, p := range persons {
		if p.ID != id {
			others = append(others, p)
		}
	}
	return others
}

func (f contactForm) choosePerson(set fieldSet, persons []registry.Person) component.Field {
	choose := set.field("persona", component.Field{Kind: component.Radios})
	if len(f.Found) == 0 && f.Person.ID == uuid.Nil {
		choose.Hint = say(set.ctx, "intake.person.near")
	}
	for _, p := range persons {
		choose.Options = append(choose.Options, personOption(p, p.ID == f.Person.ID))
	}
	choose.Options = append(choose.Options, component.Option{
		Value: nobody, Label: say(set.ctx, "intake.person.anonymous"), Selected: f.Nobody,
	})
	return choose
}

func personOption(p registry.Person, selected bool) component.Option {
	option := component.Option{Value: p.ID.String(), Label: p.ListName(), Hint: p.TaxCode, Selected: selected}
	if !p.BirthDate.IsZero() {
		option.Hint = strings.TrimSpace(p.BirthDate.Format("02/01/2006") + " " + p.TaxCode)
	}
	return option
}

// readVersion reads the version that a form was rendered with.
func readVersion(r *http.Request, id uuid.UUID) Version {
	version, _ := strconv.Atoi(r.Form.Get("version")) // what is no number is no version that exists
	return Version{ID: id, Version: version}
}
