package assessment

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// unsaved gives the answers back where the case is not written into any more, in the words of the questions as far as the
// actor still reads them; any other refusal passes on.
func (p *pages) unsaved(r *http.Request, s tenants.Scope, f Filling, refused error) (modules.View, error) {
	in, err := p.questions(r, s, f)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return modules.View{}, err
	}
	title := language.SayText(r.Context(), in.Title)
	if title == "" {
		title = modules.Say(r, "assessment.unsaved.answers")
	}
	view, err := p.service.cases.Unsaved(r, s, refused, casefile.Typed{Label: title, Text: answerLines(r, in, f)})
	if err != nil {
		return failed(r, err)
	}
	return view, nil
}

// questions finds the instrument of a refused form: through the case while that opens, else the instrument of the same key
// that the actor's own body has published.
func (p *pages) questions(r *http.Request, s tenants.Scope, f Filling) (Instrument, error) {
	a, err := p.service.Open(r.Context(), s, r.PathValue("case"))
	if err == nil {
		_, in, err := p.service.pinned(r.Context(), a, f)
		if err == nil || !problem.Is(err, problem.NotFound) {
			return in, err
		}
	}
	own, err := p.service.Instruments(r.Context(), s)
	if err != nil {
		return Instrument{}, err
	}
	at := slices.IndexFunc(own, func(one Instrument) bool { return one.Key == f.Instrument })
	if at < 0 {
		return Instrument{}, problem.Missing()
	}
	return own[at], nil
}

// answerLines writes each answer on a line of its own, after its question. Of what the instrument does not ask, the line has
// what the form sent.
func answerLines(r *http.Request, in Instrument, f Filling) string {
	sent := map[string]string{}
	for name, values := range f.Values {
		if key, answer := strings.CutPrefix(name, kit.AnswerPrefix); answer && strings.Join(values, "") != "" {
			sent[key] = strings.Join(values, "; ")
		}
	}
	var lines []string
	if in.Definition != nil {
		given := in.Definition.ParseValues(f.Values)
		for _, item := range in.Definition.Items() {
			if raw, answered := sent[item.Key]; answered {
				text := item.AnswerText(r.Context(), given[item.Key])
				if text == "" {
					text = raw
				}
				lines = append(lines, say(r.Context(), item.Label)+": "+text)
				delete(sent, item.Key)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		lines = append(lines, key+": "+sent[key])
	}
	return strings.Join(lines, "\n")
}
