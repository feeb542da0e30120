package main

import (
	"testing"

	"staffetta/modules/kit"
)

// Nothing that somebody typed is lost by leaving a form of the desk, nor by going on in the new version of its questions.
func TestNothingTypedIsLostInTheBrowser(t *testing.T) {
	c := newChangerFor(t, son)
	given := map[string]any{"contact": c.contact, "caseFile": c.caseFile, "renewed": false}
	browse(t, c.st, "typed.mjs", given)
	reword := func(kind, key string) {
		c.edit(t, kind, key, func(content object) {
			within(within(content, "sections", 0), "items", 0)["label"] = object{"it": "Domanda con altre parole"}
		})
	}
	reword(kit.KindForm, "FO-01")
	reword(kit.KindAssessment, "AS-01")
	given["renewed"] = true
	browse(t, c.st, "typed.mjs", given)
}
