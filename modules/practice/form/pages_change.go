package form

import "staffetta/api/web/component"

// OutlookView is what a publisher reads before the button.
type OutlookView struct {
	Text    string
	Counts  []component.SummaryRow // of items, by what becomes of them
	Changes []ChangeView
	Sights  component.Table // who gains and who loses where the release is taken
	Told    string          // how many bodies
	Bodies  []string
}

// Summary are the counts as a list.
func (v OutlookView) Summary() component.Summary { return component.Summary{Rows: v.Counts} }

// ChangeView is what became of one item, in words.
type ChangeView struct {
	Heading string
	Lang    string
	Kind    string
	Tag     component.Tag
	Credits []string
	Places  *component.Table
}
