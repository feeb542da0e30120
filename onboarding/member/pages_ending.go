package member

import (
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// endPage is where a role ends, now or on a day, with what the person has in hand.
type endPage struct {
	Breadcrumb component.Breadcrumb
	modules.Refusal
	Title  string
	Load   []string // in words; none for nothing
	Only   bool     // it is the person's only role
	Action string
	Fields []component.Field
	End    component.Button
}

// The answers to when a role ends.
const (
	endsNow   = "subito"
	endsOnDay = "giorno"
)

func (p *pages) ending(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.endingView(r, s, nil)
}

func (p *pages) endingView(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	person, h, err := p.holding(r, s)
	if err != nil {
		return modules.View{}, err
	}
	load, err := p.service.Weigh(r.Context(), s, person)
	if err != nil {
		return modules.View{}, err
	}
	label := placed(p.service.label(r.Context(), s, h.Role), h)
	title := language.M("onboarding.member.end_title", "role", label, "name", person.Name)
	home := at + "/" + person.Account.String()
	page := endPage{
		Title: language.Say(r.Context(), title), Load: loadWords(r, load), Only: len(person.Held) == 1, Action: home + "/ruoli/" + h.ID.String() + "/togli",
		Fields: endFields(r, h, modules.FieldErrors(r.Context(), refused)), End: component.Button{Label: modules.Say(r, "onboarding.member.end"), Emphasis: component.Grave},
		Breadcrumb: component.Breadcrumb{Items: []component.Crumb{
			{Label: modules.Say(r, "onboarding.member.title"), URL: at}, {Label: person.Name, URL: home}, {Label: label},
		}},
	}
	return page.Explain(r, modules.Render("onboarding/member_end", title, &page), refused, page.Fields...), nil
}

// holding reads which role of whom the path names. Error: problem.NotFound.
func (p *pages) holding(r *http.Request, s tenants.Scope) (person Person, h Holding, err error) {
	account, err := modules.PathID(r, "account")
	if err != nil {
		return person, h, err
	}
	id, err := modules.PathID(r, "membership")
	if err != nil {
		return person, h, err
	}
	person, err = p.service.GetPerson(r.Context(), s, account)
	if err != nil {
		return person, h, err
	}
	at := slices.IndexFunc(person.Held, func(h Holding) bool { return h.ID == id })
	if at < 0 {
		return person, h, problem.Missing()
	}
	return person, person.Held[at], nil
}

// loadWords says what somebody has in hand.
func loadWords(r *http.Request, l Load) (words []string) {
	for _, one := range []struct {
		key string
		n   int
	}{{"onboarding.member.load_cases", l.Cases}, {"onboarding.member.load_team", l.Team}, {"onboarding.member.load_drafts", l.Drafts}} {
		if one.n > 0 {
			words = append(words, modules.Say(r, one.key, "n", one.n))
		}
	}
	return words
}

func endFields(r *http.Request, h Holding, wrong map[string]string) []component.Field {
	when, last := modules.Value(r, "quando"), modules.Value(r, "al")
	if r.Method == http.MethodGet {
		when, last = endsOnDay, language.Day(time.Now()).Format(time.DateOnly)
		if h.From.After(time.Now()) {
			last = h.From.Format(time.DateOnly)
		}
	}
	choice := component.Field{ID: "quando", Kind: component.Radios, Label: modules.Say(r, "onboarding.member.end_when"), Required: true, Error: wrong["quando"]}
	for _, one := range []string{endsOnDay, endsNow} {
		choice.Options = append(choice.Options, component.Option{Value: one, Label: modules.Say(r, "onboarding.member.end_"+one), Selected: when == one})
	}
	return []component.Field{
		choice,
		{ID: "al", Kind: component.Appointed, Label: modules.Say(r, "onboarding.member.end_last"), Hint: modules.Say(r, "onboarding.member.end_hint"), Value: last, Error: wrong["al"]},
		{ID: "motivo", Kind: component.LongText, Rows: 3, Label: modules.Say(r, "onboarding.member.end_reason"), Required: true, MaxLength: maxReason, Value: modules.Value(r, "motivo"), Error: wrong["motivo"]},
	}
}

func (p *pages) end(r *http.Request, s tenants.Scope) (modules.View, error) {
	person, h, err := p.holding(r, s)
	if err != nil {
		return modules.View{}, err
	}
	e, err := readEnding(r, h.ID)
	if err == nil {
		err = p.service.End(r.Context(), s, e)
	}
	switch {
	case modules.IsAnswered(err):
		return p.endingView(r, s, err)
	case err != nil:
		return modules.View{}, err
	}
	done := "onboarding.member.bounded"
	if e.Last.IsZero() {
		done = "onboarding.member.taken"
	}
	if person.Account == s.Account { // who has just lost the page cannot be led to it
		return modules.Redirect(at, language.M(done)), nil
	}
	return modules.Redirect(at+"/"+person.Account.String(), language.M(done)), nil
}

// readEnding reads the form. Errors: problem.Invalid at "quando" and "al".
func readEnding(r *http.Request, membership uuid.UUID) (Ending, error) {
	e := Ending{Membership: membership, Reason: modules.Value(r, "motivo")}
	var wrong problem.Fields
	switch modules.Value(r, "quando") {
	case endsNow:
	case endsOnDay:
		wrong.Require("al", modules.Value(r, "al"))
		e.Last = wrong.Day("al", modules.Value(r, "al"))
	default:
		wrong.Add("quando", "web.field.choice")
	}
	return e, wrong.Err()
}
