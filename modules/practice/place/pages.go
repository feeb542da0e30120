// Package place says where something stands in a kit, in words: in an item, or in the sheet of the practice. It must not look for
// anything itself.
package place

import (
	"net/http"
	"regexp"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/finding"
	"staffetta/modules/practice/format"
)

// Places says where something stands in a kit, in words.
type Places struct {
	r        *http.Request
	kinds    *modules.Kinds
	titles   kit.Titles
	contents map[string][]byte
	tellers  map[string]kit.Teller
}

// Of knows the items of a kit.
func Of(r *http.Request, kinds *modules.Kinds, items []kit.Version) *Places {
	p := &Places{r: r, kinds: kinds, titles: kit.Titles{}, contents: map[string][]byte{}, tellers: map[string]kit.Teller{}}
	for _, item := range items {
		p.titles.Add(item.Kind, item.Key, item.Title)
		p.contents[kit.Place(item.Kind, item.Key)] = item.Content
	}
	return p
}

// Item is an item by its code and title.
func (p *Places) Item(kind, key string) string {
	return p.titles.Call(p.r.Context(), kit.Place(kind, key))
}

// At is a place of an item, or of the sheet where there is none.
func (p *Places) At(kind, key, path string) string {
	if key == "" {
		return modules.Say(p.r, "practice.publish.in_sheet", "path", p.sheet(path))
	}
	return p.Item(kind, key) + ": " + p.Within(kind, key, path)
}

// Within is a place of an item by itself.
func (p *Places) Within(kind, key, path string) string {
	at := kit.Place(kind, key)
	if _, known := p.tellers[at]; !known {
		p.tellers[at] = kit.NewTeller(p.r.Context(), p.kinds, kind, p.contents[at]).Naming(p.titles)
	}
	return p.tellers[at].Found(path)
}

// sheetParts are the messages for the parts of a sheet that people read; others say nothing to them.
var sheetParts = map[string]string{
	"title": "practice.list.title", "owner": "practice.sheet.owner", "licence": "practice.sheet.licence",
	"registry": "practice.sheet.registry", "characteristics": "practice.sheet.characteristics", "results": "practice.sheet.results", "transfer": "practice.sheet.transfer",
	"cedingBody": "practice.sheet.body", "startedYear": "practice.sheet.started", "partners": "practice.sheet.partners", "area": "practice.sheet.area",
	"targets": "practice.sheet.targets", "territory": "practice.sheet.territory", "project": "practice.sheet.project", "persons": "practice.sheet.contact",
	"problem": "practice.sheet.problem", "solution": "practice.sheet.solution", "aims": "practice.sheet.aims", "activities": "practice.sheet.activities",
	"innovation": "practice.sheet.innovation", "needs": "practice.sheet.needs", "evidence": "practice.sheet.evidence", "indicators": "practice.sheet.indicators",
	"figures": "practice.sheet.figures", "limits": "practice.sheet.limits", "how": "practice.sheet.how", "months": "practice.sheet.months", "monthsNote": "practice.sheet.months",
	"support": "practice.sheet.support", "acts": "practice.sheet.acts", "checklist": "practice.sheet.checklist", "costs": "practice.sheet.costs", "lessons": "practice.sheet.lessons",
}

var entries = regexp.MustCompile(`\[[^\]]*\]`)

// sheet is a place of the sheet of a practice.
func (p *Places) sheet(path string) string {
	var words []string
	for name := range strings.SplitSeq(entries.ReplaceAllString(path, ""), ".") {
		if key := sheetParts[name]; key != "" {
			words = append(words, modules.Say(p.r, key))
		}
	}
	return strings.Join(words, " › ")
}

// Refused is what a kit may be refused for.
type Refused struct {
	Items    []kit.Version
	Findings []finding.Finding
	Dangling []kit.Loose
	Gaps     []format.Gap
}

// Told are the faults for which a kit is refused, each with its place in words.
func (p *Places) Told(r Refused, faults problem.Fields) (told []component.FieldError) {
	named := p.named(r)
	for _, fault := range faults {
		message := language.Say(p.r.Context(), fault.Message)
		if where := named[fault.Name]; where != "" {
			message = where + ": " + message
		}
		told = append(told, component.FieldError{Message: message})
	}
	return told
}

// named are the places at which a kit may be refused, in words, by what the refusal calls them.
func (p *Places) named(r Refused) map[string]string {
	named := map[string]string{}
	for _, item := range r.Items {
		named[kit.Place(item.Kind, item.Key)] = p.Item(item.Kind, item.Key)
	}
	for _, f := range r.Findings {
		if f.Place() != "" {
			named[f.Place()] = p.At(f.Kind, f.Key, f.Path)
		}
	}
	for _, d := range r.Dangling {
		named[kit.Place(d.Kind, d.Key)+" "+d.Ref.Path] = p.At(d.Kind, d.Key, d.Ref.Path)
	}
	for _, gap := range r.Gaps {
		named[gap.Place()] = p.At(gap.ItemKind, gap.ItemKey, gap.Path)
	}
	return named
}
