package onboarding

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// noKit is the answer of who takes no kit.
const noKit = "none"

func (p pages) showChoice(r *http.Request, s tenants.Scope) (modules.View, error) {
	e, away, err := p.open(r, s)
	if err != nil || away != nil {
		return p.gone(away, err)
	}
	c := Choice{Modules: e.Modules, Kit: e.Kit}
	if e.ChoiceVersion == 0 {
		for _, m := range p.service.Choosable() { // proposed: everything
			c.Modules = append(c.Modules, m.ID)
		}
	}
	return p.choiceView(r, s, asked{entry: e, choice: c, answered: e.ChoiceVersion > 0})
}

// asked is the form of modules and kit as it is to be shown.
type asked struct {
	entry    Entry
	choice   Choice
	answered bool // whether none is an answer about the kit, and not a question still open
	refused  error
}

func (p pages) saveChoice(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := entryID(r)
	if err != nil {
		return modules.View{}, err
	}
	c, err := readChoice(r)
	var added []Added
	if err == nil {
		added, err = p.service.SaveChoice(r.Context(), s, id, formVersion(r), c)
	}
	if err == nil {
		return saved(r, id, p.addedMessage(r, added)), nil
	}
	if !isForForm(err) {
		return modules.View{}, err
	}
	e, away, getErr := p.open(r, s)
	if getErr != nil || away != nil {
		return p.gone(away, getErr)
	}
	return p.choiceView(r, s, asked{entry: e, choice: c, answered: modules.Value(r, "kit") != "", refused: err})
}

// readChoice reads the form. About the kit one must decide; "none" is a decision.
func readChoice(r *http.Request) (Choice, error) {
	var c Choice
	kit := modules.Value(r, "kit") // parses the form
	for _, id := range r.PostForm["modules"] {
		c.Modules = append(c.Modules, modules.ID(id))
	}
	var faults problem.Fields
	if kit == "" {
		faults.Add("kit", "onboarding.choice.kit_missing")
	} else if kit != noKit {
		id, ok := modules.ParseID(kit)
		if !ok {
			faults.Add("kit", "web.field.choice")
		}
		c.Kit = id
	}
	return c, faults.Err()
}

// addedMessage names what was switched on besides what was chosen, and why.
func (p pages) addedMessage(r *http.Request, added []Added) language.Message {
	if len(added) == 0 {
		return language.M("onboarding.choice.done")
	}
	names := make([]string, len(added))
	for i, a := range added {
		by := modules.Say(r, "onboarding.choice.the_kit")
		if a.For != "" {
			by = p.title(r, a.For)
		}
		names[i] = modules.Say(r, "onboarding.choice.because", "module", p.title(r, a.Module), "by", by)
	}
	return language.M("onboarding.choice.added", "modules", strings.Join(names, "; "))
}

func (p pages) title(r *http.Request, id modules.ID) string {
	m, known := p.service.module(id)
	if !known {
		return string(id)
	}
	return language.SayText(r.Context(), m.Title)
}

func (p pages) choiceView(r *http.Request, s tenants.Scope, a asked) (modules.View, error) {
	kits, err := p.service.FindKits(r.Context(), s, a.choice.Kit)
	if err != nil {
		return modules.View{}, err
	}
	wrong := modules.FieldErrors(r.Context(), a.refused)
	version := a.entry.ChoiceVersion
	if a.refused != nil && !problem.Is(a.refused, problem.Conflict) {
		version = formVersion(r)
	}
	page := formPage{frame: p.frameOf(r, a.entry, ChoiceStep, version)}
	chosen, kit := p.modulesField(r, a), kitField(r, kits, a)
	chosen.Error, kit.Error = wrong["modules"], wrong["kit"]
	if problem.Is(a.refused, problem.Conflict) {
		chosen.Hint = modules.Say(r, "onboarding.conflict.now", "value", p.titles(r, a.entry.Modules))
		kit.Hint = modules.Say(r, "onboarding.conflict.now", "value", kitTitle(r, kits, a.entry.Kit))
	}
	page.Fields = []component.Field{chosen, kit}
	return p.formView(r, ChoiceStep, page, a.refused), nil
}

func (p pages) titles(r *http.Request, ids []modules.ID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = p.title(r, id)
	}
	if len(names) == 0 {
		return modules.Say(r, "onboarding.choice.only_essential")
	}
	return strings.Join(names, ", ")
}

func (p pages) modulesField(r *http.Request, a asked) component.Field {
	f := component.Field{
		ID: "modules", Kind: component.Checkboxes, Label: modules.Say(r, "onboarding.choice.modules"), Required: true,
		Hint: modules.Say(r, "onboarding.choice.modules_hint", "modules", p.titles(r, p.service.essentials())),
	}
	for _, m := range p.service.Choosable() {
		f.Options = append(f.Options, component.Option{
			Value: string(m.ID), Label: language.SayText(r.Context(), m.Title), Hint: p.requires(r, m), Selected: slices.Contains(a.choice.Modules, m.ID),
		})
	}
	return f
}

// requires says which other modules a module needs, leaving out those always on.
func (p pages) requires(r *http.Request, m modules.Module) string {
	var names []string
	for _, id := range m.Requires {
		if required, known := p.service.module(id); known && !required.Essential {
			names = append(names, p.title(r, id))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return modules.Say(r, "onboarding.choice.requires", "modules", strings.Join(names, ", "))
}

func kitField(r *http.Request, kits []Kit, a asked) component.Field {
	f := component.Field{
		ID: "kit", Kind: component.Radios, Label: modules.Say(r, "onboarding.choice.kit"), Hint: modules.Say(r, "onboarding.choice.kit_hint"), Required: true,
	}
	for _, k := range kits {
		f.Options = append(f.Options, component.Option{
			Value: k.ID.String(), Label: language.SayText(r.Context(), k.Title), Selected: k.ID == a.choice.Kit,
			Hint: modules.Say(r, "onboarding.choice.kit_of", "body", k.Body, "release", k.Release),
		})
	}
	f.Options = append(f.Options, component.Option{
		Value: noKit, Label: modules.Say(r, "onboarding.choice.no_kit"), Hint: modules.Say(r, "onboarding.choice.no_kit_hint"),
		Selected: a.answered && a.choice.Kit == uuid.Nil,
	})
	return f
}

func kitTitle(r *http.Request, kits []Kit, id uuid.UUID) string {
	at := slices.IndexFunc(kits, func(k Kit) bool { return k.ID == id })
	if at < 0 {
		return modules.Say(r, "onboarding.choice.no_kit")
	}
	return language.SayText(r.Context(), kits[at].Title) + " " + kits[at].Release
}
