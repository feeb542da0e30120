package catalogue

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/practice/credit"
	"staffetta/modules/practice/form"
)

// The measures of the drawing, in the units of its view box.
const (
	branchStep   = 24 // to the right, for each generation
	branchHeight = 56 // of a line
	branchLetter = 46 // letters of a line
	branchRight  = 360
)

// LineageView is the descent of a practice as a drawing and as a list.
type LineageView struct {
	Height   int
	Branches []Branch
	Lines    []LineageLine
}

// LineageLine is one practice, or all bodies that took a release over.
type LineageLine struct {
	Label  string
	Detail string
	URL    string
	Depth  int // generations after the first
	Self   bool
}

// Branch is a line of the drawing.
type Branch struct {
	X, Y    int // of its dot
	TextX   int
	DetailY int
	FromX   int // the dot it comes from
	FromY   int
	Root    bool
	Self    bool
	Label   string
	Detail  string
}

// lineageView lays a descent out: origins, the practice itself, and below it who took it over.
func lineageView(r *http.Request, offer Offer, d Descent) LineageView {
	title := func(t language.Text) string { return language.SayText(r.Context(), t) }
	var v LineageView
	for _, k := range d.Origins {
		v.Lines = append(v.Lines, LineageLine{
			Label:  modules.Say(r, "practice.lineage.origin", "title", title(k.Title), "body", k.Body, "release", k.Release),
			Detail: changes(r, k), URL: cataloguePath + "/" + k.Practice.String(),
		})
	}
	depth := min(len(d.Origins), 1)
	v.Lines = append(v.Lines, LineageLine{
		Label: modules.Say(r, "practice.lineage.this", "title", title(offer.Title), "body", offer.Body), Detail: modules.Say(r, "practice.offer.release", "release", offer.Release),
		Depth: depth, Self: true,
	})
	for _, k := range d.Derived {
		v.Lines = append(v.Lines, LineageLine{
			Label:  modules.Say(r, "practice.lineage.derived", "title", title(k.Title), "body", k.Body, "release", k.Release),
			Detail: changes(r, k), URL: cataloguePath + "/" + k.Practice.String(), Depth: depth + 1,
		})
	}
	for _, t := range d.Taken {
		line := LineageLine{
			Label:  modules.Say(r, "practice.lineage.taken", "n", t.Bodies, "release", t.Release),
			Detail: modules.Say(r, "practice.lineage.adapted_few"), Depth: depth + 1,
		}
		if t.Adapted != nil {
			line.Detail = modules.Say(r, "practice.lineage.adapted", "n", *t.Adapted)
		}
		v.Lines = append(v.Lines, line)
	}
	v.draw(depth, len(d.Origins))
	return v
}

func changes(r *http.Request, k Kin) string {
	return modules.Say(r, "practice.lineage.changed", "n", k.Changed) + ", " + modules.Say(r, "practice.lineage.kept", "n", k.Kept)
}

// draw places a dot for each line: origins join in the practice, and what comes after leaves it.
func (v *LineageView) draw(depth, self int) {
	selfX, selfY := 10+depth*branchStep, 16+self*branchHeight
	for i, line := range v.Lines {
		b := Branch{
			X: 10 + line.Depth*branchStep, Y: 16 + i*branchHeight, FromX: selfX, FromY: selfY, Root: line.Self, Self: line.Self,
			Label: clip(line.Label), Detail: clip(line.Detail),
		}
		b.TextX, b.DetailY = b.X+14, b.Y+20
		v.Branches = append(v.Branches, b)
	}
	v.Height = len(v.Lines) * branchHeight
}

// Width is that of the drawing.
func (v LineageView) Width() int { return branchRight }

// clip shortens a text to what a line of the drawing holds; the list has all of it.
func clip(text string) string {
	if utf8.RuneCountInString(text) <= branchLetter {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:branchLetter-1])) + "…"
}

// credits names who made the practice what it is: bodies that are public.
func credits(r *http.Request, offer Offer, d Descent) component.Summary {
	p := offer.Sheet.Registry.Project
	rows := []component.SummaryRow{
		form.Plain(r, "practice.offer.ceding", offer.Body), form.Plain(r, "practice.sheet.owner", offer.Owner), form.Plain(r, "practice.sheet.licence", offer.Licence),
	}
	var origins []string
	for _, k := range d.Origins {
		origins = append(origins, k.Body+", "+language.SayText(r.Context(), k.Title)+" "+k.Release)
	}
	if len(origins) > 0 {
		rows = append(rows, form.Plain(r, "practice.credits.origins", origins...))
	}
	if named := modules.Given(append([]string{p.Lead}, p.Reusing...)...); len(named) > 0 {
		rows = append(rows, form.Plain(r, "practice.credits.project", named...))
	}
	rows = append(rows, credit.Row(r, offer.Sheet.Credits)...)
	return component.Summary{Title: modules.Say(r, "practice.credits.heading"), Rows: rows}
}
