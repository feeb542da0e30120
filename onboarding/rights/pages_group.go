package rights

import (
	"net/http"
	"slices"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
)

// ruleGroup is a group of rules, folded where nothing is given.
type ruleGroup struct {
	Title, Count string
	Open         bool
	Tags         []component.Tag
	Rows         []ruleRow
}

// ruleRow is what stands on a line: a section with what is done with it, or one rule alone.
type ruleRow struct {
	Label   string // "" where the choice says it all
	Choices []ruleChoice
}

// ruleChoice is one rule: given or not.
type ruleChoice struct {
	ID, Value, Label string
	Of               string // the section, where the label stands under it
	Given, Fixed     bool   // Fixed: nobody may decide about it here
	Tags             []component.Tag
}

// nameOf is a rule of the page's relation, as the form calls it.
func nameOf(e Entry) string { return e.Object + "." + e.Action }

// offered are the rules that the form asks about: what a module brings meanwhile is not taken for refused.
func (p *pages) offered(entries []Entry) []string {
	var names []string
	for _, e := range entries {
		if p.service.MayTurn(e) {
			names = append(names, nameOf(e))
		}
	}
	return names
}

// isShown tells whether the form that was sent asked about the rule.
func (p *pages) isShown(r *http.Request, e Entry) bool {
	return p.service.MayTurn(e) && slices.Contains(strings.Fields(r.PostFormValue("mostrate")), nameOf(e))
}

func isTicked(r *http.Request, e Entry) bool { return slices.Contains(r.PostForm["regola"], nameOf(e)) }

func (p *pages) groups(r *http.Request, entries []Entry, may bool) []ruleGroup {
	var groups []ruleGroup
	for _, g := range p.service.Groups(entries) {
		group := ruleGroup{Title: p.groupTitle(r, g), Open: g.Given() > 0 || r.Method == http.MethodPost, Count: modules.Say(r, "onboarding.rights.given", "n", g.Given(), "of", len(g.Entries))}
		unlike := 0
		for _, e := range g.Entries {
			choice := p.choice(r, e, may)
			if e.Wanted() != e.Base {
				unlike++
			}
			if section := slices.Contains(policies.SectionIDs(), e.Object) && !e.Permission; section {
				label := language.SayText(r.Context(), policies.SectionLabel(e.Object))
				choice.Of, choice.Label = label, modules.Say(r, "onboarding.rights.does."+e.Action)
				if last := len(group.Rows) - 1; last < 0 || group.Rows[last].Label != label {
					group.Rows = append(group.Rows, ruleRow{Label: label})
				}
				last := &group.Rows[len(group.Rows)-1]
				last.Choices = append(last.Choices, choice)
				continue
			}
			group.Rows = append(group.Rows, ruleRow{Choices: []ruleChoice{choice}})
		}
		if unlike > 0 {
			group.Tags = []component.Tag{{Label: modules.Say(r, "onboarding.rights.unlike", "n", unlike), Tone: component.Info}}
		}
		groups = append(groups, group)
	}
	return groups
}

// groupTitle is what the rules of a group are about.
func (p *pages) groupTitle(r *http.Request, g Group) string {
	switch {
	case g.Module != "":
		return modules.TitleOf(r, p.service.deps.Platform.Modules, modules.ID(g.Module))
	case g.Entries[0].Object == "case":
		return modules.Say(r, "onboarding.rights.cases")
	}
	return modules.Say(r, "onboarding.rights.sections")
}

func (p *pages) choice(r *http.Request, e Entry, may bool) ruleChoice {
	choice := ruleChoice{
		ID: "regola-" + strings.ReplaceAll(nameOf(e), ".", "-"), Value: nameOf(e), Label: p.label(r, e.Rule, e.Permission),
		Given: e.Wanted(), Fixed: !may || !p.service.MayTurn(e),
	}
	if r.Method == http.MethodPost && p.isShown(r, e) { // what was chosen stays when the form comes back
		choice.Given = isTicked(r, e)
	}
	if e.Wanted() != e.Base {
		key := "onboarding.rights.added"
		if e.Base {
			key = "onboarding.rights.taken"
		}
		choice.Tags = append(choice.Tags, component.Tag{Label: modules.Say(r, key), Tone: component.Info})
	}
	if e.Differs() {
		choice.Tags = append(choice.Tags, marks(r, e)...)
	}
	return choice
}
