package privacy

import (
	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/onboarding/privacy/paper"
)

// block is a part of a document as a page shows it, under a heading of a level.
type block struct {
	ID    string
	Level int // 2 to 4
	Title string
	Text  []string
	Facts component.Summary
	List  []string
}

// blocksOf lays chapters out under headings from a level on.
func blocksOf(level int, chapters ...paper.Chapter) (all []block) {
	for _, c := range chapters {
		all = append(all, block{ID: c.ID, Level: level, Title: c.Title})
		all = append(all, partsOf(level+1, c)...)
	}
	return all
}

// partsOf lays a chapter out whose title stands elsewhere.
func partsOf(level int, c paper.Chapter) (all []block) {
	for _, p := range c.Parts {
		b := block{Level: level, Title: p.Title, Text: p.Text, List: p.List}
		for _, f := range p.Facts {
			b.Facts.Rows = append(b.Facts.Rows, component.SummaryRow{Label: f.Label, Values: f.Values, Lang: language.Italian})
		}
		all = append(all, b)
	}
	return all
}
